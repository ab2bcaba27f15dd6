"""Words that anybody would try first at this site: they do not count in the length of a password."""

import re

from django.conf import settings
from django.core.exceptions import ValidationError

from cohesion.audit import AuditKind, record
from cohesion.lib.people import Person
from cohesion.lib.text import count_phrase, fold

SHORTEST = 4  # shorter words are in too many others
_WORD = re.compile(r"[^\W_]+")


class ContextWordsValidator:
    """Without the names of the site, of the agglomération and of the person, enough must remain."""

    def __init__(self, min_length: int) -> None:
        self.min_length = min_length

    def validate(self, password: str, user: Person | None = None) -> None:
        """
        Raises:
            ValidationError: naming the words that were found.
        """
        folded = fold(password)
        known = [word for word in self._words(user) if word in folded]
        for word in known:
            folded = folded.replace(word, "")
        if known and len(folded) < self.min_length:
            raise ValidationError(
                "Ce mot de passe repose sur des mots que tout le monde essaierait ici (%(words)s) : "
                "sans eux, il ne lui reste que %(left)s. Ajoutez d’autres mots.",
                code="password_context_words",
                params={"words": ", ".join(known), "left": count_phrase(len(folded), "caractère")},
            )

    def password_changed(self, password: str, user: Person | None = None) -> None:
        """Told by Django whenever a password is written: one's own page, an administrator, the command line."""
        if user is not None and not getattr(user, "_is_new", False):
            record(AuditKind.PASSWORD_CHANGED, on=user)

    def get_help_text(self) -> str:
        return (
            "Les noms du site, de l’agglomération et les vôtres ne comptent pas dans la longueur de votre mot de passe."
        )

    def _words(self, user: Person | None) -> list[str]:
        """The longest first, so that « agglomération » goes before a word that it contains."""
        texts = [settings.SITE_NAME, settings.SITE_AUTHORITY]
        texts += [getattr(user, name, "") or "" for name in ("first_name", "last_name", "email", "username")]
        words = {word for text in texts for word in _WORD.findall(fold(text)) if len(word) >= SHORTEST}
        return sorted(words, key=lambda word: (-len(word), word))
