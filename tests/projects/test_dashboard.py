"""The year in one screen, the panel of each subject, and the page of somebody who reads the whole programme."""

import datetime
import re
from decimal import Decimal
from html import unescape

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from cohesion.lib.french import growth, letters, signed
from cohesion.roles import ELECTED
from projects.choices import FunderKind, ProjectKind, ProjectStatus
from projects.models import Followed, FundingLine, Report, TransitionLog
from tests.costs import cost
from tests.factories import (
    CommitteeFactory,
    DeclarationFactory,
    OrganizationFactory,
    ProjectFactory,
    TerritoryFactory,
    UserFactory,
)
from tests.projects.instructing.made import proposed

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-25 12:00+01:00")]


def years(first, last):
    return {"starts_on": datetime.date(first, 1, 1), "ends_on": datetime.date(last, 12, 31)}


@pytest.fixture
def commune(db):
    return TerritoryFactory(name="Ici", code="27999")


@pytest.fixture
def programme(founding, node, commune):
    """A PST of three years with a part of this year, an action that stopped, another axis, and one refused."""
    lead = OrganizationFactory(name="Les Deux Rives")
    pst = ProjectFactory(
        kind=ProjectKind.PST,
        code="PST-9",
        serves=[node("1.1.1")],
        granted=30_000,
        organization=lead,
        **years(2025, 2027),
    )
    part = ProjectFactory(
        host=pst, serves=[node("5.2.1"), node("7.1")], granted=8_000, located_in=[commune], **years(2026, 2026)
    )
    stopped = ProjectFactory(title="Fini", serves=[node("5.2.1")], granted=5_000, **years(2025, 2025))
    refused = ProjectFactory(status=ProjectStatus.REFUSED, serves=[node("8.1.1")], granted=None, **years(2026, 2026))
    FundingLine.objects.create(project=part, kind=FunderKind.STATE, requested=4_000, granted=Decimal("2500.50"))
    DeclarationFactory(project=stopped, people=100)
    Report.objects.create(
        project=stopped,
        year=2025,
        due_on=datetime.date(2026, 6, 30),
        handed_at=datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC),
        people=90,
        people_from_quarters=30,
        women=50,
        men=40,
    )
    return {"pst": pst, "part": part, "stopped": stopped, "refused": refused, "lead": lead}


def plain(text):
    """A text as one reads it: its entities, and spaces of one kind."""
    return re.sub(r"[\s\u00a0\u202f]+", " ", unescape(text)).strip()


def figure(page, words):
    """The large number that stands over some words, and where it leads."""
    for address, inside in re.findall(r'<a href="([^"]+)">\s*(<b>.*?)</a>', page, re.DOTALL):
        text = plain(re.sub(r"<[^>]+>", " ", inside))
        if words in text:
            return text.partition(words)[0].strip(), unescape(address)
    raise AssertionError(words)


def test_the_screen_says_the_year_and_each_number_leads_to_its_projects(programme):
    page = Client().get("/tableau-de-bord/").text
    number, address = figure(page, "projets")
    assert number == "2"
    shown = Client().get(address).text
    assert programme["part"].title in shown
    assert programme["stopped"].title not in shown
    assert figure(page, "accordés par l’agglomération")[0] == "38 000 €"
    assert figure(page, "apportés par les autres financeurs")[0] == "2 500,50 €"
    assert "dont 30 000 € sur plusieurs années" in plain(page)
    assert "Fini" in page  # what stopped since the year before
    before = Client().get("/tableau-de-bord/?annee=2025").text
    assert figure(before, "accordés par l’agglomération")[0] == "35 000 €"
    assert figure(before, "personnes touchées")[0] == "90"
    assert figure(before, "viennent des quartiers prioritaires")[0] == "33 %"
    everything = Client().get("/tableau-de-bord/?annee=toutes").text
    assert figure(everything, "accordés par l’agglomération")[0] == "43 000 €"


