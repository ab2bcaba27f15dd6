"""The search of the whole site: what is found, in which order, by whom; the same on both databases."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection

from axes.addresses import orientation_address
from axes.models import Orientation
from cohesion.lib import french
from projects.choices import SearchKind
from projects.models import Contribution, Need, Offer, Organization, Project, SearchEntry, StaleEntry, Territory
from projects.search import complete, mentions, query, search
from projects.search.codes import spelled_codes
from projects.search.correcting import Vocabulary
from projects.search.definitions import asked_word, definition_of
from projects.search.entries import pages
from projects.search.refreshing import refresh, refresh_all
from projects.search.results import SiteHit
from projects.search.searching import _newest_first
from projects.search.synonyms import synonyms
from projects.search.words import ordered_words, shouts, text_tokens, title_tokens
from tests.factories import (
    CoLeadFactory,
    FrameworkFactory,
    LeadFactory,
    OfficerFactory,
    OrganizationFactory,
    OrientationFactory,
    ProjectFactory,
    TerritoryFactory,
)

pytestmark = pytest.mark.django_db
STRANGER = AnonymousUser()


@pytest.fixture
def site():
    """A small framework, places, structures and projects, of which one is a draft."""
    framework = FrameworkFactory(status="in_force")
    early = OrientationFactory(framework=framework, code="5", title="Petite enfance", level="axis")
    OrientationFactory(framework=framework, code="7", title="Santé : agir pour tous", level="axis")
    network = OrientationFactory(framework=framework, code="6", title="Soutien aux REP", level="axis")
    place = TerritoryFactory(code="27299", name="Gravigny")
    lead = OrganizationFactory(name="Caisse d’allocations", acronym="CAF")
    other = OrganizationFactory(name="La Boussole")
    café = {"code": "2026-014", "title": "Le café des parents", "audience": "Parents, seniors"}
    ProjectFactory(**café, organization=other, located_in=[place], serves=[early])
    ProjectFactory(code="2026-015", title="Art et partenaires", organization=lead, summary="Les repas du soir")
    ProjectFactory(code="2026-016", title="Des partenaires partout", organization=other, serves=[network])
    ProjectFactory(code="PST-01", kind="pst", title="Projet du Plateau", organization=other)
    ProjectFactory(code="2026-099", title="Zygomatiques discrets", organization=lead, status="draft")
    return framework


def titles(typed, viewer, framework, **options):
    return [hit.title for hit in search(typed, viewer, framework, **options).hits]


CAF, PST = "CAF\u00a0: Caisse d’allocations familiales", "PST\u00a0: Projet social de territoire"
ASV, REP = "ASV\u00a0: Atelier santé ville", "REP\u00a0: Réseau d’éducation prioritaire"
# The common set: what each text finds, the same on both databases.
EXPECTED = {
    "2026-014": ["Le café des parents"],
    "PST-01": ["Projet du Plateau"],
    "pst 01": ["Projet du Plateau", PST],
    "PST 1": ["Projet du Plateau", PST],
    "pst1": ["Projet du Plateau"],
    "seniors": ["Le café des parents"],
    "27299": ["Gravigny", "Le café des parents"],
    "gravigny": ["Gravigny", "Le café des parents"],
    "boussole": ["La Boussole", "Projet du Plateau", "Le café des parents", "Des partenaires partout"],
    "CAF": ["Caisse d’allocations", CAF, "Art et partenaires"],
    "caf": ["Caisse d’allocations", CAF, "Art et partenaires"],
    "café": ["Le café des parents"],
    "REP": ["Soutien aux REP", REP, "Des partenaires partout"],
    "repas": ["Art et partenaires"],
    "art": ["Art et partenaires"],
    "l’art d’un partenaire": ["Art et partenaires"],
    "crèche": ["Petite enfance", "Le café des parents"],
    "santé": ["Santé\u00a0: agir pour tous", ASV],
    "grav": ["Gravigny", "Le café des parents"],
    "2026-0": ["Art et partenaires", "Le café des parents", "Des partenaires partout"],
    "2026-9": [],
    "zygomatiques": [],
    "c’est quoi un PST": [PST, "Projet du Plateau"],
    "que veut dire REP": [REP, "Soutien aux REP", "Des partenaires partout"],
    "axe santé": ["Santé\u00a0: agir pour tous", ASV],
}


def test_what_is_found_and_in_which_order(site):
    found = {typed: titles(typed, STRANGER, site) for typed in EXPECTED}
    assert found == EXPECTED
    whys = [hit.why for hit in search("crèche", STRANGER, site).hits]
    assert whys == ["crèche\u00a0: petite enfance"] * 2
    marks = [segment.text for hit in search("parent", STRANGER, site).hits for segment in hit.wording if segment.is_hit]
    assert marks == ["parents"]
    assert "Le café des parents" in [hit.title for hit in complete("par", STRANGER, site)]


def test_a_code_is_known_however_it_is_typed(site):
    written = {
        "PRH 2": "prh-02",
        "prh2": "prh-02",
        "2.1.2b": "2.1.2-b",
        "311": "3.1.1",
        "« 2026–014 »": "2026-014",
        "2026 14": "2026-014",
    }
    assert {typed for typed, code in written.items() if code not in spelled_codes(typed)} == set()
    OrientationFactory(framework=site, code="5.1", title="Crèches", level="axis")
    assert titles("51", STRANGER, site)[:1] == ["Crèches"]
    assert search("51", STRANGER, site).text == "51"


def test_what_has_one_of_the_words_comes_before_what_other_words_lead_to(site):
    for title in ("A", "Bébés du bourg, le matin"):
        ProjectFactory(title=title, serves=[Orientation.objects.get(code="5")])
    assert titles("bébés crèche", STRANGER, site)[:3] == ["Bébés du bourg, le matin", "Petite enfance", "A"]
    # Words that anybody writes are asked of nothing that other words lead to.
    assert "Petite enfance" in titles("trouver une crèche", STRANGER, site)


def test_what_is_done_again_comes_the_last_time_first(site):
    for year in (2024, 2025, 2026):
        ProjectFactory(code=f"{year}-050", title="Goûter philo")
    assert [hit.code for hit in search("goûter philo", STRANGER, site).hits] == ["2026-050", "2025-050", "2024-050"]


def test_a_level_that_is_named_finds_no_acronym_for_a_word(site):
    OrientationFactory(framework=site, code="8", title="Un repas pour tous", level="axis")
    site.refresh_from_db()
    assert titles("axe repas", STRANGER, site)[0] == "Un repas pour tous"
    assert "Soutien aux REP" not in titles("axe repas", STRANGER, site)


def test_orientations_and_places_of_one_name_keep_their_order():
    hits = [hit_of(kind, key) for kind in ("orientation", "territory", "project") for key in (1, 2)]
    assert [hit.key for hit in _newest_first(hits)] == [1, 2, 1, 2, 2, 1]


def test_a_word_without_its_apostrophe_is_read_once_however_often_it_comes(site, monkeypatch):
    parsed = []
    monkeypatch.setattr(query, "clean", lambda text: parsed.append(text) or text)
    query.parse("dété " * 40, "")
    assert len(parsed) <= 2


def test_the_meaning_of_a_word_with_little_words_may_be_asked_for():
    words = list(french.tokens("c’est quoi un contrat d’engagement républicain"))
    assert asked_word(words) == definition_of("Contrat d’engagement républicain")


def hit_of(kind, key):
    return SiteHit(SearchKind(kind), key, "", "Gravigny", "", "", "", tier=2, wording=[])


def test_a_name_is_found_however_short_its_words_are_typed(site):
    names = {
        "les 2 rives": "Les Deux Rives",
        "cie des passants": "Compagnie des Passants",
        "regie den bas": "Régie d’en bas",
    }
    for name in names.values():
        ProjectFactory(title="Autre chose", organization=OrganizationFactory(name=name), status="retained")
    assert {typed: titles(typed, STRANGER, site)[0] for typed in names} == names


def test_words_that_nothing_has_lead_to_what_they_evoke(site):
    assert [hit.why for hit in search("sophrologie", STRANGER, site).hits] == ["sophrologie\u00a0: santé"] * 2


def test_a_line_says_its_years_whatever_changes_them(site):
    project = Project.objects.get(code="2026-014")
    dates = {"starts_on": "2025-09-01", "ends_on": "2026-06-30"}
    offer = Offer.objects.create(project=project, kind="other", name="Goûter lecture", **dates)
    lines = [hit.context for hit in search("goûter lecture", STRANGER, site).hits]
    assert lines == ["Autre · Le café des parents · 2025–2026"]
    Offer.objects.filter(pk=offer.pk).update(ends_on="2025-12-31")
    Project.objects.filter(pk=project.pk).update(starts_on="2027-01-01", ends_on="2027-12-31")
    lines = [hit.context for hit in search("goûter lecture", STRANGER, site).hits]
    assert lines == ["Autre · Le café des parents · 2025"]
    assert search("café parents", STRANGER, site).hits[0].context.endswith(" · 2027")


def test_each_count_is_the_length_of_its_list_and_pages_follow_one_another(site):
    for viewer in (STRANGER, OfficerFactory()):
        for typed in ("boussole", "partenaires", "crèche", "le café de la boussole"):
            whole = search(typed, viewer, site, limit=100)
            assert whole.total == len(whole.hits) == sum(whole.counts.values())
            for kind, number in whole.counts.items():
                assert len(search(typed, viewer, site, kinds=[kind], limit=100).hits) == number
            # Projects are counted without a look at who may read them: one that is not public is a file.
            assert not SearchEntry.objects.filter(kind="project", is_public=False).exists()
            one_by_one = [search(typed, viewer, site, offset=place, limit=1).hits[0] for place in range(whole.total)]
            assert [(hit.kind, hit.key) for hit in one_by_one] == [(hit.kind, hit.key) for hit in whole.hits]


def test_what_is_private_is_neither_shown_nor_counted_nor_proposed(site):
    draft = Project.objects.get(code="2026-099")
    other = LeadFactory()
    for viewer in (STRANGER, other):
        for typed in ("zygomatiques", "zygomatique", "2026-099", "zygomatikes"):
            results = search(typed, viewer, site)
            assert (results.hits, results.counts, results.total, results.suggestion) == ([], {}, 0, "")
        assert complete("zygo", viewer, site) == []
        # A text of which one word is private finds what it would find without it.
        assert titles("zygomatiques gravigny", viewer, site) == titles("zzz gravigny", viewer, site)
    assert not Project.objects.filter(mentions("zygomatiques")).exists()
    member = LeadFactory(acts_for=draft.organization)
    beside = LeadFactory(acts_for=CoLeadFactory(project=draft).organization)
    for viewer in (member, beside, OfficerFactory()):
        assert titles("zygomatiques", viewer, site) == ["Zygomatiques discrets"]
    assert Project.objects.filter(mentions("zygomatiques", is_public=False)).get() == draft
    Project.objects.filter(pk=draft.pk).update(status="running")
    assert titles("zygomatiques", STRANGER, site) == ["Zygomatiques discrets"]
    assert search("zygomatikes", STRANGER, site).suggestion == "zygomatiques"
    Project.objects.filter(pk=draft.pk).update(status="abandoned")
    assert search("zygomatikes", STRANGER, site).suggestion == ""


def test_what_the_public_may_read_no_more_does_not_wait_for_its_turn(site):
    public = Project.objects.get(code="2026-099")
    Project.objects.filter(pk=public.pk).update(status="running")
    assert titles("zygomatiques", STRANGER, site) == ["Zygomatiques discrets"]
    StaleEntry.objects.bulk_create(StaleEntry(source="territory", key=key) for key in range(10**6, 10**6 + 300))
    Project.objects.filter(pk=public.pk).update(status="abandoned")
    assert titles("zygomatiques", STRANGER, site) == []
    assert StaleEntry.objects.filter(source="project", key=public.pk).exists()


def test_a_mistyped_word_leads_to_one_that_something_has(site):
    asked = {
        "gravigni": "Gravigny",
        "plataeu": "plateau",
        "enfence": "enfance",
        "partneires": "partenaires",
        "qwxz": "",
        "crèhce gravigny": "crèche gravigny",  # a word that the thesaurus knows
        "anfanse": "enfance",  # it sounds the same
    }
    assert {typed: search(typed, STRANGER, site).suggestion for typed in asked} == asked
    words = Vocabulary({"logement": "logement", "sante": "santé"})
    assert words.near("lohenent") == [(2, "logement")]
    assert words.near("santq") == [(1, "sante")]
    assert words.near("sanqq") == words.near("san") == []


def test_an_entry_follows_whatever_it_is_made_of_however_it_is_written(site):
    refresh_all()
    assert not StaleEntry.objects.exists()
    asked = lambda typed: titles(typed, STRANGER, site)  # noqa: E731
    Organization.objects.filter(name="La Boussole").update(name="Le Compas")
    assert asked("boussole") == []
    assert "Le café des parents" in asked("compas")
    Territory.objects.filter(code="27299").update(name="Normanville")
    assert asked("normanville") == ["Normanville", "Le café des parents"]
    Contribution.objects.filter(project__code="2026-016").delete()
    assert asked("REP") == ["Soutien aux REP", REP]
    project = Project.objects.get(code="2026-014")
    Offer.objects.bulk_create([Offer(project=project, kind="other", name="Ludothèque")])  # not the tree
    place = Territory.objects.get(code="27299")
    need = Need.objects.create(wording="Un bus du soir", heard_on="2026-01-02", territory=place, is_published=True)
    assert asked("ludothèque") == ["Ludothèque"]
    assert asked("bus") == ["Un bus du soir"]
    Need.objects.filter(pk=need.pk).update(is_published=False)
    Project.objects.filter(pk=project.pk).update(status="draft")
    assert asked("bus") == asked("ludothèque") == asked("café") == []
    Project.objects.filter(code="2026-015").delete()
    assert asked("art et partenaires") == []


def test_what_is_stale_is_written_again_within_bounds(site):
    refresh_all()
    ProjectFactory.create_batch(3)
    assert refresh(2) == 2
    assert refresh(100) == 4  # three projects and as many structures
    assert refresh() == 0


def test_a_search_asks_no_more_however_much_it_finds(site, django_assert_max_num_queries):
    officer = OfficerFactory()
    for typed in ("boussole", "le café de la boussole", "partenaires"):
        search(typed, officer, site)
        with django_assert_max_num_queries(6):
            search(typed, officer, site)


def test_words_are_filed_as_french_writes_them():
    assert {"tcrech", "kcrech"} <= title_tokens("Les crèches")
    assert ordered_words(["Les crèches", "Avec la CAF"]) == "wles wcreches x wavec wla wcaf"
    assert "acaf" in text_tokens("Avec la CAF")
    assert "acaf" not in text_tokens("LE CAF DES PARENTS")
    assert shouts(list(french.tokens("LE CAFÉ")))
    words = list(french.significant("aide aux devoirs"))
    assert "accompagnement scolaire" in [lead.head for lead in synonyms(words, "aide aux devoirs")]
    assert not synonyms(list(french.tokens("café")), "café")


def test_the_index_is_true_and_is_used(site):
    """Both databases say how they would look, and find each entry by its own words."""
    refresh_all()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            index = "projects_searchindex"
            cursor.execute(f"INSERT INTO {index} ({index}) VALUES ('integrity-check')")
            assert "VIRTUAL TABLE INDEX" in Project.objects.filter(mentions("café")).explain()
        else:
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
            cursor.execute("EXPLAIN SELECT id FROM projects_searchentry WHERE document @@ 'kcaf'::tsquery")
            assert "projects_searchindex" in str(cursor.fetchall())
    assert SearchEntry.objects.filter(kind="page").count() == len(list(pages([])))


def test_a_theme_and_a_place_find_what_is_done_there_then_lead_to_each(site):
    town = TerritoryFactory(code="27229", name="Le Bourg-Neuf")
    beside = TerritoryFactory(code="27684", name="Le Vieux Bourg-Neuf")
    axis = Orientation.objects.get(code="5")
    for title, place in (("Autour du goûter", beside), ("Chorale", town)):
        ProjectFactory(title=title, serves=[axis], located_in=[place])
    theme = axis.name.lower()
    answer = search(f"{theme} bourg neuf", STRANGER, site)
    assert answer.hits[0].title == "Chorale"
    assert [way.address for way in answer.ways] == [
        "/projets/?axe=5&commune=27229",
        "/territoires/27229/",
        orientation_address(axis),
    ]
    assert search(theme, STRANGER, site).ways == []
    saint = TerritoryFactory(code="27546", name="Saint-Germain-des-Angles")
    TerritoryFactory(code="27548", name="Saint-Germain-sur-Avre")
    site.refresh_from_db()
    assert titles("st germain des angles", STRANGER, site)[0] == saint.name


def test_other_words_lead_to_no_acronym_that_has_their_stem(site):
    assert "Soutien aux REP" not in titles("aide alimentaire", STRANGER, site)


def test_equivalents_come_before_what_they_are_a_part_of(site):
    ProjectFactory(title="Prêt de deux-roues")
    assert titles("scooter", STRANGER, site)[0] == "Prêt de deux-roues"
