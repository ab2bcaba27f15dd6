"""What is paid never exceeds what is granted, nor what is granted an agreement: held by triggers on both databases.

A grant is one purse: whoever writes a payment, lowers what is granted or moves the grant waits for the row of its
project; whoever engages a year of an agreement waits for the row of the agreement, after that of the project. SQLite has
one writer. Amounts are compared in whole cents: SQLite keeps them as floating numbers.
"""

from projects.migrations._triggers import create, drop

PAYS_TOO_MUCH = "Ce versement dépasse ce qui reste à verser de la subvention."
WITHDRAWN = "Cette subvention est retirée : ce versement dépasse ce qui en reste."
GIVES_BACK_TOO_MUCH = "Un remboursement ne dépasse pas ce qui a été versé."
BELOW_PAID = "Le montant accordé ne descend pas sous ce qui est déjà versé : saisissez d’abord le remboursement."
ENGAGES_TOO_MUCH = "Cela dépasse le montant de la convention pour cette année : il faut d’abord un avenant signé."
ENGAGED = "Cette année de la convention est déjà engagée au-delà de ce montant."
WITHDRAWS_TOO_MUCH = "Un retrait ne dépasse pas ce qui est accordé, ni ce qui est à rembourser ce qui est versé."

_SUM = "COALESCE((SELECT SUM({what}) FROM projects_payment x WHERE x.grant_id = {grant}), 0)"
NET = _SUM.replace("{what}", "CASE WHEN x.kind = 'refund' THEN -x.amount ELSE x.amount END")
_GRANTED = (
    "COALESCE((SELECT p.granted FROM projects_grant g JOIN projects_project p ON p.id = g.project_id "
    "WHERE g.id = {grant}), 0)"
)
_TAKEN = "COALESCE((SELECT w.withdrawn FROM projects_withdrawal w WHERE w.grant_id = {grant}), 0)"
_ENGAGED = (
    "COALESCE((SELECT SUM(p.granted) FROM projects_grant g JOIN projects_project p ON p.id = g.project_id "
    "WHERE g.agreement_id = {agreement} AND g.year = {year}), 0)"
)
_AGREED = (
    "COALESCE((SELECT a.amount FROM projects_agreementamount a WHERE a.agreement_id = {agreement} "
    "AND a.year = {year}), 0)"
)


def _more(one: str, other: str) -> str:
    return f"ROUND(({one}) * 100) > ROUND(({other}) * 100)"


def _paid(row: str) -> str:
    return _more(NET, _GRANTED).format(grant=f"{row}.grant_id")


def _given_back(row: str) -> str:
    return _more("0", NET).format(grant=f"{row}.grant_id")


def _engaged(agreement: str, year: str) -> str:
    return _more(_ENGAGED, _AGREED).format(agreement=agreement, year=year)


def _lock_project(row: str) -> str:
    chosen = f"(SELECT project_id FROM projects_grant WHERE id = {row}.grant_id)"
    return f"PERFORM 1 FROM projects_project WHERE id = {chosen} FOR NO KEY UPDATE;"


def _lock_agreement(key: str) -> str:
    return f"PERFORM 1 FROM projects_agreement WHERE id = {key} FOR NO KEY UPDATE;"


_OF_PROJECT = "SELECT {what} FROM projects_grant WHERE project_id = NEW.id"
_CHANGES = "COALESCE(NEW.granted, -1) <> COALESCE(OLD.granted, -1)"
_AGREEMENT, _YEAR = f"({_OF_PROJECT.format(what='agreement_id')})", f"({_OF_PROJECT.format(what='year')})"
_BELOW_PAID = _more(NET.format(grant=f"({_OF_PROJECT.format(what='id')})"), "COALESCE(NEW.granted, 0)")
_RAISES = (
    f"{_CHANGES} AND COALESCE(NEW.granted, 0) > COALESCE(OLD.granted, 0) AND {_AGREEMENT} IS NOT NULL "
    f"AND {_engaged(_AGREEMENT, _YEAR)}"
)
_AFTER_WITHDRAWAL = (
    f"NEW.kind <> 'refund' AND {_TAKEN} > 0 AND {_more(NET, f'{_GRANTED} - {_TAKEN}')}"
).format(grant="NEW.grant_id")
_WITHDRAWS = (
    f"{_more('NEW.withdrawn', _GRANTED)} OR {_more('NEW.amount', NET)}"
).format(grant="NEW.grant_id")
_LOCK_GRANT = "PERFORM 1 FROM projects_project WHERE id = NEW.project_id FOR NO KEY UPDATE; " + _lock_agreement(
    "NEW.agreement_id"
)
_JOINS = f"NEW.agreement_id IS NOT NULL AND {_engaged('NEW.agreement_id', 'NEW.year')}"

# name: (table, moment, condition, sentence, what PostgreSQL locks before it looks)
PAYING = {}
for _moment, _rows in (("INSERT", ("NEW",)), ("UPDATE", ("NEW", "OLD")), ("DELETE", ("OLD",))):
    for _row in _rows:
        _name = f"{_moment.lower()}_{_row.lower()}"
        _where = ("projects_payment", f"AFTER {_moment}")
        PAYING[f"projects_payment_granted_{_name}"] = (*_where, _paid(_row), PAYS_TOO_MUCH, _lock_project(_row))
        PAYING[f"projects_payment_back_{_name}"] = (
            *(*_where, _given_back(_row), GIVES_BACK_TOO_MUCH, _lock_project(_row)),
        )
PAYING |= {
    "projects_payment_withdrawn": (
        *("projects_payment", "AFTER INSERT", _AFTER_WITHDRAWAL, WITHDRAWN, _lock_project("NEW")),
    ),
    "projects_withdrawal_insert": (
        *("projects_withdrawal", "AFTER INSERT", _WITHDRAWS, WITHDRAWS_TOO_MUCH, _lock_project("NEW")),
    ),
    "projects_project_below_paid": (
        *("projects_project", "AFTER UPDATE OF granted", f"{_CHANGES} AND {_BELOW_PAID}", BELOW_PAID, ""),
    ),
    "projects_project_engages": (
        "projects_project",
        "AFTER UPDATE OF granted",
        _RAISES,
        ENGAGES_TOO_MUCH,
        f"IF {_CHANGES} THEN {_lock_agreement(_AGREEMENT)} END IF;",
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
}


def create_paying(schema_editor):
    create(schema_editor, PAYING)


def drop_paying(schema_editor):
    drop(schema_editor, PAYING)
