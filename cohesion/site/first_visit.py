"""The first visit: five steps by role, on the page where one lands, ticked by what was really done."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.decorators import login_required
from django.db.models import Exists, F, QuerySet, Value
from django.db.models.functions import Concat
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject, cached_property
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from axes.models import Orientation
from cohesion.lib.http import somebody
from cohesion.lib.people import Person, signed_in
from cohesion.models import User
from projects.catalogue.models import TransitionLog
from projects.choices import InvitationRole, MembershipRole
from projects.dashboard.models import Followed
from projects.declaring.models import Declaration, Submission
from projects.instructing.models import Review
from projects.members import rules
from projects.members.models import Invitation, Organization
from projects.messaging.models import MailChoice, Mailing

# The rows of which any one says that it was done.
Fact = Callable[[Person], tuple[QuerySet[Any], ...]]


def _address(name: str, *arguments: Any) -> Callable[[Person], str]:
    return lambda user: reverse(name, args=arguments)


def _own_organization(user: Person) -> str:
    return reverse("projects:space_organization", args=[min(rules.memberships(user))])


def _has_calendar(user: Person) -> tuple[QuerySet[Any], ...]:
    return (User.objects.filter(pk=user.pk).exclude(calendar_key=""),)


@dataclass(frozen=True)
class VisitStep:
    """Something to see or to do: where, and by what fact one knows that it was done. Without one, it is once seen."""

    slug: str
    title: str
    sentence: str
    address: Callable[[Person], str]
    fact: Fact | None = None


OFFICER = (
    VisitStep(
        "dossier",
        "Prendre un dossier en charge",
        "La file dit ce qui est déposé, à vous ou en retard : ouvrez un dossier, et affectez-le-vous.",
        _address("projects:instruction"),
        lambda user: (Review.objects.filter(assigned_to=user), TransitionLog.objects.filter(by=user)),
    ),
    VisitStep(
        "versements",
        "Voir ce qui est à verser",
        "Ce qui est dû d’ici trente jours ; les conventions à faire et ce qui est déjà payé sont à côté.",
        _address("projects:instruction_payments"),
    ),
    VisitStep(
        "orientations",
        "Retoucher une orientation",
        "L’arbre du cadre se lit, se déplace et se corrige, avec un motif ; tout se rétablit.",
        _address("admin:axes_orientation_changelist"),
        lambda user: (Orientation.history.filter(history_user=user),),
    ),
    VisitStep(
        "inviter",
        "Inviter un porteur",
        "Une adresse, une structure : la personne reçoit un lien et ouvre son compte.",
        _address("admin:projects_invitation_add"),
        lambda user: (Invitation.objects.filter(invited_by=user),),
    ),
    VisitStep(
        "ecrire",
        "Écrire à plusieurs porteurs",
        "Ceux d’un axe, d’un appel, d’une commune, ceux dont le bilan est en retard.",
        _address("projects:instruction_mailing_write"),
        lambda user: (Mailing.objects.filter(by=user),),
    ),
)
ELECTED = (
    VisitStep(
        "couverture",
        "Voir ce que personne ne fait",
        "Les orientations et les communes auxquelles aucun projet ne répond.",
        _address("projects:coverage"),
    ),
    VisitStep(
        "suivre",
        "Dire ce que vous suivez",
        "Votre commune, votre délégation : votre page commence par elles.",
        _address("projects:own_subjects"),
        lambda user: (Followed.objects.filter(user=user),),
    ),
    VisitStep("projets", "Chercher un projet", "Par mots, axe, commune ou année.", _address("projects:list")),
    VisitStep(
        "instruction",
        "Suivre l’instruction",
        "Ce qui est demandé, ce qui attend, et qui l’attend. Vous lisez tout, sans rien changer.",
        _address("projects:instruction"),
    ),
    VisitStep(
        "calendrier",
        "Emporter le calendrier",
        "Appels et comités, dans l’agenda de votre téléphone.",
        _address("projects:calendar"),
        _has_calendar,
    ),
)
_STRUCTURE = VisitStep(
    "structure",
    "Relire ce que le site sait de votre structure",
    "Ses pièces s’y déposent une fois pour toutes les demandes.",
    _own_organization,
)
_RHYTHM = VisitStep(
    "rythme",
    "Choisir le rythme des courriels",
    "À chaque événement, une fois par jour, ou jamais.",
    _address("projects:messages"),
    lambda user: (MailChoice.objects.filter(user=user),),
)
_CALENDAR = VisitStep(
    "calendrier",
    "Emporter le calendrier",
    "Clôture des appels, bilans attendus : dans l’agenda de votre téléphone.",
    _address("projects:calendar"),
    _has_calendar,
)
_BEGIN = VisitStep(
    "declarer",
    "Commencer une déclaration",
    "Un titre suffit ; tout s’enregistre pendant que vous écrivez.",
    _address("projects:declaration_new"),
    lambda user: (Declaration.objects.filter(created_by=user),),
)
SIGNATORY = (
    _STRUCTURE,
    _BEGIN,
    VisitStep(
        "deposer",
        "Déposer un dossier",
        "« Vérifier et déposer » dit ce qui manque, partie par partie ; une copie figée en est gardée.",
        _address("projects:space"),
        lambda user: (Submission.objects.filter(by=user),),
    ),
    _RHYTHM,
    _CALENDAR,
)
CONTRIBUTOR = (
    _STRUCTURE,
    _BEGIN,
    VisitStep(
        "remplir",
        "Remplir une partie",
        "À plusieurs si vous voulez : personne n’écrase ce que l’autre écrit. Un signataire dépose ensuite le dossier.",
        _address("projects:space"),
        lambda user: (Declaration.objects.filter(saved_by=user),),
    ),
    _RHYTHM,
    _CALENDAR,
)
ADMINISTRATOR = (
    VisitStep(
        "etat",
        "Lire l’état de l’installation",
        "La base, les sauvegardes, les courriels : ce qui va, et ce qui demande une main.",
        _address("admin:state"),
    ),
    VisitStep(
        "securite",
        "Protéger votre compte",
        "Un code ou une clé en plus du mot de passe.",
        _address("mfa_index"),
        lambda user: (Authenticator.objects.filter(user=user),),
    ),
    VisitStep(
        "agents",
        "Inviter un chargé de mission",
        "Chaque rôle donne des droits précis, et rien de plus.",
        _address("admin:projects_invitation_add"),
        lambda user: (Invitation.objects.filter(invited_by=user, role=InvitationRole.OFFICER),),
    ),
    VisitStep(
        "structures",
        "Ajouter une structure",
        "Celle d’un porteur, d’un partenaire ou d’un financeur.",
        _address("admin:projects_organization_add"),
        lambda user: (Organization.history.filter(history_user=user, history_type="+"),),
    ),
    VisitStep(
        "journal",
        "Parcourir le journal",
        "Qui a fait quoi, et quand ; rien ne s’y efface.",
        _address("admin:cohesion_auditevent_changelist"),
    ),
)


@dataclass(frozen=True)
class ShownStep:
    step: VisitStep
    is_done: bool


class FirstVisit:
    """The visit of somebody who has a role, and where they stand in it."""

    def __init__(self, user: Person, steps: tuple[VisitStep, ...]) -> None:
        self.user, self.all = user, steps
        self.is_hidden = user.first_visit_hidden_at is not None
        self.is_on_own_page = steps is ELECTED  # where who only reads lands

    @cached_property
    def steps(self) -> list[ShownStep]:
        """What was done is asked of the database in one query."""
        opened = self.user.first_visit.split()
        facts = {
            f"{step.slug}_{number}": Exists(rows)
            for step in self.all
            if step.fact is not None
            for number, rows in enumerate(step.fact(self.user))
        }
        done = User.objects.filter(pk=self.user.pk).values(**facts).first() if facts else None
        proved = {name.rpartition("_")[0] for name, is_done in (done or {}).items() if is_done}
        return [ShownStep(step, step.slug in (opened if step.fact is None else proved)) for step in self.all]

    @property
    def done(self) -> int:
        return sum(shown.is_done for shown in self.steps)

    @property
    def is_over(self) -> bool:
        return self.done == len(self.all)

    @property
    def is_shown(self) -> bool:
        """Whether the page where one lands still has it."""
        return not self.is_hidden and not self.is_over


def visit_of(user: Person | None) -> FirstVisit | None:
    """The visit of somebody; none for nobody, nor without a role."""
    if user is None:
        return None
    if rules.is_administrator(user):
        steps = ADMINISTRATOR
    elif rules.is_officer(user):
        steps = OFFICER
    elif rules.is_elected(user):
        steps = ELECTED
    elif own := rules.memberships(user):
        steps = SIGNATORY if MembershipRole.SIGNATORY in own.values() else CONTRIBUTOR
    else:
        return None
    return FirstVisit(user, steps)


def context(request: HttpRequest) -> dict[str, Any]:
    """For the pages where one lands; the others ask nothing of it, and it costs them nothing."""
    return {"first_visit": SimpleLazyObject(lambda: visit_of(somebody(request)))}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def first_visit(request: HttpRequest) -> HttpResponse:
    """The five steps, to be found again; their button puts them away, or back."""
    user = signed_in(request)
    if request.method != "POST":
        return render(request, "account/first_visit.html", {"visit": visit_of(user)})
    if "hide" in request.POST:
        User.objects.filter(pk=user.pk, first_visit_hidden_at=None).update(first_visit_hidden_at=timezone.now())
    elif "resume" in request.POST:
        User.objects.filter(pk=user.pk).update(first_visit_hidden_at=None)
    back = request.POST.get("back", "")
    inside = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return redirect(back if inside else "first_visit")


@never_cache
@require_safe
@login_required
def first_visit_step(request: HttpRequest, slug: str) -> HttpResponse:
    """Open a step: note that it was, and lead there.

    Raises:
        Http404: their visit has no such step.
    """
    user = signed_in(request)
    visit = visit_of(user)
    step = next((step for step in visit.all if step.slug == slug), None) if visit else None
    if step is None:
        raise Http404("Cette visite n’a pas cette étape.")
    if request.method == "GET" and slug not in user.first_visit.split():
        # Added by the database: of two that are opened at once, both are noted.
        noted = Concat(F("first_visit"), Value(f" {slug}"))
        User.objects.filter(pk=user.pk).exclude(first_visit__contains=slug).update(first_visit=noted)
    return redirect(step.address(user))
