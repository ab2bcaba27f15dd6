"""Whatever a program sends, the API answers as its description says, and never breaks: with every role."""

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

from cohesion.accounts.tokens import allowed_scopes, make
from cohesion.wsgi import application
from projects.choices import ProjectStatus
from tests.factories import DeclarationFactory, ProjectFactory, TerritoryFactory
from tests.site.test_rights import ROLES, people  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.once]
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
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
def rows(founding, people):  # noqa: F811
    """Real objects, for a part of what is drawn."""
    own = people["lead"].memberships.get().organization
    TerritoryFactory(code="27229")
    DeclarationFactory(project=ProjectFactory(status=ProjectStatus.DRAFT, organization=own, code="A-1"))
    ProjectFactory(code="A-2", status=ProjectStatus.RUNNING)
    uid = str(founding.orientations.get(code="5.2").uid)
    return {"code": ["A-1", "A-2", "27229"], "cadre": [founding.slug], "partie": ["action", "budget"], "uid": [uid]}


def _try(user, rows, examples):
    """Every operation, with what the description allows and with what it does not."""
    headers = {"Host": "testserver", "Accept-Encoding": "identity"}
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application, headers=headers)
    if user is not None:
        _, words = make(user=user, name="essai", scopes=allowed_scopes(user))
        headers["Authorization"] = f"Bearer {words}"
    for known in schema.get_all_operations():
        for mode in GenerationMode:
            _each(known.ok().as_strategy(generation_mode=mode), headers, rows, examples)


def _each(strategy, headers, rows, examples):
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
        case.validate_response(case.call(headers=headers), checks=CHECKS)

    with suppress(Unsatisfiable):  # what takes nothing takes nothing wrong
        check()


@pytest.mark.parametrize("role", QUICK)
def test_nothing_breaks_it(people, rows, role):  # noqa: F811
    _try(people[role], rows, 1)


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_nothing_breaks_it_for_long(people, rows, role):  # noqa: F811
    _try(people[role], rows, 60)
