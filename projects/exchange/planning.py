"""What a file would change among the projects. Nothing is written here.

Codes tell which row is which project. A column that the file lacks leaves what is there; an empty cell empties it
(where it may be empty). A project that is not in the file is left alone.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import CharField, TextField

from cohesion.imports.plan import MAX_SHOWN
from cohesion.lib.spreadsheets import Problem
from cohesion.lib.spreadsheets.damage import is_placeholder
from cohesion.lib.spreadsheets.headed import Reading, Row
from cohesion.lib.spreadsheets.mending import Why
from cohesion.lib.text import count_phrase, number_fr
from projects.catalogue.cells import OUTSIDE
from projects.catalogue.columns import PROJECTS
from projects.catalogue.listed import completed_measure
from projects.catalogue.models import Project
from projects.choices import ProjectKind
from projects.exchange.base import Base, Mend, ProjectState, nearest
from projects.exchange.leads import Leads
from projects.exchange.links import Links
from projects.exchange.places import RowPlaces
from projects.exchange.plan import ProjectPlan
from projects.instructing import moving
from projects.members.naming import known_as

# What the model asks of the texts of a project: told before anything is written.
VALIDATORS = {
    name: field.validators
    for name in PROJECTS.plain
    if isinstance(field := Project._meta.get_field(name), (CharField, TextField))
}
MOST_ROWS = 10  # named in a sentence
DECLARED = "Ce projet a été déclaré par sa structure : cela se corrige dans son dossier. Retirez cette cellule."


def make(base: Base, reading: Reading, answers: Mapping[str, str] | None = None) -> ProjectPlan:
    """Compare the rows of a file with the projects; ``answers`` are those given to the questions that it raises."""
    return _ProjectPlanning(base, reading, answers or {}).plan()


class _ProjectPlanning:
    def __init__(self, base: Base, reading: Reading, answers: Mapping[str, str]) -> None:
        self.base, self.reading = base, reading
        self.problems = list(reading.problems)
        self.rows: dict[str, Row] = {}
        self.leads = Leads(base, answers)
        self.links = Links(base, self._tell)
        self.rows_to_verify: dict[str, list[int]] = {}  # what to verify, and the rows that it is about
        self.refused_cells: set[tuple[int | None, str]] = set()  # cells that are refused already, by row and column
        self.moved = 0

    def plan(self) -> ProjectPlan:
        self._index()
        for name, known in (("objectives", self.base.orientations), ("secondary", self.base.orientations)):
            self.problems += self.reading.questions(name, known)
        if self.reading.doubts:
            self.problems += self.reading.questions("code", self.base.projects.keys() | self.base.numbers)
            self.problems += self.reading.questions("host", self.base.psts, {Why.NUMBER})
        self.refused_cells = {(problem.row, problem.column) for problem in self.problems}
        finals = [(row, self._final(row)) for row in self.rows.values()]
        if self.problems:
            self.problems.sort(key=self._in_order)
            about = {"warnings": self.reading.warnings, "remarks": list(self.reading.remarks)}
            return ProjectPlan(problems=self.problems, table=self.reading.table, **about)
        plan = ProjectPlan(table=self.reading.table, remarks=list(self.reading.remarks))
        plan.warnings = [*self.reading.warnings, *self._to_verify()]
        plan.questions = list(self.leads.questions.values())
        for question in plan.questions:
            question.column = self.reading.places.get(question.column, question.column)
        if not plan.questions:
            plan.organizations = list(self.leads.created.values())
        for row, final in finals:
            self._compare(plan, row, final)
        return plan

    # --- one row ------------------------------------------------------------------------------------------

    def _index(self) -> None:
        """The rows by their codes; two that differ by their capitals alone are most likely one."""
        written: dict[str, Row] = {}
        for row in self.reading.rows:
            if (code := row["code"]) is None:
                continue
            same = written.setdefault(code.casefold(), row)
            other = self.base.written.get(code.casefold())
            if same is not row:
                message = f"Ce code est déjà à la ligne {same['row']} : donnez un autre code à l’une des deux lignes."
                self._refuse(row, "code", message, code)
            elif other is not None and code not in self.base.projects:
                message = f"Un projet porte le code « {other} » : écrivez-le ainsi, ou choisissez un autre code."
                self._refuse(row, "code", message, code)
            else:
                self.rows[code] = row

    def _refuse(self, row: Row, name: str, message: str, value: str = "") -> None:
        place = self.reading.places.get(name, "")
        if (row["row"], place) not in self.refused_cells:
            self.problems.append(Problem(message, row["row"], place, value[:80]))

    def _in_order(self, problem: Problem) -> tuple[int, int]:
        """The key by which problems are told: what is of no row first, then by row and by column."""
        columns = list(self.reading.places.values())
        return problem.row or 0, columns.index(problem.column) if problem.column in columns else -1

    def _tell(self, sentence: str, row: Row) -> None:
        self.rows_to_verify.setdefault(sentence, []).append(row["row"])

    def _final(self, row: Row) -> ProjectState:
        old = self.base.projects.get(row["code"])
        final = replace(old, own=dict(old.own)) if old else ProjectState(None, row["code"])
        for name in PROJECTS.plain:
            if name in row:
                final.own[name] = self._plain(name, row[name], old)
                if final.own[name] and (old is None or final.own[name] != old.own.get(name)):
                    refusal = _model_refusal(name, final.own[name])
                    if refusal:
                        self._refuse(row, name, refusal, str(final.own[name]))
        if row.get("status"):
            final = replace(final, status=row["status"])
        for name, settle in (
            ("title", self._title),
            ("kind", self._kind),
            ("host", self._host),
            ("lead", self._lead),
            ("co_leads", self._co_leads),
            ("partners", self._partners),
            ("funders", self._lists),
            ("objectives", self.links.settle),
            ("programmes", self.links.settle_beside),
            ("communes", RowPlaces(self.base).settle),
            ("schemes", self._schemes),
            ("ends_on", self._dates),
            ("status", self._move),
        ):
            self._settle(row, final, old, name, settle)
        return final

    def _plain(self, name: str, value: object, old: ProjectState | None) -> Any:
        """The value of a cell; the one that is there, where that is no difference."""
        if old is None:
            return value
        is_same = PROJECTS.by_attribute[name].widget.is_same(old.own.get(name), value)
        return old.own.get(name) if is_same else value

    def _settle(
        self,
        row: Row,
        final: ProjectState,
        old: ProjectState | None,
        name: str,
        settle: Callable[[Row, ProjectState, ProjectState | None], None],
    ) -> None:
        """One rule; what a cell could not say was told when it was read."""
        try:
            settle(row, final, old)
        except Mend as error:
            column = error.column or name
            self._refuse(row, column, str(error), error.value or _as_text(row.get(column)))

    def _title(self, row: Row, final: ProjectState, old: ProjectState | None) -> None:
        if row["title"] and is_placeholder(row["title"]) and (old is None or old.title != final.title):
            raise Mend("Ce n’est pas un titre : écrivez le nom du projet en toutes lettres.")

    def _kind(self, row: Row, final: ProjectState, old: ProjectState | None) -> None:
        kind = row["kind"]
        if kind is None:
            return
        final.kind = ProjectKind.ACTION if kind == OUTSIDE else kind
        if old and old.code in self.base.hosting and final.kind != ProjectKind.PST:
            raise Mend("Ce PST contient d’autres projets : il ne peut pas changer de nature.")

    def _host(self, row: Row, final: ProjectState, old: ProjectState | None) -> None:
        code = row.get("host") or ""
        if row["kind"] == OUTSIDE or final.kind == ProjectKind.PST:
            if code and row["kind"] == OUTSIDE:
                raise Mend("Une action hors PST n’a pas de PST : videz cette cellule, ou écrivez « action » en type.")
            if code:
                raise Mend("Un PST ne fait partie d’aucun autre projet : videz cette cellule.")
            final.host = ""
        elif code:
            final.host = self._pst(code)

    def _pst(self, code: str) -> str:
        in_file = self.rows.get(code)
        if in_file is not None and in_file["kind"] != ProjectKind.PST:
            raise Mend(f"« {code} » n’est pas un PST : seul un PST contient d’autres projets.")
        if in_file is None and code not in self.base.psts:
            known = self.base.psts | {key for key, row in self.rows.items() if row["kind"] == ProjectKind.PST}
            raise Mend(f"Aucun PST ne porte le code « {code} »{nearest(code, known)}")
        return code

    def _lead(self, row: Row, final: ProjectState, old: ProjectState | None) -> None:
        """The first structure leads; those that its cell names after it lead beside it."""
        if row["lead"] is None:
            return
        kept = (old.organization, *old.co_leads) if old else ()
        first, *others = self.leads.all_of(row["lead"], "lead", row, kept)
        final.organization = first
        if others:
            final.co_leads = _as_they_were(old.co_leads if old else (), others)

    def _co_leads(self, row: Row, final: ProjectState, old: ProjectState | None) -> None:
        names = row.get("co_leads")
        lead = final.organization
        if names is None:
            final.co_leads = tuple(organization for organization in final.co_leads if organization != lead)
            return
        kept = old.co_leads if old else ()
        named: list[int | str] = []
        for name in names:
            for organization in self.leads.all_of(name, "co_leads", row, kept):
                if not self.leads.are_one(organization, lead, name, row["lead"]):
                    named.append(organization)
        if lead in named:
            raise Mend("Cette structure porte déjà le projet : retirez-la de cette colonne.")
        beside = final.co_leads if old is None or final.co_leads != old.co_leads else ()  # named with the lead
        final.co_leads = _as_they_were(kept, [*beside, *named])

    def _partners(self, row: Row, final: ProjectState, old: ProjectState | None) -> None:
        """Those that are known, and the names of the others: a partner may be « les écoles du quartier »."""
        names = row.get("partners")
        if names is None:
            return
        kept = old.partners if old else ()
        lead = final.organization
        partners: list[int | str] = []
        for name in names:
            partner = self._partner(name, kept)
            if partner in kept or not self.leads.are_one(partner, lead, name, row["lead"]):
                partners.append(partner)
        final.partners = _as_they_were(kept, partners)
        self._undeclared(old, kept, final.partners)

    def _partner(self, name: str, kept: tuple[int | str, ...]) -> int | str:
        known = self.leads.known(name, kept)
        if len(known) == 1 or set(known) & set(kept):
            return known[0]
        same = [partner for partner in kept if isinstance(partner, str) and known_as(partner) == known_as(name)]
        return same[0] if same else name

    def _lists(self, row: Row, final: ProjectState, old: ProjectState | None) -> None:
        """Funders and indicators."""
        for name in ("funders", "indicators"):
            if row.get(name) is None:
                continue
            kept = getattr(old, name) if old else ()
            items = row[name]
            if name == "indicators":
                items = [completed_measure(item, kept) for item in items]
            setattr(final, name, _as_they_were(kept, items))
            self._undeclared(old, kept, getattr(final, name), name)

    def _undeclared(
        self, old: ProjectState | None, kept: tuple[Any, ...], final: tuple[Any, ...], column: str = ""
    ) -> None:
        """What a lead declared is changed where it was declared, or the next handing in would undo it."""
        if old and old.code in self.base.declared and kept != final:
            raise Mend(DECLARED, column)

    def _schemes(self, row: Row, final: ProjectState, old: ProjectState | None) -> None:
        if row.get("schemes") is None:
            return
        keys = []
        for code in row["schemes"]:
            if known_as(code) not in self.base.schemes:
                raise Mend(f"Aucun dispositif ne porte le sigle « {code[:20]} » : créez-le d’abord.", "", code)
            keys.append(self.base.schemes[known_as(code)])
        final.schemes = old.schemes if old and set(old.schemes) == set(keys) else list(dict.fromkeys(keys))

    def _dates(self, row: Row, final: ProjectState, old: ProjectState | None) -> None:
        if final.starts_on and final.ends_on and final.ends_on < final.starts_on:
            raise Mend("La date de fin précède la date de début : corrigez l’une des deux.")

    def _move(self, row: Row, final: ProjectState, old: ProjectState | None) -> None:
        """Another state is reached by a step, which asks what a file does not say: a decision, a report."""
        project = self.base.moving.get(final.code)
        if old is None or project is None or final.status == old.status:
            return
        self.moved += 1
        if self.moved > moving.MOST:
            raise Mend(f"Au plus {number_fr(moving.MOST)} changements d’état à la fois : partagez le fichier.")
        project.has_main = project.has_main or final.main is not None
        if sentence := moving.refusal(project, final.status):
            raise Mend(f"Ce projet est dans l’état « {project.get_status_display()} ». {sentence}")

    # --- the whole ----------------------------------------------------------------------------------------

    def _to_verify(self) -> list[str]:
        """What to verify, each once with its rows."""
        sentences = []
        for sentence, rows in list(self.rows_to_verify.items())[:MAX_SHOWN]:
            listed = ", ".join(map(str, rows[:MOST_ROWS])) + ("…" if len(rows) > MOST_ROWS else "")
            sentences.append(f"{'Ligne' if len(rows) == 1 else 'Lignes'} {listed} : {sentence}")
        waiting = sum(1 for row in self.rows.values() if row["objectives"] == [])
        if waiting:
            without = count_phrase(waiting, "projet n’a", "projets n’ont")
            sentences.append(f"{without} aucun objectif : sa liste est « sans rattachement », dans les filtres.")
        return sentences

    def _compare(self, plan: ProjectPlan, row: Row, final: ProjectState) -> None:
        old = self.base.projects.get(final.code)
        about = {"row": row["row"], "code": final.code, "title": final.title, "level": self._shown(final, "kind")}
        if old is None:
            plan.created.append(about | {"parent": self._shown(final, "organization")})
        elif differences := self._differences(old, final):
            plan.changed.append(about | {"fields": differences})
        else:
            plan.unchanged.append(about)
            return
        plan.states.append((old, final))

    def _differences(self, old: ProjectState, new: ProjectState) -> list[dict[str, str]]:
        return [
            {"field": column.header, "old": self._shown(old, name), "new": self._shown(new, name)}
            for name, column in PROJECTS.compared.items()
            if old.value(name) != new.value(name)
        ]

    def _shown(self, state: ProjectState, name: str) -> str:
        """A value as a file writes it, what it names in words."""
        value = state.value(name)
        if name == "organization":
            value = self._organization(value)
        elif name in ("co_leads", "partners"):
            value = [self._organization(organization) for organization in value]
        elif name == "main":
            value = [self.base.codes[value]] if value else []
        elif name in ("secondary", "programmes"):
            value = [self.base.codes[key] for key in value]
        elif name == "places":
            value = [self.base.territories[key].name for key in value]
        elif name == "schemes":
            codes = {key: code for code, key in self.base.schemes.items()}
            value = [codes[key].upper() for key in value]
        cell = PROJECTS.compared[name].widget.render(value)
        return "" if cell is None else str(cell)

    def _organization(self, organization: int | str) -> str:
        return organization if isinstance(organization, str) else self.base.organizations[organization].name


def _model_refusal(name: str, value: object) -> str:
    """Why the model refuses a text, nothing where it does not."""
    validators = VALIDATORS.get(name, ())
    try:
        for validator in validators:
            validator(value)
    except ValidationError as error:
        return str(error.messages[0])
    return ""


def _as_they_were(kept: tuple[Any, ...], wanted: list[Any]) -> tuple[Any, ...]:
    """What is there, where the same is wanted in another order."""
    return kept if set(kept) == set(wanted) else tuple(dict.fromkeys(wanted))


def _as_text(value: object) -> str:
    return "|".join(value) if isinstance(value, list) else str(value or "")
