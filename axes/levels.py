"""The levels of a framework, and all that is said of each: read here, and known by no other module."""

from dataclasses import dataclass

from django.db import models
from django.utils.text import slugify


@dataclass(frozen=True)
class LevelFacts:
    """What a level is, beside its name and its rank.

    ``is_root``: it stands under nothing, and is a band across the document's table, where the others are columns;
    ``is_closed``: nothing stands under it, and it may wait for another document; ``is_linkable``: projects answer to
    it; ``is_announced``: the first page says how many have a project; ``is_counted_by_branch``: its number in a code
    goes on through the whole branch; ``mark`` stands before that number; ``aliases`` are what people write for it in
    their files.
    """

    plural: str
    article: str = "un"
    aliases: tuple[str, ...] = ()
    is_root: bool = False
    is_closed: bool = False
    is_linkable: bool = False
    is_announced: bool = False
    is_counted_by_branch: bool = False
    mark: str = ""


class Level(models.TextChoices):
    """The levels of a framework, from the widest to the narrowest. A child is always narrower."""

    AXIS = "axis", "Axe"
    CHALLENGE = "challenge", "Enjeu"
    STRATEGIC = "strategic", "Objectif stratégique"
    OPERATIONAL = "operational", "Objectif opérationnel"
    PRIORITY = "priority", "Priorité"

    @property
    def facts(self) -> LevelFacts:
        return FACTS[self]

    @property
    def rank(self) -> int:
        """0 for the widest."""
        return list(Level).index(self)

    @property
    def word(self) -> str:
        """The level inside a sentence: « objectif stratégique »."""
        return str(self.label).lower()

    @property
    def noun(self) -> str:
        """The level with its article, for a sentence: « un axe », « une priorité »."""
        return f"{self.facts.article} {self.word}"

    @property
    def slug(self) -> str:
        """The level in an address."""
        return slugify(self.label)

    @property
    def below(self) -> "list[Level]":
        """The levels that may stand under this one."""
        return [level for level in Level if level.rank > self.rank]

    @property
    def above(self) -> "list[Level]":
        """The levels that this one may stand under."""
        return [level for level in Level if level.rank < self.rank]


FACTS = {
    Level.AXIS: LevelFacts("axes", is_root=True),
    Level.CHALLENGE: LevelFacts("enjeux", is_counted_by_branch=True, mark="E"),
    Level.STRATEGIC: LevelFacts(
        "objectifs stratégiques",
        aliases=("OS", "objectif stratégique (OS)"),
        is_linkable=True,
        is_counted_by_branch=True,
    ),
    Level.OPERATIONAL: LevelFacts(
        "objectifs opérationnels",
        aliases=("OO", "objectif opérationnel (OO)"),
        is_linkable=True,
        is_announced=True,
        mark="O",
    ),
    Level.PRIORITY: LevelFacts("priorités", article="une", is_closed=True, is_linkable=True),
}

# Sets of the values that a row holds: what is asked of thousands of nodes a page costs one look.
ROOT_LEVELS = frozenset(level.value for level in Level if level.facts.is_root)
CLOSED_LEVELS = frozenset(level.value for level in Level if level.facts.is_closed)
LINKABLE_LEVELS = frozenset(level.value for level in Level if level.facts.is_linkable)
ANNOUNCED_LEVELS = frozenset(level.value for level in Level if level.facts.is_announced)


def announced_words(number: int = 2) -> str:
    """What the first page says how many have a project: « objectifs opérationnels »."""
    words = [level.facts.plural if number > 1 else level.word for level in Level if level.facts.is_announced]
    return " et ".join(words)


# The columns of the document's table, from left to right.
COLUMN_LEVELS = tuple(level for level in Level if not level.facts.is_root)
BY_SLUG = {level.slug: level for level in Level}
