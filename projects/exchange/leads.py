"""Which organisations a row names. What may be a slip, or several names in one cell, is asked, and created by nobody.

A question is answered on the preview, or in the file itself: names are separated by a bar, a known structure is
written as it is known or by its SIRET, and « (nouvelle) » after a name says that it is none of those.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cohesion.lib.spreadsheets import damage
from cohesion.lib.spreadsheets.cells import items
from cohesion.lib.spreadsheets.headed import Row
from cohesion.lib.text import NBSP
from projects.exchange.base import Base, Mend
from projects.members.models.organization import SIRET_DIGITS
from projects.members.naming import NearNames, digits_of, known_as, siret_damage

SIREN_DIGITS = 9
SHORTEST_NUMBER = 6  # digits from which a name of digits is a SIRET with a slip: « 115 » is a name
NEW, ONE, SEVERAL = "new", "one", "several"
_NEW = re.compile(r"\s*\((?:nouvelle|nouveau|nouvelle structure)\)\s*\Z", re.IGNORECASE)
_SEVERAL = re.compile(r"\s*[,;/+&]\s*|\s+(?:et|avec)\s+", re.IGNORECASE)


@dataclass
class Question:
    """What a file does not tell of a name: the rows that say it, and what it may be."""

    key: str
    name: str
    sentence: str
    column: str
    options: list[tuple[str, str]]
    in_file: str  # how to answer in the file
    rows: list[int] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        return vars(self)


class Leads:
    """The organisations of rows, resolved: those that are known, those to create, and what must be asked first.

    ``answers`` are those given so far, by question: ``new``, ``one``, ``several``, or the key of a known organisation.
    """

    def __init__(self, base: Base, answers: Mapping[str, str]) -> None:
        self.base, self.answers = base, answers
        self.created: dict[str, dict[str, Any]] = {}
        self.questions: dict[str, Question] = {}
        self._near_names = NearNames(base.organizations.values())

    def all_of(self, text: str, column: str, row: Row, kept: Iterable[int | str]) -> list[int | str]:
        """The organisations that a cell names, in their order: their keys, or the names of those to create.

        Raises:
            Mend: a name is that of several organisations, or a SIRET is nobody's.
        """
        if self.known(text, kept):
            return [self._organization(text, column, row, kept)]
        names = items(text, "|\n")
        if len(names) == 1 and self._is_several(names[0], column, row):
            names = [part for part in _SEVERAL.split(names[0]) if part]
        return list(dict.fromkeys(self._organization(name, column, row, kept) for name in names))

    def _organization(self, text: str, column: str, row: Row, kept: Iterable[int | str]) -> int | str:
        name, is_new = _NEW.sub("", text), bool(_NEW.search(text))
        known = [] if is_new else self.known(name, kept)
        if len(known) > 1:
            raise Mend("Plusieurs structures portent ce nom : écrivez le SIRET de la bonne.", column, text)
        if known:
            return known[0]
        if not is_new and (sentence := no_name(name)):
            raise Mend(sentence, column, text)
        if not is_new and (meant := self._meant(name, column, row)) is not None:
            return meant
        return self._new(name, row)

    def known(self, name: str, kept: Iterable[int | str]) -> list[int]:
        """Those that bear the name; of several, those that the project has; else those that it has and bore it; else
        those that whoever bore it was merged into."""
        bearers = self._called(name, self.base.organizations_named)
        own = [key for key in kept if isinstance(key, int)]
        if has := [key for key in bearers if key in own]:
            return has
        if bearers:
            return bearers
        bore = [key for key in own if known_as(name) in self.base.former_names.get(key, ())]
        return bore or self._called(name, self.base.merged_named)

    def are_one(self, organization: int | str, lead: int | str, *cells: str | None) -> bool:
        """Whether two structures that a row tells apart were made one since: one of its names is nobody's any more."""
        names = [name for cell in cells for name in items(cell or "", "|\n")]
        is_known = organization == lead and isinstance(organization, int)
        return is_known and any(not self._called(name, self.base.organizations_named) for name in names)

    @staticmethod
    def _called(name: str, named: Mapping[str, list[int]]) -> list[int]:
        """Those of a name, or of a SIRET."""
        return named.get(known_as(name)) or named.get(digits_of(name), [])

    def _new(self, name: str, row: Row) -> str:
        about = {"row": row["row"], "name": name, "code": "", "title": name, "level": "Structure"}
        return str(self.created.setdefault(known_as(name), about)["name"])

    # --- what is asked ------------------------------------------------------------------------------------

    def _is_several(self, name: str, column: str, row: Row) -> bool:
        parts = [part for part in _SEVERAL.split(_NEW.sub("", name)) if part]
        if len(parts) < 2 or _NEW.search(name):
            return False
        key = f"several:{known_as(name)}"
        if key not in self.answers:
            listed = f"{NBSP}», «{NBSP}".join(parts)
            sentence = f"«{NBSP}{name}{NBSP}» : une structure, ou {len(parts)} ?"
            options = [(SEVERAL, f"{len(parts)} structures : «{NBSP}{listed}{NBSP}»"), (ONE, "Une seule structure")]
            in_file = f"Écrivez « {' | '.join(parts)} » pour plusieurs, « {name} (nouvelle) » pour une seule."
            self._ask(Question(key, name, sentence, column, options, in_file), row)
        return self.answers.get(key) == SEVERAL

    def _meant(self, name: str, column: str, row: Row) -> int | str | None:
        """The known structure that was meant, as it was answered; the name itself while it is asked; None: none."""
        if f"several:{known_as(name)}" in self.questions:
            return name
        key = f"near:{known_as(name)}"
        near = self._near_names.near(name)
        answer = self.answers.get(key, "")
        if not near or answer == NEW:
            return None
        if answer in map(str, near):
            return int(answer)
        if key not in self.questions:
            names = [self.base.organizations[pk].name for pk in near]
            sentence = f"«{NBSP}{name}{NBSP}» n’est pas connue : est-ce {_either(names)} ?"
            options = [(str(pk), f"«{NBSP}{known}{NBSP}», déjà connue") for pk, known in zip(near, names, strict=True)]
            options.append((NEW, f"Une autre structure, à créer : «{NBSP}{name}{NBSP}»"))
            in_file = f"Écrivez « {names[0]} », ou « {name} (nouvelle) » si c’en est une autre."
            self._ask(Question(key, name, sentence, column, options, in_file), row)
        else:
            self._ask(self.questions[key], row)
        return name

    def _ask(self, question: Question, row: Row) -> None:
        pending = self.questions.setdefault(question.key, question)
        if row["row"] not in pending.rows[-1:]:
            pending.rows.append(row["row"])


def no_name(name: str) -> str:
    """Why what no organisation bears cannot be the name of a new one; nothing when it may."""
    if damage.is_placeholder(name) or damage.is_error_word(name):
        return f"« {name[:40]} » n’est pas une structure : écrivez son nom, son sigle ou son SIRET."
    if damage.is_exponent(name):
        return siret_damage(name)
    digits = digits_of(name)
    if len(digits) < SHORTEST_NUMBER:
        return ""
    if len(digits) == SIRET_DIGITS:
        return "Aucune structure n’a ce SIRET : vérifiez-le, ou écrivez le nom de la structure."
    if len(digits) == SIREN_DIGITS:
        return "Ces 9 chiffres sont un SIREN : écrivez les 14 du SIRET, ou le nom de la structure."
    return f"{siret_damage(name)} Vérifiez-le, ou écrivez le nom."


def _either(names: list[str]) -> str:
    return " ou ".join(f"«{NBSP}{name}{NBSP}»" for name in names)
