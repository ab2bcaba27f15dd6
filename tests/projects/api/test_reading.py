"""What programs read: what the pages show and no more, a page at a time, in a constant number of queries."""

import base64
import json

import pytest
from django.core.cache import cache
from django.urls import reverse

from projects.api.paging import MOST
from projects.browsing import exports
from projects.choices import PUBLIC_STATUSES, OrganizationKind, ProjectStatus
from projects.models import CoLead, Contribution, Indicator, Need, Offer
from tests.costs import cost
from tests.factories import MembershipFactory, OrganizationFactory, ProjectFactory, TerritoryFactory
from tests.projects.api.conftest import client_of

# What is answered is made in Python: the same on both databases.
pytestmark = [pytest.mark.django_db, pytest.mark.once]
LISTS = ("cadres", "projets", "rattachements", "territoires", "structures", "offres", "besoins", "indicateurs")


def published(**options):
    return ProjectFactory(status=ProjectStatus.RUNNING, **options)


def read_all(client, path, size=2):
    """Every row of a list, page by page, each page with what came before it."""
    address, rows = f"{path}?taille={size}", []
    while address:
        page = client.get(address).json()
        assert len(page["resultats"]) <= size
        rows += page["resultats"]
        yield page["resultats"]
        address = page["suivant"]


@pytest.mark.parametrize("order", ["code", "-code", "titre", "-titre", "porteur", "-porteur", "date", "-date"])
def test_pages_skip_nothing_and_say_nothing_twice_whatever_comes_in_between(client, founding, order):
    for number in range(7):
        published(code=f"P-{number}", title="Même titre", starts_on=None if number % 2 else "2026-02-01", ends_on=None)
    path = f"/api/v1/projets/?tri={order}&taille=2"
    codes = []
    number = 0
    while path:
        page = client.get(path).json()
        codes += [row["code"] for row in page["resultats"]]
        path = page["suivant"]
        published(code=f"A-{number}", title="Aaa")  # before, in most orders
        number += 1
    own = [code for code in codes if code.startswith("P-")]
    assert sorted(own) == [f"P-{number}" for number in range(7)]
    assert len(set(codes)) == len(codes)


def test_the_order_is_that_of_the_list_of_the_site(client, founding):
    for name in ("Zèbre", "Élan", "abeille"):
        published(organization=OrganizationFactory(name=name))
    rows = client.get("/api/v1/projets/", {"tri": "porteur"}).json()["resultats"]
    assert [row["porteur"] for row in rows] == ["abeille", "Élan", "Zèbre"]


def test_orientations_are_read_in_the_order_of_the_document(client, founding):
    path = f"/api/v1/cadres/{founding.slug}/orientations/"
    codes = [row["code"] for page in read_all(client, path, 20) for row in page]
    assert codes == list(founding.orientations.in_order().values_list("code", flat=True))


@pytest.mark.parametrize("name", LISTS)
def test_a_list_costs_the_same_whatever_its_length(founding, node, name):
    def more():
        project = published()
        Contribution.objects.create(project=project, orientation=node("5.2"), is_main=True)
        Offer.objects.create(project=project, kind="other", name="Une offre")
        Need.objects.create(wording="X", heard_on="2026-01-01", territory=TerritoryFactory(), is_published=True)
        Indicator.objects.create(project=project, name="X", target=12)

    def count():
        return cost(f"/api/v1/{name}/?taille={MOST}")

    more()
    count()  # what is kept is made
    more()
    few = count()
    for _ in range(4):
        more()
    assert count() == few


