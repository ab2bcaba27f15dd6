"""Each kind of contradiction is told on the page that makes it, blocks no draft, and is the same before handing in."""

import re

import pytest
from django.urls import reverse
from justhtml import JustHTML

from projects.declaring import budget_contradictions, contradictions
from projects.declaring.handing_in import sentences as to_mend
from projects.declaring.handing_in import states
from projects.declaring.pages import BY_SLUG, PAGES
from projects.models import Declaration
from tests.factories import OrganizationFactory, ProjectFactory, TerritoryFactory
from tests.pages import squeezed

# What a rule is called, its page, what is typed there, where it is told (nothing: of the whole page), its words, and
# whether it stops the handing in.
KINDS = [
    (
        "new_and_following_another",
        "campagne",
        {"request_kind": "new", "previous": "{other}"},
        "previous",
        "continue une autre action",
        True,
    ),
    (
        "siret_of_another",
        "structure",
        {"siret": "55208131766522"},
        "siret",
        "Une autre structure porte déjà ce SIRET",
        True,
    ),
    (
        "siret_given_and_awaited",
        "structure",
        {"siret_pending": "En cours"},
        "siret_pending",
        "en cours d’attribution",
        False,
    ),
    (
        "number_of_an_association",
        "structure",
        {"rna": "W123456789", "legal_form": "municipality"},
        "rna",
        "Seules les associations",
        False,
    ),
    (
        "outside_and_in_a_pst",
        "action",
        {"setting": "outside", "host": "{pst}"},
        "host",
        "L’action est dite hors PST",
        True,
    ),
    (
        "same_orientation_twice",
        "rattachement",
        {"secondary-0": "{main}", "reason-0": "Aussi"},
        "secondary-0",
        "est choisie deux fois",
        True,
    ),
    (
        "places_of_another_scale",
        "territoire",
        {"communes": ["{commune}", "{second}"]},
        "communes",
        "« Une commune », et 2 sont cochées",
        True,
    ),
    ("places_of_another_scale", "territoire", {"scale": "communes"}, "communes", "une seule est cochée", True),
    (
        "agglomeration_of_one_commune",
        "territoire",
        {"scale": "agglomeration"},
        "communes",
        "une seule commune est cochée",
        False,
    ),
    (
        "quarter_of_another_commune",
        "territoire",
        {"quarters": ["{elsewhere}"]},
        "quarters",
        "est dans une commune qui n’est pas cochée",
        False,
    ),
    (
        "places_that_are_not_there",
        "territoire",
        {"quarters": ["{zone}"]},
        "quarters",
        "n’existe pas aux dates de l’action",
        True,
    ),
    (
        "more_people_of_a_class_than_in_all",
        "publics",
        {"people": "24", "women": "30", "men": ""},
        "women",
        "font 30, plus que les 24 personnes",
        True,
    ),
    (
        "more_people_of_a_class_than_in_all",
        "publics",
        {"people_from_quarters": "121"},
        "people_from_quarters",
        "font 121, plus que les 120",
        True,
    ),
    (
        "more_people_of_a_class_than_in_all",
        "publics",
        {"age_6_11": "100", "age_60": "21"},
        "age_6_11",
        "Les classes d’âge font 121",
        True,
    ),
    (
        "classes_that_leave_people_out",
        "publics",
        {"women": "40", "men": "50"},
        "women",
        "font 90 sur 120 personnes, il en manque 30",
        False,
    ),
    ("classes_that_leave_people_out", "publics", {"age_6_11": "20"}, "age_6_11", "il en manque 100", False),
    ("ends_before_it_begins", "calendrier", {"ends_on": "01/01/{year}"}, "ends_on", "La fin précède le début", True),
    (
        "dates_out_of_the_call",
        "calendrier",
        {"starts_on": "01/2099", "ends_on": "02/2099"},
        "starts_on",
        "l’action commence après",
        True,
    ),
    (
        "dates_out_of_the_call",
        "calendrier",
        {"starts_on": "01/2020", "ends_on": "02/2020"},
        "ends_on",
        "l’action finit avant",
        True,
    ),
    (
        "lasts_for_many_years",
        "calendrier",
        {"ends_on": "18/12/2072"},
        "ends_on",
        "vérifiez l’année de sa fin",
        False,
    ),
    (
        "same_partner_twice",
        "partenaires",
        {"name-1": "caf", "role-1": "technical"},
        "name-1",
        "Le partenaire 2 est déjà nommé",
        True,
    ),
    ("its_own_partner", "partenaires", {"name-1": "{organization}"}, "name-1", "elle n’en est pas partenaire", False),
    ("budget_out_of_balance", "budget", {"a-601": "3 000"}, "", "il manque 1 000 € de produits", True),
    ("budget_out_of_balance", "budget", {"a-601": "1 000"}, "", "il y a 1 000 € de produits de trop", True),
    ("budget_out_of_balance", "budget", {"a-860": "100"}, "", "Emplois (86) 100 €, ressources (87) 0 €", True),
    (
        "years_that_do_not_add_up",
        "budget",
        {"cost_in-{year}": "7 500,50"},
        "cost_in-{next}",
        "font 7 500,50 € sur 12 500,50 € de charges",
        True,
    ),
    (
        "years_that_do_not_add_up",
        "budget",
        {"requested_in-{year}": "6 000", "requested_in-{next}": "1 000"},
        "requested_in-{next}",
        "font 7 000 € sur 6 000 € demandés",
        True,
    ),
    (
        "year_asks_more_than_it_costs",
        "budget",
        {"cost_in-{year}": "3 500", "cost_in-{next}": "9 000,50", "requested_in-{year}": "4 000"},
        "requested_in-{year}",
        "4 000 € sont demandés pour 3 500 € de charges",
        False,
    ),
    (
        "amounts_of_years_gone",
        "budget",
        {"cost_in-{next}": "5 000", "requested_in-{next}": "2 000"},
        "cost_in-{next}",
        "5 000 € de charges et 2 000 € demandés pour",
        False,
    ),
    (
        "same_funder_twice",
        "budget",
        {"kind-2": "agglomeration", "requested-2": "0"},
        "",
        "L’agglomération a deux lignes",
        True,
    ),
    (
        "same_funder_twice",
        "budget",
        {"kind-2": "social_body", "funder-2": "caf", "requested-2": "0"},
        "kind-2",
        "Le financeur 3 est déjà au-dessus",
        True,
    ),
    (
        "refused_money",
        "budget",
        {"state-1": "refused"},
        "requested-1",
        "Le financeur 2 a refusé, et ses 6 000 €",
        False,
    ),
    (
        "answered_before_it_is_asked",
        "budget",
        {"state-0": "obtained"},
        "state-0",
        "ne répond qu’après le comité",
        False,
    ),
    ("nothing_asked", "budget", {"kind-0": "region"}, "", "Aucune ligne ne demande d’argent à l’agglomération", False),
    (
        "same_indicator_twice",
        "evaluation",
        {"name-1": "familles  présentes", "kind-1": "output", "target-1": "3"},
        "name-1",
        "L’indicateur 2 mesure la même chose",
        True,
    ),
    ("more_than_all", "evaluation", {"unit-0": "%", "target-0": "120"}, "target-0", "dépasse 100 %", False),
    (
        "target_behind_the_start",
        "evaluation",
        {"baseline-0": "60"},
        "direction-0",
        "est au-dessous de son point de départ, et vous visez une hausse",
        False,
    ),
    # A row that was begun and not finished contradicts itself too.
    ("", "evaluation", {"target-0": ""}, "target-0", "Donnez la cible de l’indicateur 1", True),
    ("", "budget", {"requested-1": ""}, "requested-1", "Donnez le montant du financeur 2", True),
    ("", "partenaires", {"role-1": "steering"}, "name-1", "Nommez le partenaire 2", True),
]


