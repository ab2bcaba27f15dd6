"""What share of the nodes of a document is read at the right level, and under the right parent."""

from dataclasses import dataclass

from axes.reading import DocumentProposal, ProposedNode, propose, read_file, read_text
from axes.reading.doubting import ADDED
from axes.reading.reasons import AS_THE_FIRST
from axes.reading.sources import Source
from cohesion.lib.text import fold
from tests.reading import layouts
from tests.reading.truth import TrueNode, founding, plans


@dataclass(frozen=True)
class Rate:
    """How a document was read. ``doubted`` counts, of the nodes with a wrong level or parent, those that are marked,
    they or what they were placed under; ``doubtful`` what an officer checks one by one, once for a whole form.
    """

    name: str
    nodes: int
    levels: int
    parents: int
    wrong: int
    doubted: int
    doubtful: int
    wrong_texts: tuple[str, ...] = ()

    def line(self) -> str:
        marked = f"{self.doubted} sur {self.wrong}" if self.wrong else "aucune"
        return (
            f"{self.name:<46} {self.levels:>3}/{self.nodes:<3} {100 * self.levels / self.nodes:5.1f} %"
            f"   {self.parents:>3}/{self.nodes:<3} {100 * self.parents / self.nodes:5.1f} %"
            f"   {marked:>10}   {100 * self.doubtful / self.nodes:5.1f} %"
        )


def rate(name: str, truth: list[TrueNode], proposal: DocumentProposal) -> Rate:
    """Compare a proposal with the truth, node by node, by their words."""
    live = [place for place, node in enumerate(proposal.nodes) if node.level is not None]
    matched = _matched(truth, proposal, live)
    true_of = {place: number for number, place in matched.items()}
    levels = parents = wrong = doubted = 0
    texts = []
    for number, node in enumerate(truth):
        place = matched.get(number)
        proposed = proposal.nodes[place] if place is not None else None
        is_level = proposed is not None and proposed.level == node.level
        parent = true_of.get(proposed.parent, -1) if proposed is not None and proposed.parent is not None else None
        if parent == -1 and proposed is not None and proposal.nodes[proposed.parent or 0].doubt == ADDED:
            parent = None  # the tree asks for one; that the document has none is said
        is_parent = proposed is not None and parent == node.parent
        levels, parents = levels + is_level, parents + is_parent
        if not (is_level and is_parent):
            wrong += 1
            doubted += any(
                _is_marked(proposal, each) for each in ([proposed] if proposed else _holding(proposal, node))
            )
            texts.append(f"{node.level.value} lu {proposed.level if proposed else 'nulle part'}: {node.text[:60]}")
    doubtful = sum(node.doubt not in ("", AS_THE_FIRST) for node in proposal.nodes)
    return Rate(name, len(truth), levels, parents, wrong, doubted, doubtful, tuple(texts))


def _is_marked(proposal: DocumentProposal, node: ProposedNode) -> bool:
    return bool(node.doubt or (node.parent is not None and proposal.nodes[node.parent].doubt))


def _holding(proposal: DocumentProposal, node: TrueNode) -> list[ProposedNode]:
    """The lines that hold the words of a node that no line is by itself, or most of them."""
    whole = _key(node.text)
    keys = [(_key(each.label + each.title), each) for each in proposal.nodes]
    return [each for key, each in keys if whole in key or (len(key) > len(whole) / 3 and key in whole)]


def _matched(truth: list[TrueNode], proposal: DocumentProposal, live: list[int]) -> dict[int, int]:
    """The place of the proposed node of each true one: the same words, one after the other."""
    keys = {place: (_key(proposal.nodes[place].title), _key(proposal.nodes[place].label)) for place in live}
    matched: dict[int, int] = {}
    used: set[int] = set()
    for number, node in enumerate(truth):
        whole = _key(node.text)
        bare = _key(node.text.removeprefix(node.label))
        for place in live:
            title, label = keys[place]
            if place not in used and (title in (whole, bare) or label + title == whole):
                matched[number] = place
                used.add(place)
                break
    return matched


def _key(text: str) -> str:
    return "".join(c for c in fold(text) if c.isalnum())


def of_text(text: str) -> DocumentProposal:
    return _proposed(read_text(text))


def of_file(data: bytes, filename: str) -> DocumentProposal:
    return _proposed(read_file(data, filename))


def _proposed(source: Source) -> DocumentProposal:
    return propose(source.blocks, source.headers, source.unit)


def same_document() -> list[Rate]:
    """The founding text, its Word table, and its other forms."""
    plan = founding()
    forms: dict[str, DocumentProposal] = {
        "texte à plat": of_text(plan.text),
        "tableau Word": of_file(layouts.word_table(plan), "cadre.docx"),
        "tableau Word sans en-tête": of_file(layouts.word_table(plan, headers=False), "cadre.docx"),
        "tableau Word à têtes inconnues, sans fusions": of_file(layouts.plain_table(plan), "cadre.docx"),
        "titres et puces Word": of_file(layouts.word_outline(plan), "cadre.docx"),
        "PDF": of_file(layouts.pdf(plan), "cadre.pdf"),
        "retraits, par profondeur": of_text(layouts.outline(plan, "depth")),
        "retraits, par niveau": of_text(layouts.outline(plan, "level")),
        "numéroté": of_text(layouts.outline(plan, "numbered")),
        "titres et tirets (Markdown)": of_text(layouts.outline(plan, "markdown")),
        "lignes coupées à 80 signes": of_text(layouts.wrapped(plan)),
        "sans ligne vide": of_text(layouts.without_blanks(plan)),
        "lignes vides doublées": of_text(layouts.with_doubled_blanks(plan)),
        "cellules d’une colonne réunies": of_text(layouts.with_joined_cells(plan)),
    }
    return [rate(name, plan.nodes, proposal) for name, proposal in forms.items()]


def unseen(*, aside: bool, is_reshaped: bool = True) -> list[Rate]:
    """The invented plans as they are printed, then broken by a page and in a table (``is_reshaped``); ``aside``: those
    that nothing was tuned on.
    """
    rates = []
    for plan in plans():
        if plan.is_aside != aside:
            continue
        rates.append(rate(plan.name, plan.nodes, of_text(plan.text)))
        if not is_reshaped:
            continue
        rates.append(rate(f"{plan.name}, coupé à 72 signes", plan.nodes, of_text(layouts.wrapped(plan, 72))))
        table = of_file(layouts.plain_table(plan), "plan.docx")
        rates.append(rate(f"{plan.name}, en tableau", plan.nodes, table))
    return rates


def together(name: str, rates: list[Rate]) -> Rate:
    """The sum of several rates."""
    fields = ("nodes", "levels", "parents", "wrong", "doubted", "doubtful")
    return Rate(name, *(sum(getattr(rate, field) for rate in rates) for field in fields))
