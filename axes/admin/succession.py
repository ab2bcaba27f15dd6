"""The migration desk: what each orientation of the framework in force becomes in the one that comes."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.http import urlencode

from axes import adoption, document
from axes.admin.choices import grouped, with_path
from axes.adoption import desk
from axes.adoption.desk import DeskRow
from axes.adoption.succession import Succession
from axes.models import Orientation
from axes.models.descent import NOTE_LENGTH
from cohesion.lib.nouns import Noun
from cohesion.lib.people import signed_in
from cohesion.lib.text import count_phrase, squeeze, whole_number
from cohesion.lib.widgets import TickList
from cohesion.together import states
from cohesion.together.once import once, refuse

PAGE = 50
SAID = 5  # codes in the sentence that says what was done
# What an address calls each choice of rows, and its words.
FILTERS = {"a-decider": "Restent à faire", "decides": "Réglées", "": "Toutes"}
FIRST, DROP, UNDO, UNDO_ALL = "premiere", "abandonner", "revenir", "tout"
BULK = {
    FIRST: "Devient la première proposition de sa ligne",
    DROP: "Abandonnée, pour le motif ci-contre",
    UNDO: "Revenir sur ce qui en a été décidé",
    UNDO_ALL: "Revenir sur tout ce qui a été décidé, lignes cochées ou non",
}
NOUN, PROPOSED = Noun("orientation", "orientations"), "Proposées"
NOTHING_TICKED = "Cochez d’abord les lignes dont vous décidez."
SAY_WHY = "Dites pourquoi ces orientations sont abandonnées : le motif est conservé."


class SuccessionAdmin(admin.ModelAdmin):
    """The desk, as pages of a framework."""

    own_pages = {"succession": "<int:pk>/succession/"}

    def succession_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The rows of the desk and, in POST, what is decided of some of them."""
        framework = self._framework(request, pk, to_write=request.method == "POST")
        former = adoption.predecessor(framework)
        if former is None:
            return self._page(request, "succession.html", framework, "Succession")
        if request.method == "POST":
            return once(request, lambda: self._decided(request, adoption.succession(former, framework)))
        return self._desk(request, adoption.succession(former, framework))

    def _desk(self, request: HttpRequest, succession: Succession) -> HttpResponse:
        rows = desk.rows(succession)
        wanted = request.GET.get("etat", "")
        page = Paginator(_wanted(rows, wanted), PAGE).get_page(request.GET.get("page"))
        may_write = succession.framework.is_draft and self.has_change_permission(request, succession.framework)
        seen = desk.descent_states(succession)
        context = {
            "succession": succession,
            "former": succession.former,
            "rows": desk.with_proposals(succession, page.object_list) if may_write else page.object_list,
            "page": page,
            "query": urlencode({"etat": wanted} if wanted else {}),
            "filters": _filters(rows, wanted),
            "undecided": sum(row.is_undecided for row in rows),
            "waiting": sum(row.waiting for row in rows),
            "is_decided": any(row.is_decided for row in rows),
            "may_write": may_write,
            "bulk": BULK,
            "note_length": NOTE_LENGTH,
            "outlook": adoption.foresee(succession) if succession.framework.is_draft else None,
            "seen": states.seal(seen, "succession"),
            **(_chooser(request, succession) if may_write else {}),
        }
        return self._page(request, "succession.html", succession.framework, "Succession", **context)

    def _decided(self, request: HttpRequest, succession: Succession) -> HttpResponse:
        try:
            with transaction.atomic():
                sentence = _decide(request, succession)
        except ValidationError as error:
            refuse(request)
            self.message_user(request, " ".join(error.messages), "ERROR")
        else:
            self.log_change(request, succession.framework, f"Succession : {sentence}")
            self.message_user(request, sentence)
        query = urlencode({name: request.GET[name] for name in ("etat", "page") if name in request.GET})
        return HttpResponseRedirect(f"{request.path}?{query}" if query else request.path)


def _is_wanted(row: DeskRow, wanted: str) -> bool:
    if wanted == "a-decider":
        return row.is_open
    return not row.is_open if wanted == "decides" else True


def _wanted(rows: list[DeskRow], wanted: str) -> list[DeskRow]:
    return [row for row in rows if _is_wanted(row, wanted)]


