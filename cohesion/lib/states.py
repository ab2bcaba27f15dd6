"""What a row is, in one word: the state that a template asks for, said once beside its field."""

from typing import Any


def holds(field: str, *values: str) -> property:
    """A property of a model: whether the field has one of these values.

    ``is_running = holds("status", ProjectStatus.RUNNING)``.
    """

    def is_held(row: Any) -> bool:
        return getattr(row, field) in values

    return property(is_held)
