"""Rows as the database gives them."""

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet


def bare(rows: QuerySet[Any, Any]) -> list[tuple[Any, ...]]:
    """All that a ``values_list`` asks, without what Django does to each row: for thousands of numbers and texts.

    Other values (dates, booleans, JSON) come as each database writes them.
    """
    try:
        question = rows.query.sql_with_params()
    except EmptyResultSet:  # nothing can fulfil its conditions: there is no question to ask
        return []
    with connections[rows.db].cursor() as cursor:
        cursor.execute(*question)
        return cursor.fetchall()
