"""What a day at work costs in gestures: a bound on how many, never on the time; the estimate is printed (``-s``).

The lead has the answers on a sheet of paper; the officer has ten files that differ; a new officer has six things to do.
"""

import datetime
import re
import sys
from decimal import Decimal

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from axes.models import Framework, Orientation
from projects.choices import MembershipRole, ProjectStatus, TerritoryKind
from projects.declaring.drafts import begin
from projects.declaring.handing_in import hand_in, states
from projects.declaring.pages import PAGES
from projects.models import Campaign, Decision, Declaration, Organization, Project, Territory
from projects.search.refreshing import refresh_all
from tests.browser.gestures import ByCountedKeys, ByPointing
from tests.factories import (
    CampaignFactory,
    CommitteeFactory,
    LeadFactory,
    OfficerFactory,
    OrganizationFactory,
    SubmissionFactory,
    answers,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow]
FREE_TEXTS = ("summary", "need_noticed", "description", "main_reason", "reason-0", "reason-1", "frequency")


def say(words):
    """Shown with ``-s``."""
    sys.stdout.write(f"{words}\n")


@pytest.fixture(autouse=True)
def _nothing_counted(site):
    cache.clear()


@pytest.fixture
def campaign(programme_site):
    return CampaignFactory(name="Appel à projets de l’essai", budget=Decimal(90_000))


def sample(campaign):
    """A whole declaration, with all that may be said: partners, funders, indicators, two more orientations."""
    main, second, third = (
        Orientation.objects.get(code=code, framework__in=Framework.objects.in_force()).pk
        for code in ("5.2.4-b", "1.1", "2.1")
    )
    commune = Territory.objects.communes().order_by("name").first()
    given = answers(campaign, Orientation.objects.get(pk=main), commune)
    given["structure"] |= {"phone": "02 32 00 00 00", "contact_email": "salariee@structure.test"}
    given["action"] |= {
        "summary": "Chaque mercredi, des parents et des enfants cuisinent avec leurs voisins, puis partagent le repas. "
        "Une diététicienne vient une fois par mois. Trente ateliers dans l’année, à la maison de quartier.",
        "need_noticed": "Les familles se connaissent peu, et beaucoup d’enfants mangent seuls le mercredi midi. Les "
        "parents le disent à l’école et au centre social depuis deux ans.",
        "description": "Trente ateliers de trois heures, pour douze familles à la fois. Les parents choisissent les "
        "recettes, achètent ensemble au marché, cuisinent avec deux salariés, et invitent chaque mois des voisins. En "
        "fin d’année, un livret de recettes est fait avec les enfants et donné à l’école.",
        "residents_part": "co_construction",
    }
    given["rattachement"] |= {
        "secondary-0": str(second),
        "reason-0": "Les voisins s’y rencontrent.",
        "secondary-1": str(third),
        "reason-1": "Le repas est une éducation à la santé.",
    }
    given["publics"] |= {"people_from_quarters": "60", "age_6_11": "40", "age_26_59": "80"}
    given["partenaires"] |= {"name-1": "École Jean-Moulin", "role-1": "referral"}
    given["budget"] |= {"a-606": "500", "a-622": "600", "a-756": "1 600,50"}
    given["evaluation"] |= {
        "method-0": "Feuille de présence",
        "name-1": "Familles qui cuisinent plus",
        "kind-1": "result",
        "target-1": "25",
        "unit-1": "familles",
        "method-1": "Enquête de juin",
    }
    return {slug: {name: value for name, value in page.items() if value != []} for slug, page in given.items()}


def declare(lead, given, campaign):
    """From the space to handing in; the answers are on a sheet of paper."""
    lead.follow("Déclarer une action")
    lead.write(lead.page.get_by_label("Titre de l’action"), given["action"]["title"])
    lead.tick(lead.page.get_by_label(campaign.name))
    lead.click("Commencer")
    lead.follow("Campagne")
    for page in PAGES:
        expect(lead.page.get_by_role("heading", level=1, name=page.title)).to_be_visible()
        before = lead.gestures.copy()
        lead.fill_in(given[page.slug])
        lead.click("Enregistrer" if page is PAGES[-1] else "Enregistrer et continuer")
        say(f"  {page.title} : {lead.gestures - before}")
    lead.reads("11 parties complètes sur 11")
    lead.follow("Relire et déposer")
    lead.click("Déposer")
    lead.reads_state("Déposée")


