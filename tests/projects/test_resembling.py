"""Who does the same: what resembles, in what words it is said, to whom, and at what cost."""

import csv
import datetime
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cohesion.models import AuditEvent
from projects.choices import ProjectKind, ProjectStatus, TerritoryKind
from projects.models import Project
from projects.resembling import resembling
from projects.resembling.traits import places_of
from projects.search.refreshing import refresh_all
from tests.costs import cost
from tests.factories import (
    CampaignFactory,
    DeclarationFactory,
    LeadFactory,
    OrganizationFactory,
    ProjectFactory,
    TerritoryFactory,
    this_year,
)
from tests.pages import squeezed
from tests.resembling import measuring

pytestmark = pytest.mark.django_db
PAIRS, FILE, AIMS = (f"/instruction/ressemblances/{page}" for page in ("", "actions.csv", "sujets/"))
COURSE = {
    "title": "Cours de français pour adultes",
    "summary": "Apprendre la langue en petits groupes, avec des bénévoles.",
}
WORKSHOP = {"title": "Ateliers sociolinguistiques", "summary": "La langue par petits groupes, avec des bénévoles."}


def alike(texts, **known):
    among = known.pop("among", Project.objects.published())
    return resembling(texts, among=among, framework=None, **known)


@pytest.fixture
def quarter():
    commune = TerritoryFactory(name="Évreux")
    return TerritoryFactory(name="Nétreville", kind=TerritoryKind.PRIORITY_QUARTER, parent=commune)


@pytest.fixture
def workshop(quarter):
    project = ProjectFactory(**WORKSHOP, audience="Femmes", located_in=[quarter])
    refresh_all()
    return project


# --- what resembles -------------------------------------------------------------------------------------------


def test_what_is_the_same_in_other_words_resembles_and_says_what_both_share(workshop, quarter):
    years = (this_year(), this_year())
    (found,) = alike(COURSE, groups={"femmes": "Femmes"}, places=places_of([quarter]), years=years)
    assert found.project == workshop
    assert found.in_words == (
        "même sujet\xa0: langue française · même mot\xa0: bénévoles · même public\xa0: Femmes · "
        "même quartier\xa0: Nétreville · même année"
    )


@pytest.mark.parametrize(
    "texts",
    [
        {"title": "Panneaux solaires", "summary": "Équiper le toit de la mairie."},
        {"title": "Projet de groupe", "summary": "Une action avec des bénévoles."},  # one ordinary word
        {"title": "", "summary": ""},
        {"title": "…", "summary": "\u202e% _ \\ ' \" NEAR( *"},
    ],
)
def test_the_same_place_and_public_make_no_resemblance_without_the_same_subject(workshop, quarter, texts):
    assert not alike(texts, groups={"femmes": "Femmes"}, places=places_of([quarter]))


def test_what_begins_in_a_later_year_is_not_what_others_do_already(workshop):
    assert alike(COURSE, years=(this_year(), this_year()))
    assert not alike(COURSE, years=(this_year() - 1, this_year() - 1))


def test_an_action_done_anew_each_year_is_listed_once(workshop):
    ProjectFactory(**WORKSHOP, organization=workshop.organization, starts_on=datetime.date(this_year() - 1, 1, 1))
    assert len(alike(COURSE)) == 1


def test_as_many_queries_for_many_projects_as_for_few(workshop, quarter):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert alike(COURSE, places=places_of([quarter]), limit=50)
        return len(captured)

    few = queries()
    for number in range(12):
        ProjectFactory(title=f"{WORKSHOP['title']} {number}", summary=WORKSHOP["summary"], located_in=[quarter])
    assert queries() == few <= 7


def test_most_of_the_pairs_written_by_two_hands_are_found_in_the_first_three(founding):
    pairs = measuring.write_all(with_distractors=False)
    assert [len(written) for written in pairs.values()] == [9, 9, 16, 16]
    found = [pair for written in pairs.values() for pair in measuring.measure(founding, written)]
    among = [pair for pair in found if pair.rank and pair.rank <= measuring.FIRST]
    assert len(among) / len(found) >= 12 / 16


# --- while one declares ---------------------------------------------------------------------------------------


@pytest.fixture
def declaration():
    organization = OrganizationFactory()
    answers = {"action": {"title": COURSE["title"], "summary": COURSE["summary"]}}
    project = ProjectFactory(organization=organization, title=COURSE["title"], status=ProjectStatus.DRAFT)
    return DeclarationFactory(project=project, answers=answers)


@pytest.fixture
def opened(client, declaration):
    client.force_login(LeadFactory(acts_for=declaration.project.organization))
    return lambda slug="action": squeezed(
        client.get(f"/espace/declarations/{declaration.project_id}/{slug}/").content.decode()
    )


def test_a_lead_is_shown_what_other_structures_do_and_what_both_share(opened, workshop):
    for slug in ("action", "rattachement"):
        shown = opened(slug)
        assert "D’autres font déjà quelque chose d’approchant" in shown
        assert f'href="/projets/{workshop.code}/"' in shown
        assert "langue française" in shown


def test_a_lead_is_never_shown_what_is_not_public_nor_a_word_of_it(opened, workshop):
    Project.objects.filter(pk=workshop.pk).update(status=ProjectStatus.SUBMITTED, title="Ateliers zygomatiques")
    shown = opened()
    assert "approchant" not in shown
    assert "zygomatiques" not in shown


def test_nothing_is_said_where_nothing_resembles_or_only_a_title_is_typed_or_it_is_their_own(
    opened, declaration, workshop
):
    Project.objects.filter(pk=workshop.pk).update(organization=declaration.project.organization)
    assert "approchant" not in opened()
    Project.objects.filter(pk=workshop.pk).update(organization=OrganizationFactory())
    assert "approchant" in opened()
    declaration.answers = {"action": {"title": COURSE["title"]}, "territoire": {"quarters": ["x", ""]}}
    declaration.save()
    assert "approchant" not in opened()