def _filters(rows: list[DeskRow], wanted: str) -> list[dict[str, Any]]:
    """Each choice of rows with how many there are."""
    numbers = {name: len(_wanted(rows, name)) for name in FILTERS}
    return [
        {
            "words": words,
            "query": f"?{urlencode({'etat': name})}" if name else "?",
            "number": numbers[name],
            "is_chosen": name == wanted or (not name and wanted not in FILTERS),
        }
        for name, words in FILTERS.items()
    ]


def _chooser(request: HttpRequest, succession: Succession) -> dict[str, Any]:
    """The orientation of which one decides otherwise than by a proposal, and all those that it may become."""
    queued = {node.pk: node for node in succession.queued}
    former = queued.get(whole_number(request.GET.get("choisir", "")) or 0)
    if former is None:
        return {}
    first = {proposal.node.pk for proposal in adoption.proposals(succession, [former])[former.pk]}
    nodes = document.read_nodes(succession.framework)
    proposed = [(node.pk, with_path(node)) for node in nodes if node.pk in first]
    others = grouped(node for node in nodes if node.pk not in first)
    picker = TickList(choices=[(PROPOSED, proposed), *others] if proposed else others, noun=NOUN)
    chosen = list(succession.lineage[former.pk])
    return {
        "choosing": former,
        "picker": picker.render("successor", chosen, {"id": "id_successor"}),
        "picker_media": picker.media,
    }


# --- what is decided ------------------------------------------------------------------------------------------


def _decide(request: HttpRequest, succession: Succession) -> str:
    """Do what the form asks; returns what was done, in one sentence.

    Raises:
        ValidationError: it asks for nothing that can be done; nothing is.
    """
    seen = states.seen(request.POST, "succession")
    fates, note = _fates(request, succession)
    if fates is None:
        number = desk.undo_all(succession=succession, by=signed_in(request), seen=seen)
        return f"{count_phrase(number, 'décision reprise', 'décisions reprises')}."
    number = desk.decide_all(succession=succession, fates=fates, by=signed_in(request), seen=seen, note=note)
    codes = ", ".join(node.code for node in list(fates)[:SAID])
    end = "…" if number > SAID else ""
    if None in fates.values():
        return f"{count_phrase(number, 'orientation redevient', 'orientations redeviennent')} à décider ({codes}{end})."
    return f"{count_phrase(number, 'orientation décidée', 'orientations décidées')} ({codes}{end})."


Fates = dict[Orientation, list[Orientation] | None]


def _fates(request: HttpRequest, succession: Succession) -> tuple[Fates | None, str]:
    """What the form says that each orientation becomes, and its note; None: that all is undone."""
    form = request.POST
    note = squeeze(form.get("note", ""))[: NOTE_LENGTH + 1]
    queued = {str(node.pk): node for node in succession.queued}
    if "take" in form:
        former, _, successor = form["take"].partition(":")
        return {_of(queued, former): [_of(_here(succession), successor)]}, ""
    if "undo" in form:
        return {_of(queued, form["undo"]): None}, ""
    if "choose" in form:
        chosen = [_of(_here(succession), key) for key in form.getlist("successor")]
        if not chosen and not note:
            raise ValidationError("Choisissez ce que devient cette orientation, ou dites pourquoi elle est abandonnée.")
        return {_of(queued, form["choose"]): chosen}, note
    how = form.get("how", "")
    if how == UNDO_ALL:
        return None, ""
    ticked = [_of(queued, key) for key in form.getlist("row")]
    if not ticked or how not in BULK:
        raise ValidationError(NOTHING_TICKED)
    if how == UNDO:
        return dict.fromkeys(ticked), ""
    if how == DROP:
        if not note:
            raise ValidationError(SAY_WHY)
        return {node: [] for node in ticked}, note
    return _by_first_proposal(succession, ticked), ""


def _by_first_proposal(succession: Succession, ticked: list[Orientation]) -> Fates:
    proposed = adoption.proposals(succession, ticked)
    without = [node.code for node in ticked if not proposed[node.pk]]
    if without:
        raise ValidationError(f"Rien n’est proposé pour {', '.join(without)} : décochez, ou choisissez vous-même.")
    return {node: [proposed[node.pk][0].node] for node in ticked}


def _here(succession: Succession) -> dict[str, Orientation]:
    return {str(pk): node for pk, node in succession.here.items()}


def _of(nodes: dict[str, Orientation], key: str) -> Orientation:
    if key not in nodes:
        raise ValidationError("Cette orientation n’est plus à décider, ou n’existe plus : relisez la page.")
    return nodes[key]
