"""Queries that last, written to the log when the installation asks for it: their words, never their values."""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db.backends.signals import connection_created

logger = logging.getLogger(__name__)
LENGTH = 2_000


def connect() -> None:
    connection_created.connect(_listen, dispatch_uid="cohesion.slow_queries")


def _listen(connection: Any, **kwargs: Any) -> None:
    if settings.SLOW_QUERY_MS and timed not in connection.execute_wrappers:
        connection.execute_wrappers.append(timed)


def timed(execute: Callable[..., Any], sql: str, params: object, many: bool, context: dict[str, Any]) -> Any:
    begun = time.perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        lasted = (time.perf_counter() - begun) * 1000
        if lasted >= settings.SLOW_QUERY_MS:
            logger.warning("Requête lente (%d ms) : %s", lasted, sql[:LENGTH], extra={"duration_ms": round(lasted)})
