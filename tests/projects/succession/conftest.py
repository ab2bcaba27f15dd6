"""What the tests of a change of framework stand on."""

import pytest

from axes import actions
from tests.factories import (
    ProjectFactory,
)
from tests.projects.succession.cases import Case


@pytest.fixture
def case(db):
    return Case()


@pytest.fixture
def successor(founding, officer):
    """The next version, from which two orientations are gone, with what stood under one of them."""
    framework = actions.prepare_next_version(framework=founding, by=officer)
    for code in ("8", "5.2.1"):
        actions.delete_orientation(orientation=framework.orientations.get(code=code), by=officer)
    framework.refresh_from_db()
    return framework


@pytest.fixture
def projects(founding, node):
    """By name: kept whole, its main one gone, its secondary one gone, nothing kept."""
    return {
        "kept": ProjectFactory(code="A-1", serves=[node("1.1.3-a"), node("2.1.2-a")]),
        "main gone": ProjectFactory(code="A-2", serves=[node("5.2.1-a"), node("1.1.3")]),
        "secondary gone": ProjectFactory(code="A-3", serves=[node("1.1.3-a"), node("8.1-a")]),
        "nothing kept": ProjectFactory(code="A-4", serves=[node("5.2.1-b")]),
    }
