"""Why something is not written: sentences by field, of one row or of several that are written together."""

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms import BaseForm

Errors = dict[str, list[str]]
NOTHING_SAVED = "Rien n’est enregistré : corrigez les lignes signalées."


class RowsRefused(ValidationError):
    """Nothing was written. ``rows``: what is wrong, by key of the row, then by field (« » for the whole)."""

    def __init__(self, rows: dict[int, Errors], sentence: str = NOTHING_SAVED) -> None:
        self.rows = rows
        super().__init__(sentence, code="rows")


def first_sentence(refusal: Exception) -> str:
    """What a refusal says, in one sentence."""
    return refusal.messages[0] if isinstance(refusal, ValidationError) else str(refusal)


def by_field(error: ValidationError) -> Errors:
    """What a refusal says of each field; what it says of the whole is under « »."""
    if not hasattr(error, "error_dict"):
        return {"": error.messages}
    return {"" if name == NON_FIELD_ERRORS else name: sentences for name, sentences in error.message_dict.items()}


def tell(form: BaseForm, errors: Errors) -> None:
    """Say what is wrong beside each field that the form has, and the rest above it."""
    for name, sentences in errors.items():
        for sentence in sentences:
            form.add_error(name if name in form.fields else None, sentence)


def faults(form: BaseForm, elsewhere: str = "") -> list[tuple[str, str]]:
    """What is wrong in a form: where to go (``elsewhere`` where no field is at fault), the sentence."""
    wrong: list[tuple[str, str]] = []
    for name, sentences in form.errors.items():
        target = form[name].auto_id if name in form.fields else elsewhere
        wrong += [(target, str(sentence)) for sentence in sentences]
    return wrong
