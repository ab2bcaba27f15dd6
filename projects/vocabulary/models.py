"""What people here write, and what the site says for it."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from simple_history.models import HistoricalRecords

from cohesion.lib.queries import InFrench
from cohesion.lib.text import squeeze, validate_line
from projects.vocabulary.reading import TERMS, leads_back, says_the_same, sequence, terms_of


class VocabularyLine(models.Model):
    """Words of this council (``typed``, parted by commas) that lead to words of the site (``meaning``)."""

    typed = models.CharField(
        "ce que les gens écrivent",
        max_length=400,
        validators=[validate_line],
        help_text="Des mots, ou plusieurs mots qui se suivent, séparés par des virgules : « Transurbain, T3, bibus ». "
        "Les accents, les majuscules et les pluriels ne comptent pas.",
    )
    meaning = models.CharField(
        "ce que le site en dit",
        max_length=120,
        validators=[validate_line],
        help_text="Un mot ou quelques-uns, que le cadre ou les projets disent : « mobilité ».",
    )

    history = HistoricalRecords(user_model=settings.AUTH_USER_MODEL)

    class Meta:
        verbose_name = "Mot d’ici"
        verbose_name_plural = "Mots d’ici"
        ordering = [InFrench("meaning"), "pk"]

    def __str__(self) -> str:
        return f"{self.meaning} : {self.typed}"

    def clean(self) -> None:
        """Each side says something, they do not say the same, and nothing leads back to where it came from."""
        self.typed = ", ".join(terms_of(self.typed))
        self.meaning = squeeze(self.meaning or "")
        errors: dict[str, list[str]] = {}
        terms = terms_of(self.typed)
        if self.meaning and not sequence(self.meaning):
            sentence = (
                f"« {self.meaning} » n’a aucun mot qui compte : écrivez au moins un mot plein, comme « mobilité »."
            )
            errors["meaning"] = [sentence]
        elif "," in self.meaning:
            errors["meaning"] = ["Un seul sens par ligne, sans virgule : pour un autre sens, ajoutez une autre ligne."]
        if len(terms) > TERMS:
            errors["typed"] = [f"{TERMS} expressions au plus par ligne : ouvrez une autre ligne pour les suivantes."]
        if not errors:
            others = list(VocabularyLine.objects.exclude(pk=self.pk).values_list("meaning", "typed"))
            errors["typed"] = [sentence for term in terms if (sentence := self._refusal(term, others))]
        if any(errors.values()):
            raise ValidationError({name: sentences for name, sentences in errors.items() if sentences})

    def _refusal(self, term: str, others: list[tuple[str, str]]) -> str:
        """Why a term cannot lead to the meaning; nothing when it may. ``others``: what the other lines say."""
        if not sequence(term):
            return f"« {term} » n’a aucun mot qui compte : complétez-le, ou retirez-le."
        if says_the_same(term, self.meaning):
            return f"« {term} » dit déjà la même chose que « {self.meaning} » : retirez-le."
        if any(says_the_same(meaning, self.meaning) and _has(typed, term) for meaning, typed in others):
            return f"« {term} » mène déjà à « {self.meaning} », par une autre ligne : retirez-le."
        if way := leads_back(self.meaning, term, others):
            return f"« {term} » tournerait en rond : {way}. Retirez-le d’ici, ou d’abord ce chemin de l’autre ligne."
        return ""


def _has(typed: str, term: str) -> bool:
    return any(says_the_same(other, term) for other in terms_of(typed))
