"""What a table holds to, each with the French sentence that a person reads when it does not."""

from django.db.models import CheckConstraint, F, Q, UniqueConstraint


def once(name: str, *fields: str, says: str, where: Q | None = None) -> UniqueConstraint:
    """One row with these values, among those that ``where`` keeps."""
    return UniqueConstraint(fields=fields, name=name, condition=where, violation_error_message=says)


def always(name: str, condition: Q, says: str) -> CheckConstraint:
    """What is so of each row."""
    return CheckConstraint(condition=condition, name=name, violation_error_message=says)


def in_order(
    name: str, start: str, end: str, says: str = "La date de fin précède la date de début."
) -> CheckConstraint:
    """Where both days are known, the second does not come before the first."""
    unknown = Q(**{f"{start}__isnull": True}) | Q(**{f"{end}__isnull": True})
    return always(name, unknown | Q(**{f"{end}__gte": F(start)}), says)


def not_negative(name: str, field: str, says: str) -> CheckConstraint:
    """A number that may be unknown, and is not under zero."""
    return always(name, Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gte": 0}), says)