def test_what_has_not_changed_is_not_sent_again(client, founding):
    published()
    first = client.get("/api/v1/projets/")
    again = client.get("/api/v1/projets/", headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code) == (200, 304)
    published()
    assert client.get("/api/v1/projets/", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_what_a_token_reads_is_kept_by_nobody(officer, founding):
    client = client_of(officer)
    for path in ("/api/v1/projets/", f"/api/v1/projets/{published().code}/", "/api/v1/cadres/"):
        assert client.get(path).headers["Cache-Control"] == "no-store, private"


def test_no_other_origin_reads_it(client, founding):
    answer = client.get("/api/v1/projets/", headers={"Origin": "https://ailleurs.test"})
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_a_state_that_is_not_public_is_nowhere(client, founding, node):
    for status in set(ProjectStatus) - set(PUBLIC_STATUSES):
        project = ProjectFactory(status=status, code=f"CACHE-{status}", organization__name="Cachée")
        Contribution.objects.create(project=project, orientation=node("5.2"), is_main=True)
        Offer.objects.create(project=project, kind="other", name="Cachée")
        Indicator.objects.create(project=project, name="Cachée", target=12)
    Need.objects.create(wording="Cachée", heard_on="2026-01-01", territory=TerritoryFactory())
    for name in LISTS:
        text = client.get(f"/api/v1/{name}/", {"taille": MOST}).text
        assert "CACHE" not in text
        assert "Cachée" not in text


def test_a_hidden_amount_is_in_no_row(client, founding, settings):
    project = published(granted=1234, total_cost=5678, requested=4321)
    settings.PUBLIC_AMOUNTS = []
    row = client.get(f"/api/v1/projets/{project.code}/").json()
    assert not {"accorde", "budget", "demande", "cofinancements"} & set(row)
    assert client.get("/api/v1/montants/").json()["montants"] == {}
    settings.PUBLIC_AMOUNTS = ["granted"]
    assert client.get(f"/api/v1/projets/{project.code}/").json()["accorde"] == 1234
    assert client.get("/api/v1/montants/").json()["montants"] == {"accorde": 1234}


def test_a_small_number_of_people_is_told_to_nobody(client, officer, founding):
    project = published()
    Indicator.objects.create(project=project, name="Enfants", unit="enfants", target=3)
    (row,) = client.get("/api/v1/indicateurs/").json()["resultats"]
    assert row["cible"] is None
    assert row["masque"]
    (row,) = client_of(officer).get("/api/v1/indicateurs/").json()["resultats"]
    assert row["cible"] == 3


def test_a_structure_shows_no_person(client, founding):
    organization = OrganizationFactory(
        representative="Ada Lovelace", email="ada@exemple.test", phone="0102030405", address="1 rue X", note="Note"
    )
    published(organization=organization)
    text = client.get(f"/api/v1/structures/{organization.pk}/").text
    for words in ("Ada", "ada@", "0102030405", "rue X", "Note"):
        assert words not in text


def test_who_may_be_somebody_is_named_to_no_program_but_those_of_officers_and_their_own(client, officer, founding):
    somebody = OrganizationFactory(name="Jeanne Untel", kind=OrganizationKind.OTHER)
    project = published(organization=somebody, code="P-1")
    beside = published(code="P-2")
    CoLead.objects.create(project=beside, organization=somebody)
    Offer.objects.create(project=project, kind="other", name="Une offre")
    paths = ("projets/", "projets/P-1/", "projets/P-2/", "structures/", "offres/")
    assert client.get(f"/api/v1/structures/{somebody.pk}/").status_code == 404
    for path in paths:
        answer = client.get(f"/api/v1/{path}")
        assert answer.status_code == 200
        assert "Untel" not in answer.text
    assert "Untel" in client_of(officer).get("/api/v1/projets/P-1/").text
    own = MembershipFactory(organization=somebody).user
    assert "Untel" in client_of(own).get("/api/v1/projets/P-1/").text


def test_a_lead_reads_all_of_their_own_projects_and_what_is_public_of_the_others(founding):
    member = MembershipFactory()
    own = ProjectFactory(organization=member.organization, status=ProjectStatus.DRAFT, total_cost=700)
    other = published(total_cost=900)
    rows = {row["code"]: row for row in client_of(member.user).get("/api/v1/projets/").json()["resultats"]}
    assert rows[own.code]["budget"] == 700
    assert "budget" not in rows[other.code]


def test_rows_say_what_the_public_file_says(client, founding, node):
    project = published(starts_on="2026-01-01")
    Contribution.objects.create(project=project, orientation=node("5.2"), is_main=True)
    row = client.get(f"/api/v1/projets/{project.code}/").json()
    assert set(row) == {column.header for column in exports.public_columns()}
    assert row["objectifs"] == ["5.2"]
    assert row["date_debut"] == "2026-01-01"
    assert row["page_du_site"].endswith(project.get_absolute_url())


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("projets/?axe=zz", "axe"),
        ("projets/?annee=zz", "annee"),
        ("projets/?tri=zz", "tri"),
        ("projets/?zz=1", "zz"),
        ("projets/?taille=0", "taille"),
        (f"projets/?taille={MOST + 1}", "taille"),
        ("projets/?curseur=zz", "curseur"),
        ("projets/?champs=zz", "champs"),
        ("cadres/?etat=zz", "etat"),
        ("offres/?nature=zz", "nature"),
        ("offres/?commune=zz", "commune"),
        ("territoires/?nature=zz", "nature"),
        ("couverture/?colonnes=zz", "colonnes"),
        ("couverture/?cadre=zz", "cadre"),
        ("indicateurs/?annee=zz", "annee"),
        ("cadres/CADRE/orientations/?annee=zz", "annee"),
        ("besoins/?depuis=-inf", "depuis"),
    ],
)
def test_what_means_nothing_is_refused_under_its_name(client, founding, path, name):
    published()
    answer = client.get(f"/api/v1/{path.replace('CADRE', founding.slug)}")
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert list(answer.json()["errors"]) == [name]


def test_fields_may_be_chosen(client, founding):
    published(code="P-1")
    rows = client.get("/api/v1/projets/", {"champs": "code,titre"}).json()["resultats"]
    assert [set(row) for row in rows] == [{"code", "titre"}]


def test_without_a_framework_there_is_still_an_answer(client, db):
    for name in (*LISTS, "couverture", "montants"):
        assert client.get(f"/api/v1/{name}/").status_code == 200