@pytest.fixture
def typed(complete, node):
    """The answers of a page of a complete declaration, changed by what a kind says."""
    OrganizationFactory(siret="55208131766522")
    commune = complete.answers["territoire"]["communes"][0]
    organization = complete.project.organization
    known = {
        "other": ProjectFactory(organization=organization).pk,
        "pst": ProjectFactory(kind="pst").pk,
        "main": node("5.2.4-b").pk,
        "commune": commune,
        "second": TerritoryFactory().code,
        "elsewhere": TerritoryFactory(kind="qpv", parent=TerritoryFactory()).pk,
        "zone": TerritoryFactory(kind="qpv", valid_to="2026-12-31").pk,
        "year": complete.campaign.year,
        "next": complete.campaign.year + 1,
        "organization": organization.name,
    }

    def change(slug, given):
        def filled(value):
            return [filled(one) for one in value] if isinstance(value, list) else value.format(**known)

        return complete.answers.get(slug, {}) | {filled(name): filled(value) for name, value in given.items()}

    return change


def plain(text):
    return re.sub(r"[\u00a0\u202f]", " ", text)


def test_every_rule_is_in_the_table_and_in_the_table_of_a_page():
    rules = {rule.__name__ for page in PAGES for rule in page.form.RULES}
    written = {
        name
        for module in (contradictions, budget_contradictions)
        for name, rule in vars(module).items()
        if getattr(rule, "__module__", "") == module.__name__ and not name.startswith("_") and name[0].islower()
    }
    assert rules == written
    # Renewed in its own call: test_pieces.
    assert {kind[0] for kind in KINDS if kind[0]} == rules - {"renewed_in_its_own_call"}


