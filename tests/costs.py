"""What a page costs in queries."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


def cost(address: str, client: Client | None = None) -> int:
    """The queries of a page that works; without a client, those of a process that has kept no page yet."""
    with CaptureQueriesContext(connection) as captured:
        assert (client or Client()).get(address).status_code == 200
    return len(captured)