def test_who_pays_what_adds_up_to_what_is_granted_and_obtained(programme):
    page = plain(Client().get("/tableau-de-bord/").text)
    table = page[page.index('<table class="money">') :].partition("</table>")[0]
    total = re.findall(r"[\d ]+(?:,\d\d)? €", table.partition("<tfoot>")[2])
    assert [amount.strip() for amount in total] == ["38 000 €", "2 500,50 €", "40 500,50 €"]
    assert "« Adaptation de l’action publique » reçoit le plus, tous financeurs ensemble : 30 000 €." in page


def test_what_the_setting_hides_is_on_no_screen(programme, settings):
    settings.PUBLIC_AMOUNTS = []
    page = plain(Client().get("/tableau-de-bord/").text)
    assert "€" not in page
    assert "2 500" not in plain(Client().get("/orientations/5/").text)


def test_the_panel_of_each_subject_is_of_its_projects(programme, commune):
    orientation = Client().get("/orientations/5/").text
    number, address = figure(orientation, "accordés par l’agglomération")
    assert number == "8 000 €"
    assert "rattachement=principal" in address
    place = Client().get(f"/territoires/{commune.code}/").text
    assert figure(place, "accordés par l’agglomération")[0] == "8 000 €"
    assert "ceux des lieux ne s’additionnent pas" in plain(place)
    pst = Client().get(f"/projets/{programme['pst'].code}/").text
    assert figure(pst, "accordés par l’agglomération")[0] == "38 000 €"
    organization = Client().get(f"/structures/{programme['lead'].pk}/").text
    assert figure(organization, "accordés par l’agglomération")[0] == "30 000 €"
    axis_that_is_secondary = Client().get("/orientations/7/").text
    assert "accordés par l’agglomération" not in axis_that_is_secondary


def test_two_places_stand_side_by_side(programme, commune):
    elsewhere = TerritoryFactory(name="Ailleurs", code="27998")
    page = Client().get(f"/territoires/comparer/?lieu={commune.code}&avec={elsewhere.code}").text
    assert "Ici et Ailleurs, côte à côte" in plain(page)
    assert figure(page, "accordés par l’agglomération")[0] == "8 000 €"
    row = plain(page[page.index("/orientations/5/") :].partition("</tr>")[0])
    assert [">1</a>" in cell for cell in row.split("<td")[1:]] == [True, False]
    wrong = plain(Client().get("/territoires/comparer/?lieu=rien&avec=27999").text)
    assert "« rien » ne désigne aucun lieu à comparer." in wrong
    assert Client().get("/territoires/comparer/").status_code == 200


def test_an_organisation_of_which_nothing_is_public_has_no_page(programme):
    assert Client().get(f"/structures/{programme['refused'].organization_id}/").status_code == 404


def test_pages_cost_the_same_whatever_there_is_to_count(programme, founding, node, commune):
    addresses = ["/tableau-de-bord/", f"/structures/{programme['lead'].pk}/"]
    costs = []
    for numbers in ([0], [0], range(1, 7)):  # the first page that a process makes reads some things once
        for number in numbers:
            dates = years(2026 - number % 2, 2026)
            ProjectFactory(serves=[node("5.2.1")], granted=number, organization=programme["lead"], **dates)
        costs.append([cost(address) for address in addresses])
    assert costs[1] == costs[2]
    assert costs[2][0] <= 22


def test_without_a_framework_in_force_the_year_is_counted_all_the_same(db):
    ProjectFactory(granted=700, **years(2026, 2026))
    page = Client().get("/tableau-de-bord/").text
    assert figure(page, "accordés par l’agglomération")[0] == "700 €"


def test_the_calendar_draws_each_project_of_the_year(programme):
    page = Client().get("/tableau-de-bord/calendrier/").text
    assert programme["part"].title in page
    assert "Fini" not in page
    assert page.count('<rect class="run" x="0.0" width="1000.0"') == 2
    assert "1 s’y termine</a>" in plain(page), "a number alone is too small to be touched"
    assert "aria-current" in Client().get("/tableau-de-bord/calendrier/?annee=toutes").text


