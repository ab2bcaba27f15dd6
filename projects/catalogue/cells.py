"""What a cell of a project's row holds: each reader refuses by a sentence what is no value of its column."""

import re

from cohesion.imports.columns import ChoiceWidget
from cohesion.lib.spreadsheets import damage
from cohesion.lib.spreadsheets.cells import at_most, items
from cohesion.lib.text import fold
from projects.catalogue.models.project import SUMMARY_LENGTH, TITLE_LENGTH
from projects.choices import ProjectKind, ProjectStatus

CODE = re.compile(r"^[0-9A-Za-z][0-9A-Za-z._\-]{0,29}\Z")
OUTSIDE = "hors PST"  # an action without a PST
TYPES = {"pst": ProjectKind.PST, "prh": ProjectKind.PRH, "action": ProjectKind.ACTION, "hors pst": OUTSIDE}
STATES = ChoiceWidget(ProjectStatus, "Cet état n’existe pas")  # nothing makes a new project a draft
NAME_LENGTH = 200
_DECIMAL_CODE = re.compile(r"\d+,\d+")


def project_code(text: str) -> str:
    if not text:
        raise ValueError("Il manque le code : chaque projet en a un, par exemple « 2026-014 ».")
    return existing_code(text)


def existing_code(text: str) -> str:
    if not CODE.match(text):
        raise ValueError(
            "Ce n’est pas un code : 30 signes au plus, lettres sans accent, chiffres, points, tirets, sans espace."
        )
    return text


def title(text: str) -> str:
    if not text:
        raise ValueError("Il manque le titre : écrivez le nom du projet.")
    return at_most(text, TITLE_LENGTH)


def project_type(text: str) -> str:
    kind = TYPES.get(fold(text).replace("-", " "))
    if kind is None:
        missing = "Il manque le type" if not text else "Ce type n’existe pas"
        raise ValueError(f"{missing} : écrivez PST, PRH, action ou hors PST.")
    return str(kind)


def kind_word(kind: str) -> str:
    return kind if kind in ("", OUTSIDE) else str(ProjectKind(kind).label)


def leads(text: str) -> str:
    """One organisation, or several with a bar between them: which they are is asked later, of what is known."""
    names = organizations(text)
    if not names:  # nothing, or bars and spaces alone
        raise ValueError("Il manque la structure porteuse : écrivez son nom, son sigle ou son SIRET.")
    return " | ".join(names)


def organizations(text: str) -> list[str]:
    """The names of a cell.

    Raises:
        ValueError: one is too long.
    """
    return [at_most(name, NAME_LENGTH) for name in items(text, "|\n")]


def partners(text: str) -> list[str]:
    """Names of all kinds, for a partner may be « les écoles du quartier »."""
    names = [at_most(name, NAME_LENGTH) for name in items(text, "|\n")]
    for name in names:
        if damage.is_error_word(name) or damage.is_placeholder(name):
            raise ValueError(f"« {name[:40]} » n’est pas un nom : écrivez celui du partenaire, ou retirez-le.")
    return names


def orientation_codes(text: str) -> list[str]:
    """The codes in their order; one that is said twice is refused later, where it is compared.

    Raises:
        ValueError: a spreadsheet may have written « 3.1 » as « 3,1 ».
    """
    if _DECIMAL_CODE.fullmatch(text):
        point, bar = text.replace(",", "."), text.replace(",", "|")
        raise ValueError(f"« {text} » : écrivez {point} pour une orientation, {bar} pour deux.")
    return items(text)


def places(text: str) -> list[str]:
    return items(text, "|;\n")


def summary(text: str) -> str:
    return at_most(text.strip(), SUMMARY_LENGTH)


def host_code(text: str) -> str:
    return existing_code(text) if text else ""
