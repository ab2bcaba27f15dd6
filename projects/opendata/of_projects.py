"""What is done, as public tables: projects, what they serve, where they act, their money, offers, needs, structures."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db.models import Max, Q, QuerySet, prefetch_related_objects
from django.urls import reverse

from axes.addresses import orientation_address, version_orientation_address
from axes.models import Framework, Orientation
from cohesion.lib.queries import InFrench
from projects.browsing import exports
from projects.browsing.views import offers as offer_views
from projects.catalogue import publicity
from projects.catalogue.cells import OUTSIDE
from projects.catalogue.models import CoLead, Contribution, Need, Place, Project, TransitionLog
from projects.catalogue.models.project_queries import beside
from projects.choices import PUBLIC_STATUSES, MoneyItem, ProjectKind
from projects.figures import money
from projects.figures import offers as read_offers
from projects.members.columns import PUBLIC_COLUMNS as STRUCTURES
from projects.members.public_names import file_name, legal_persons
from projects.opendata.columns import (
    AMOUNTS,
    PROJECT_MEANINGS,
    STRUCTURE_MEANINGS,
    OpenColumn,
    declared,
    moment_of,
    of_item,
    yes_or_no,
)
from projects.opendata.source import OpenSource, Row, project_path
from projects.territory.models import Territory

Columns = tuple[OpenColumn, ...]


# --- projects -----------------------------------------------------------------------------------------------


def project_columns() -> Columns:
    return (
        *declared(exports.public_columns(), PROJECT_MEANINGS),
        of_item("programme", "l’identifiant du programme dont « objectifs » donne les codes"),
        of_item("cadre", "l’identifiant de son cadre en vigueur"),
    )


def project_rows(source: OpenSource) -> list[Row]:
    """As the file of the list has them."""
    framework = source.versions.in_force
    spoken_of = (framework.programme.slug, framework.slug) if framework is not None else ("", "")
    return [[*row, *spoken_of] for row in exports.table(source.projects, base_url=source.site).rows]


def projects_changed(source: OpenSource) -> datetime.datetime | None:
    """The last change of a public project, or the last day on which one became public or no longer was."""
    own = Project.objects.published().aggregate(last=Max("updated_at"))["last"]
    crossing = TransitionLog.objects.filter(Q(target__in=PUBLIC_STATUSES) | Q(source__in=PUBLIC_STATUSES))
    return moment_of(own, crossing.aggregate(last=Max("at"))["last"])


# --- what they serve, and where -----------------------------------------------------------------------------

LINK_COLUMNS = (
    of_item("code_projet", "le code du projet"),
    of_item("projet", "son intitulé"),
    of_item("programme", "l’identifiant du programme"),
    of_item("cadre", "l’identifiant du cadre"),
    of_item("etat_du_cadre", "En vigueur ou Archivé"),
    of_item("code_orientation", "le code de l’orientation dans ce cadre"),
    of_item("niveau", "le niveau de l’orientation"),
    of_item("orientation", "son texte"),
    of_item("principale", "oui : le projet la sert avant toute autre de ce cadre ; il n’en a qu’une"),
    of_item("raison", "pourquoi, dans les mots du porteur ou de l’agent"),
    of_item("page_de_l_orientation", "l’adresse de sa page"),
)


def link_rows(source: OpenSource) -> list[Row]:
    """A row a link, of public projects to public versions. What an orientation says is made once for all its links."""
    versions = {framework.pk: framework for framework in source.versions}
    cells = {
        orientation.pk: _orientation_cells(orientation, versions[orientation.framework_id], source.site)
        for orientation in Orientation.objects.filter(framework__in=versions)
    }
    links = Contribution.objects.filter(project__in=Project.objects.published(), orientation__framework__in=versions)
    in_order = links.order_by(
        *("project__code_key", "project__code", "orientation__framework_id", "-is_main", "orientation__tree_id"),
        "orientation__lft",
    )
    rows: list[Row] = []
    for code, title, key, is_main, rationale in in_order.values_list(
        "project__code", "project__title", "orientation_id", "is_main", "rationale"
    ):
        *worded, page = cells[key]
        rows.append([code, title, *worded, yes_or_no(is_main), rationale, page])
    return rows


def _orientation_cells(orientation: Orientation, framework: Framework, site: str) -> Row:
    orientation.framework = framework
    is_now = framework.is_reference and framework.is_in_force
    address = orientation_address if is_now else version_orientation_address
    return [
        *(framework.programme.slug, framework.slug, framework.get_status_display()),
        *(orientation.code, orientation.level_label, orientation.display_title),
        f"{site}{address(orientation)}",
    ]


def links_changed(source: OpenSource) -> datetime.datetime | None:
    return moment_of(projects_changed(source), _last_of(Contribution.history))


PLACE_COLUMNS = (
    of_item("code_projet", "le code du projet"),
    of_item("projet", "son intitulé"),
    of_item("code_territoire", "le code du lieu où il agit"),
    of_item("territoire", "le nom du lieu"),
    of_item("nature", "commune, quartier…"),
    of_item("code_commune", "le code INSEE de la commune : le lieu lui-même, ou celle du quartier"),
)


def place_rows(source: OpenSource) -> list[Row]:
    places = Place.objects.filter(project__in=Project.objects.published())
    in_order = places.order_by("project__code_key", "project__code", InFrench("territory__name"), "pk")
    own = {key: _place_cells(territory) for key, territory in source.territories.items()}
    rows: list[Row] = []
    for code, title, key in in_order.values_list("project__code", "project__title", "territory_id"):
        rows.append([code, title, *own[key]])
    return rows


def _place_cells(territory: Territory) -> Row:
    commune = territory if territory.is_commune else territory.parent
    code = commune.code if commune is not None and commune.is_commune else ""
    return [territory.code, territory.name, territory.get_kind_display(), code]


def places_changed(source: OpenSource) -> datetime.datetime | None:
    return moment_of(projects_changed(source), _last_of(Place.history))


def _last_of(history: Any) -> datetime.datetime | None:
    """The last change of what hangs on public projects."""
    public = history.filter(project__in=Project.objects.published())
    return public.aggregate(last=Max("history_date"))["last"]


# --- money --------------------------------------------------------------------------------------------------


def public_amounts() -> list[str]:
    """What anybody may read of amounts, in the order in which they are named."""
    readable = publicity.public_items()
    return [item.value for item in MoneyItem if item in readable]


def money_columns() -> Columns:
    return (
        of_item("code", "le code du projet"),
        of_item("titre", "son intitulé"),
        of_item("type", "PST, PRH, Action (dans un PST) ou hors PST"),
        of_item("pst", "le code du PST dont il fait partie, si ce PST est public"),
        of_item("porteur", "la structure qui le porte ; vide si rien ne dit que c’est une personne morale"),
        of_item("date_debut", "le premier jour du projet", "day"),
        of_item("date_fin", "le dernier jour du projet, compris ; vide, il continue", "day"),
        *(of_item(*AMOUNTS.get(item, (item, MoneyItem(item).label.lower())), "euros") for item in public_amounts()),
    )


def money_rows(source: OpenSource) -> list[Row]:
    """What each project says by itself: no total, and nothing that a setting hides."""
    amounts = money.published(source.versions.in_force)
    items = [amounts.cents[MoneyItem(item)] for item in public_amounts()]
    rows: list[Row] = []
    for project in source.projects.select_related("organization", "host"):
        is_outside = project.kind == ProjectKind.ACTION and project.host_id is None
        kind = OUTSIDE if is_outside else str(project.get_kind_display())
        host = project.host.code if project.host is not None and project.host.is_public else ""
        sums = [money.in_cell(cents.get(project.pk)) for cents in items]
        own = project.code, project.title, kind, host, file_name(project.organization)
        rows.append([*own, project.starts_on, project.ends_on, *sums])
    return rows


# --- offers, needs, structures ------------------------------------------------------------------------------

OFFER_COLUMNS = (
    of_item("code_projet", "le code du projet qui la donne"),
    of_item("projet", "son intitulé"),
    of_item("offre", "le nom de l’offre"),
    of_item("nature", "ce qu’elle est, parmi celles que le cadre suit lieu par lieu"),
    of_item("porteur", "la structure qui porte le projet ; vide si rien ne dit que c’est une personne morale"),
    of_item("co_porteurs", "les autres structures qui le portent, séparées par |", "list"),
    of_item("lieux", "les lieux où elle est donnée, séparés par |", "list"),
    of_item("places", "combien de personnes elle peut recevoir", "whole"),
    of_item("heures_par_semaine", "combien d’heures par semaine", "number"),
    of_item("horaires", "les jours et les heures"),
    of_item("date_debut", "le premier jour ; celui du projet, si elle n’en dit pas", "day"),
    of_item("date_fin", "le dernier jour, compris ; celui du projet, si elle n’en dit pas", "day"),
    of_item(exports.PAGE, "l’adresse de la fiche du projet, aux offres"),
    of_item(exports.CHANGED, "le jour où elle a changé", "day"),
)


def offer_rows(source: OpenSource) -> list[Row]:
    given = _offers(source)
    prefetch_related_objects([offer.offer.project for offer in given], beside())
    changes = read_offers.changes(offer.offer for offer in given)
    rows: list[Row] = []
    for offer in given:
        project = offer.offer.project
        row = {column.header: column.value(offer) for column in offer_views.COLUMNS}
        row[exports.PAGE] = f"{source.site}{project_path(project)}#offres"
        row[exports.CHANGED] = exports.day_of(changes[offer.offer.pk])
        rows.append([column.value(row) for column in OFFER_COLUMNS])
    return rows


def _offers(source: OpenSource) -> list[read_offers.Given]:
    return read_offers.load_offers(source.every_territory)


def offers_changed(source: OpenSource) -> datetime.datetime | None:
    given = _offers(source)
    return moment_of(*read_offers.changes(offer.offer for offer in given).values())


NEED_COLUMNS = (
    of_item("entendu_le", "le jour où il a été entendu", "day"),
    of_item("besoin", "ce qui est demandé, dans les mots des habitants"),
    of_item("code_territoire", "le code du lieu où il a été entendu"),
    of_item("territoire", "le nom de ce lieu"),
    of_item("fois", "combien de fois il a été entendu : des fois, non des personnes", "whole"),
    of_item("entendu_par", "le code du PST ou du PRH qui l’a entendu, s’il est public"),
    of_item("cadre", "l’identifiant du cadre de l’orientation"),
    of_item("code_orientation", "le code de l’orientation qui y répond ; vide, le cadre n’y répond pas"),
    of_item("orientation", "son texte"),
)


def need_rows(source: OpenSource) -> list[Row]:
    versions = {framework.pk: framework.slug for framework in source.versions}
    read = _needs().select_related("territory", "orientation", "heard_by").defer("territory__outline")
    rows: list[Row] = []
    for need in read.order_by("-heard_on", "-pk"):
        heard_by = need.heard_by.code if need.heard_by is not None and need.heard_by.is_public else ""
        answer = need.orientation if need.orientation and need.orientation.framework_id in versions else None
        answered = [versions[answer.framework_id], answer.code, answer.display_title] if answer else ["", "", ""]
        own = need.heard_on, need.wording, need.territory.code, need.territory.name, need.times, heard_by
        rows.append([*own, *answered])
    return rows


def _needs() -> QuerySet[Any]:
    return Need.objects.published()


def needs_changed(source: OpenSource) -> datetime.datetime | None:
    return Need.history.filter(is_published=True).aggregate(last=Max("history_date"))["last"]


def structure_columns() -> Columns:
    return (
        *declared(STRUCTURES, STRUCTURE_MEANINGS),
        of_item("projets", "combien de projets publics elle porte, seule ou avec d’autres", "whole"),
        of_item(exports.PAGE, "l’adresse de sa page"),
    )


def structure_rows(source: OpenSource) -> list[Row]:
    """Those that lead a public project, and are legal persons: neither how to reach them nor who speaks for them."""
    led = _led()
    rows: list[Row] = []
    read = legal_persons().filter(pk__in=led).select_related("commune").defer("commune__outline")
    for structure in read.order_by(InFrench("name"), "pk"):
        page = f"{source.site}{reverse('projects:organization', args=[structure.pk])}"
        own = [column.value(structure) for column in STRUCTURES]
        rows.append([*own, len(led[structure.pk]), page])
    return rows


def _led() -> dict[int, set[int]]:
    """The public projects of each structure that leads some, first or beside another."""
    public = Project.objects.published().order_by()
    first: Iterable[tuple[int, int]] = public.values_list("organization_id", "pk")
    others = CoLead.objects.filter(project__in=public.values("pk")).values_list("organization_id", "project_id")
    led: dict[int, set[int]] = {}
    for structure, project in [*first, *others]:
        led.setdefault(structure, set()).add(project)
    return led
