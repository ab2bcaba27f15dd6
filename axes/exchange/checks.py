"""What must hold for all the orientations together, once the file is applied: every breach, with its row."""

from collections.abc import Iterator

from axes.exchange.state import OrientationState
from axes.levels import CLOSED_LEVELS
from axes.models import Orientation
from axes.tree import applies_to_error, placement_error
from cohesion.lib.spreadsheets import Problem
from cohesion.lib.spreadsheets.headed import Row
from cohesion.lib.text import capital, count_phrase

UNKNOWN = "Aucune orientation ne porte ce code, ni dans le fichier ni dans le cadre : corrigez-le, ou ajoutez sa ligne"


class Checks:
    """``final`` is the framework as it would be, ``rows`` the rows of the file by code, ``places`` the columns.

    Where codes could not be read (``has_unread_codes``), the rows that name an unknown one most likely mean one of
    those: they are counted in one line, not told one by one.
    """

    def __init__(
        self,
        final: dict[str, OrientationState],
        rows: dict[str, Row],
        places: dict[str, str],
        has_unread_codes: bool = False,
    ) -> None:
        self.final, self.rows, self.places = final, rows, places
        self.has_unread_codes = has_unread_codes
        self.followers: set[str] = set()  # those that name a code which may be one that could not be read

    def problems(self) -> Iterator[Problem]:
        """Every breach, orientation by orientation; last, how many rows may follow from codes that were not read."""
        circles = self._circles()
        for code, state in self.final.items():
            if code in circles:
                yield from self._circle(state, circles[code])
            else:
                yield from self._placement(state)
            yield from self._targets(state)
            yield from self._own_rules(state)
        if self.followers:
            rows = count_phrase(len(self.followers), "autre ligne renvoie", "autres lignes renvoient")
            yield Problem(
                f"{rows} à un code que le fichier n’a pas, sans doute l’un de ceux qui n’ont pas pu être lus : "
                "corrigez d’abord les erreurs ci-dessus."
            )

    def _problem(self, code: str, field: str, message: str, value: str = "") -> Problem:
        place = self.places.get(field) or self.places["code"]
        return Problem(message, self.rows[code]["row"], place, value)

    # --- the tree -------------------------------------------------------------------------------------

    def _circles(self) -> dict[str, list[str]]:
        """The nodes that are among their own ancestors, each with its circle."""
        circles: dict[str, list[str]] = {}
        done: set[str] = set()
        for start in self.final:
            path: dict[str, int] = {}
            code = start
            while code in self.final and code not in done and code not in path:
                path[code] = len(path)
                code = self.final[code].parent
            if code in path:
                circle = list(path)[path[code] :]
                circles |= dict.fromkeys(circle, circle)
            done.update(path)
        return circles

    def _circle(self, state: OrientationState, circle: list[str]) -> Iterator[Problem]:
        if state.code not in self.rows:
            return
        if len(circle) == 1:
            yield self._problem(state.code, "parent", "Une orientation ne se place pas sous elle-même.", state.parent)
            return
        start = circle.index(state.code)
        around = [*circle[start:], *circle[:start], state.code]
        way = " → ".join(around if len(around) <= 8 else [*around[:7], "…", state.code])
        message = f"Les parents tournent en rond ({way}) : corrigez l’un de ces parents."
        yield self._problem(state.code, "parent", message, state.parent)

    def _placement(self, state: OrientationState) -> Iterator[Problem]:
        if state.level is None or state.parent is None:
            return
        parent = self.final.get(state.parent)
        if state.parent and parent is None:
            if state.code in self.rows and not self._follows(state):
                yield self._problem(state.code, "parent", f"{UNKNOWN}.", state.parent)
            return
        if parent is not None and parent.level is None:
            return
        sentence = placement_error(state, parent)  # type: ignore[arg-type]
        if sentence is None:
            return
        if state.code in self.rows:
            yield self._problem(state.code, "parent", sentence, state.parent)
        elif parent is not None and parent.code in self.rows:
            message = (
                f"{state.code} n’est pas dans le fichier et resterait sous {parent.code} : {sentence} "
                f"Ajoutez la ligne de {state.code} avec sa nouvelle place."
            )
            yield self._problem(parent.code, "level", message, parent.shown("level"))

    def _follows(self, state: OrientationState) -> bool:
        if self.has_unread_codes:
            self.followers.add(state.code)
        return self.has_unread_codes

    # --- merged cells ---------------------------------------------------------------------------------

    def _targets(self, state: OrientationState) -> Iterator[Problem]:
        for code in state.applies_to or []:
            if code not in self.final and self._follows(state):
                continue
            sentence = self._target_error(state, code)
            if sentence is None:
                continue
            if state.code in self.rows:
                yield self._problem(state.code, "applies_to", sentence, code)
            elif code in self.rows:
                message = f"{state.code}, qui n’est pas dans le fichier, s’applique à {code} : {sentence}"
                yield self._problem(code, "level", message, self.final[code].shown("level"))

    def _target_error(self, state: OrientationState, code: str) -> str | None:
        target = self.final.get(code)
        if target is None:
            return f"{UNKNOWN}."
        if code == state.code:
            return "Une orientation ne s’applique pas à elle-même : retirez ce code."
        if state.level is None or target.level is None:
            return None
        sentence = applies_to_error(state, target)  # type: ignore[arg-type]
        return capital(sentence) if sentence else None

    # --- one node -------------------------------------------------------------------------------------

    def _own_rules(self, state: OrientationState) -> Iterator[Problem]:
        if state.code not in self.rows or state.level is None:
            return
        if state.priority_type and state.level not in CLOSED_LEVELS:
            hint = (
                "videz la cellule" if "priority_type" in self.places else "ajoutez la colonne « type_priorite », vide"
            )
            message = f"Seule une priorité a un type de priorité : {hint}, ou corrigez le niveau."
            yield self._problem(state.code, "priority_type", message, state.shown("priority_type"))
        if state.columns and (sentence := Orientation(level=state.level, columns=state.columns)._columns_error()):
            yield self._problem(state.code, "columns", sentence, state.shown("columns"))