def test_the_framework_is_coloured_by_what_is_granted_when_asked(programme):
    page = plain(Client().get("/tableau-de-bord/?compter=argent").text)
    assert "30 k€<span" in page
    assert "ce que l’agglomération accorde aux projets dont l’orientation principale" in page


def test_the_feed_holds_what_was_decided_of_what_anybody_may_read(programme, officer):
    for project, target in ((programme["part"], "retained"), (programme["refused"], "refused")):
        TransitionLog.objects.create(project=project, transition="decide", source="proposed", target=target, by=officer)
    feed = Client().get("/tableau-de-bord/decisions.atom")
    assert feed.headers["Content-Type"].startswith("application/atom+xml")
    assert feed.text.count("<entry>") == 1
    assert f"Retenue : {programme['part'].title}" in feed.text


# --- a page of one's own ------------------------------------------------------------------------------------------


@pytest.fixture
def elected(db):
    user = UserFactory(is_staff=True)
    user.groups.add(Group.objects.get(name=ELECTED.name))
    client = Client()
    client.force_login(user)
    client.user = user
    return client


def test_what_an_elected_official_follows_comes_first_and_stays_theirs(programme, commune, elected, node):
    choice = {"territories": [commune.pk], "orientations": [node("5").pk, node("8").pk]}
    assert elected.post("/ma-page/sujets/", choice).url == "/ma-page/"
    page = elected.get("/ma-page/").text
    order = [page.index(words) for words in (">Ici</a>", ">Éducation</a>", "Tout le programme")]
    assert order == sorted(order)
    assert figure(page, "accordés par l’agglomération")[0] == "8 000 €"
    assert Followed.objects.filter(user=elected.user).count() == 3
    elected.post("/ma-page/sujets/", {"orientations": [node("8").pk]})
    assert [row.orientation_uid for row in Followed.objects.all()] == [node("8").uid]
    for key in (0, 10**30, "\x00"):
        refused = elected.post("/ma-page/sujets/", {"territories": [key]})
        assert refused.context["form"].errors["territories"]


def test_a_subject_that_the_framework_in_force_has_not_is_kept_for_the_day_it_comes_back(founding, elected, node):
    Followed.objects.create(user=elected.user, orientation_uid="00000000-0000-0000-0000-000000000001")
    elected.post("/ma-page/sujets/", {"orientations": [node("8").pk]})
    assert Followed.objects.count() == 2
    assert "Animation du territoire" in elected.get("/ma-page/").text


def test_the_page_of_ones_own_offers_no_duty_of_an_officer(programme, elected):
    committee = CommitteeFactory(held_on=datetime.date(2026, 12, 14))
    proposed(committee=committee)
    committee.reviews.update(proposed_amount=5_000)
    page = elected.get("/ma-page/").text
    assert "/admin/" not in page
    assert "Prendre le premier" not in page
    assert "prochain comité, le 14 décembre 2026" in plain(page)
    assert "1 dossier est prêt, 5 000 € proposés" in plain(page)
    assert "Une décision enregistrée ici" not in elected.get(f"/instruction/comite/{committee.pk}/").text


# --- words ----------------------------------------------------------------------------------------------------------


def test_numbers_in_letters():
    assert [letters(number) for number in (0, 1, 16, 17, 21, 22, 70, 71, 72, 80, 81, 91, 99)] == [
        *("zéro", "un", "seize", "dix-sept", "vingt et un", "vingt-deux", "soixante-dix", "soixante et onze"),
        *("soixante-douze", "quatre-vingts", "quatre-vingt-un", "quatre-vingt-onze", "quatre-vingt-dix-neuf"),
    ]
    assert (letters(1, is_feminine=True), letters(21, is_feminine=True)) == ("une", "vingt et une")


def test_what_grew_or_fell():
    assert [plain(growth(*pair)) for pair in ((104, 100), (88, 100), (5, 5), (5, 0), (1001, 1000))] == [
        *("+ 4 %", "− 12 %", "autant", "", "+ moins de 1 %")
    ]
    assert [plain(signed(number)) for number in (3, -2, 0)] == ["+ 3", "− 2", "autant"]
