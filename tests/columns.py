"""The columns of the files that people bring and take away, as ``docs/files.md`` lists them.

``python -m tests.columns`` writes that page from the declarations of the columns.
"""

import os
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()  # before the declarations are read; under pytest it is done already

from axes.exchange.resource import ORIENTATIONS  # noqa: E402
from cohesion.imports.columns import ColumnField, TableResource  # noqa: E402
from projects.catalogue.columns import PROJECTS  # noqa: E402
from projects.instructing.sheet import DECISIONS  # noqa: E402
from projects.members.columns import ORGANIZATIONS  # noqa: E402
from projects.territory.columns import TERRITORIES  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "files.md"
RESOURCES = {
    "Les orientations d’un cadre": ORIENTATIONS,
    "Les projets": PROJECTS,
    "Les structures": ORGANIZATIONS,
    "Les territoires": TERRITORIES,
    "La feuille d’un comité": DECISIONS,
}
HEADER = """\
# Les fichiers, colonne par colonne

Une colonne est déclarée une fois, et lue par l’import, son aperçu, le fichier modèle et l’export. Cette page en est
tirée par `python -m tests.columns`. Les colonnes d’un fichier sont dans n’importe quel ordre ; CSV, XLSX et ODS disent
la même chose. Celles qui ne sont pas lues sont écrites pour qui lit le fichier, et laissées sans un mot à l’import.

Un fichier dit de quel cadre il parle : un CSV à la fin de chaque ligne, dans `programme` et `cadre` (l’identifiant du
cadre) ; un classeur dans une feuille « À propos », après la sienne. L’import les laisse sans un mot.
"""

DOCUMENT = """\
## Un cadre en document Word

Un cadre part aussi en .docx : le tableau de son document, A4 en paysage, la ligne des colonnes répétée, un axe par
bande, les cellules fusionnées comme elles s’impriment. Le même cadre donne le même fichier, à l’octet près. Chaque
paragraphe porte un signet qui nomme son orientation ; les propriétés du document disent la révision, et comment chaque
orientation était alors (une empreinte de son texte, sa place, sa cellule). Word et LibreOffice gardent les deux.

Le document revient par l’écran d’import du cadre, en .docx de 5 Mo au plus. Il est comparé paragraphe par paragraphe :

- la colonne dit le niveau, ce qui est à gauche dit sous quoi une orientation se place, et un texte sans signet est
  retrouvé par ses mots (les mêmes, sinon les plus proches), ou nouveau ;
- ce que le document laisse comme il l’avait reçu reste ce qu’il est ici, même si le cadre a changé depuis ;
- les modifications suivies sont lues comme acceptées ; les espaces, apostrophes, guillemets, tirets et points de
  suspension que les traitements de texte changent d’eux-mêmes ne comptent pas ;
- la forme affichée d’un texte reformulé est vidée : elle était celle de l’ancien ;
- le contexte, la description, le type de priorité et les codes ne viennent pas du document, et n’en sont pas ôtés ;
- ce qui est ôté du document n’est supprimé que d’un cadre en préparation, coché une orientation à la fois ;
- un axe est une bande d’un seul paragraphe ; au-delà de 2\u202f000 paragraphes nouveaux, le document est refusé.
"""


def page() -> str:
    """The page, whole."""
    return "\n".join([HEADER, *(_section(title, resource) for title, resource in RESOURCES.items()), DOCUMENT])


def _section(title: str, resource: TableResource) -> str:
    """A table of the columns; who reads them is said where it is not everybody."""
    heads = ["en-tête", "à l’import", "ce qu’on y met"]
    if not all(column.is_public for column in resource.columns):
        heads.append("dans les fichiers publics")
    lines = [_row(heads), _row(["---"] * len(heads))]
    lines += [_row(_cells(column)[: len(heads)]) for column in resource.columns]
    return "\n".join([f"## {title}", "", *lines, ""])


def _cells(column: ColumnField) -> list[str]:
    use = "facultative"
    if column.readonly:
        use = "non lue"
    elif column.mandatory:
        use = "obligatoire"
    public = "oui" if column.is_public else "non"
    by = ", selon `PUBLIC_AMOUNTS`" if column.is_by_setting else ""
    return [f"`{column.header}`", use, column.help_text.replace("|", "\\|"), f"{public}{by}"]


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
