"""What a file would change among the projects. Nothing is written here.

Codes tell which row is which project. A column that the file lacks leaves what is there; an empty cell empties it
(where it may be empty). A project that is not in the file is left alone.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from cohesion.lib.spreadsheets import Problem
from cohesion.lib.spreadsheets.headed import Reading, Row
from cohesion.lib.text import number_fr, squeeze
from projects.choices import ProjectKind, ProjectStatus
from projects.exchange.base import NOTHING_NEAR, Base, State, is_commune, known_as
from projects.exchange.columns import OUTSIDE
from projects.instructing import moving

MAX_SHOWN = 200
KINDS = ("created", "changed", "unchanged", "organizations")
HEADERS = {
    "title": "titre",
    "kind": "type",
    "organization": "porteur",
    "main": "objectifs",
    "secondary": "objectifs_secondaires",
    "places": "communes",
    "starts_on": "date_debut",
    "ends_on": "date_fin",
    "total_cost": "budget",
    "host": "pst",
    "schemes": "dispositifs",
    "summary": "resume",
    "status": "statut",
}
PLAIN = ("title", "starts_on", "ends_on", "total_cost", "summary", "status")


@dataclass
class Plan:
    """The differences, and the projects as they shall be; or the problems that forbid it."""

    problems: list[Problem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    created: list[dict[str, Any]] = field(default_factory=list)
    changed: list[dict[str, Any]] = field(default_factory=list)
    unchanged: list[dict[str, Any]] = field(default_factory=list)
    organizations: list[dict[str, Any]] = field(default_factory=list)
    states: list[tuple[State | None, State]] = field(default_factory=list)  # those to write: before, after

    @property
    def is_good(self) -> bool:
        return not self.problems

    @property
    def writes(self) -> bool:
        return bool(self.states)

    @property
    def counts(self) -> dict[str, int]:
        return {kind: len(getattr(self, kind)) for kind in KINDS}

    def report(self) -> dict[str, Any]:
        """The plan as plain data (JSON): all differences, and the first problems with their number."""
        return {
            "accepted": self.is_good,
            "counts": self.counts,
            "errors": [problem.as_dict() for problem in self.problems[:MAX_SHOWN]],
            "errors_total": len(self.problems),
            "warnings": self.warnings,
        } | {kind: getattr(self, kind) for kind in KINDS if kind != "unchanged"}


class _Mend(Exception):
    """A value that cannot stand; the message is the French sentence, ``name`` the value where it is another's."""

    def __init__(self, message: str, name: str = "") -> None:
        super().__init__(message)
        self.name = name


def make(base: Base, reading: Reading) -> Plan:
    """Compare the rows of a file with the projects."""
    return _Planning(base, reading).plan()