def test_the_page_says_every_operation_in_french_without_a_script(client, founding):
    page = client.get(reverse("api:docs"))
    assert page.status_code == 200
    assert "Déplacer une orientation" in page.text
    assert page.text.count('class="operation"') >= 30


def _cursor(*parts):
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


@pytest.mark.parametrize("order", ["date", "-date", "code", "titre", "porteur"])
@pytest.mark.parametrize(
    "cursor",
    [
        *(_cursor("abc", 1), _cursor(5, 1), _cursor("2026-13-45", 1), _cursor("", 1), _cursor("\ud800", 1)),
        *(_cursor("2026-01-01", 2**53), _cursor(1.5, 1), _cursor([], 1), _cursor(1), "%ff", "W10"),
        base64.b64encode(b"[" * 3000).decode(),
    ],
)
def test_a_cursor_that_was_tampered_with_is_refused_and_breaks_nothing(client, founding, order, cursor):
    answer = client.get("/api/v1/projets/", {"tri": order, "curseur": cursor})
    assert answer.status_code in ((200, 400) if "date" not in order else (400,))


def test_whoever_says_to_hold_anything_is_answered_all_the_same(client, founding):
    assert client.get("/api/v1/projets/", headers={"If-None-Match": "*"}).status_code == 200


def test_the_page_of_an_offer_is_the_lasting_address_of_its_project(client, founding):
    project = published()
    Offer.objects.create(project=project, kind="other", name="Une offre")
    (row,) = client.get("/api/v1/offres/").json()["resultats"]
    assert row["page"].endswith(f"{project.get_absolute_url()}#offres")


def test_tokens_that_open_nothing_are_told_to_wait_after_some(client, founding, settings):
    settings.RATE_LIMITS = {"api_unknown_tokens": (2, 60)}
    lost = {"Authorization": f"Bearer cst_{'a' * 43}"}
    answers = [client.get("/api/v1/", headers=lost) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [401, 401, 429]
    assert int(answers[2].headers["Retry-After"]) > 0
    assert client.get("/api/v1/").status_code == 200


def test_too_many_are_told_to_wait(client, founding, settings):
    settings.RATE_LIMITS = {"api": (2, 60), "api_tokens": (2, 60)}
    answers = [client.get("/api/v1/cadres/") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[2].headers["Retry-After"]) > 0
    assert answers[2].json()["status"] == 429


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b"\xff", "application/json", 400),
        (b'{"titre": NaN}', "application/json", 400),
        (b'{"titre": "\\u0000"}', "application/json", 400),
        (b'{"titre": "\\ud800"}', "application/json", 400),
        (b'{"\\ud800": 1}', "application/json", 400),
        (b'{"a\\u0000": 1}', "application/json", 400),
        (b'{"a":' * 5000 + b"1" + b"}" * 5000, "application/json", 400),
        (b'{"titre": "' + b"x" * 1_000_001 + b'"}', "application/json", 413),
        (b"titre=X", "application/x-www-form-urlencoded", 415),
    ],
)
def test_what_is_no_json_of_ours_is_refused_in_one_shape(officer, founding, body, kind, status):
    answer = client_of(officer).generic("POST", "/api/v1/cadres/", body, content_type=kind)
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"]


def test_what_is_refused_is_counted_as_what_is_given(client, founding, settings):
    """Without a token, without a right, at an address that is none, with a header that is none."""
    doors = {
        "401": lambda: client.post("/api/v1/projets/", {}, content_type="application/json"),
        "404": lambda: client.get("/api/v1/perdu/"),
        "header": lambda: client.get("/api/v1/", headers={"Authorization": "Basic abc"}),
    }
    for number, (name, ask) in enumerate(doors.items()):
        settings.RATE_LIMITS = {"api": (2, 60 + number), "api_unknown_tokens": (2, 60 + number)}
        cache.clear()
        assert [ask().status_code for _ in range(4)][2:] == [429, 429], name


def test_a_code_that_a_project_had_leads_to_it_as_its_page_does(client, founding):
    project = published(code="A1")
    hidden = ProjectFactory(code="B1", status=ProjectStatus.DRAFT)
    for renamed, code in ((project, "A2"), (hidden, "B2")):
        renamed.code = code
        renamed.save()
    answer = client.get("/api/v1/projets/A1/?champs=titre")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/api/v1/projets/A2/?champs=titre")
    assert client.get(answer.headers["Location"]).json() == {"titre": project.title}
    assert client.get("/api/v1/projets/B1/").status_code == 404


def test_who_writes_under_a_code_of_old_is_sent_on_with_what_they_write(officer, founding):
    project = published(code="A1")
    project.code = "A2"
    project.save()
    answer = client_of(officer).patch("/api/v1/projets/A1/", {"titre": "Autre"}, format="json")
    assert (answer.status_code, answer.headers["Location"]) == (308, "/api/v1/projets/A2/")
