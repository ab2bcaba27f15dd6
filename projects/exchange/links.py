"""Which orientations a row says: by their codes in the framework in force, or elsewhere as « CODE@framework ».

A project that is linked already keeps its link where the row says it by the code that it bears, or bore: whatever
happened between an export and its return, an untouched row changes nothing. Where that code now means something else,
it is said, with the way to mean it.
"""

from collections.abc import Callable, Iterable

from cohesion.lib.spreadsheets.headed import Row
from cohesion.lib.text import NBSP
from projects.catalogue.columns import OF_PROGRAMME
from projects.choices import ProjectStatus
from projects.exchange.base import Base, Mend, ProjectState, nearest

ELSEWHERE = "@"  # between a code and the framework that it is of


class Links:
    """The objectives of rows, resolved; ``tell`` hears what should be verified."""

    def __init__(self, base: Base, tell: Callable[[str, Row], None]) -> None:
        self.base, self.tell = base, tell

    def settle(self, row: Row, final: ProjectState, old: ProjectState | None) -> None:
        """Give a project the links that its row says.

        Raises:
            Mend: a code is unknown, said twice, or a secondary one stands without a main one.
        """
        main, also = row["objectives"], row.get("secondary") or []
        if main is None:
            return
        if not main and old is not None and old.main is not None and final.status != ProjectStatus.DRAFT:
            raise Mend("Ce projet a un objectif : indiquez-le, ou un autre. Seul un brouillon peut le perdre.")
        if len(set(main)) < len(main):
            raise Mend("Une orientation est indiquée deux fois : gardez-la une fois.")
        if len(set(also)) < len(also):
            raise Mend("Une orientation est indiquée deux fois : gardez-la une fois.", "secondary")
        if main and main[0] in also:
            sentence = f"L’orientation {main[0]} est déjà la principale : retirez-la des objectifs secondaires."
            raise Mend(sentence, "secondary", main[0])
        if also and not main:
            raise Mend("Il manque l’objectif principal : c’est le premier de cette colonne.")
        keys = [self._key(code, "objectives", row, old) for code in main]
        keys += [self._key(code, "secondary", row, old) for code in also if code not in main]
        self._take(keys, final, old)

    def settle_beside(self, row: Row, final: ProjectState, old: ProjectState | None) -> None:
        """Give a project the links to the other programmes that its row says; none is touched where it says nothing.

        Raises:
            Mend: a name or a code is unknown, or said twice.
        """
        wanted = row.get("programmes")
        if wanted is None:
            return
        keys = [self._beside(reference) for reference in wanted]
        if len(set(keys)) < len(keys):
            raise Mend("Une orientation est indiquée deux fois : gardez-la une fois.", "programmes")
        unchanged = old is not None and self._by_programme(old.programmes) == self._by_programme(keys)
        final.programmes = old.programmes if old is not None and unchanged else tuple(keys)

    def _beside(self, reference: str) -> int:
        if reference in self.base.beside:
            return self.base.beside[reference]
        near = nearest(reference, self.base.beside)
        raise Mend(
            f"« {reference[:60]} » ne désigne l’orientation d’aucun autre programme en vigueur{near}. Écrivez "
            "l’identifiant du programme, deux points, puis le code.",
            "programmes",
            reference,
        )

    def _by_programme(self, keys: Iterable[int]) -> dict[str, tuple[int, frozenset[int]]]:
        """The main orientation of each programme, and its others: two rows that say them in another order say the
        same."""
        of_each: dict[str, list[int]] = {}
        for key in keys:
            of_each.setdefault(self.base.codes[key].partition(OF_PROGRAMME)[0], []).append(key)
        return {slug: (pks[0], frozenset(pks[1:])) for slug, pks in of_each.items()}

    def _take(self, keys: list[int], final: ProjectState, old: ProjectState | None) -> None:
        """Links of another framework stay as they are, and with them what became of them in the one in force."""
        here = [key for key in dict.fromkeys(keys) if key in self.base.in_force]
        if old is not None and old.main is None and here and set(here) == set(old.secondary):
            return  # its main one went with the framework that it was of: an export names those that are left
        if old is not None and len(here) < len(set(keys)):
            main = old.main if keys[0] not in self.base.in_force else keys[0]
            secondary = [key for key in dict.fromkeys([*old.secondary, *here]) if key != main]
        else:
            main, secondary = (here[0], here[1:]) if here else (None, [])
        final.main = main
        final.secondary = old.secondary if old and set(old.secondary) == set(secondary) else secondary

    def _key(self, reference: str, column: str, row: Row, old: ProjectState | None) -> int:
        code, _, slug = reference.partition(ELSEWHERE)
        if slug:
            return self._named(code, slug, column, reference, old)
        kept = self._kept(code, row, old)
        if kept is not None:
            return kept
        if code not in self.base.orientations:
            near = nearest(code, self.base.orientations)
            sentence = f"Aucune orientation du cadre en vigueur ne porte le code « {code[:40]} »{near}"
            raise Mend(sentence, column, reference)
        return self.base.orientations[code]

    def _kept(self, code: str, row: Row, old: ProjectState | None) -> int | None:
        """The orientation that the project is linked to already, and that bears or bore this code."""
        if old is None:
            return None
        here = [key for key in (old.main, *old.secondary) if key is not None]
        for key in here:
            if self.base.codes[key] == code:
                return key
        bore = [key for key in here if code in self.base.former_codes.get(key, ())]
        elsewhere = [key for key in old.elsewhere if self.base.codes[key].partition(ELSEWHERE)[0] == code]
        for key in (*bore, *elsewhere):
            if code in self.base.orientations:
                self.tell(
                    f"«{NBSP}{code}{NBSP}» : le rattachement à {self.base.codes[key]}, qui portait ce code, est "
                    f"gardé. Pour l’orientation qui le porte aujourd’hui, écrivez {code}{ELSEWHERE}{self.base.slug}.",
                    row,
                )
            return key
        return None

    def _named(self, code: str, slug: str, column: str, reference: str, old: ProjectState | None) -> int:
        """An orientation whose framework is named; of one that is not in force, a link may stay, and none is made."""
        if slug == self.base.slug and code in self.base.orientations:
            return self.base.orientations[code]
        key = self.base.elsewhere.get((slug, code))
        if key is None:
            near = nearest(slug, self.base.slugs)
            sentence = f"Aucun cadre ne s’appelle « {slug[:40]} »{near}"
            if slug in self.base.slugs:
                sentence = f"Aucune orientation du cadre « {slug} » ne porte le code « {code[:40]} » : vérifiez-le."
            raise Mend(sentence, column, reference)
        if old is None or key not in old.elsewhere:
            raise Mend(
                f"Le cadre « {slug} » n’est pas en vigueur : un projet ne s’y rattache plus. Écrivez le code d’une "
                "orientation du cadre en vigueur.",
                column,
                reference,
            )
        return key
