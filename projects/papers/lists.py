"""What the sheets of an orientation, a place and a PST list alike: figures, projects, what nobody does, needs heard."""

from collections.abc import Iterable, Mapping, Set

from django.db.models import F, Prefetch

from axes.document import Node
from cohesion.lib.dates import plain_date
from cohesion.lib.french import percent
from cohesion.lib.queries import InFrench
from cohesion.lib.text import NBSP, number_fr
from projects.catalogue.models import Need, Place, Project
from projects.catalogue.models.project import ProjectQuerySet
from projects.catalogue.publicity import is_public
from projects.choices import MoneyItem
from projects.figures import money
from projects.figures.lasting import Ever
from projects.figures.panel import FiguresPanel
from projects.figures.periods import Period
from projects.figures.small_numbers import QUARTERS
from projects.papers.writing import MOST_ROWS, Figure, Listed, PaperColumn, brief, first, leads, places
from projects.territory.models import Territory

OTHER_PROJECTS = ("autre projet", "autres projets")
OTHER_NEEDS = ("autre besoin", "autres besoins")
SECONDARY = "Secondaire\u00a0: l’orientation principale est une autre, le total ci-dessus ne compte pas son montant."
OTHER_ORIENTATIONS = ("autre orientation", "autres orientations")


def figures_of(panel: FiguresPanel) -> list[Figure]:
    """The figures of a page's panel: amounts that anybody may read, people without the numbers under five."""
    figures = [projects_of(panel)]
    if panel.shows_granted:
        figures.append(Figure(money.in_words(panel.granted), "Accordé par l’agglomération", panel.granted_words))
    if panel.shows_cofunding:
        figures.append(Figure(money.in_words(panel.cofunding), "Autres financeurs", panel.lever_words))
    return [*figures, *people_of(panel)]


def projects_of(panel: FiguresPanel) -> Figure:
    words = "Dont c’est l’orientation principale" if panel.is_of_main_links else "Projets"
    return Figure(number_fr(panel.projects), words, panel.turnover_words)


def people_of(panel: FiguresPanel) -> list[Figure]:
    """People reached, as reports say; without any, people expected."""
    if panel.people.reported:
        figures = [Figure(number_fr(panel.people.people), "Personnes touchées", panel.people_words)]
        if panel.people.quarters_share is not None:
            share = percent(float(panel.people.quarters_share), 1)
            living, among = panel.people.reached[QUARTERS], panel.people.quarters_of
            words = f"{number_fr(living)} sur {number_fr(among)}, d’après les bilans qui le disent"
            figures.append(Figure(share, "Des quartiers prioritaires", words))
        return figures
    if panel.people.declared:
        expected = panel.people.expected["people"]
        return [Figure(number_fr(expected), "Personnes attendues", "aucun bilan ne le dit encore")]
    return []


def with_lines(projects: ProjectQuerySet) -> ProjectQuerySet:
    """With what a line of a paper says of each; outlines are not read."""
    spots = Place.objects.order_by(InFrench("territory__name"), "pk")
    territories = Territory.objects.defer("outline")
    return projects.with_leads().prefetch_related(Prefetch("places", spots), Prefetch("places__territory", territories))


def projects_listed(
    projects: ProjectQuerySet, total: int, title: str, address: str, mainly: Set[int] | None = None
) -> Listed:
    """Projects with who leads them, where, and what they are granted where that is public: then the most first.

    ``mainly``: the keys of those whose amounts the figures above count, if not all; the others are told apart.
    """
    shows_granted = is_public(MoneyItem.GRANTED)
    order = [F("granted").desc(nulls_last=True)] if shows_granted else []
    shown = with_lines(projects).order_by(*order, "code_key", "code")[:MOST_ROWS]
    rows = [
        [
            project.title if mainly is None or project.pk in mainly else f"{project.title} (secondaire)",
            leads(project),
            places(project),
            *([granted(project)] if shows_granted else []),
        ]
        for project in shown
    ]
    columns = [PaperColumn("Projet", 5), PaperColumn("Porteur", 3), PaperColumn("Lieu", 3)]
    note = "Les plus aidés d’abord\u202f; chaque montant est celui du projet entier." if shows_granted and total else ""
    if mainly is not None and total and any(project.pk not in mainly for project in shown):
        note = f"{note} {SECONDARY}".lstrip()
    return Listed(
        title,
        [*columns, PaperColumn("Accordé", is_number=True)] if shows_granted else columns,
        first(rows),
        total,
        OTHER_PROJECTS,
        f"dans la liste{NBSP}:",
        address,
        "Aucun projet.",
        note,
    )


def granted(project: Project) -> str:
    """« 4 000 € », or a dash."""
    return "–" if project.granted is None else money.in_words(money.in_cents(project.granted))


def unserved(nodes: Iterable[Node], served: Mapping[int, Set[int]]) -> list[Node]:
    """Those that nobody serves; what stands under one of them goes without saying."""
    bare = [node for node in nodes if not served[node.pk]]
    keys = {node.pk for node in bare}
    return [node for node in bare if node.parent is None or node.parent.pk not in keys]


def gaps_listed(gaps: list[Node], ever: Ever, title: str, address: str) -> Listed:
    """What nobody does, with all that follows from it, and since when."""
    rows = [
        [node.orientation.badge, brief(node.orientation.display_title), ever.of(node.pk).words]
        for node in gaps[:MOST_ROWS]
    ]
    return Listed(
        title,
        [
            PaperColumn("Code", is_number=True),
            PaperColumn("Ce que dit le cadre", 8),
            PaperColumn("Il y a eu un projet", 2),
        ],
        first(rows),
        len(gaps),
        OTHER_ORIENTATIONS,
        f"sur la page{NBSP}:",
        address,
        "Rien : chaque orientation a au moins un projet.",
    )


def needs_listed(needs: Iterable[Need], address: str) -> Listed:
    """What residents ask for, the last heard first."""
    heard = sorted(needs, key=lambda need: (need.heard_on, need.pk), reverse=True)
    rows = [
        [f"«{NBSP}{brief(need.wording)}{NBSP}»", need.territory.name, plain_date(need.heard_on)]
        for need in heard[:MOST_ROWS]
    ]
    return Listed(
        "Besoins entendus",
        [PaperColumn("Ce que disent les habitants", 7), PaperColumn("Où", 2), PaperColumn("Le", 2)],
        first(rows),
        len(heard),
        OTHER_NEEDS,
        f"sur la page{NBSP}:",
        address,
        "Aucun besoin n’a été noté.",
    )


def year_words(period: Period) -> str:
    """« 2026 », « Toutes années »."""
    return str(period.year) if period.year else "Toutes années"
