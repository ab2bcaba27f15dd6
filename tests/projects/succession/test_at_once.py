"""Officers who adopt, decide, undo and edit at the same moment lose nothing."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections

from axes import actions
from axes.founding import load_founding_framework
from projects.catalogue.actions import set_contributions
from projects.catalogue.models import Contribution
from tests.factories import (
    ProjectFactory,
    UserFactory,
)
from tests.projects.succession.changes import adopt

pytestmark = pytest.mark.django_db


def test_who_adopts_and_who_links_at_the_same_moment_lose_nothing(transactional_db):
    """Four adopt, four link projects to the former framework: one adoption, and no link that it did not see."""
    founding = load_founding_framework()
    officer = UserFactory()
    successor = actions.prepare_next_version(framework=founding, by=officer)
    main = founding.orientations.get(code="1.1.3")
    linked = [ProjectFactory(serves=[main]) for _ in range(5)]
    new = [ProjectFactory() for _ in range(4)]

    def act(number):
        if number % 2:
            return adopt(successor, officer)
        return set_contributions(project=new[number // 2], main=main, by=officer)

    def tried(number):
        try:
            act(number)
        except ValidationError as error:
            return error.messages[0]
        finally:
            if connection.vendor == "postgresql":
                connections.close_all()
        return ""

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(tried, range(8)))
    assert answers[1::2].count("") == 1
    assert all("en préparation" in one for one in answers[1::2] if one)
    assert all("entre-temps" in one for one in answers[::2] if one)
    before = Contribution.objects.of(founding)
    assert before.count() == len(linked) + answers[::2].count("")
    assert Contribution.objects.of(successor).count() == before.count()
