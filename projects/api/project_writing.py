"""A project that a program writes: compared and written as a row of a file is, with the same rules and sentences."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from cohesion.imports.columns import ColumnField
from cohesion.lib.people import Person
from cohesion.lib.spreadsheets.headed import Reading
from projects.api.columns import unknown, values_of
from projects.api.problems import WHOLE, ApiProblem, Errors, ValuesRefused, refused
from projects.catalogue.columns import PROJECTS
from projects.catalogue.signing import REASON_LENGTH
from projects.exchange import writing
from projects.exchange.applying import ProjectImporter

INDICATORS = PROJECTS.by_attribute["indicators"]
WRITTEN = [column for column in PROJECTS.read_columns if column is not INDICATORS]
CODE = PROJECTS.by_attribute["code"]
REASON = "motif"
ROW = 1


class SentRow(dict[str, Any]):
    """A row of which what is not said stays as it is, what every file says included."""

    def __missing__(self, name: str) -> None:
        return None


def row_of(body: Mapping[str, Any], code: str | None) -> SentRow:
    """What a body says of a project; of the one of this ``code``, or of a new one.

    Raises:
        ValuesRefused: something cannot be read, each sentence under its field.
    """
    known = WRITTEN if code is None else [column for column in WRITTEN if column is not CODE]
    values, errors = values_of(known, body)
    errors |= unknown(body, (*(column.header for column in known), REASON))
    if REASON in body and not isinstance(body[REASON], str):
        errors[REASON] = ["Donnez un texte."]
    if code is None:
        for column in known:
            if column.mandatory and column.header not in body:
                _read_empty(column, values, errors)
    if errors:
        raise ValuesRefused(errors)
    return SentRow(values, row=ROW, **({} if code is None else {"code": code}))


def _read_empty(column: ColumnField, values: dict[str, Any], errors: Errors) -> None:
    try:
        values[str(column.attribute)] = column.widget.clean("")
    except ValueError as error:
        errors[column.header] = [str(error)]


def write(row: SentRow, *, by: Person, reason: str) -> None:
    """Write a row, in the transaction of who holds its project.

    Raises:
        ValuesRefused: a rule says no; nothing is written.
        ApiProblem: somebody creates the same at this very moment.
    """
    places = {str(column.attribute): column.header for column in PROJECTS.read_columns if column.attribute in row}
    plan = ProjectImporter().compare(Reading([row], places))
    if not plan.is_good:
        errors: Errors = {}
        for problem in plan.refusals():
            errors.setdefault(problem.column or WHOLE, []).append(problem.message)
        raise ValuesRefused(errors)
    try:
        with transaction.atomic():
            writing.write(plan, by=by, reason=reason[:REASON_LENGTH])
    except IntegrityError:
        raise ApiProblem(409, "Quelqu’un écrivait le même projet au même moment : recommencez.") from None
    except ValidationError as error:
        names = {str(column.attribute): column.header for column in PROJECTS.columns}
        raise refused(error, names) from None
