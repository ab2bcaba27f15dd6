"""What each role gets of the API, with a token of theirs and without: by address and by verb."""

import pytest

from axes import actions
from cohesion.accounts.tokens import make, revoke
from cohesion.choices import TokenScope
from cohesion.models import ApiToken
from projects.choices import ProjectStatus
from projects.models import Need
from tests.factories import DeclarationFactory, OrganizationFactory, ProjectFactory, TerritoryFactory
from tests.projects.api.conftest import client_of
from tests.site.rights import ROLES
from tests.site.test_rights import people  # noqa: F401

# What is answered is made in Python: the same on both databases.
pytestmark = [pytest.mark.django_db, pytest.mark.once]
EVERYBODY = (200,) * 7
# Reading: what is public to all, what is not to whom the pages show it; 404 to whom it does not exist.
READ = {
    "/api/v1/": EVERYBODY,
    "/api/v1/cadres/": EVERYBODY,
    "/api/v1/cadres/{public}/": EVERYBODY,
    "/api/v1/cadres/{draft}/": (404, 404, 404, 404, 200, 200, 200),
    "/api/v1/cadres/{draft}/orientations/": (404, 404, 404, 404, 200, 200, 200),
    "/api/v1/cadres/{draft}/orientations/{uid}/": (404, 404, 404, 404, 200, 200, 200),
    "/api/v1/projets/": EVERYBODY,
    "/api/v1/projets/{published}/": EVERYBODY,
    "/api/v1/projets/{drafted}/": (404, 404, 200, 404, 404, 200, 200),
    "/api/v1/projets/{handed}/": (404, 404, 404, 404, 200, 200, 200),
    "/api/v1/projets/{published}/indicateurs/": (404, 404, 404, 404, 200, 200, 200),
    "/api/v1/projets/{drafted}/indicateurs/": (404, 404, 200, 404, 404, 200, 200),
    "/api/v1/declarations/{drafted}/action/": (404, 404, 200, 404, 404, 404, 404),
    "/api/v1/besoins/{need}/": (404, 404, 404, 404, 200, 200, 200),
    "/api/v1/structures/{leading}/": EVERYBODY,
    "/api/v1/structures/{idle}/": (404,) * 7,
    "/api/v1/perdu/": (404,) * 7,
}
OFFICERS, NOBODY = (401, 403, 403, 403, 403, 0, 0), (401, 403, 403, 403, 403, 403, 403)
# Writing something that is not right: 401 without a token, 403 without the right, 404 what one may not know of, 4xx
# (0) to whom may write, for what is wrong in it.
WRITE = {
    ("post", "/api/v1/cadres/"): OFFICERS,
    ("post", "/api/v1/cadres/{draft}/orientations/"): OFFICERS,
    ("patch", "/api/v1/cadres/{draft}/orientations/{uid}/"): OFFICERS,
    ("delete", "/api/v1/cadres/{draft}/orientations/{uid}/"): OFFICERS,
    ("post", "/api/v1/cadres/{draft}/orientations/{uid}/deplacer/"): OFFICERS,
    ("post", "/api/v1/projets/"): OFFICERS,
    ("patch", "/api/v1/projets/{published}/"): OFFICERS,
    ("patch", "/api/v1/projets/{drafted}/"): (401, 403, 403, 404, 403, 0, 0),
    ("put", "/api/v1/projets/{published}/indicateurs/"): OFFICERS,
    ("post", "/api/v1/besoins/"): OFFICERS,
    ("patch", "/api/v1/besoins/{need}/"): OFFICERS,
    ("post", "/api/v1/declarations/"): (401, 403, 0, 0, 403, 403, 403),
    ("patch", "/api/v1/declarations/{drafted}/action/"): (401, 403, 0, 404, 403, 404, 404),
    ("delete", "/api/v1/projets/{published}/"): (405,) * 7,
    ("post", "/api/v1/couverture/"): (405,) * 7,
}


