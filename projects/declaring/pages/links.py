"""Which orientation the action answers: one main, up to three others, each with its reason."""

from typing import Any, ClassVar

from axes import adoption, document
from axes.document import Node
from axes.levels import LINKABLE_LEVELS
from axes.models import Framework
from cohesion.lib.forms import offer
from cohesion.lib.text import whole_number
from cohesion.together.merging import Typed
from projects.declaring.contradictions import LINKS
from projects.declaring.fields import listed, one_of, paragraph
from projects.declaring.models import Declaration
from projects.declaring.pages.beside import ProgrammeBeside, read_beside
from projects.declaring.row_forms import RowsForm

REASON = 300
# What an action may be linked to; an axis or an enjeu is too wide to say anything of it.
GONE = {
    "invalid_choice": "L’orientation que vous aviez choisie n’est plus dans le cadre en vigueur\u00a0: "
    "choisissez-en une autre."
}


class LinksForm(RowsForm):
    NEEDED: ClassVar = {
        "main": "Choisissez l’orientation à laquelle l’action répond d’abord.",
        "main_reason": "Écrivez en une phrase pourquoi l’action répond à cette orientation.",
    }
    RULES: ClassVar = LINKS
    ROW: ClassVar = "Autre orientation"
    ADD: ClassVar = "Ajouter une orientation"
    ROW_NEEDED: ClassVar = {"secondary": "", "reason": ""}  # their sentences name the orientation
    FEWEST: ClassVar = 0
    MOST: ClassVar = 3
    template = "space/links_fields.html"

    main = one_of("À quelle orientation votre action répond-elle d’abord ?", [], error_messages=GONE)
    main_reason = paragraph("Pourquoi y répond-elle ?", REASON, rows=3, help_text="Une phrase. Elle sera publique.")

    def __init__(self, declaration: Declaration, typed: Typed) -> None:
        self.framework = Framework.objects.in_force().first()
        self.nodes = document.kept(self.framework) if self.framework else []
        self.linkable = {
            str(node.orientation.pk): node for node in self.nodes if node.orientation.level in LINKABLE_LEVELS
        }
        self.campaign = declaration.campaign
        self.beside = read_beside(self.campaign, typed)
        super().__init__(declaration, self._in_force(typed))

    def _in_force(self, typed: Typed) -> Typed:
        """What was chosen in a framework that is no longer in force, as what it became in the one that is;
        what was split is chosen again."""
        for part in self.beside:
            typed = {**typed, **part.present(typed)}
        chosen = {name: str(value) for name, value in typed.items() if name.startswith(("main", "secondary-"))}
        former = {whole_number(key) for key in chosen.values() if key not in self.linkable} - {None}
        if not former:
            return typed
        became = adoption.became({key for key in former if key}, self.framework)
        successors = {str(pk): str(keys[0]) for pk, keys in became.items() if len(keys) == 1}
        return {**typed, **{name: successors[key] for name, key in chosen.items() if key in successors}}

    def build(self) -> None:
        offer(self, "main", [(pk, _label_of(node)) for pk, node in self.linkable.items()])
        super().build()
        for part in self.beside:
            name, choices = part.framework.programme.name, _by_axis(part.nodes)
            self.fields[part.field] = listed(name, choices, empty="Aucune", error_messages=GONE)
            self.fields[part.why] = paragraph(f"{name} : pourquoi y répond-elle ?", REASON, rows=2)

    @property
    def is_named_by_call(self) -> bool:
        """Whether the call says which of the other programmes it concerns."""
        return self.campaign is not None and self.campaign.programmes.exists()

    @property
    def parts_beside(self) -> list[tuple[ProgrammeBeside, Any, Any]]:
        """Each of the other programmes, with the field of its orientation and that of the reason."""
        return [(part, self[part.field], self[part.why]) for part in self.beside]

    def row_fields(self, rank: int | str) -> dict[str, Any]:
        return {
            "secondary": listed("Orientation", _by_axis(self.nodes), empty="Aucune", error_messages=GONE),
            "reason": paragraph("Pourquoi y répond-elle aussi ?", REASON, rows=2),
        }

    def needed(self) -> dict[str, str]:
        needed = dict(self.NEEDED)
        for rank, row in self.filled_rows():
            code = self.linkable[row["secondary"]].orientation.code if row["secondary"] else ""
            needed[f"secondary-{rank}"] = "Choisissez l’orientation de ce lien, ou videz sa raison."
            needed[f"reason-{rank}"] = f"Donnez la raison du lien avec {code}, ou retirez-le."
        return needed

    @property
    def has_optional(self) -> bool:
        """The other orientations, before there is a row of them."""
        return True

    @property
    def chosen(self) -> Node | None:
        """The main orientation."""
        return self.linkable.get(self.answer("main") or "")


def _by_axis(nodes: list[Node]) -> list[Any]:
    return [(_label_of(axis), _choices_under(axis)) for axis in nodes if axis.parent is None]


def _choices_under(axis: Node) -> list[tuple[str, str]]:
    linkable = [node for node in axis.descendants if node.orientation.level in LINKABLE_LEVELS]
    return [(str(node.orientation.pk), _label_of(node)) for node in linkable]


def _label_of(node: Node) -> str:
    return f"{node.orientation.badge} {node.orientation.display_title}"
