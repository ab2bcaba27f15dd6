"""What an agreement engages of a year once an action was given up, and what holds of payments that are mended.

As :mod:`projects.migrations._paying`, of which these triggers take the place: an action that is granted something
engages it; one that was given up, what was paid of it and did not come back. So the years of an agreement are freed by
what is given up, and what is paid under it still never exceeds it.
"""

from projects.migrations._paying import (
    _AGREED,
    _CHANGES,
    _GRANTED,
    _LOCK_GRANT,
    _TAKEN,
    ENGAGED,
    ENGAGES_TOO_MUCH,
    NET,
    PAYING,
    WITHDRAWN,
    _lock_agreement,
    _lock_project,
    _more,
)
from projects.migrations._triggers import create, drop

GIVEN_UP = (
    "Cette action n’est plus retenue, et ce qu’elle libérait de sa convention est accordé à une autre : ce versement "
    "dépasserait le montant de l’année."
)
# The states in which something is granted; a test compares them with those of the workflow.
STATES = ("retained", "partly_retained", "running", "report_due", "report_received", "closed")
IS_GRANTED = f"p.status IN ({', '.join(repr(state) for state in STATES)})"
_ENGAGED = (
    f"COALESCE((SELECT SUM(CASE WHEN {IS_GRANTED} THEN COALESCE(p.granted, 0) ELSE {NET.format(grant='g.id')} END) "
    "FROM projects_grant g JOIN projects_project p ON p.id = g.project_id "
    "WHERE g.agreement_id = {agreement} AND g.year = {year}), 0)"
)


def _engaged(agreement: str, year: str) -> str:
    return _more(_ENGAGED, _AGREED).format(agreement=agreement, year=year)


_OF_PROJECT = "(SELECT {what} FROM projects_grant WHERE project_id = NEW.id)"
_AGREEMENT, _YEAR = _OF_PROJECT.format(what="agreement_id"), _OF_PROJECT.format(what="year")
_COMES_BACK = f"{IS_GRANTED.replace('p.', 'NEW.')} AND NOT ({IS_GRANTED.replace('p.', 'OLD.')})"
_RAISES = (
    f"(COALESCE(NEW.granted, 0) > COALESCE(OLD.granted, 0) OR ({_COMES_BACK})) AND {_AGREEMENT} IS NOT NULL "
    f"AND {_engaged(_AGREEMENT, _YEAR)}"
)
_JOINS = f"NEW.agreement_id IS NOT NULL AND {_engaged('NEW.agreement_id', 'NEW.year')}"
_RAISED = (
    "NEW.kind <> 'refund' AND (NEW.amount > OLD.amount OR OLD.kind = 'refund' OR NEW.grant_id <> OLD.grant_id) "
    f"AND {_TAKEN} > 0 AND {_more(NET, f'{_GRANTED} - {_TAKEN}')}"
).format(grant="NEW.grant_id")


def _of_grant(row: str, what: str) -> str:
    return f"(SELECT {what} FROM projects_grant WHERE id = {row}.grant_id)"


def _given_up(row: str, when: str) -> str:
    """A payment of what was given up takes of its agreement what may be another's by now."""
    owner = f"SELECT 1 FROM projects_project p WHERE p.id = {_of_grant(row, 'project_id')} AND NOT ({IS_GRANTED})"
    agreement, year = _of_grant(row, "agreement_id"), _of_grant(row, "year")
    return f"{when} AND {agreement} IS NOT NULL AND EXISTS ({owner}) AND {_engaged(agreement, year)}"


def _lock(row: str) -> str:
    return f"{_lock_project(row)} {_lock_agreement(_of_grant(row, 'agreement_id'))}"


# name: (table, moment, condition, sentence, what PostgreSQL locks before it looks)
ENGAGING = {
    "projects_project_engages": (
        "projects_project",
        "AFTER UPDATE OF granted, status",
        _RAISES,
        ENGAGES_TOO_MUCH,
        f"IF {_CHANGES} OR ({_COMES_BACK}) THEN {_lock_agreement(_AGREEMENT)} END IF;",
    ),
    "projects_grant_joins_insert": ("projects_grant", "AFTER INSERT", _JOINS, ENGAGES_TOO_MUCH, _LOCK_GRANT),
    "projects_grant_joins_update": (
        *("projects_grant", "AFTER UPDATE OF agreement_id, year", _JOINS, ENGAGES_TOO_MUCH, _LOCK_GRANT),
    ),
    "projects_agreement_amount_update": (
        "projects_agreementamount",
        "AFTER UPDATE",
        f"{_engaged('NEW.agreement_id', 'NEW.year')} OR {_engaged('OLD.agreement_id', 'OLD.year')}",
        ENGAGED,
        _lock_agreement("OLD.agreement_id"),
    ),
    "projects_agreement_amount_delete": (
        "projects_agreementamount",
        "AFTER DELETE",
        _engaged("OLD.agreement_id", "OLD.year"),
        ENGAGED,
        _lock_agreement("OLD.agreement_id"),
    ),
    "projects_payment_withdrawn_update": (
        *("projects_payment", "AFTER UPDATE", _RAISED, WITHDRAWN, _lock_project("NEW")),
    ),
    "projects_payment_given_up_insert": (
        *("projects_payment", "AFTER INSERT", _given_up("NEW", "NEW.kind <> 'refund'"), GIVEN_UP, _lock("NEW")),
    ),
    "projects_payment_given_up_update": (
        *("projects_payment", "AFTER UPDATE", _given_up("NEW", "1 = 1"), GIVEN_UP, _lock("NEW")),
    ),
    "projects_payment_given_up_delete": (
        *("projects_payment", "AFTER DELETE", _given_up("OLD", "OLD.kind = 'refund'"), GIVEN_UP, _lock("OLD")),
    ),
}


def create_engaging(schema_editor):
    create(schema_editor, ENGAGING)


def drop_engaging(schema_editor):
    """Those that were there before come back."""
    drop(schema_editor, ENGAGING)
    create(schema_editor, {name: rule for name, rule in PAYING.items() if name in ENGAGING})
