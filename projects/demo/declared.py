"""Invented declarations, at each stage of their life: what leads and officers of the demonstration find to do."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from axes.models import Framework, Orientation
from projects.catalogue.models import Project, TransitionLog
from projects.catalogue.steps import step
from projects.choices import AttachmentKind, Criterion, MembershipRole, Opinion, PieceMoment, PieceRule
from projects.declaring.drafts import begin
from projects.declaring.handing_in import hand_in
from projects.declaring.models import Campaign, Declaration, Submission
from projects.declaring.pieces import WHY
from projects.demo.calendar import OPENED_FOR, Calendar
from projects.demo.invented import MADELEINE, NAVARRE, NETREVILLE
from projects.instructing.models import Committee, Review
from projects.members.models import Membership, Organization
from projects.territory.models import Territory

CLOSING_TIME = datetime.time(18)
PENDING = "Structure inventée pour la démonstration : aucun numéro ne lui est attribué."
PENDING_STATUTES = "Structure inventée pour la démonstration : elle n’a pas de statuts."
# What the call expects, when, and what becomes of who does not send it.
EXPECTED = (
    (PieceMoment.REQUEST, AttachmentKind.STATUTES, PieceRule.REASON),
    (PieceMoment.REPORT, AttachmentKind.FINANCIAL_REPORT, PieceRule.REFUSE),
    (PieceMoment.REPORT, AttachmentKind.ACTIVITY_REPORT, PieceRule.REASON),
)


@dataclass(frozen=True)
class Declared:
    """An invented action: what its lead wrote, what it asks for, and the steps that it has taken since."""

    title: str
    organization: str
    commune: str
    main: str
    reason: str
    summary: str
    need: str
    people: int
    cost: int
    requested: int
    steps: tuple[str, ...] = ()
    days: int = 5  # since its last step
    remark: str = ""
    left_out: tuple[str, ...] = field(default=())  # pages of a draft that nobody has answered yet
    quarters: tuple[str, ...] = ()


ESCALE, PLATEAU = "Centre social L’Escale verte", "Collectif Le Plateau en commun"
ACTIONS = (
    Declared(
        "Le repas du dimanche, cuisine partagée entre générations",
        ESCALE,
        "27229",
        "5.2.4-b",
        "Cuisiner ensemble donne aux parents et aux enfants un moment à eux.",
        "Des parents et des enfants cuisinent avec des voisins âgés, pour renforcer le lien entre générations et "
        "parler d’alimentation et de santé.",
        "Au café des parents, beaucoup disent manquer de moments avec leurs enfants hors de la maison.",
        60,
        12500,
        6000,
        left_out=("rattachement", "publics", "evaluation", "pieces"),
    ),
    Declared(
        "Coup de main numérique en mairie",
        ESCALE,
        "27299",
        "2.1.2-a",
        "Les habitants y font leurs démarches accompagnés, près de chez eux.",
        "Une permanence chaque semaine en mairie pour faire ses démarches en ligne avec quelqu’un.",
        "La mairie reçoit chaque jour des personnes qui n’arrivent pas à ouvrir leur compte en ligne.",
        140,
        8000,
        4900,
        ("return",),
        21,
        remark="Le poste 641 couvre-t-il deux personnes ou une seule ? Précisez aussi les jours de permanence.",
    ),
    Declared(
        "Vélo-école des bords de l’Iton",
        PLATEAU,
        "27347",
        "8.1.2",
        "Savoir rouler ouvre l’accès aux équipements du territoire.",
        "Des adultes apprennent à faire du vélo, puis à circuler, avec des bénévoles.",
        "Plusieurs participantes aux ateliers de langue ne peuvent pas venir faute de moyen de transport.",
        45,
        13300,
        6400,
        days=16,
    ),
    Declared(
        "Former les médiateurs de quartier",
        PLATEAU,
        "27229",
        "6.1.1-a",
        "La formation donne des repères communs aux médiateurs.",
        "Six journées de formation pour les personnes qui font de la médiation dans les quartiers.",
        "Les médiateurs sont seuls devant des situations difficiles et changent souvent.",
        18,
        33600,
        18500,
        days=9,
        quarters=(MADELEINE, NETREVILLE),
    ),
    Declared(
        "Passerelle vers l’école maternelle",
        ESCALE,
        "27229",
        "5.2.4-b",
        "La passerelle associe les parents dès l’entrée à l’école.",
        "Des matinées où les tout-petits et leurs parents découvrent l’école maternelle avant la rentrée.",
        "Les enseignantes voient arriver des enfants qui n’ont jamais quitté leur famille.",
        36,
        15000,
        7800,
        days=1,
    ),
    Declared(
        "Chorale des deux quartiers",
        ESCALE,
        "27229",
        "8.1-a",
        "Chanter ensemble fait se rencontrer deux quartiers qui se croisent peu.",
        "Une chorale ouverte à tous, qui répète une semaine sur deux dans chaque quartier.",
        "Les habitants des deux rives disent ne pas se connaître.",
        50,
        13000,
        5200,
        ("admit", "review"),
        4,
        quarters=(NETREVILLE, NAVARRE),
    ),
    Declared(
        "Portrait partagé de chaque secteur",
        PLATEAU,
        "27234",
        "1.1.2-a",
        "L’action rapproche les diagnostics des PST des données des observatoires.",
        "Croiser les diagnostics des projets sociaux de territoire avec les observatoires, secteur par secteur.",
        "Chaque diagnostic reprend tout depuis le début, avec des chiffres qui ne se comparent pas.",
        30,
        31400,
        22000,
        ("admit",),
        6,
    ),
    Declared(
        "Lire au marché",
        PLATEAU,
        "27347",
        "8.1.2",
        "Des livres sont proposés là où sont les gens.",
        "Un triporteur de livres sur le marché, avec des lectures à voix haute pour les enfants.",
        "La bibliothèque la plus proche est à vingt minutes en voiture.",
        200,
        8400,
        3800,
        ("admit", "review", "propose"),
        2,
    ),
    Declared(
        "Le café des parents, deuxième lieu",
        ESCALE,
        "27299",
        "5.2.4-b",
        "Le café est un lieu où les parents s’entraident.",
        "Ouvrir un second café des parents, deux matinées par semaine, avec une puéricultrice.",
        "Le premier café refuse du monde ; des familles font dix kilomètres pour venir.",
        80,
        12400,
        6200,
        ("admit", "review", "propose"),
        2,
    ),
)


def load_demo_declarations(framework: Framework, calendar: Calendar, *, leads: dict[str, Any], officer: Any) -> int:
    """Open a call and declare these actions in it, each by the lead of its organisation; returns their number."""
    campaign = _campaign(calendar)
    for moment, kind, rule in EXPECTED:
        campaign.expected_pieces.create(moment=moment, kind=kind, rule=rule)
    committee = Committee.objects.create(
        name="Comité de pilotage (démonstration)", held_on=calendar.committee_on, campaign=campaign
    )
    for one in ACTIONS:
        _declare(one, framework, campaign, committee, leads[one.organization], officer)
    return len(ACTIONS)


def _campaign(calendar: Calendar) -> Campaign:
    """The next call, open now."""
    year = calendar.call_year
    return Campaign.objects.create(
        name=f"Appel à projets {year} (démonstration)",
        year=year,
        opens_at=timezone.now() - OPENED_FOR,
        closes_at=datetime.datetime.combine(calendar.call_closes_on, CLOSING_TIME, timezone.get_current_timezone()),
        text="Pour les actions qui répondent au cadre en vigueur. Appel inventé : rien n’est attribué.",
        budget=260_000,
        committee_on=calendar.committee_on,
        report_due_on=datetime.date(year + 1, 6, 30),
        is_published=True,
    )


def _declare(
    one: Declared, framework: Framework, campaign: Campaign, committee: Committee, lead: Any, officer: Any
) -> None:
    organization = Organization.objects.get(name=one.organization)
    declaration = begin(organization=organization, title=one.title, by=lead, campaign=campaign)
    declaration.answers |= {
        slug: page for slug, page in _answers(one, framework, campaign).items() if slug not in one.left_out
    }
    declaration.save()
    if one.left_out:
        return
    role = Membership.objects.get(user=lead, organization=organization).role
    if role != MembershipRole.SIGNATORY:
        declaration.answers["pieces"]["attests_mandate"] = "on"
        declaration.save()
    project = declaration.project
    hand_in(project=project, by=lead, role=role)
    for name in one.steps:
        with step(project, name, by=officer, comment="Complément attendu." if name == "return" else "") as locked:
            if name == "return":
                locked.remarks.create(page="budget", text=one.remark, by=officer)
            elif name == "review":
                _review(locked, officer, notes=7 if "propose" in one.steps else 5)
            elif name == "propose":
                Review.objects.filter(project=locked).update(
                    committee=committee,
                    opinion=Opinion.FAVOURABLE,
                    text="Action attendue, budget clair.",
                    proposed_amount=locked.requested,
                )
    _age(project, one.days)


def _answers(one: Declared, framework: Framework, campaign: Campaign) -> dict[str, dict[str, Any]]:
    main = Orientation.objects.get(framework=framework, code=one.main)
    return _who_and_why(one, main, campaign) | _how(one, campaign)


def _who_and_why(one: Declared, main: Orientation, campaign: Campaign) -> dict[str, dict[str, Any]]:
    return {
        "campagne": {"campaign": str(campaign.pk), "request_kind": "new"},
        "structure": {
            "legal_form": "association",
            "siret_pending": PENDING,
            "address": "1 place de l’Exemple",
            "commune": one.commune,
            "email": "contact@demo.example",
            "representative": "Une présidente inventée",
            "contact_name": "Un coordinateur inventé",
        },
        "action": {
            "title": one.title,
            "summary": one.summary,
            "need_noticed": one.need,
            "description": one.summary,
            "setting": "outside",
            "schemes": [],
            "residents_part": "co_construction",
        },
        "rattachement": {"main": str(main.pk), "main_reason": one.reason},
        "territoire": {"scale": "commune", "communes": [one.commune], "quarters": _quarters(one)},
    }


def _how(one: Declared, campaign: Campaign) -> dict[str, dict[str, Any]]:
    return {
        "publics": {"target_groups": ["residents"], "people": str(one.people)},
        "calendrier": {
            "starts_on": f"11/01/{campaign.year}",
            "ends_on": f"18/12/{campaign.year}",
            "frequency": "Chaque semaine, hors vacances scolaires",
        },
        "partenaires": {"name-0": "Commune", "role-0": "resources", "confirmed-0": "on"},
        "budget": {
            "a-602": str(one.cost // 5),
            "a-641": str(one.cost - one.cost // 5),
            "kind-0": "agglomeration",
            "requested-0": str(one.requested),
            "class-0": "specific",
            "state-0": "asked",
            "kind-1": "social_body",
            "requested-1": str(one.cost - one.requested),
            "state-1": "asked",
        },
        "evaluation": {
            "name-0": "Personnes qui viennent au moins trois fois",
            "kind-0": "result",
            "target-0": str(one.people // 2),
            "unit-0": "personnes",
            "method-0": "Feuille de présence",
        },
        "pieces": {
            "attests_exact": "on",
            "attests_obligations": "on",
            "attests_republican": "on",
            f"{WHY}{AttachmentKind.STATUTES}": PENDING_STATUTES,
        },
    }


def _quarters(one: Declared) -> list[str]:
    quarters = Territory.objects.filter(code__in=one.quarters).order_by("code")
    return [str(pk) for pk in quarters.values_list("pk", flat=True)]


def _review(project: Project, officer: Any, notes: int) -> None:
    review = Review.objects.create(project=project, assigned_to=officer)
    for rank, criterion in enumerate(Criterion):
        if rank < notes:
            review.notes.create(criterion=criterion, note=3 + rank % 2, comment="")


def _age(project: Project, days: int) -> None:
    """Let the last step be so many days old, and the others a day older each."""
    logs = TransitionLog.objects.filter(project=project).order_by("-at", "-pk")
    for rank, log in enumerate(logs):
        TransitionLog.objects.filter(pk=log.pk).update(at=timezone.now() - datetime.timedelta(days=days + rank))
    first = TransitionLog.objects.filter(project=project).order_by("at").first()
    Submission.objects.filter(project=project).update(at=first.at if first else timezone.now())
    Declaration.objects.filter(project=project).update(saved_at=timezone.now() - datetime.timedelta(days=days + 5))