# --- for those who read the instruction -----------------------------------------------------------------------


@pytest.fixture
def twins(workshop, quarter):
    """Two requests of one call that are near the same, from two structures."""
    campaign = CampaignFactory(year=this_year())
    declarations = []
    for title in ("Ateliers sociolinguistiques", "Ateliers sociolinguistiques du mercredi"):
        project = ProjectFactory(
            title=title, summary=WORKSHOP["summary"], status=ProjectStatus.SUBMITTED, located_in=[quarter]
        )
        declarations.append(DeclarationFactory(project=project, campaign=campaign))
    refresh_all()
    return [declaration.project for declaration in declarations]


def test_a_file_names_those_that_resemble_it_those_of_its_call_among_them(officer_client, twins, workshop):
    first, second = twins
    ProjectFactory(**WORKSHOP, status=ProjectStatus.DRAFT, code="BROUILLON")
    shown = squeezed(officer_client.get(f"/instruction/{first.pk}/").content.decode())
    assert f'href="/instruction/{second.pk}/"' in shown
    assert "même appel" in shown
    assert f'href="/instruction/{workshop.pk}/"' in shown
    assert len(officer_client.get(f"/instruction/{first.pk}/").context["alike"]) == 2


def test_a_file_does_not_name_the_action_that_it_renews(officer_client, twins, workshop):
    declaration = twins[0].declaration
    declaration.previous = workshop
    declaration.save()
    alike = officer_client.get(f"/instruction/{twins[0].pk}/").context["alike"]
    assert [one.project for one in alike] == [twins[1]]


def test_pairs_near_the_same_are_listed_those_of_one_call_first_and_taken_away(officer_client, twins, workshop):
    response = officer_client.get(f"{PAIRS}?annee={this_year()}")
    rows = response.context["rows"]
    assert [row.pair.is_same_call for row in rows] == [True, False, False]
    assert {rows[0].first, rows[0].second} == {*twins}
    text = b"".join(officer_client.get(f"{FILE}?annee={this_year()}").streaming_content).decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert [(line["code"], line["code (2)"]) for line in lines] == [(row.first.code, row.second.code) for row in rows]
    assert AuditEvent.objects.get(kind="export").label == "ressemblances"


def test_pairs_follow_what_changes_and_leave_out_renewals_drafts_and_what_was_turned_down(
    officer_client, twins, workshop
):
    Project.objects.filter(pk=workshop.pk).update(status=ProjectStatus.REFUSED)
    assert len(officer_client.get(PAIRS).context["rows"]) == 1
    twins[0].declaration.previous = twins[1]
    twins[0].declaration.save()
    assert not officer_client.get(PAIRS).context["rows"]
    Project.objects.filter(pk=workshop.pk).update(kind=ProjectKind.PRH, status=ProjectStatus.RUNNING)
    assert not officer_client.get(PAIRS).context["rows"]


def test_the_same_of_a_structure_is_a_pair_where_the_months_overlap_and_a_renewal_where_they_follow(
    officer_client, workshop, quarter
):
    january, june, july = (datetime.date(this_year(), *day) for day in ((1, 1), (6, 30), (7, 1)))
    Project.objects.filter(pk=workshop.pk).update(starts_on=january, ends_on=june)
    same = {**WORKSHOP, "audience": "Femmes", "located_in": [quarter], "organization": workshop.organization}
    again = ProjectFactory(
        **same, starts_on=datetime.date(this_year(), 3, 1), ends_on=datetime.date(this_year(), 9, 30)
    )
    assert len(officer_client.get(PAIRS).context["rows"]) == 1
    Project.objects.filter(pk=again.pk).update(starts_on=july)
    assert not officer_client.get(PAIRS).context["rows"]


@pytest.mark.parametrize("address", [PAIRS, AIMS])
def test_a_year_that_means_nothing_is_set_aside_and_said(officer_client, address):
    for year in ("12", "deux-mille", "٢٠٢٦"):
        shown = squeezed(officer_client.get(address, {"annee": year}).content.decode())
        assert "cette valeur ne désigne rien" in shown


def test_the_pages_cost_as_many_queries_for_many_actions_as_for_few(officer_client, twins, quarter):
    officer_client.get(PAIRS)  # what is asked once a process
    costs = {address: cost(address, officer_client) for address in (PAIRS, AIMS, f"/instruction/{twins[0].pk}/")}
    for number in range(6):
        ProjectFactory(title=f"{WORKSHOP['title']} {number}", summary=WORKSHOP["summary"], located_in=[quarter])
    assert {address: cost(address, officer_client) for address in costs} == costs


def test_a_subject_that_stands_under_two_axes_counts_what_it_lists(officer_client, founding, node):
    for code in ("5.2.1", "7.1.1"):
        ProjectFactory(title="Cuisine des familles", summary="Des repas et des recettes.", serves=[node(code)])
    ProjectFactory(title="Recettes du marché", summary="Cuisiner ensemble.")
    response = officer_client.get(AIMS)
    aim = next(aim for aim in response.context["page"].object_list if aim.label == "cuisine et alimentation")
    assert [(share.axis.code, len(share.actions)) for share in aim.shares] == [("5", 1), ("7", 1)]
    assert len(aim.actions) == 3
    for axis, number in (({}, 3), ({"axe": "5"}, 1), ({"axe": "99"}, 3)):
        listed = officer_client.get(AIMS, {"sujet": aim.label, **axis}).context["listed"]
        assert len(listed) == number
    assert "Ce sujet ne revient pas" in squeezed(officer_client.get(AIMS, {"sujet": "rien"}).content.decode())
