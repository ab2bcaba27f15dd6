"""A file that left before its orientations were renumbered: its codes are told from those of today.

A row is known by its code. One whose code and title were those of an orientation that bears another code now means
that orientation, and not another that has taken the code over since, nor a new one.
"""

from collections.abc import Iterable, Mapping

from axes.exchange.state import OrientationState
from axes.models import Framework, Orientation
from cohesion.lib.spreadsheets.damage import meant
from cohesion.lib.spreadsheets.headed import Reading, Row
from cohesion.lib.text import NBSP, count_phrase

MOST_NAMED = 5


def follow(reading: Reading, framework: Framework, current: Mapping[str, OrientationState]) -> None:
    """Write the codes of today in the rows, and say so. One query, where a row is not plainly what is there."""
    strangers = [row for row in reading.rows if not _is_there(row, current)]
    if not strangers:
        return
    borne = _borne(framework)
    codes = _changed([(row["code"], borne.get((row["code"], row["title"]), set())) for row in strangers])
    if not codes:
        return
    # Then it did leave before: what its other rows say anew is said of those that bore their codes as well.
    bearers: dict[str, set[str]] = {}
    for (code, _), present in borne.items():
        bearers.setdefault(code, set()).update(present)
    others = [row["code"] for row in strangers if row["code"] not in codes]
    codes |= _changed([(code, bearers.get(code, set())) for code in others])
    for row in reading.rows:
        row["code"] = codes.get(row["code"], row["code"])
        row["parent"] = codes.get(row["parent"], row["parent"])
        if row.get("applies_to"):
            row["applies_to"] = [codes.get(code, code) for code in row["applies_to"]]
    reading.warnings.append(_sentence(codes))


def _is_there(row: Row, current: Mapping[str, OrientationState]) -> bool:
    known = current.get(row["code"])
    return known is not None and meant(known.title or "") == row["title"]


def _changed(present: Iterable[tuple[str, set[str]]]) -> dict[str, str]:
    """The codes that mean one orientation, which bears another now, each with that one; ``present``: each code of a
    row, with those that its bearers have now."""
    codes = {}
    for code, now in present:
        if len(now) == 1 and code not in now:
            (codes[code],) = now
    return codes


def _borne(framework: Framework) -> dict[tuple[str, str], set[str]]:
    """The present codes of those that bore a code and a title, in this version of the framework or in another."""
    present = dict(Orientation.objects.filter(framework=framework).order_by().values_list("uid", "code"))
    rows = Orientation.history.filter(uid__in=Orientation.objects.filter(framework=framework).values("uid"))
    borne: dict[tuple[str, str], set[str]] = {}
    for uid, code, title in rows.order_by().values_list("uid", "code", "title").distinct():
        borne.setdefault((code, meant(title)), set()).add(present[uid])
    return borne


def _sentence(codes: Mapping[str, str]) -> str:
    named = ", ".join(
        f"«{NBSP}{old}{NBSP}» est devenu «{NBSP}{new}{NBSP}»" for old, new in list(codes.items())[:MOST_NAMED]
    )
    more = ", …" if len(codes) > MOST_NAMED else ""
    number = count_phrase(len(codes), "code de ce fichier date", "codes de ce fichier datent")
    return f"{number} d’avant une renumérotation{NBSP}: {named}{more}. Ceux d’aujourd’hui sont lus à leur place."
