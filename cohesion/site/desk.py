"""The home of the officers' screens: what waits, then every subject in the order of the work, each with a fact."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from axes.choices import FrameworkStatus
from axes.models import DocumentReading, Framework, ImportJob, Orientation
from cohesion.audit import AuditKind
from cohesion.imports.models import FileImport
from cohesion.lib.dates import french_date
from cohesion.lib.people import Person, signed_in
from cohesion.lib.text import NBSP, count_phrase
from cohesion.models import AuditEvent
from projects.catalogue.models import Need, Offer, Project, ReferenceDocument, UncarriedLink
from projects.catalogue.pending import orphaned
from projects.choices import LetterKind, ProjectKind, TerritoryKind
from projects.declaring.models import Campaign
from projects.exchange.models import ProjectImport
from projects.housekeeping.checks import unsaid
from projects.instructing.models import Committee, DecisionImport
from projects.instructing.waiting import waiting
from projects.members.models import Invitation, Organization, OrganizationImport
from projects.messaging.mailings.audience import LATE, TO_COMPLETE, Audience
from projects.messaging.mailings.letters import writing_address
from projects.territory.models import Territory, TerritoryImport

GROUPS = (
    ("Le cadre", ("Orientation", "Framework", "Programme", "UncarriedLink", "ReferenceDocument", "Perimeter")),
    ("Ce qui se fait", ("Action", "Pst", "Prh", "Need", "Offer")),
    ("Qui et où", ("Organization", "Invitation", "Territory", "Scheme", "VocabularyLine")),
    ("L’année", ("Campaign", "Committee", "BudgetEnvelope", "PaperModel", "ProjectImport", "Message")),
    ("Le site", ("User", "Group", "ApiToken", "Webhook", "WebhookDelivery", "AuditEvent")),
)
OTHERS = "Autres"
# Pages of the site that officers work with, beside the subjects: for whoever instructs.
PAGES = {
    "Qui et où": (("Annuaire", "projects:instruction_directory"),),
    "L’année": (
        ("Calendrier", "projects:calendar"),
        ("Écrire à plusieurs", "projects:instruction_mailings"),
        ("Enveloppes de l’année", "projects:envelopes"),
        ("Conventions", "projects:instruction_agreements"),
        ("Versements", "projects:instruction_payments"),
        ("Documents émis", "projects:instruction_papers"),
        ("Subventions à publier", "projects:open_lacking"),
    ),
}

Tell = Callable[[Person], str]  # a fact of a subject, as somebody may know it


@dataclass(frozen=True)
class Alert:
    """Something that is not as it should be, and the page where it is mended."""

    text: str
    address: str
    action: str


def desk(request: HttpRequest, groups: list[dict[str, Any]]) -> dict[str, Any]:
    """What the page shows to who asks: the queue only to whoever instructs."""
    user = signed_in(request)
    instructs = user.has_perm("projects.change_review")
    return {
        "waiting": waiting(user) if instructs else None,
        "write_to_leads": writing_address(TO_COMPLETE, LetterKind.PIECES),
        "alerts": alerts(user),
        "groups": with_facts(groups, user),
    }


def grouped(apps: list[dict[str, Any]], *, instructs: bool) -> list[dict[str, Any]]:
    """The subjects that somebody may see, in the order of the work; what has no place in it comes last."""
    subjects = {model["object_name"]: model for app in apps for model in app["models"]}
    groups = []
    for name, models in (*GROUPS, (OTHERS, tuple(sorted(set(subjects) - _placed())))):
        own = [subjects[model] for model in models if model in subjects]
        own += [_page(*page) for page in PAGES.get(name, ()) if instructs]
        if own:
            groups.append({"name": name, "app_label": name, "app_url": "", "has_module_perms": True, "models": own})
    return groups


def _page(name: str, address: str) -> dict[str, Any]:
    """A page of the site, as Django lists a subject."""
    return {"name": name, "object_name": "", "admin_url": reverse(address), "add_url": None, "view_only": True}


def _placed() -> set[str]:
    return {model for _, models in GROUPS for model in models}


def with_facts(groups: list[dict[str, Any]], user: Person) -> list[dict[str, Any]]:
    """The groups, each subject with one short fact under ``fact``; a query a subject at most."""
    return [{**group, "models": _subjects(group["models"], user)} for group in groups]


def _subjects(models: list[dict[str, Any]], user: Person) -> list[dict[str, Any]]:
    return [_with_fact(model, user) for model in models]


def _with_fact(model: dict[str, Any], user: Person) -> dict[str, Any]:
    tell = FACTS.get(model["object_name"])
    return {**model, "fact": tell(user) if tell else ""}


def alerts(user: Person) -> list[Alert]:
    """What is not as it should be, for whoever may mend it."""
    tellers = (_late_reports, _unfinished_imports, _links, _documents, _orphaned, _faults, _unsaid)
    return [alert for tell in tellers for alert in tell(user)]


def _late_reports(user: Person) -> Iterator[Alert]:
    """The reports that are due since a day that is over: their leads are written to together."""
    instructs = user.has_perm("projects.change_review")
    number = Audience(LATE, Project.objects.all(), "").number if instructs else 0
    if number:
        phrase = count_phrase(number, "bilan est en retard", "bilans sont en retard")
        yield Alert(f"{phrase}.", writing_address(LATE, LetterKind.REPORT), "Écrire à leurs porteurs")


def _unfinished_imports(user: Person) -> Iterator[Alert]:
    """The last file of each kind that somebody brought, and neither applied nor gave up."""
    for model, address in IMPORT_ADDRESSES.items():
        ready = model._default_manager.filter(state=FileImport.State.READY, owner=user.pk)
        job = ready.defer("rows", "content", "report").order_by("-created_at").first()
        if job:
            text = f"Votre fichier «{NBSP}{job.filename}{NBSP}» n’est ni appliqué, ni abandonné."
            yield Alert(text, address(job), "Le voir")


def _links(user: Person) -> Iterator[Alert]:
    """What linked a project to an orientation that the framework in force did not take up."""
    number = UncarriedLink.objects.open().count() if user.has_perm("projects.change_uncarriedlink") else 0
    if number:
        phrase = count_phrase(number, "rattachement est à refaire", "rattachements sont à refaire")
        text = f"{phrase} : l’orientation n’a pas été reprise dans le cadre en vigueur."
        yield Alert(text, reverse("admin:projects_uncarriedlink_changelist"), "Les refaire")


def _documents(user: Person) -> Iterator[Alert]:
    """The documents that orientations wait for: those that came, and those that were to be looked at again."""
    if not user.has_perm("projects.change_referencedocument"):
        return
    address = reverse("admin:projects_referencedocument_pending")
    awaited = ReferenceDocument.objects.with_orientations()
    for document in awaited.settled() | awaited.to_review(timezone.localdate()):
        if document.is_settled:
            text = f"«{NBSP}{document}{NBSP}» est approuvé{NBSP}: ce qui l’attendait n’a plus à l’attendre."
        else:
            text = f"«{NBSP}{document}{NBSP}» était à revoir le {french_date(document.review_on)}."
        yield Alert(text, address, "Voir ce qui l’attend")


def _orphaned(user: Person) -> Iterator[Alert]:
    """What named an orientation that became nothing in the framework in force, and would be forgotten there."""
    may_change_documents = user.has_perm("projects.change_referencedocument")
    may_change_perimeters = user.has_perm("projects.change_perimeter")
    documents, perimeters = orphaned() if may_change_documents or may_change_perimeters else ([], [])
    if documents and may_change_documents:
        names = ", ".join(f"«{NBSP}{document}{NBSP}»" for document in documents)
        text = (
            f"Aucune orientation en vigueur n’attend plus {names}{NBSP}: celles qui y renvoyaient n’ont pas de suite."
        )
        yield Alert(text, reverse("admin:projects_referencedocument_pending"), "Dire lesquelles l’attendent")
    if perimeters and may_change_perimeters:
        alone = "périmètre n’a plus d’orientation en vigueur, la sienne n’a pas de suite"
        together = "périmètres n’ont plus d’orientation en vigueur, les leurs n’ont pas de suite"
        text = f"{count_phrase(len(perimeters), alone, together)}."
        yield Alert(text, reverse("admin:projects_perimeter_changelist"), "Choisir une orientation en vigueur")


def _faults(user: Person) -> Iterator[Alert]:
    """What the last check of the trees could not mend: only an administrator does."""
    check = AuditEvent.objects.filter(kind=AuditKind.TREE_CHECKED).first() if user.is_superuser else None
    number = check.after["restants"] if check and check.after else 0
    if number:
        phrase = count_phrase(number, "défaut reste", "défauts restent")
        yield Alert(f"{phrase} dans l’arbre des orientations.", reverse("admin:state"), "L’état du site")


def _unsaid(user: Person) -> Iterator[Alert]:
    """What the page on personal data cannot say: officers answer for it, whoever hosts the site sets it."""
    answers = user.is_superuser or user.has_perm("projects.change_review")
    missing = {} if settings.LOCAL or not answers else unsaid()
    if missing:
        lacking, names = " ni ".join(missing.values()), " et ".join(missing)
        whole = f"La page des données personnelles ne dit pas {lacking}{NBSP}"
        text = f"{whole}: demandez à qui héberge le site de régler {names}."
        yield Alert(text, reverse("privacy"), "La page")


def _orientations(user: Person) -> str:
    framework = Framework.objects.in_force().first()
    if framework is None:
        return "aucun cadre en vigueur"
    number = Orientation.objects.filter(framework=framework).count()
    return f"{number}, {'en vigueur, verrouillé' if framework.asks_reason else 'en vigueur'}"


def _frameworks(user: Person) -> str:
    counts = Framework.objects.aggregate(total=Count("pk"), drafts=Count("pk", filter=Q(status=FrameworkStatus.DRAFT)))
    drafts = f", dont {counts['drafts']} en préparation" if counts["drafts"] else ""
    return f"{counts['total']}{drafts}"


def _actions(user: Person) -> str:
    year = timezone.localdate().year
    this_year = Q(starts_on__year__lte=year) & (Q(ends_on=None) | Q(ends_on__year__gte=year))
    counts = (
        Project.objects.filter(kind=ProjectKind.ACTION)
        .visible_to(user)
        .aggregate(total=Count("pk"), now=Count("pk", filter=this_year))
    )
    return f"{counts['total']}, dont {counts['now']} en {year}"


def _needs(user: Person) -> str:
    counts = Need.objects.aggregate(total=Count("pk"), bare=Count("pk", filter=Q(orientation=None)))
    return f"{counts['total']}, dont {counts['bare']} sans orientation" if counts["bare"] else str(counts["total"])


def _offers(user: Person) -> str:
    counts = Offer.objects.aggregate(total=Count("pk"), places=Sum("places"))
    return f"{count_phrase(counts['total'], 'offre')}, {count_phrase(counts['places'] or 0, 'place')}"


def _invitations(user: Person) -> str:
    waiting = Invitation.objects.filter(accepted_at=None, revoked_at=None)
    counts = waiting.aggregate(total=Count("pk"), over=Count("pk", filter=Q(expires_at__lt=timezone.now())))
    over = f", dont {counts['over']} expirée{'s' if counts['over'] > 1 else ''}" if counts["over"] else ""
    return f"{counts['total']} sans réponse{over}"


def _territories(user: Person) -> str:
    communes = Count("pk", filter=Q(kind=TerritoryKind.COMMUNE))
    counts = Territory.objects.aggregate(total=Count("pk"), communes=communes)
    return (
        f"{count_phrase(counts['communes'], 'commune')}, {count_phrase(counts['total'] - counts['communes'], 'autre')}"
    )


def _campaigns(user: Person) -> str:
    campaign = Campaign.objects.announced().filter(closes_at__gt=timezone.now()).order_by("closes_at").first()
    if campaign is None:
        return f"{Campaign.objects.count()}, aucun n’est ouvert"
    return f"{campaign.year} : ferme le {french_date(campaign.closes_at)}"


def _committees(user: Person) -> str:
    committee = Committee.objects.filter(held_on__gte=timezone.localdate()).order_by("held_on").first()
    return f"le prochain le {french_date(committee.held_on)}" if committee else "aucun n’est prévu"


def _imports(user: Person) -> str:
    last = ProjectImport.objects.values_list("created_at", flat=True).first()
    return f"le dernier le {french_date(last)}" if last else "aucun encore"


def _number_of(model: Any) -> Tell:
    return lambda user: str(model.objects.count())


def _of_kind(kind: ProjectKind) -> Tell:
    return lambda user: str(Project.objects.filter(kind=kind).visible_to(user).count())


FACTS: dict[str, Tell] = {
    "Orientation": _orientations,
    "Framework": _frameworks,
    "Action": _actions,
    "Pst": _of_kind(ProjectKind.PST),
    "Prh": _of_kind(ProjectKind.PRH),
    "Need": _needs,
    "Offer": _offers,
    "Organization": _number_of(Organization),
    "Invitation": _invitations,
    "Territory": _territories,
    "Campaign": _campaigns,
    "Committee": _committees,
    "ProjectImport": _imports,
}

IMPORT_ADDRESSES: dict[Any, Callable[[Any], str]] = {
    ImportJob: lambda job: reverse("admin:axes_framework_import_job", args=[job.framework_id, job.pk]),
    DocumentReading: lambda job: reverse("admin:axes_framework_reading", args=[job.pk]),
    ProjectImport: lambda job: reverse("admin:projects_projectimport_change", args=[job.pk]),
    DecisionImport: lambda job: reverse("projects:instruction_import_job", args=[job.committee_id, job.pk]),
    OrganizationImport: lambda job: reverse("admin:projects_organization_import_job", args=[job.pk]),
    TerritoryImport: lambda job: reverse("admin:projects_territory_import_job", args=[job.pk]),
}
