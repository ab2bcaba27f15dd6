"""The steps that an officer may take from a file: what each asks for, and what takes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import BoundField, ChoiceField, DateField, Form
from django.http import HttpRequest, QueryDict

from cohesion.lib.dates import plain_date
from cohesion.lib.people import signed_in
from cohesion.lib.states import holds
from cohesion.together import states
from projects.catalogue.models import Project
from projects.catalogue.workflow import BY_NAME, OUTCOMES, Who, leaving
from projects.declaring.models import Submission
from projects.instructing import checking, deciding, grid, moving, recalling
from projects.instructing.models import Committee, Decision, Review
from projects.instructing.views.forms import AmendForm, CommentForm, RemarksForm, RulingForm
from projects.reporting import actions as reporting

DECIDE, AMEND, TAKE_IN, AT_ONCE = "decide", "amend", "take_in", "propose_at_once"
THEN_NEXT = "-suivant"  # after the name of what is done: the next file of the queue is opened
DECISION = "decision"  # what the page says that it showed: the last one, and what was just asked of the lead

PLAIN = moving.PLAIN | {AT_ONCE: grid.propose_at_once} | dict.fromkeys(recalling.ASKED.values(), recalling.recall)
# In the order in which an officer looks for them.
ORDER = (
    *recalling.ASKED.values(),
    *(TAKE_IN, AT_ONCE, "admit", "review", "propose", DECIDE, "start", "ask_report", "go_on", "close"),
    *("return_report", "reconsider", "withdraw", "return", "reject", AMEND, "abandon"),
)
# What nobody does without meaning to: the page offers it, and opens another, or none.
UNBIDDEN = {AMEND, "reject", "abandon", *recalling.ASKED.values()}
# What is offered beyond the table of steps: several of its steps under one button.
LABELS = {
    DECIDE: "Saisir la décision",
    TAKE_IN: "Recevable : commencer l’instruction",
    AT_ONCE: "Recevable : proposer au comité",
}


def label_of(name: str) -> str:
    """What the button of a step says."""
    return LABELS.get(name) or BY_NAME[name].label


@dataclass(frozen=True)
class Panel:
    """A step as the page offers it. ``missing``: what keeps it from being taken yet."""

    name: str
    label: str
    form: Any
    missing: list[str]
    is_open: bool

    asks_completion = holds("name", "return")
    takes_back = holds("name", *recalling.ASKED.values())
    leads_on = holds("name", AT_ONCE, "propose")  # nothing more is to be done there: the next file may be opened


@dataclass(frozen=True)
class File:
    """A project as its page has it."""

    project: Project
    review: Review | None
    submission: Submission | None
    recall: recalling.Recall | None = None  # what was just asked of the lead
    usual_committee: Committee | None = None  # where none is chosen

    @property
    def names(self) -> list[str]:
        """The steps that an officer may take now, that these pages know."""
        possible = {transition.name for transition in leaving(self.project.status, Who.OFFICER)}
        if possible >= {"go_on", "close"}:  # which of the two is said by the years that are left
            possible -= {"go_on", "close"} - {reporting.step_after(self.project)}
        if possible & set(OUTCOMES.values()):
            possible.add(DECIDE)
        if "admit" in possible:
            possible |= {TAKE_IN, AT_ONCE}
        possible -= set(recalling.ASKED.values())
        if self.recall and not self.recall.hindrance:
            possible.add(self.recall.name)
        return [name for name in ORDER if name in possible]

    def form(self, name: str, data: QueryDict | None = None, typed: QueryDict | None = None) -> Form | None:
        """What a step asks for; None for a step that does not exist.

        All stand in one form of the page, so their fields bear the name of their step. ``typed`` is what stood in it
        when another button was pressed.
        """
        options: dict[str, Any] = {"prefix": name, "auto_id": "%s"}
        if typed is not None:
            before = f"{name}-"
            options["initial"] = {
                key.removeprefix(before): value for key, value in typed.items() if key.startswith(before)
            }
        if name == DECIDE:
            proposed = self.review.proposed_amount if self.review else None
            return RulingForm(self.project, self._committee, data, proposed=proposed, **options)
        if name == AMEND:
            return AmendForm(self.project, self._committee, data, **options)
        if name == "return":
            return RemarksForm(data, pages=checking.pages(self.submission), **options)
        if name in PLAIN:
            return CommentForm(data, is_required=_needs_words(name), **options)
        return None

    def seen(self, decisions: Sequence[Decision]) -> str:
        """Which decision the page shows, the last of these, and which request to the lead, sealed: another decision is
        written knowing it, and no other request is taken back."""
        last = decisions[-1] if decisions else None
        request = self.recall.log if self.recall else None
        return states.seal({"last": str(last.pk if last else 0), "asked": str(request.pk if request else 0)}, DECISION)

    @property
    def _committee(self) -> Committee | None:
        return self.review.committee if self.review else None

    def take(self, name: str, form: Any, request: HttpRequest) -> None:
        """Take a step with a form that is valid."""
        if name == DECIDE:
            deciding.decide(self.project, form.ruling, by=signed_in(request))
        elif name == AMEND:
            deciding.amend(self.project, form.ruling, seen=_seen(request, "last"), by=signed_in(request))
        elif name in recalling.ASKED.values():
            words = form.cleaned_data["comment"]
            recalling.recall(self.project, by=signed_in(request), comment=words, seen=_seen(request, "asked"))
        elif name == "return":
            checking.send_back(self.project, remarks=form.remarks, due_on=form.due_on, by=signed_in(request))
        else:
            PLAIN[name](self.project, by=signed_in(request), comment=form.cleaned_data["comment"])

    def panels(self, name: str = "", bound: Form | None = None, typed: QueryDict | None = None) -> list[Panel]:
        """The steps with their forms, among them the one that was just refused; the others with what was typed."""
        names = self.names
        ahead = (step for step in names if step not in UNBIDDEN)
        opened = name if name in names else next(ahead, "")
        return [
            Panel(
                step,
                label_of(step),
                bound if step == name and bound is not None else self.form(step, typed=typed),
                grid.missing(self.review, self.usual_committee) if step == "propose" else [],
                step == opened,
            )
            for step in names
        ]

    def left(self, name: str, data: QueryDict) -> list[tuple[str, str]]:
        """What was typed under other steps than the one that is taken: which step, the words."""
        texts_left = []
        for other in self.names:
            form: Any = self.form(other, data)
            texts = [field for field in form if not isinstance(field.field, ChoiceField)]
            words = [_as_read(field) for field in texts if field.name in form.changed_data]
            if other != name and any(words):
                texts_left.append((label_of(other), " / ".join(filter(None, words))))
        return texts_left


def _seen(request: HttpRequest, what: str) -> int:
    """The key of what the page showed; 0 where it showed nothing."""
    return int(states.seen(request.POST, DECISION).get(what, "0"))


def _needs_words(name: str) -> bool:
    return name in BY_NAME and "comment" in BY_NAME[name].needs


def _as_read(field: BoundField) -> str:
    """What was typed in a field, a day as the French write it."""
    typed = str(field.value() or "").strip()
    try:
        return plain_date(field.field.clean(typed)) if isinstance(field.field, DateField) else typed
    except ValidationError:
        return typed