@pytest.mark.parametrize("way", ["by taps on a phone", "by keyboard alone"])
def test_a_lead_declares_a_whole_action(open_page, programme_site, campaign, way):
    given = sample(campaign)
    account = LeadFactory(acts_for=OrganizationFactory(name="Association Les Deux Rives"))
    if way == "by taps on a phone":
        lead = ByPointing(open_page(width=390, has_touch=True, is_mobile=True), programme_site, is_finger=True)
    else:
        lead = ByCountedKeys(open_page(), programme_site)
    lead.log_in(account)
    lead.begin()
    declare(lead, given, campaign)
    free = sum(len(value) for page in given.values() for name, value in page.items() if name in FREE_TEXTS)
    say(f"Déclarer, {way} : {lead.gestures} ; textes libres : {free} signes")
    assert Project.objects.get(title=given["action"]["title"]).status == ProjectStatus.SUBMITTED
    most = {"by taps on a phone": 140, "by keyboard alone": 850}[way]
    assert lead.gestures.presses + lead.gestures.keys <= most


def ten_files(campaign):
    """Ten that differ by what they ask, whom they serve, how long they last."""
    given = sample(campaign)
    for rank in range(10):
        structure = OrganizationFactory(name=f"Structure {rank}")
        lead = LeadFactory(acts_for=structure)
        cost, asked = Decimal(14_000 + 700 * rank), 3_000 + 500 * rank
        made = begin(organization=structure, title=f"{TITLES[rank]}", by=lead, campaign=campaign)
        pages = {slug: dict(page) for slug, page in given.items()}
        pages["structure"]["siret"] = ""
        pages["structure"]["siret_pending"] = "Demande faite en septembre."
        pages["action"]["title"] = TITLES[rank]
        pages["publics"] |= {"people": str(120 + 7 * rank), "women": "60", "men": str(60 + 7 * rank)}
        pages["budget"] = pages["budget"] | {"a-601": "2000", "a-641": str(cost - 3_100), "requested-0": str(asked)}
        pages["budget"] |= {"requested-1": "6000", "a-756": str(cost - asked - 6_000)}
        if rank % 3 == 2:
            pages["calendrier"]["ends_on"] = f"30/06/{campaign.year + 1}"
            half = cost / 2
            years = (campaign.year, campaign.year + 1)
            pages["budget"] |= {f"cost_in-{year}": str(half) for year in years}
            pages["budget"] |= {f"requested_in-{year}": str(asked / 2) for year in years}
        Declaration.objects.filter(pk=made.pk).update(answers=pages)
        lacking = [gap for state in states(Declaration.objects.get(pk=made.pk)) for gap in (*state.faults, *state.gaps)]
        assert lacking == []
        hand_in(project=made.project, by=lead, role=MembershipRole.SIGNATORY)


TITLES = (
    "Cuisine partagée",
    "Vélos pour toutes",
    "Jardin des écoles",
    "Permanence numérique",
    "Théâtre de quartier",
    "Sorties en famille",
    "Sport au pied de l’immeuble",
    "Français pour les parents",
    "Réparer ensemble",
    "Lire à haute voix",
)
WANTED = "Xylophones sur les toits"
OUTCOMES = ("favourable", "favourable", "favourable", "favourable", "unfavourable", "reserved")


def test_an_officer_takes_ten_files_from_handed_in_to_decided(open_page, programme_site, campaign):
    committee = CommitteeFactory(campaign=campaign, held_on=datetime.date.today())
    ten_files(campaign)
    officer = ByPointing(open_page(), programme_site)
    officer.log_in(OfficerFactory(first_name="Agnès", last_name="Morel"))
    officer.go(f"/instruction/?appel={campaign.pk}")
    officer.begin()
    officer.count_page()
    page, heights = officer.page, []
    officer.follow(re.compile("Prendre le premier"))
    for rank in range(10):
        heights.append(officer.height)
        outcome = OUTCOMES[rank % len(OUTCOMES)]
        officer.press(page.locator("[data-all-marks] button", has_text="1" if outcome == "unfavourable" else "3"))
        officer.tick(page.locator('[name^="note_"][value="2"]').nth(rank % 5))
        officer.pick(page.get_by_label("Avis", exact=True), outcome)
        if outcome != "unfavourable":
            officer.write(page.get_by_label("Montant proposé (€)"), str(2_500 + 500 * rank))
        officer.press(page.get_by_role("button", name=re.compile(r"proposer au comité(, puis| .dernier)")))
    say(f"Dix dossiers, jusqu’au comité : {officer.gestures} ; hauteur {min(heights)} à {max(heights)} px")
    officer.go(f"/instruction/comite/{committee.pk}/")
    officer.follow("Remplir les décisions selon les avis")
    officer.write(page.get_by_label("Délibération", exact=True), "CC-2027-31")
    for line in page.locator("tr", has=page.locator('option[value="refused"]:checked')).all():
        officer.write(line.locator('[name$="reason"]'), "Le public visé n’est pas celui de l’appel.")
    officer.click("Saisir ces décisions")
    decided = Decision.objects.filter(project__declaration__campaign=campaign)
    say(
        f"Dix dossiers : {officer.gestures} ; avec 30 s de lecture chacun : {officer.gestures.seconds / 60 + 5:.1f} min"
    )
    assert decided.count() == 10
    assert officer.gestures.presses <= 70
    assert max(heights) <= 4_700


