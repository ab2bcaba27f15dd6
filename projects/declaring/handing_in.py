"""Checking a declaration as a whole, and handing it in: a frozen copy, and its rows."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils import timezone

from cohesion.lib.french import shortened
from cohesion.lib.people import Person
from cohesion.lib.text import count_phrase
from projects.catalogue.models import Project
from projects.catalogue.steps import step
from projects.choices import MembershipRole, ProjectStatus
from projects.declaring import rows
from projects.declaring.contradictions import Correction
from projects.declaring.forms import PageForm
from projects.declaring.late_reports import LateReports, check_late_reports, late_reports
from projects.declaring.models import Declaration, Remark, Submission
from projects.declaring.pages import PAGES, Page

ASKED_WORDS = 14
MANDATE = (
    "Vous n’êtes pas signataire : attestez que le représentant légal vous a donné pouvoir, dans la partie "
    "« Pièces et attestations », ou demandez à un signataire de déposer."
)


@dataclass(frozen=True)
class PageState:
    """How far a page is: its form, what is wrong or missing, and whether it waits to be looked at again."""

    page: Page
    number: int
    form: PageForm
    faults: list[Correction]
    gaps: list[Correction]
    to_review: bool
    remarks: tuple[Remark, ...] = ()

    @property
    def unanswered(self) -> list[Remark]:
        """What officers ask here, and nobody has answered yet."""
        return [remark for remark in self.remarks if not remark.answer.strip()]

    @property
    def is_complete(self) -> bool:
        return not (self.faults or self.gaps or self.to_review or self.unanswered)

    @property
    def is_untouched(self) -> bool:
        return self.form.is_untouched

    @property
    def hint(self) -> str:
        """What its line in the list says under its title."""
        if self.unanswered:
            return "L’agglomération attend votre réponse : écrivez-la sous sa demande."
        if self.to_review:
            return "Repris de ce que l’on sait déjà : relisez, corrigez s’il y a lieu, enregistrez."
        if self.faults:
            return self.faults[0].sentence
        if self.is_untouched:
            return self.page.hint
        return self.gaps[0].sentence if self.gaps else self.form.in_short


class Incomplete(ValidationError):
    """Something is missing; ``states`` says what, page by page."""

    def __init__(self, states: "list[PageState]") -> None:
        self.states = [state for state in states if not state.is_complete]
        number = count_phrase(len(self.states), "partie n’est pas complète", "parties ne sont pas complètes")
        super().__init__(f"Le dossier n’est pas déposé : {number}.", code="incomplete")


def states(declaration: Declaration) -> list[PageState]:
    """Each page in turn. An optional page that nobody touched is complete."""
    remarks: dict[str, list[Remark]] = {}
    if declaration.project.status == ProjectStatus.TO_COMPLETE:
        for remark in declaration.project.remarks.filter(closed_at=None).select_related("by"):
            remarks.setdefault(remark.page, []).append(remark)
    pages = []
    for number, page in enumerate(PAGES, 1):
        form = page.form(declaration, declaration.answers.get(page.slug, {}))
        skipped = page.is_optional and form.is_untouched
        pages.append(
            PageState(
                page,
                number,
                form,
                form.faults,
                [] if skipped else form.gaps,
                page.slug in declaration.to_review,
                tuple(remarks.get(page.slug, ())),
            )
        )
    return pages


def hand_in(*, project: Project, by: Person, role: str) -> Submission:
    """Hand in a draft, or what an officer had asked to complete: checked, frozen, written out in rows, once.

    ``role`` is what ``by`` is for the organisation: a declarant needs the mandate of its legal representative.

    Raises:
        AlreadyMoved: it was handed in, or given up, in between.
        Incomplete: a page lacks something.
        ValidationError: the call is closed to this organisation, or refuses it for a late report, or a rule refuses
            what was declared.
    """
    again = project.status == ProjectStatus.TO_COMPLETE
    with step(project, "resubmit" if again else "submit", by=by, organization=project.organization) as locked:
        declaration = Declaration.objects.select_for_update().get(project=locked)
        declaration.project = locked
        pages = states(declaration)
        if not all(state.is_complete for state in pages):
            raise Incomplete(pages)
        late = late_reports(locked.organization, declaration.campaign, locked)
        if not again:
            _check_call(declaration)
            check_late_reports(late)
        if role != MembershipRole.SIGNATORY and not declaration.answers.get("pieces", {}).get("attests_mandate"):
            raise ValidationError(
                "Vous n’êtes pas signataire : attestez que le représentant légal vous a donné pouvoir, dans la partie "
                "« Pièces et attestations », ou demandez à un signataire de déposer.",
                code="mandate",
            )
        rows.write(declaration, {state.page.slug: state.form for state in pages}, by)
        locked.remarks.filter(closed_at=None).update(closed_at=timezone.now())
        return _frozen(declaration, pages, by, late)


def lacks_mandate(declaration: Declaration, role: str) -> bool:
    """Whoever is no signatory has not attested that the legal representative lets them hand in."""
    attested = declaration.answers.get("pieces", {}).get("attests_mandate")
    return role != MembershipRole.SIGNATORY and not attested


def _check_call(declaration: Declaration) -> None:
    campaign = declaration.campaign
    if campaign is None or not campaign.accepts(declaration.project.organization):
        name = f"« {campaign.name} »" if campaign else "choisi"
        raise ValidationError(
            f"L’appel {name} n’est pas ouvert : le dossier reste un brouillon. Écrivez à l’agglomération, qui peut "
            "autoriser un dépôt tardif.",
            code="closed",
        )


def _frozen(declaration: Declaration, pages: list[PageState], by: Person, late: LateReports) -> Submission:
    shown = [[state.page.slug, state.page.title, list(map(list, state.form.words()))] for state in pages]
    return Submission.objects.create(
        project=declaration.project,
        number=declaration.project.submissions.count() + 1,
        answers=declaration.answers,
        shown=shown,
        digest=fingerprint(declaration.answers, shown),
        heading=heading_of(declaration.project),
        late_reports=late.kept,
        by=by,
        organization=declaration.project.organization,
    )


def heading_of(project: Project) -> dict[str, str]:
    """What the paper of a request says above its pages, as it is now."""
    declaration = getattr(project, "declaration", None)
    return {
        "title": project.title,
        "code": project.code,
        "organization": project.organization.name,
        "call": declaration.campaign.name if declaration and declaration.campaign else "",
    }


def fingerprint(answers: object, shown: object) -> str:
    """The SHA-256 of what was handed in, in its canonical JSON."""
    text = json.dumps([answers, shown], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def sentences(pages: list[PageState]) -> Iterator[tuple[Page, Correction]]:
    """All that is to mend, page by page."""
    for state in pages:
        for gap in (*state.faults, *state.gaps):
            yield state.page, gap
        for remark in state.unanswered:
            request = shortened(remark.text, ASKED_WORDS)
            yield state.page, Correction("", f"Répondez à ce que demande l’agglomération : « {request} ».")
        if state.to_review:
            yield (
                state.page,
                Correction("", "Relisez ces réponses, reprises de ce que l’on sait déjà, puis enregistrez-les."),
            )
