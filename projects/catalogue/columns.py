"""The columns of a project, declared once: what its files hold, in and out. Nothing is asked of the database here.

Values are plain data (JSON): days are ISO texts, amounts are texts with a point, lists keep their order.
"""

from decimal import Decimal
from functools import partial

from cohesion.imports.columns import (
    CellWidget,
    ColumnField,
    LineWidget,
    ListWidget,
    ParagraphWidget,
    TableResource,
    TextWidget,
)
from cohesion.lib.spreadsheets.amounts import euros
from cohesion.lib.spreadsheets.days import end_of_span, first_day, last_day, start_of_span
from cohesion.lib.spreadsheets.expected import Holds
from cohesion.lib.text import number_fr
from projects.catalogue import cells, listed
from projects.catalogue.models.project import DESCRIPTION_LENGTH, SUMMARY_LENGTH, TITLE_LENGTH
from projects.catalogue.publicity import is_public
from projects.choices import MoneyItem

OF_PROGRAMME = ":"  # between the name of a programme and a code of its framework in force


def _amount(value: Decimal | str | None) -> float | str | None:
    """An amount of the database as a number; one of a file as it was read."""
    return float(value) if isinstance(value, Decimal) else value


def _sum(header: str, attribute: str, help_text: str, item: MoneyItem | None = None) -> ColumnField:
    """An amount that people read and no import does. ``item``: a setting may show it to all."""
    is_shown = partial(is_public, item) if item else False
    widget = CellWidget(euros, _amount)
    return ColumnField(header, attribute, widget, help_text=help_text, is_public=is_shown, readonly=True, in_euros=True)