@pytest.mark.parametrize(("rule", "slug", "given", "field", "words", "stops"), KINDS)
def test_it_is_told_on_its_page_with_and_without_a_script_and_before_handing_in(
    client, lead, complete, typed, rule, slug, given, field, words, stops
):
    client.force_login(lead)
    field = field.format(year=complete.campaign.year, next=complete.campaign.year + 1)
    if rule in ("years_that_do_not_add_up", "year_asks_more_than_it_costs"):
        complete.answers["calendrier"]["ends_on"] = f"30/06/{complete.campaign.year + 1}"
        complete.save()
    url = reverse("projects:declaration_page", args=[complete.project_id, slug])
    answers = typed(slug, given)

    def base():
        return re.search(r'name="base" value="([^"]+)"', squeezed(client.get(url).text))[1]

    # With a script: the answer to what is saved as one types.
    live = client.post(url, answers | {"base": base()}, headers={"accept": "application/json"}).json()
    assert [told["field"] for told in live["told"] if words in plain(told["sentence"])] == [field]

    # Without: told when the page is opened again, and on saving it.
    Declaration.objects.update(answers=complete.answers)
    saved = client.post(url, answers | {"base": base(), "next": "1"})
    assert saved.status_code == 200
    assert {name: value for name, value in Declaration.objects.get().answers[slug].items() if value} == {
        name: value for name, value in answers.items() if value
    }
    for page in (saved, client.get(url)):
        document = JustHTML(page.text, sanitize=False)
        lines = [item for item in document.query(".told li") if words.lower() in plain(item.to_text()).lower()]
        assert len(lines) == 1, document.query(".told")
        if field:
            assert [link.attrs["href"] for link in lines[0].query("a")] == [f"#id_{field}"]
            beside = document.query(f'[id="id_{field}_told"]')[0]
            assert words in plain(beside.to_text())
            control = document.query(f'[id="id_{field}"]')[0]
            assert f"id_{field}_told" in control.attrs["aria-describedby"].split()

    # It blocks no draft: pressed again, the button goes on, and says what is left.
    mark = re.search(r'name="told" value="([^"]+)"', squeezed(saved.text))[1]
    gone = client.post(url, answers | {"base": base(), "next": "1", "told": mark}, follow=True)
    assert gone.redirect_chain
    assert "Reste à vérifier" in gone.text

    # The check before handing in reads the same rule.
    declaration = Declaration.objects.get()
    mended = [plain(gap.sentence) for page, gap in to_mend(states(declaration)) if page is BY_SLUG[slug]]
    assert any(words in sentence for sentence in mended) == stops


def test_a_complete_declaration_contradicts_nothing(complete):
    assert [told.sentence for page in states(complete) for told in page.form.doubts] == []
