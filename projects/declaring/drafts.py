"""Beginning a declaration, taking last year's up again, and saving what is typed."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import IntegerField, Max
from django.db.models.functions import Cast, Substr
from django.utils import timezone

from axes import adoption
from axes.models import Framework
from cohesion.lib.people import Person
from cohesion.lib.text import squeeze
from cohesion.together.merging import Answer, Merged, Typed, both, merge
from projects.catalogue.columns import PROJECTS
from projects.catalogue.models import Project
from projects.catalogue.signing import sign
from projects.catalogue.workflow import REQUEST_OPEN
from projects.choices import ProjectKind, ProjectStatus, RequestKind, Scale, Setting
from projects.declaring.answers import REMARK
from projects.declaring.contradictions import SAME_CALL
from projects.declaring.fields import TITLE_LENGTH
from projects.declaring.models import Campaign, Declaration
from projects.declaring.pages import Page
from projects.declaring.pages.beside import answers_of
from projects.declaring.pages.budget_years import without_years
from projects.declaring.pages.calendar import dates
from projects.declaring.pages.structure import from_sheet
from projects.members.models import Organization
from projects.territory.models import Territory

# What last year's declaration says that is surely to be looked at again.
LOOKED_AT_AGAIN = (
    "structure",
    "rattachement",
    "publics",
    "calendrier",
    "partenaires",
    "budget",
    "evaluation",
    "pieces",
)
TRIES = 5


class NotWritable(ValidationError):
    """The declaration is no longer the lead's to write: it was handed in, or given up, in between."""

    def __init__(self, project: Project) -> None:
        self.project = project
        super().__init__(
            f"Ce dossier est dans l’état « {project.get_status_display()} » : il ne peut plus être modifié. "
            "Ce que vous venez de taper n’a pas été enregistré : copiez-le avant de quitter cette page.",
            code="not_writable",
        )


def begin(*, organization: Organization, title: str, by: Person, campaign: Campaign | None = None) -> Declaration:
    """A new draft, with what its organisation's sheet already says.

    Raises:
        ValidationError: the title is missing, too long, or holds what may not be shown.
    """
    title = squeeze(title)
    if len(title) > TITLE_LENGTH:
        raise ValidationError({"title": f"Ce titre a {len(title)} signes, et {TITLE_LENGTH} au plus sont permis."})
    answers: dict[str, dict[str, Answer]] = {"action": {"title": title}, "structure": from_sheet(organization)}
    if campaign is not None:
        answers["campagne"] = {"campaign": str(campaign.pk), "request_kind": RequestKind.NEW.value}
    return _created(organization, title, by, answers, [], campaign=campaign)


def renew(*, project: Project, by: Person, campaign: Campaign | None = None) -> Declaration:
    """Last year's action taken up again: its answers are copied, and what must be looked at again is marked.

    Raises:
        ValidationError: the call is the one that it answered.
    """
    former = Declaration.objects.filter(project=project).first()
    if campaign is not None and former is not None and former.campaign_id == campaign.pk:
        raise ValidationError(SAME_CALL, code="same_call")
    answers = {slug: dict(page) for slug, page in former.answers.items()} if former else {}
    answers = _from_rows(project, answers) | {"structure": from_sheet(project.organization)}
    if former and (people := former.answers.get("structure")):
        kept = ("contact_name", "contact_email", "contact_phone")
        answers["structure"] |= {name: people[name] for name in kept if people.get(name)}
    answers["campagne"] = {"request_kind": RequestKind.RENEWED.value, "previous": str(project.pk)}
    if campaign is not None:
        answers["campagne"]["campaign"] = str(campaign.pk)
    answers.pop("pieces", None)  # one attests anew each year
    if "budget" in answers:
        answers["budget"] = without_years(answers["budget"])
    to_review = [slug for slug in LOOKED_AT_AGAIN if answers.get(slug)]
    return _created(project.organization, project.title, by, answers, to_review, campaign=campaign, previous=project)


def take_corrections(project: Project) -> None:
    """Before the lead writes again, let the answers say what officers corrected since: the next handing in keeps it."""
    declaration = Declaration.objects.select_for_update().filter(project=project).first()
    if declaration is None:
        return
    answers = _from_rows(project, {slug: dict(page) for slug, page in declaration.answers.items()})
    if not project.host_id and answers["action"].get("setting") == Setting.PST:
        answers["action"] |= {"setting": Setting.OUTSIDE.value, "host": ""}
    for name, declared in zip(("starts_on", "ends_on"), dates(declaration), strict=True):
        corrected = getattr(project, name)
        if corrected is not None and corrected != declared:
            answers.setdefault("calendrier", {})[name] = f"{corrected:%d/%m/%Y}"
    if answers != declaration.answers:
        declaration.answers = answers
        declaration.save(update_fields=["answers"])


