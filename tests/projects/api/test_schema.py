"""Whatever a program sends, the API answers as its description says, and never breaks: with every role."""

import os
from contextlib import suppress

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from axes import actions
from cohesion.accounts.tokens import allowed_scopes, make
from cohesion.wsgi import application
from projects.choices import ProjectStatus
from projects.models import Need
from tests.factories import DeclarationFactory, OrganizationFactory, ProjectFactory, TerritoryFactory
from tests.site.rights import ROLES
from tests.site.test_rights import people  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.once]
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
# What stands in hidden rows, by who may read it: found in an answer to anybody else, it is a leak.
SECRETS = {kind: f"secret-{kind}-7f3a" for kind in ("own", "drafts", "staff", "officers", "framework")}
READERS = {
    "own": {"lead", "officer", "administrator"},
    "drafts": {"officer", "administrator"},
    "staff": {"elected", "officer", "administrator"},
    "officers": {"officer", "administrator"},
    "framework": {"elected", "officer", "administrator"},
}
LONG = int(os.environ.get("API_EXAMPLES", "60"))  # of each operation, right and wrong
QUICK = ("public", "lead", "officer")


@pytest.fixture(autouse=True)
def _one_connection():
    """Requests come by the server's own door, and see what the test wrote: as Django's own client has it."""
    doors = (request_started, request_finished)
    for door in doors:
        door.disconnect(close_old_connections)
    yield
    for door in doors:
        door.connect(close_old_connections)


@pytest.fixture
def rows(founding, officer, people):  # noqa: F811
    """Real objects, for a part of what is drawn."""
    own = people["lead"].memberships.get().organization
    place = TerritoryFactory(code="27229")
    drafted = ProjectFactory(status=ProjectStatus.DRAFT, organization=own, code="A-1", title=SECRETS["own"])
    DeclarationFactory(project=drafted)
    known = OrganizationFactory(note=SECRETS["officers"], representative=SECRETS["officers"])
    ProjectFactory(code="A-2", status=ProjectStatus.RUNNING, organization=known)
    ProjectFactory(code="A-3", status=ProjectStatus.SUBMITTED, title=SECRETS["staff"])
    ProjectFactory(code="A-4", status=ProjectStatus.DRAFT, title=SECRETS["drafts"])
    need = Need.objects.create(wording=SECRETS["staff"], heard_on="2026-01-01", territory=place)
    draft = actions.prepare_next_version(framework=founding, by=officer)
    hidden = draft.orientations.get(code="5.2")
    hidden.title = SECRETS["framework"]
    actions.save_orientation(orientation=hidden, by=officer)
    return {
        "code": ["A-1", "A-2", "27229", "A-3", "A-4"],
        "cadre": [founding.slug, draft.slug],
        "partie": ["action", "budget"],
        "uid": [str(hidden.uid)],
        "numero": [str(need.pk), str(known.pk)],
    }


def _try(role, user, rows, examples):
    """Every operation, with what the description allows and with what it does not: all that is wrong, at once."""
    headers = {"Host": "testserver", "Accept-Encoding": "identity"}
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application, headers=headers)
    if user is not None:
        _, words = make(user=user, name="essai", scopes=allowed_scopes(user))
        headers["Authorization"] = f"Bearer {words}"
    hidden = [words for kind, words in SECRETS.items() if role not in READERS[kind]]
    wrong = []
    for known in schema.get_all_operations():
        for mode in GenerationMode:
            try:
                _each(known.ok().as_strategy(generation_mode=mode), headers, rows, examples, hidden)
            except Exception as failure:
                wrong.append(failure)
    if wrong:
        raise ExceptionGroup(f"{len(wrong)} opérations répondent autre chose que ce qui en est dit", wrong)


def _each(strategy, headers, rows, examples, hidden):
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=strategy)
    def check(case):
        drawn = case.path_parameters or {}
        for name, known in rows.items():
            if name in drawn:
                drawn[name] = known[len(repr(case.body)) % len(known)]
        answer = case.call(headers=headers)
        case.validate_response(answer, checks=CHECKS)
        shown = [words for words in hidden if words in answer.text]
        assert not shown, f"{case.method} {case.path} : {shown}"

    with suppress(Unsatisfiable):  # what takes nothing takes nothing wrong
        check()


@pytest.mark.parametrize("role", QUICK)
def test_nothing_breaks_it(people, rows, role):  # noqa: F811
    _try(role, people[role], rows, 1)


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_nothing_breaks_it_for_long(people, rows, role):  # noqa: F811
    _try(role, people[role], rows, LONG)
