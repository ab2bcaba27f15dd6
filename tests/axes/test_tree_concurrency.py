"""Officers who write at once never break a tree, nor lose what they were told was done."""

import os
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from axes.models import Orientation
from tests.databases import POSTGRES
from tests.load.tree import losses, storm


def _address() -> str:
    """The suite's own database, for processes that know nothing of the suite."""
    name = str(connection.settings_dict["NAME"])
    if POSTGRES:
        return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))
    return f"sqlite:///{name}"


@pytest.mark.django_db(transaction=True)
def test_four_processes_writing_at_random_lose_and_break_nothing(founding):
    before = Orientation.objects.count()
    connection.close()
    outcome = storm(_address(), processes=4, operations=400)
    assert losses(outcome, before) == []
    assert outcome.verdicts.total() == 400
    done = {name for (name, verdict), number in outcome.verdicts.items() if verdict == "fait" and number}
    assert done == {"move", "insert", "edit", "delete"}
    assert outcome.verdicts["move", "refusé"] > 0