def add_a_territory(officer):
    officer.follow("Territoires")
    officer.follow("Ajouter un territoire")
    page = officer.page
    officer.pick(page.locator("[name=kind]"), "qpv")
    officer.write(page.locator("[name=code]"), "QN02703M")
    officer.write(page.locator("[name=name]"), "Navarre")
    officer.pick(
        page.locator("[name=parent]"), str(Territory.objects.get(name="Évreux", kind=TerritoryKind.COMMUNE).pk)
    )
    officer.click("Enregistrer")
    assert Territory.objects.filter(code="QN02703M").exists()


def add_a_campaign(officer):
    officer.follow("Appels à projets")
    officer.follow("Ajouter un appel à projets")
    page, year = officer.page, datetime.date.today().year + 2
    officer.write(page.locator("[name=name]"), f"Appel {year}")
    officer.write(page.locator("[name=year]"), str(year))
    officer.write(page.locator("[name=opens_at]"), f"{year - 1}-11-02T09:00:00")
    officer.write(page.locator("[name=closes_at]"), f"{year}-01-15T18:00:00")
    officer.write(page.locator("[name=report_due_on]"), f"{year + 1}-06-30")
    officer.click("Enregistrer")
    assert Campaign.objects.filter(year=year).exists()


def add_a_structure(officer):
    officer.follow("Structures")
    officer.follow("Ajouter une structure")
    officer.write(officer.page.locator("[name=name]"), "Les Ateliers du Bec")
    officer.pick(officer.page.locator("[name=kind]"), "association")
    officer.click("Enregistrer")
    assert Organization.objects.filter(name="Les Ateliers du Bec").exists()


def move_a_branch(officer):
    officer.follow("Orientations")
    officer.follow("Déplacer 5.2.1 vers…")
    page = officer.page
    officer.write(page.get_by_label("Réduire la liste"), "sous 8.1 premier")
    officer.pick(
        page.get_by_label("Nouvelle place"),
        page.get_by_label("Nouvelle place").locator("option").first.get_attribute("value"),
    )
    officer.click("Déplacer")
    expect(page.get_by_text("5.2.1 est maintenant sous 8.1").first).to_be_visible()


def correct_a_wording(officer):
    officer.follow("Orientations")
    officer.follow(re.compile("^8.1.1 "))
    title = officer.page.locator("[name=title]")
    officer.write(title, title.input_value() + ", pour tous")
    officer.click("Enregistrer")
    assert Orientation.objects.filter(title__endswith=", pour tous").exists()


def find_a_file(officer):
    officer.write(officer.page.get_by_label("Un dossier : son numéro, son titre ou sa structure"), WANTED)
    officer.click("Chercher")  # one file alone opens at once
    expect(officer.page.locator("h1")).to_contain_text(WANTED)


TASKS = (add_a_territory, add_a_campaign, add_a_structure, move_a_branch, correct_a_wording, find_a_file)


def test_a_new_officer_does_six_things_from_the_desk(open_page, programme_site):
    SubmissionFactory(project__title=WANTED)
    Framework.objects.update(is_locked=False)
    refresh_all()
    officer = ByPointing(open_page(), programme_site)
    officer.log_in(OfficerFactory())
    costs = {}
    for task in TASKS:
        officer.go("/admin/")
        officer.begin()
        officer.count_page()
        task(officer)
        costs[task.__name__] = officer.gestures.presses
        say(f"{task.__name__} : {officer.gestures} ({officer.gestures.seconds:.0f} s)")
    assert max(costs.values()) <= 14