@pytest.fixture
def named(founding, officer, people):  # noqa: F811
    draft = actions.prepare_next_version(framework=founding, by=officer)
    own = people["lead"].memberships.get().organization
    drafted = ProjectFactory(status=ProjectStatus.DRAFT, organization=own)
    DeclarationFactory(project=drafted)
    published = ProjectFactory(status=ProjectStatus.RUNNING)
    return {
        "public": founding.slug,
        "draft": draft.slug,
        "uid": draft.orientations.get(code="5.2").uid,
        "published": published.code,
        "drafted": drafted.code,
        "handed": ProjectFactory(status=ProjectStatus.SUBMITTED).code,
        "need": Need.objects.create(wording="X", heard_on="2026-01-01", territory=TerritoryFactory()).pk,
        "leading": published.organization.pk,
        "idle": OrganizationFactory().pk,
    }


@pytest.mark.parametrize("role", ROLES)
def test_every_address_answers_every_role_as_the_tables_say(people, named, role):  # noqa: F811
    client, place = client_of(people[role]), ROLES.index(role)
    wrong = []
    for path, expected in READ.items():
        status = client.get(path.format(**named)).status_code
        if status != expected[place]:
            wrong.append(f"GET {path} : {status}, attendu {expected[place]}")
    for (verb, path), expected in WRITE.items():
        answer = getattr(client, verb)(path.format(**named), {}, format="json")
        is_right = answer.status_code == expected[place]
        if expected[place] == 0:
            is_right = answer.status_code in (422, 428)
        if not is_right:
            wrong.append(f"{verb} {path} : {answer.status_code} {answer.data}, attendu {expected[place]}")
    assert not wrong, "\n".join(wrong)


def test_a_token_opens_what_it_says_and_no_more(officer, founding):
    reading = client_of(officer, [TokenScope.READ])
    assert reading.post("/api/v1/cadres/", {"titre": "X"}, format="json").status_code == 403
    needs = client_of(officer, [TokenScope.NEEDS])
    assert needs.post("/api/v1/cadres/", {"titre": "X"}, format="json").status_code == 403
    assert needs.post("/api/v1/besoins/", {}, format="json").status_code == 422


def test_a_session_opens_nothing(client, officer, founding):
    client.force_login(officer)
    answer = client.post("/api/v1/cadres/", {"titre": "X"}, content_type="application/json")
    assert answer.status_code == 401
    drafts = client.get("/api/v1/projets/", {"annee": "toutes"}).json()["resultats"]
    ProjectFactory(status=ProjectStatus.DRAFT)
    assert client.get("/api/v1/projets/", {"annee": "toutes"}).json()["resultats"] == drafts == []


@pytest.mark.parametrize("closing", ["revoked", "over", "inactive", "erased", "without second factor"])
def test_a_token_that_is_closed_opens_nothing(officer, founding, settings, closing):
    client = client_of(officer)
    assert client.get("/api/v1/cadres/").status_code == 200
    token = ApiToken.objects.get()
    if closing == "revoked":
        revoke(token, by=officer)
    elif closing == "over":
        ApiToken.objects.update(expires_at="2020-01-01T00:00Z")
    elif closing == "inactive":
        type(officer).objects.update(is_active=False)
    elif closing == "erased":
        from cohesion.accounts.erasing import erase

        erase(user=officer, by=None)
        assert not ApiToken.objects.exists()
    else:
        settings.STAFF_SECOND_FACTOR = True
    refused = client.get("/api/v1/cadres/")
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"] == "Bearer"
    assert refused.headers["Content-Type"] == "application/problem+json"


def test_whoever_loses_a_right_loses_it_through_their_tokens(officer, founding):
    client = client_of(officer)
    officer.groups.clear()
    assert client.post("/api/v1/cadres/", {"titre": "X"}, format="json").status_code == 403


def test_the_words_of_a_token_are_kept_nowhere(officer):
    token, words = make(user=officer, name="x", scopes=["read"])
    kept = [str(getattr(token, field.attname)) for field in ApiToken._meta.concrete_fields]
    assert not [value for value in kept if words in value]
    assert words.startswith(token.prefix)
