"""A declaration is handed in whole, once, in time, and what was declared is then in the rows."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from projects.catalogue import actions
from projects.catalogue.steps import AlreadyMoved, step
from projects.choices import MembershipRole, ProjectStatus
from projects.declaring.handing_in import Incomplete, hand_in, states
from projects.declaring.handing_in import sentences as to_mend
from projects.declaring.pages import PAGES
from projects.declaring.pages.calendar import CalendarForm
from projects.instructing.checking import send_back
from projects.models import Campaign, Declaration, LateLeave, Project, Submission, TransitionLog
from tests.at_once import each_at_once
from tests.factories import DeclarationFactory, OfficerFactory, OrganizationFactory, ProjectFactory

SIGNATORY = MembershipRole.SIGNATORY


def change(declaration, page, **answers):
    declaration.answers = declaration.answers | {page: declaration.answers.get(page, {}) | answers}
    declaration.save()


def sentences(declaration, page):
    state = next(one for one in states(declaration) if one.page.slug == page)
    return [gap.sentence for gap in (*state.faults, *state.gaps)]


def test_a_complete_declaration_has_nothing_to_mend(complete):
    assert [(one.page.slug, one.faults, one.gaps) for one in states(complete) if not one.is_complete] == []


def test_handing_in_writes_all_rows(complete, lead, node):
    hand_in(project=complete.project, by=lead, role=SIGNATORY)
    project = Project.objects.get()
    assert project.status == ProjectStatus.SUBMITTED
    assert (project.total_cost, project.requested) == (Decimal("12500.50"), Decimal(6000))
    assert (str(project.starts_on), str(project.ends_on)) == ("2027-01-11", "2027-12-18")
    assert project.audience == "Enfants, Parents et familles"
    link = project.contributions.get()
    assert (link.orientation, link.is_main) == (node("5.2.4-b"), True)
    assert link.rationale == "L’atelier réunit parents et enfants."
    assert [place.territory.name for place in project.places.all()] == ["Gravigny"]
    assert project.budget_lines.count() == 3
    assert [str(one) for one in project.funding_lines.all()] == ["L’agglomération", "CAF"]
    indicator = project.indicators.get()
    assert (indicator.baseline, indicator.target, indicator.direction) == (None, 40, "more")
    assert project.declared_partners.get().is_confirmed
    declaration = Declaration.objects.get()
    assert (declaration.people, declaration.women, declaration.scale) == (120, 70, "commune")
    assert project.organization.siret == "73282932000074"
    log = TransitionLog.objects.get()
    assert (log.transition, log.by, log.organization) == ("submit", lead, project.organization)


def test_an_indicator_says_where_it_starts_and_which_way_it_goes(complete, lead):
    change(complete, "evaluation", **{"baseline-0": "62,5", "direction-0": "less"})
    hand_in(project=complete.project, by=lead, role=SIGNATORY)
    indicator = Project.objects.get().indicators.get()
    assert (indicator.baseline, indicator.target, indicator.direction) == (Decimal("62.5"), 40, "less")


def test_what_no_form_asks_stays_when_it_is_handed_in_again(complete, lead, officer):
    hand_in(project=complete.project, by=lead, role=SIGNATORY)
    project = Project.objects.get()
    caf = project.funding_lines.get(name="CAF")
    caf.granted = Decimal(1500)
    caf.save()
    keys = [line.pk for line in project.funding_lines.all()]
    send_back(project, remarks={"budget": "Précisez le montant."}, by=officer)
    project.remarks.update(answer="C’est fait.")
    hand_in(project=Project.objects.get(), by=lead, role=SIGNATORY)
    assert [line.pk for line in project.funding_lines.all()] == keys
    caf.refresh_from_db()
    assert caf.granted == 1500


def test_rows_stand_in_the_order_in_which_they_are_declared(complete, lead, officer):
    hand_in(project=complete.project, by=lead, role=SIGNATORY)
    project = Project.objects.get()
    send_back(project, remarks={"budget": "Dans l’autre ordre."}, by=officer)
    project.remarks.update(answer="C’est fait.")
    project.funding_lines.filter(name="CAF").update(granted=1500)
    complete.refresh_from_db()
    first = {"kind": "social_body", "funder": "CAF", "requested": "6000", "class": "", "state": ""}
    second = {"kind": "agglomeration", "funder": "", "requested": "6 000", "class": "specific", "state": "asked"}
    rows = {f"{name}-{rank}": value for rank, row in enumerate((first, second)) for name, value in row.items()}
    change(complete, "budget", **rows)
    hand_in(project=Project.objects.get(), by=lead, role=SIGNATORY)
    assert [(str(line), line.granted) for line in project.funding_lines.all()] == [
        ("CAF", Decimal(1500)),
        ("L’agglomération", None),
    ]


def test_what_was_handed_in_is_frozen(complete, lead):
    copy = hand_in(project=complete.project, by=lead, role=SIGNATORY)
    assert copy.number == 1
    assert [slug for slug, _, _ in copy.shown] == [page.slug for page in PAGES]
    said = dict(map(tuple, next(lines for slug, _, lines in copy.shown if slug == "budget")))
    assert said["Part demandée à l’agglomération"] == "48\u00a0%"
    assert copy.answers == complete.answers
    assert len(copy.digest) == 64


@pytest.mark.parametrize(
    ("slug", "field", "sentence"),
    [
        ("campagne", "request_kind", "Dites s’il s’agit d’une nouvelle action"),
        ("structure", "siret", "Indiquez le SIRET"),
        ("structure", "representative", "Indiquez le représentant légal"),
        ("action", "summary", "Résumez l’action"),
        ("rattachement", "main", "Choisissez l’orientation"),
        ("rattachement", "main_reason", "Écrivez en une phrase pourquoi"),
        ("territoire", "communes", "Cochez la ou les communes"),
        ("publics", "people", "Indiquez combien de personnes"),
        ("calendrier", "ends_on", "Indiquez quand elle finit"),
        ("evaluation", "name-0", "Dites ce que mesure l’indicateur 1"),
        ("pieces", "attests_republican", "Souscrivez au contrat"),
    ],
)
def test_what_is_missing_is_named_and_nothing_is_handed_in(complete, lead, slug, field, sentence):
    change(complete, slug, **{field: [] if field == "communes" else ""})
    assert any(found.startswith(sentence) for found in sentences(complete, slug))
    with pytest.raises(Incomplete, match="partie n’est pas complète"):
        hand_in(project=complete.project, by=lead, role=SIGNATORY)
    assert Project.objects.get().status == ProjectStatus.DRAFT
    assert not Submission.objects.exists()
    assert not Project.objects.get().budget_lines.exists()


@pytest.mark.parametrize(
    ("slug", "given", "sentence"),
    [
        ("structure", {"siret": "73282932000075"}, "SIRET\u00a0: ce SIRET n’est pas valide"),
        ("structure", {"rna": "123"}, "Numéro RNA\u00a0: un numéro RNA commence par W"),
        ("calendrier", {"starts_on": "31/02/2027"}, "Début\u00a0: ce n’est pas une date"),
        ("calendrier", {"ends_on": "01/01/2027"}, "La fin précède le début"),
        ("calendrier", {"starts_on": "01/01/2029", "ends_on": "02/01/2029"}, "porte sur 2027"),
        ("publics", {"people": "beaucoup"}, "Nombre de personnes attendues\u00a0: ce n’est pas un nombre entier"),
        ("publics", {"women": "100"}, "Les femmes et les hommes font 150, plus que les 120"),
        ("budget", {"a-601": "douze"}, "Prestations de services\u00a0: ce n’est pas un montant"),
        ("budget", {"a-601": "2500"}, "il manque 500\u00a0€ de produits"),
        ("budget", {"a-601": "1500"}, "il y a 500\u00a0€ de produits de trop"),
        ("budget", {"a-860": "100"}, "Emplois (86) 100\u00a0€, ressources (87) 0\u00a0€"),
        ("budget", {"kind-2": "agglomeration", "requested-2": "0"}, "L’agglomération a deux lignes"),
        ("budget", {"kind-0": ""}, "Choisissez le financeur 1"),
        ("territoire", {"scale": "communes"}, "une seule est cochée"),
        ("action", {"title": "x" * 151}, "150"),
        ("action", {"setting": "pst"}, "Choisissez le projet social de territoire"),
        ("campagne", {"request_kind": "renewed"}, "Choisissez l’action que celle-ci continue"),
        ("evaluation", {"name-1": "Autre"}, "Choisissez la nature de l’indicateur 2"),
        ("partenaires", {"role-1": "funding"}, "Nommez le partenaire 2"),
    ],
)
def test_what_is_wrong_is_said_in_french(complete, slug, given, sentence):
    change(complete, slug, **given)
    assert any(sentence in found for found in sentences(complete, slug)), sentences(complete, slug)


def test_a_longer_title_that_officers_gave_stands_and_another_is_held_to_the_limit(complete, lead):
    longer = "Un titre des agents " * 10
    Project.objects.update(title=longer.strip())
    complete.project.refresh_from_db()
    change(complete, "action", title=longer)
    assert sentences(complete, "action") == []
    hand_in(project=complete.project, by=lead, role=SIGNATORY)
    assert Project.objects.get().title == longer.strip()
    change(complete, "action", title=f"{longer}!")
    assert "150 au plus" in sentences(complete, "action")[0]


def test_one_orientation_is_not_chosen_twice(complete, node):
    change(complete, "rattachement", **{"secondary-0": str(node("5.2.4-b").pk), "reason-0": "Aussi"})
    assert sentences(complete, "rattachement") == ["L’orientation 5.2.4-b est choisie deux fois : retirez-en une."]


def test_an_axis_is_too_wide_to_be_chosen(complete, node):
    change(complete, "rattachement", main=str(node("5").pk))
    assert sentences(complete, "rattachement")


def test_a_siret_belongs_to_one_structure(complete):
    OrganizationFactory(siret="73282932000074")
    assert "Une autre structure porte déjà ce SIRET" in sentences(complete, "structure")[0]


def test_the_call_closes_to_the_second(complete, lead, campaign):
    Campaign.objects.update(closes_at=timezone.now())
    with pytest.raises(ValidationError, match="n’est pas ouvert"):
        hand_in(project=complete.project, by=lead, role=SIGNATORY)
    LateLeave.objects.create(
        campaign=campaign,
        organization=complete.project.organization,
        until=timezone.now() + timedelta(hours=1),
        reason="Panne",
        by=OfficerFactory(),
    )
    hand_in(project=complete.project, by=lead, role=SIGNATORY)
    assert Project.objects.get().status == ProjectStatus.SUBMITTED


def test_a_declarant_hands_in_only_with_the_mandate(complete, lead):
    with pytest.raises(ValidationError, match="Vous n’êtes pas signataire"):
        hand_in(project=complete.project, by=lead, role=MembershipRole.DECLARANT)
    change(complete, "pieces", attests_mandate="on")
    hand_in(project=complete.project, by=lead, role=MembershipRole.DECLARANT)


def test_what_was_sent_back_is_handed_in_again_and_both_copies_stay(complete, lead, campaign):
    hand_in(project=complete.project, by=lead, role=SIGNATORY)
    project, officer = Project.objects.get(), OfficerFactory()
    with step(project, "return", by=officer):
        project.remarks.create(page="budget", text="Précisez.", by=officer)
    Campaign.objects.update(closes_at=timezone.now())  # a completion is not a new declaration
    change(complete, "budget", **{"a-601": "2 500", "requested-1": "6 500"})
    with pytest.raises(Incomplete):  # a request is answered in words, even where the answers have changed
        hand_in(project=project, by=lead, role=SIGNATORY)
    asked = [page.slug for page, gap in to_mend(states(Declaration.objects.get())) if "Précisez." in gap.sentence]
    assert asked == ["budget"]
    project.remarks.update(answer="C’est précisé.")
    hand_in(project=project, by=lead, role=SIGNATORY)
    assert [copy.number for copy in project.submissions.all()] == [1, 2]
    assert Project.objects.get().total_cost == Decimal("13000.50")
    assert project.remarks.get().closed_at is not None
    assert project.budget_lines.count() == 3


@pytest.mark.django_db(transaction=True)
def test_pressing_twenty_times_hands_in_once(complete, lead):
    def press(_):
        try:
            hand_in(project=complete.project, by=lead, role=SIGNATORY)
        except AlreadyMoved:
            return 0
        return 1

    assert sum(each_at_once(press, range(20), most=20)) == 1
    assert (Submission.objects.count(), TransitionLog.objects.count()) == (1, 1)


def test_a_draft_needs_only_a_title(organization, founding):
    draft = DeclarationFactory(project=ProjectFactory(organization=organization, status=ProjectStatus.DRAFT))
    found = states(draft)
    assert [one.page.slug for one in found if one.is_complete] == ["partenaires"]
    assert all(one.gaps for one in found if not one.is_complete)


def test_the_state_of_all_pages_costs_a_constant_number_of_queries(complete, django_assert_max_num_queries):
    states(complete)
    with django_assert_max_num_queries(16):
        states(Declaration.objects.select_related("project__organization").get())


def test_what_an_officer_corrected_is_not_undone_by_the_next_handing_in(complete, lead, node):
    hand_in(project=complete.project, by=lead, role=SIGNATORY)
    project, officer = Project.objects.get(), OfficerFactory()
    answers = Declaration.objects.get().answers
    project.title, project.ends_on = "Cuisine partagée des voisins", date(2027, 12, 20)
    project.save()
    actions.set_contributions(project=project, main=node("7.1"), main_rationale="Plus juste.", by=officer)
    send_back(project, remarks={"budget": "Précisez."}, by=officer)
    taken = Declaration.objects.get().answers
    assert {slug for slug in taken if taken[slug] != answers[slug]} == {"action", "calendrier", "rattachement"}
    project.remarks.update(answer="C’est précisé.")
    hand_in(project=project, by=lead, role=SIGNATORY)
    project.refresh_from_db()
    assert (project.title, project.ends_on) == ("Cuisine partagée des voisins", date(2027, 12, 20))
    assert project.contributions.get(is_main=True).orientation == node("7.1")


def test_what_nobody_corrected_comes_back_to_the_letter(complete, lead):
    hand_in(project=complete.project, by=lead, role=SIGNATORY)
    before = Declaration.objects.get().answers
    send_back(Project.objects.get(), remarks={"budget": "Précisez."}, by=OfficerFactory())
    assert Declaration.objects.get().answers == before


def test_the_examples_of_dates_are_of_the_year_of_the_call_or_of_the_next(complete):
    form = CalendarForm(complete, {})
    assert str(complete.campaign.year) in form.fields["starts_on"].help_text
    complete.campaign = None
    with time_machine.travel("2031-05-01"):
        assert "2032" in CalendarForm(complete, {}).fields["ends_on"].help_text