def save_page(
    *,
    declaration: Declaration,
    page: Page,
    mine: Typed,
    base: Typed | None,
    by: Person,
    remarks: dict[int, str] | None = None,
) -> Merged:
    """Keep what was typed on a page, beside what somebody else saved there since it was opened (``base``).

    Where both changed a field differently, theirs is kept and the clash is returned. ``declaration`` is brought up to
    date. ``remarks`` are the answers to what an officer asked there, by key.

    Raises:
        NotWritable: it is no longer the lead's to write.
    """
    with transaction.atomic():
        project = Project.objects.select_for_update().get(pk=declaration.project_id)
        if project.status not in REQUEST_OPEN:
            raise NotWritable(project)
        current = Declaration.objects.select_for_update().get(pk=declaration.pk)
        current.project = project
        merged = merge(base or {}, current.answers.get(page.slug, {}), mine)
        current.answers = current.answers | {page.slug: merged.answers}
        current.to_review = [slug for slug in current.to_review if slug != page.slug]
        current.saved_at, current.saved_by = timezone.now(), by
        _mirror(current, page)
        current.save()
        for remark in project.remarks.filter(page=page.slug, closed_at=None, pk__in=remarks or {}):
            was = str((base or {}).get(f"{REMARK}{remark.pk}", ""))
            remark.answer = both(was, remark.answer, (remarks or {})[remark.pk])
            remark.save(update_fields=["answer"])
    for name in ("answers", "to_review", "saved_at", "saved_by", "campaign", "previous", "request_kind", "project"):
        setattr(declaration, name, getattr(current, name))
    return merged


def _mirror(declaration: Declaration, page: Page) -> None:
    """What lists show of a draft follows what is typed, as soon as it can be read."""
    form = page.form(declaration, declaration.answers[page.slug])
    if page.slug == "campagne":
        for name, model in (("campaign", Campaign), ("previous", Project)):
            key = form.answer(name)
            setattr(declaration, name, model._default_manager.filter(pk=key).first() if key else None)
        declaration.request_kind = form.answer("request_kind") or ""
    if page.slug == "action" and (title := form.answer("title")) and title != declaration.project.title:
        project = declaration.project
        project.title = title
        project.version += 1
        project.save()
    if page.slug == "action" and (host := form.answer("host")) and not declaration.answers.get("territoire"):
        _take_places(declaration, int(host))


def _take_places(declaration: Declaration, host: int) -> None:
    """The communes of a PST are those of its actions until somebody says otherwise: proposed, to be looked at."""
    communes = list(Territory.objects.communes().filter(projects=host).order_by("code").values_list("code", flat=True))
    if communes:
        scale = Scale.COMMUNE if len(communes) == 1 else Scale.COMMUNES
        declaration.answers = declaration.answers | {"territoire": {"scale": scale.value, "communes": communes}}
        declaration.to_review = [*declaration.to_review, "territoire"]


def _created(
    organization: Organization, title: str, by: Person, answers: Any, to_review: list[str], **options: Any
) -> Declaration:
    campaign = options.get("campaign")
    year = campaign.year if campaign else timezone.localdate().year + 1
    for _ in range(TRIES):  # somebody else may take the same number at the same moment
        project = Project(
            kind=ProjectKind.ACTION,
            code=_next_code(year),
            title=title,
            organization=organization,
            status=ProjectStatus.DRAFT,
        )
        project.full_clean(validate_unique=False, validate_constraints=False)
        try:
            with transaction.atomic():
                sign(project, by, "").save()
                return Declaration.objects.create(
                    project=project,
                    answers=answers,
                    to_review=to_review,
                    request_kind=answers.get("campagne", {}).get("request_kind", ""),
                    saved_at=timezone.now(),
                    saved_by=by,
                    created_by=by,
                    **options,
                )
        except IntegrityError:
            continue
    raise ValidationError("Beaucoup de dossiers s’ouvrent en ce moment : réessayez dans un instant.")


def _next_code(year: int) -> str:
    """The number after the highest of the year: « 2027-031 »."""
    start = f"{year}-"
    numbered = Project.objects.filter(code__startswith=start, code__regex=rf"^{start}[0-9]{{1,6}}$")
    number = Cast(Substr("code", len(start) + 1), IntegerField())
    return f"{start}{(numbered.aggregate(highest=Max(number))['highest'] or 0) + 1:03}"


def _from_rows(project: Project, answers: dict[str, dict[str, Answer]]) -> dict[str, dict[str, Answer]]:
    """What is known of a project that was never declared here, or was corrected since."""
    for column in PROJECTS.columns:
        value = getattr(project, column.attribute) if column.declared_on else None
        if isinstance(value, str):  # days are told apart: a calendar may say them otherwise
            answers.setdefault(column.declared_on, {})[column.attribute] = value
    action = answers.setdefault("action", {})
    if project.description:
        action.setdefault("description", project.description)
    action |= {"setting": Setting.PST.value, "host": str(project.host_id)} if project.host_id else {}
    action["schemes"] = list(project.schemes.values_list("code", flat=True))
    framework = Framework.objects.in_force().first()
    links: dict[str, Answer] = {}
    rank = 0
    served = list(project.contributions.of_reference().order_by("-is_main", "pk"))
    became = adoption.became([link.orientation_id for link in served], framework)
    for link in served:
        here = became[link.orientation_id]
        if len(here) != 1 or str(here[0]) in links.values():  # linked in two frameworks to what is the same
            continue
        if link.is_main:
            links |= {"main": str(here[0]), "main_reason": link.rationale}
        elif rank < 3:
            links |= {f"secondary-{rank}": str(here[0]), f"reason-{rank}": link.rationale}
            rank += 1
    beside = project.contributions.filter(orientation__framework__in=Framework.objects.beside())
    links |= answers_of(list(beside.select_related("orientation__framework")))
    if links:
        answers["rattachement"] = links
    territory = answers.setdefault("territoire", {})
    territory["communes"] = list(Territory.objects.filter(projects=project).communes().values_list("code", flat=True))
    territory["quarters"] = [
        str(pk) for pk in Territory.objects.filter(projects=project).quarters().values_list("pk", flat=True)
    ]
    return answers