class _Planning:
    def __init__(self, base: Base, reading: Reading) -> None:
        self.base, self.reading = base, reading
        self.problems = list(reading.problems)
        self.rows: dict[str, Row] = {}
        self.new_organizations: dict[str, dict[str, Any]] = {}
        self.moved = 0

    def plan(self) -> Plan:
        self._index()
        finals = [(row, self._final(row)) for row in self.rows.values()]
        if self.problems:
            order = {place: number for number, place in enumerate(self.reading.places.values())}
            self.problems.sort(key=lambda problem: (problem.row or 0, order.get(problem.column, -1)))
            return Plan(problems=self.problems, warnings=self.reading.warnings)
        plan = Plan(warnings=[*self.reading.warnings, *self._look_alikes()])
        plan.organizations = list(self.new_organizations.values())
        for row, final in finals:
            self._compare(plan, row, final)
        return plan

    # --- one row ------------------------------------------------------------------------------------------

    def _index(self) -> None:
        for row in self.reading.rows:
            code = row["code"]
            if code in self.rows:
                first = self.rows[code]["row"]
                message = f"Ce code est déjà à la ligne {first} : donnez un autre code à l’une des deux lignes."
                self._refuse(row, "code", message, code)
            elif code is not None:
                self.rows[code] = row

    def _refuse(self, row: Row, name: str, message: str, value: str = "") -> None:
        self.problems.append(Problem(message, row["row"], self.reading.places.get(name, ""), value[:80]))

    def _final(self, row: Row) -> State:
        old = self.base.projects.get(row["code"])
        final = replace(old) if old else State(None, row["code"])
        for name in PLAIN:
            if name in row and (name != "status" or row[name]):
                setattr(final, name, row[name])
        if old and old.summary and squeeze(old.summary) == squeeze(final.summary or ""):
            final.summary = old.summary  # spaces are not a difference
        if old and squeeze(old.title) == final.title:
            final.title = old.title
        for name, settle in (
            ("kind", self._kind),
            ("host", self._host),
            ("lead", self._lead),
            ("objectives", self._objectives),
            ("communes", self._places),
            ("schemes", self._schemes),
            ("ends_on", self._dates),
            ("objectives", self._status),
            ("status", self._move),
        ):
            self._settle(row, final, old, name, settle)
        return final

    def _settle(
        self, row: Row, final: State, old: State | None, name: str, settle: Callable[[Row, State, State | None], None]
    ) -> None:
        """One rule; what a cell could not say was told when it was read."""
        try:
            settle(row, final, old)
        except _Mend as error:
            name = error.name or name
            self._refuse(row, name, str(error), _said(row.get(name)))

    def _kind(self, row: Row, final: State, old: State | None) -> None:
        said = row["kind"]
        if said is None:
            return
        final.kind = ProjectKind.ACTION if said == OUTSIDE else said
        if old and old.code in self.base.hosting and final.kind != ProjectKind.PST:
            raise _Mend("Ce PST contient d’autres projets : il ne peut pas changer de nature.")

    def _host(self, row: Row, final: State, old: State | None) -> None:
        said = row.get("host") or ""
        if row["kind"] == OUTSIDE or final.kind == ProjectKind.PST:
            if said and row["kind"] == OUTSIDE:
                raise _Mend("Une action hors PST n’a pas de PST : videz cette cellule, ou écrivez « action » en type.")
            if said:
                raise _Mend("Un PST ne fait partie d’aucun autre projet : videz cette cellule.")
            final.host = ""
        elif said:
            final.host = self._pst(said)

    def _pst(self, code: str) -> str:
        in_file = self.rows.get(code)
        if in_file is not None and in_file["kind"] != ProjectKind.PST:
            raise _Mend(f"« {code} » n’est pas un PST : seul un PST contient d’autres projets.")
        if in_file is None and code not in self.base.psts:
            known = self.base.psts | {key for key, row in self.rows.items() if row["kind"] == ProjectKind.PST}
            raise _Mend(f"Aucun PST ne porte le code « {code} »{self.base.close(code, known)}")
        return code

    def _lead(self, row: Row, final: State, old: State | None) -> None:
        said = row["lead"]
        if said is None:
            return
        name = known_as(said)
        found = self.base.organizations_named.get(name, [])
        if old and old.organization in found:
            return  # of two that are named alike, the one that it has
        if len(found) > 1:
            raise _Mend("Plusieurs structures portent ce nom : écrivez le SIRET de la bonne.")
        if found:
            final.organization = found[0]
            return
        if said.isdigit() and len(said) == 14:
            raise _Mend("Aucune structure n’a ce SIRET : vérifiez-le, ou écrivez le nom de la structure.")
        final.organization = self.new_organizations.setdefault(
            name, {"row": row["row"], "name": said, "code": "", "title": said, "level": "Structure"}
        )["name"]

    def _objectives(self, row: Row, final: State, old: State | None) -> None:
        said, also = row["objectives"], row.get("secondary") or []
        if said is None:
            return
        if len(set(said)) < len(said) or len(set(also)) < len(also):
            raise _Mend("Une orientation est indiquée deux fois : gardez-la une fois.")
        if said and said[0] in also:
            raise _Mend(f"L’orientation {said[0]} est déjà la principale : retirez-la des objectifs secondaires.")
        keys = [self._orientation(code) for code in dict.fromkeys([*said, *also])]
        if also and not said:
            raise _Mend("Il manque l’objectif principal : c’est le premier de cette colonne.")
        main, secondary = (keys[0], keys[1:]) if keys else (None, [])
        final.main = main
        final.secondary = old.secondary if old and set(old.secondary) == set(secondary) else secondary

    def _orientation(self, code: str) -> int:
        if code not in self.base.orientations:
            near = self.base.close(code, self.base.orientations)
            raise _Mend(f"Aucune orientation du cadre en vigueur ne porte le code « {code[:40]} »{near}")
        return self.base.orientations[code]

    def _places(self, row: Row, final: State, old: State | None) -> None:
        kept = old.places if old else []
        communes = row.get("communes")
        others = row.get("others")
        wanted = (
            [key for key in kept if is_commune(self.base.territories[key])]
            if communes is None
            else [key for name in communes for key in self._territories(name, "communes", final, kept)]
        )
        wanted += (
            [key for key in kept if not is_commune(self.base.territories[key])]
            if others is None
            else [key for name in others for key in self._territories(name, "others", final, kept)]
        )
        wanted = list(dict.fromkeys(wanted))
        final.places = kept if set(wanted) == set(kept) else wanted
        if (
            set(final.places) != set(kept)
            or old is None
            or (final.starts_on, final.ends_on)
            != (
                old.starts_on,
                old.ends_on,
            )
        ):
            self._exist(final)

    def _territories(self, name: str, column: str, final: State, kept: list[int]) -> list[int]:
        """The territory of a name or a code: of several, the one of the column's kind, those that the project has, or
        the one that exists at its dates."""
        found = self.base.territories_named.get(known_as(name), [])
        if len(found) > 1:
            meant = column == "communes"
            found = [key for key in found if is_commune(self.base.territories[key]) == meant] or found
        if len(found) > 1 and (has := [key for key in found if key in kept]):
            return has
        if len(found) > 1:
            dates = _day(final.starts_on), _day(final.ends_on)
            found = [key for key in found if self.base.territories[key].exists_during(*dates)] or found
        if len(found) > 1:
            codes = ", ".join(sorted(self.base.territories[key].code for key in found))
            raise _Mend(f"« {name[:40]} » désigne plusieurs territoires : écrivez l’un de ces codes : {codes}.", column)
        if not found:
            near = self.base.close(name, [one.name for one in self.base.territories.values()])
            raise _Mend(f"Aucun territoire ne s’appelle « {name[:40]} »{near}", column)
        return found

    def _exist(self, final: State) -> None:
        start, end = _day(final.starts_on), _day(final.ends_on)
        for key in final.places:
            territory = self.base.territories[key]
            if not territory.exists_during(start, end):
                raise _Mend(f"« {territory.name} » ({territory.code}) n’existe pas aux dates de ce projet.")

    def _schemes(self, row: Row, final: State, old: State | None) -> None:
        if row.get("schemes") is None:
            return
        keys = []
        for code in row["schemes"]:
            if known_as(code) not in self.base.schemes:
                raise _Mend(f"Aucun dispositif ne porte le sigle « {code[:20]} » : créez-le d’abord.")
            keys.append(self.base.schemes[known_as(code)])
        final.schemes = old.schemes if old and set(old.schemes) == set(keys) else list(dict.fromkeys(keys))

    def _dates(self, row: Row, final: State, old: State | None) -> None:
        if final.starts_on and final.ends_on and final.ends_on < final.starts_on:
            raise _Mend("La date de fin précède la date de début : corrigez l’une des deux.")

    def _status(self, row: Row, final: State, old: State | None) -> None:
        """What has no orientation, and had none in the same state, is left as it is."""
        as_it_was = old is not None and old.main is None and old.status == final.status
        is_new_draft = (old is None or old.main is None) and final.status in (None, ProjectStatus.DRAFT)
        if row["objectives"] == [] and not (as_it_was or is_new_draft):
            raise _Mend("Seul un brouillon peut ne servir aucune orientation : indiquez l’objectif principal.")

    def _move(self, row: Row, final: State, old: State | None) -> None:
        """Another state is reached by a step, which asks what a file does not say: a decision, a report."""
        project: Any = self.base.moving.get(final.code)
        if old is None or project is None or final.status == old.status:
            return
        self.moved += 1
        if self.moved > moving.MOST:
            raise _Mend(f"Au plus {number_fr(moving.MOST)} changements d’état à la fois : partagez le fichier.")
        project.has_main = project.has_main or final.main is not None
        if sentence := moving.refusal(project, final.status):
            raise _Mend(f"Ce projet est dans l’état « {project.get_status_display()} ». {sentence}")

    # --- the whole ----------------------------------------------------------------------------------------

    def _look_alikes(self) -> list[str]:
        names = [name for one in self.base.organizations.values() for name in (one.name, one.acronym) if name]
        said = []
        for new in list(self.new_organizations.values())[:MAX_SHOWN]:
            near = self.base.close(new["name"], names)
            if near != NOTHING_NEAR:
                said.append(f"La structure « {new['name']} » (ligne {new['row']}) serait créée{near}")
        return said

    def _compare(self, plan: Plan, row: Row, final: State) -> None:
        old = self.base.projects.get(final.code)
        about = {"row": row["row"], "code": final.code, "title": final.title, "level": _kind_label(final)}
        if old is None:
            plan.created.append(about | {"parent": self._shown(final, "organization")})
        elif differences := self._differences(old, final):
            plan.changed.append(about | {"fields": differences})
        else:
            plan.unchanged.append(about)
            return
        plan.states.append((old, final))

    def _differences(self, old: State, new: State) -> list[dict[str, str]]:
        before, after = asdict(old), asdict(new)
        return [
            {"field": header, "old": self._shown(old, name), "new": self._shown(new, name)}
            for name, header in HEADERS.items()
            if before[name] != after[name]
        ]

    def _shown(self, state: State, name: str) -> str:
        """A value as a file writes it."""
        value = getattr(state, name)
        if name == "organization":
            return value if isinstance(value, str) else self.base.organizations[value].name
        if name == "kind":
            return _kind_label(state)
        if name == "status":
            return _status_label(state)
        if name == "main":
            return self.base.codes.get(value, "") if value else ""
        if name == "secondary":
            return "|".join(self.base.codes[key] for key in value)
        if name == "places":
            return "|".join(self.base.territories[key].name for key in value)
        if name == "schemes":
            names = {key: code for code, key in self.base.schemes.items()}
            return "|".join(names[key].upper() for key in value)
        return "" if value is None else str(value)


def _said(value: Any) -> str:
    return "|".join(value) if isinstance(value, list) else str(value or "")


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _status_label(state: State) -> str:
    return str(ProjectStatus(state.status).label)


def _kind_label(state: State) -> str:
    return ProjectKind(state.kind).label if state.kind else ""
