"""Where a row says that a project takes place: territories by their names or codes, within their dates."""

from datetime import date

from cohesion.lib.spreadsheets.headed import Row
from projects.exchange.base import Base, Mend, ProjectState, is_commune, nearest
from projects.members.naming import known_as


class RowPlaces:
    """The territories of rows, resolved."""

    def __init__(self, base: Base) -> None:
        self.base = base

    def settle(self, row: Row, final: ProjectState, old: ProjectState | None) -> None:
        """Give a project the places that its row says; a column that the file lacks leaves its own.

        Raises:
            Mend: a name is nobody's or several', or a territory does not exist at the dates of the project.
        """
        kept = old.places if old else []
        wanted = self._of_column("communes", row, final, kept, communes=True)
        wanted += self._of_column("others", row, final, kept, communes=False)
        final.places = kept if set(wanted) == set(kept) else list(dict.fromkeys(wanted))
        dates = (old.starts_on, old.ends_on) if old else None
        if old is None or set(final.places) != set(kept) or dates != (final.starts_on, final.ends_on):
            self._exist(final)

    def _of_column(self, column: str, row: Row, final: ProjectState, kept: list[int], *, communes: bool) -> list[int]:
        names = row.get(column)
        if names is None:
            return [key for key in kept if is_commune(self.base.territories[key]) == communes]
        return [key for name in names for key in self._named(name, column, final, kept)]

    def _named(self, name: str, column: str, final: ProjectState, kept: list[int]) -> list[int]:
        """The territory of a name or a code: of several, the one of the column's kind, those that the project has, or
        the one that exists at its dates."""
        keys = self.base.territories_named.get(known_as(name), [])
        if len(keys) > 1:
            meant = column == "communes"
            keys = [key for key in keys if is_commune(self.base.territories[key]) == meant] or keys
        if len(keys) > 1 and (has := [key for key in keys if key in kept]):
            return has
        if len(keys) > 1:
            dates = _day(final.starts_on), _day(final.ends_on)
            keys = [key for key in keys if self.base.territories[key].exists_during(*dates)] or keys
        if len(keys) > 1:
            codes = ", ".join(sorted(self.base.territories[key].code for key in keys))
            sentence = f"« {name[:40]} » désigne plusieurs territoires : écrivez l’un de ces codes : {codes}."
            raise Mend(sentence, column, name)
        if not keys:
            near = nearest(name, [territory.name for territory in self.base.territories.values()])
            raise Mend(f"Aucun territoire ne s’appelle « {name[:40]} »{near}", column, name)
        return keys

    def _exist(self, final: ProjectState) -> None:
        start, end = _day(final.starts_on), _day(final.ends_on)
        for key in final.places:
            territory = self.base.territories[key]
            if not territory.exists_during(start, end):
                sentence = f"« {territory.name} » ({territory.code}) n’existe pas aux dates de ce projet."
                raise Mend(sentence, "communes" if is_commune(territory) else "others", territory.name)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
