"""Which orientations an action resembles, from what its lead wrote about it.

What is typed is read into words (:mod:`words`), the words of the field lead to those of the framework
(:mod:`thesaurus`), the framework is filed once for each of its states (:mod:`index`), as what was retained before is
(:mod:`examples`), and :func:`suggest` ranks what they find. Nothing leaves the machine; nothing is learnt from what is
typed.
"""

from projects.suggestion.examples import PastAction
from projects.suggestion.suggesting import Suggestion, marked, suggest, too_high

__all__ = ["PastAction", "Suggestion", "marked", "suggest", "too_high"]
