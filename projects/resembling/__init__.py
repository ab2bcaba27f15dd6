"""Who does the same: the actions that resemble one, best first, with what they share in words.

What an action says of itself is read once (:mod:`traits`), two actions are compared without any query
(:mod:`likeness`), the few that may resemble one are looked up by indexes (:mod:`doors`), and :func:`resembling` ranks
them. :mod:`pairs` compares all the actions of a year, :mod:`aims` says what many of them are about.
"""

from projects.resembling.finding import Resemblance, resembling
from projects.resembling.traits import Traits, traits_of

__all__ = ["Resemblance", "Traits", "resembling", "traits_of"]