class ProjectResource(TableResource):
    """One row a project. The main orientation is the first of its objectives.

    A public file has the public columns; that of officers ends with the others. Which amounts are public is a setting
    (:mod:`projects.catalogue.publicity`).
    """

    sheet = "Projets"
    nothing = "Le fichier n’a que des en-têtes : il faut au moins une ligne de projet."

    code = ColumnField(
        "code",
        "code",
        LineWidget(cells.project_code),
        help_text="le code du projet : lettres, chiffres, points, tirets",
        width=14,
        mandatory=True,
        compared=(),
        aliases=("identifiant", "id", "numero", "n", "reference", "ref", "code_projet", "code_action", "numero_action"),
        holds=Holds.CODES,
    )
    title = ColumnField(
        "titre",
        "title",
        LineWidget(cells.title),
        help_text=f"de 1 à {TITLE_LENGTH} caractères",
        width=60,
        mandatory=True,
        is_plain=True,
        declared_on="action",
        aliases=("nom", "intitule", "libelle", "titre_du_projet", "titre_de_l_action", "nom_du_projet", "projet"),
    )
    kind = ColumnField(
        "type",
        "kind",
        LineWidget(cells.project_type, cells.kind_word, map(cells.kind_word, cells.TYPES.values())),
        help_text="PST, PRH, action ou hors PST (une action sans PST)",
        width=10,
        mandatory=True,
        aliases=("nature", "type_de_projet", "categorie"),
    )
    lead = ColumnField(
        "porteur",
        "lead",
        TextWidget(cells.leads),
        help_text=(
            "la structure : son nom, son sigle ou son SIRET ; plusieurs se séparent par |, la première d’abord. Un "
            "nom inconnu crée la structure, ce que l’aperçu dit ; s’il ressemble à un autre, l’aperçu demande : "
            "« (nouvelle) » après le nom y répond d’avance"
        ),
        width=30,
        mandatory=True,
        compared=("organization",),
        aliases=("structure_porteuse", "structure", "porteur_de_projet", "porteur_du_projet", "organisme", "pilote"),
    )
    co_leads = ColumnField(
        "co_porteurs",
        "co_leads",
        ListWidget(cells.organizations),
        help_text="les autres structures qui portent le projet, séparées par | ; elles le lisent, sans l’écrire",
        width=30,
        aliases=("coporteurs", "co_porteur", "co_pilotes", "structures_associees", "copilotes"),
    )
    objectives = ColumnField(
        "objectifs",
        "objectives",
        ListWidget(cells.orientation_codes),
        help_text=(
            "les codes des orientations, séparés par | ; la première est la principale. Vide, le projet est « sans "
            "rattachement ». Un code d’un autre cadre que celui en vigueur s’écrit 4.1@ce-cadre"
        ),
        width=24,
        mandatory=True,
        compared=("main",),
        aliases=("objectif", "orientations", "orientation", "objectif_principal", "rattachement"),
        holds=Holds.CODES,
    )
    secondary = ColumnField(
        "objectifs_secondaires",
        "secondary",
        ListWidget(cells.orientation_codes),
        help_text="d’autres codes d’orientations, séparés par |",
        width=24,
        aliases=("objectif_secondaire", "orientations_secondaires"),
        holds=Holds.CODES,
    )
    programmes = ColumnField(
        "autres_programmes",
        "programmes",
        ListWidget(cells.orientation_codes),
        help_text=f"contrat-de-ville{OF_PROGRAMME}1.2, séparés par | ; le premier de chacun est le principal",
    )
    communes = ColumnField(
        "communes",
        "communes",
        ListWidget(cells.places),
        help_text="noms ou codes INSEE, séparés par |",
        width=30,
        compared=("places",),
        aliases=("commune", "ville", "villes", "lieu", "lieux"),
    )
    others = ColumnField(
        "autres_territoires",
        "others",
        ListWidget(cells.places),
        help_text="quartiers ou autres, par leur nom ou leur code",
        width=24,
        compared=(),
        aliases=("quartiers", "quartier", "territoires", "autre_territoire"),
    )
    starts_on = ColumnField(
        "date_debut",
        "starts_on",
        CellWidget(first_day),
        help_text=(
            "une date : 01/09/2026, 1ᵉʳ septembre 2026 ; ou septembre 2026, T1 2026, 2026 (leur premier jour), "
            "2026-2028 (le début et la fin)"
        ),
        width=12,
        is_plain=True,
        declared_on="calendrier",
        aliases=("date_de_debut", "debut", "date_de_demarrage", "demarrage", "commence_le"),
        holds=Holds.DAYS,
        fills=("ends_on", end_of_span),
    )
    ends_on = ColumnField(
        "date_fin",
        "ends_on",
        CellWidget(last_day),
        help_text="une date, la même ou plus tard ; d’un mois ou d’une année, le dernier jour",
        width=12,
        is_plain=True,
        declared_on="calendrier",
        aliases=("date_de_fin", "fin", "echeance", "date_d_echeance", "finit_le"),
        holds=Holds.DAYS,
        fills=("starts_on", start_of_span),
    )
    total_cost = ColumnField(
        "budget",
        "total_cost",
        CellWidget(euros, _amount),
        help_text="le coût total en euros : 12 500 ou 12 500,50",
        width=14,
        is_public=False,
        is_plain=True,
        in_euros=True,
        aliases=("cout", "cout_total", "montant", "budget_total", "montant_total", "cout_previsionnel"),
    )
    partners = ColumnField(
        "partenaires",
        "partners",
        ListWidget(cells.partners),
        help_text=(
            "les structures qui y prennent part, séparées par | ; celles qui ne sont pas connues restent des noms"
        ),
        width=40,
        is_public=False,
        aliases=("partenaire", "partenariats", "partenariat"),
    )
    funders = ColumnField(
        "financeurs",
        "funders",
        ListWidget(listed.funders),
        help_text=(
            "qui est sollicité, pour combien, et ce qui est accordé : CAF : 5 000|Région : 3 000 / 2 500. Ce qu’est "
            "un financeur se dit entre parenthèses : Les Amis (aide privée) : 500"
        ),
        width=40,
        is_public=False,
        aliases=("financeur", "financements", "cofinanceurs", "plan_de_financement"),
    )
    host = ColumnField(
        "pst",
        "host",
        LineWidget(cells.host_code),
        help_text=(
            "le code du PST, déjà là ou dans le fichier ; vide, le PST reste ce qu’il est (« hors PST » l’en sort)"
        ),
        width=14,
        aliases=("code_pst", "pst_de_rattachement"),
        holds=Holds.CODES,
    )
    schemes = ColumnField(
        "dispositifs",
        "schemes",
        ListWidget(),
        help_text="les sigles des dispositifs, séparés par |",
        width=14,
        aliases=("dispositif",),
    )
    summary = ColumnField(
        "resume",
        "summary",
        TextWidget(cells.summary),
        help_text=f"le résumé public, {number_fr(SUMMARY_LENGTH)} caractères au plus",
        width=60,
        is_plain=True,
        declared_on="action",
        aliases=("synthese", "presentation", "resume_public"),
    )
    description = ColumnField(
        "description",
        "description",
        ParagraphWidget(DESCRIPTION_LENGTH),
        help_text="le texte long, public, en paragraphes et en listes (un tiret en début de ligne)",
        width=60,
        is_plain=True,
        aliases=("descriptif", "contenu", "description_longue", "description_de_l_action"),
    )
    indicators = ColumnField(
        "indicateurs",
        "indicators",
        ListWidget(listed.measures),
        help_text="ce qui sera mesuré : Enfants accueillis : 40 enfants|Exclusions : de 12 à 5 élèves (baisse)",
        width=40,
        is_public=False,
        aliases=("indicateur", "indicateurs_d_evaluation", "evaluation"),
    )
    status = ColumnField(
        "statut",
        "status",
        cells.STATES,
        help_text=(
            "l’état : Brouillon, Retenue, En cours… ; vide, l’état ne change pas et un projet nouveau est un brouillon"
        ),
        width=20,
        aliases=("etat", "avancement"),
    )
    # What people read beside the codes, and an import leaves.
    worded = ColumnField(
        "objectifs_en_clair", "worded", help_text="les orientations, avec leur titre", width=60, readonly=True
    )
    named_places = ColumnField("lieux_en_clair", "named_places", help_text="les lieux, nommés", width=40, readonly=True)
    host_title = ColumnField("pst_en_clair", "host_title", help_text="le titre du PST", width=30, readonly=True)
    requested = _sum("demande", "requested", "ce qui est demandé à l’agglomération, en euros", MoneyItem.REQUESTED)
    granted = _sum("accorde", "granted", "ce que l’agglomération accorde, en euros", MoneyItem.GRANTED)
    paid = _sum("paye", "paid", "ce qui est versé, moins ce qui est remboursé, en euros", MoneyItem.PAID)
    cofunding = _sum("cofinancements", "cofunding", "ce qui est demandé aux autres financeurs, en euros")
    obtained = _sum(
        "cofinancements_obtenus",
        "obtained",
        "ce que les autres financeurs apportent, en euros\u00a0: accordé, ou demandé et obtenu\u202f; dans le fichier "
        "d’une liste, rien pour un PST dont les actions de la même période le redisent",
        MoneyItem.COFUNDING,
    )
    budget_by_year = ColumnField(
        "budget_par_annee",
        "budget_by_year",
        ListWidget(),
        help_text="la part de chaque année civile d’une action qui en couvre plusieurs, comme elle est déclarée\u00a0: "
        "2027 (charges / demandé)",
        width=30,
        is_public=False,
        readonly=True,
    )
    page = ColumnField("page_du_site", "page", help_text="l’adresse de sa page", width=40, readonly=True)
    changed_on = ColumnField(
        "derniere_modification",
        "changed_on",
        help_text="le jour où il a changé",
        width=12,
        readonly=True,
        holds=Holds.DAYS,
    )


PROJECTS = ProjectResource()
