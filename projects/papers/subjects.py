"""What the sheet of each subject says: an orientation, a place, a project. All of it is public."""

from collections.abc import Sequence

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from axes import adoption, document
from axes.addresses import orientation_address
from axes.document import Node
from axes.models import Framework, Orientation
from cohesion.lib.text import NBSP, capital, euros, number_fr
from projects.browsing.sums import of_project
from projects.catalogue.models import Need, Project
from projects.catalogue.models.project import ProjectQuerySet
from projects.catalogue.publicity import public_items
from projects.catalogue.served import links_beside
from projects.choices import QUARTERS, MoneyItem, TerritoryKind
from projects.figures import breakdowns, figures
from projects.figures.addresses import place_parameters
from projects.figures.lasting import Ever
from projects.figures.panel import PanelSource
from projects.figures.periods import Period
from projects.papers.lists import (
    OTHER_ORIENTATIONS,
    OTHER_PROJECTS,
    figures_of,
    gaps_listed,
    granted,
    needs_listed,
    people_of,
    projects_listed,
    projects_of,
    unserved,
    with_lines,
    year_words,
)
from projects.papers.writing import MOST_ROWS, Listed, OnePage, PaperColumn, brief, first, leads, places
from projects.territory.models import Territory

PROMISE_LENGTH = 500  # signs of a summary


def _named(orientation: Orientation) -> str:
    """« Axe 5 », « Objectif opérationnel 5.2.1 »."""
    return orientation.badge if orientation.says_level else f"{capital(orientation.level_label)} {orientation.badge}"


def _path(nodes: list[Node]) -> list[str]:
    return [f"{node.orientation.badge}. {brief(node.orientation.name)}" for node in nodes]


def orientation_page(framework: Framework, node: Node, period: Period, base: str) -> OnePage:
    """What was promised, what is done for it and by whom, what nobody does, what residents ask."""
    nodes, orientation = document.kept(framework), node.orientation
    branch = [node, *node.descendants]
    served = figures.of_period(framework, nodes, period).served
    ever = figures.ever(framework, nodes, period)
    address = f"{base}{orientation_address(orientation)}{period.suffix}"
    source = PanelSource.of(framework, period, public_items())
    panel = source.panel(figures.published(framework, nodes).branch[node.pk], orientation=orientation.code)
    projects = Project.objects.published().serving(orientation)
    same = adoption.leading_to([each.pk for each in branch], framework)
    needs = _needs(Need.objects.published().filter(orientation__in=same.order_by().values("pk")))
    return OnePage(
        kicker=f"{_named(orientation)} · {framework.full_name} · {year_words(period)}",
        heading=brief(orientation.name, 110),
        path=_path(node.path),
        promise=orientation.display_title,
        figures=[projects_of(panel), *figures_of(source.of_orientation(nodes, node))],
        sections=[
            *([_counted("Ce qui en découle", node.children, served)] if node.children else []),
            projects_listed(
                _of_year(projects, period),
                panel.projects,
                f"Ce qui est fait {period.words}",
                f"{base}{panel.address}",
                figures.mainly_serving(framework, nodes).branch[node.pk],
            ),
            gaps_listed(unserved(branch, served.branch), ever, f"Ce que personne ne fait {period.words}", address),
            needs_listed(needs, address),
        ],
    )


def _needs(needs: QuerySet[Need]) -> list[Need]:
    return list(needs.select_related("territory"))


def _of_year(projects: ProjectQuerySet, period: Period) -> ProjectQuerySet:
    return projects.in_year(period.year) if period.year else projects


def territory_page(
    framework: Framework | None,
    here: Territory,
    period: Period,
    base: str,
    path: str,
    beside: Sequence[Framework] = (),
) -> OnePage:
    """What is done in a place, by axis and by whom; what nobody does there, what its residents ask."""
    everywhere = figures.places(framework)
    held = everywhere.members.get(here.pk, breakdowns.NONE)
    nodes = document.kept(framework)
    spans = figures.spans(framework)
    served = figures.published(framework, nodes).within(held) if framework else figures.Serving({}, {})
    running = figures.running(framework, period)
    now = served.within(running)
    apart = figures.beside_only(framework, beside, held & running)
    address = f"{base}{path}{period.suffix}"
    panel = PanelSource.of(framework, period, public_items()).panel(held, **place_parameters(here))
    parts = [each.pk for each in everywhere.territories.values() if each.parent_id == here.pk]
    is_whole = here.kind == TerritoryKind.AGGLOMERATION
    needs = Need.objects.published().filter(territory__in=[here.pk] if is_whole else [here.pk, *parts])
    sections = [
        _counted(
            "Ce qui a été promis",
            [node for node in nodes if node.parent is None],
            now,
            note=figures.beside_only_words(apart),
        ),
        projects_listed(
            _of_year(Project.objects.published().located_in([here]), period),
            panel.projects,
            f"Ce qui est fait {period.words}",
            f"{base}{panel.address}",
        ),
    ]
    if nodes and not is_whole:
        ever = Ever(served.branch, spans, period.year)
        sections.append(
            gaps_listed(unserved(nodes, now.branch), ever, f"Ce que personne ne fait ici {period.words}", address)
        )
    return OnePage(
        kicker=f"{here.get_kind_display()} · {year_words(period)}",
        heading=f"{here.dated_name} ({here.parent.name})" if here.kind in QUARTERS and here.parent else here.dated_name,
        figures=figures_of(panel),
        sections=[*sections, needs_listed(_needs(needs), address)],
    )


def _counted(title: str, nodes: list[Node], served: figures.Serving, note: str = "") -> Listed:
    """Orientations, each with how many projects answer it."""
    rows = [
        [node.orientation.badge, brief(node.orientation.name), number_fr(len(served.branch[node.pk]))]
        for node in nodes[:MOST_ROWS]
    ]
    return Listed(
        title,
        [
            PaperColumn("Code", is_number=True),
            PaperColumn("Ce que dit le cadre", 8),
            PaperColumn("Projets", is_number=True),
        ],
        first(rows),
        len(nodes),
        OTHER_ORIENTATIONS,
        "dans le cadre",
        nothing="Aucun cadre n’est en vigueur.",
        note=note,
    )


def project_page(
    framework: Framework | None,
    project: Project,
    period: Period,
    base: str,
    path: str,
    beside: Sequence[Framework] = (),
) -> OnePage:
    """What a project answers, who leads it, where, with what money; of a PST, what it contains in a year."""
    links = list(
        project.contributions.filter(orientation__framework=framework)
        .select_related("orientation__framework")
        .order_by("-is_main", "orientation__tree_id", "orientation__lft")
    )
    nodes = {node.pk: node for node in document.kept(framework)}
    main = nodes.get(links[0].orientation_id) if links and links[0].is_main else None
    source, parts = PanelSource.of(framework, period, public_items()), Project.objects.published().filter(host=project)
    panel = source.panel({project.pk, *parts.values_list("pk", flat=True)}, pst=project.code)
    sections = [_hosted(_of_year(parts, period), period, f"{base}{panel.address}")] if project.is_pst else []
    needs = _needs(Need.objects.published().filter(heard_by=project))
    if project.is_pst or needs:
        sections.append(needs_listed(needs, f"{base}{path}"))
    year = [year_words(period)] if project.is_pst else []
    return OnePage(
        kicker=" · ".join([project.kind_label, project.code, project.get_status_display(), *year]),
        heading=project.title,
        path=_path(main.path) if main else [],
        promise=f"{main.orientation.badge}. {main.orientation.display_title}" if main else "",
        facts=_facts(
            project, [link.orientation for link in links if not link.is_main], _answered_beside(project, beside)
        ),
        figures=figures_of(panel) if project.is_pst else people_of(panel),
        sections=sections,
    )


def _answered_beside(project: Project, beside: Sequence[Framework]) -> str:
    """« Contrat de ville : 1.1, 2 »."""
    codes: dict[str, list[str]] = {}
    for link in links_beside(project, beside):
        codes.setdefault(link.orientation.framework.full_name, []).append(link.orientation.badge)
    return "\u202f; ".join(f"{name}{NBSP}: {', '.join(badges)}" for name, badges in codes.items())


def _facts(project: Project, others: list[Orientation], beside: str) -> list[tuple[str, str]]:
    money = of_project(project, AnonymousUser())
    facts = [
        ("Résumé", brief(project.summary, PROMISE_LENGTH)),
        ("Porteur", brief(leads(project), 300)),
        ("Lieux", places(project, 12)),
        ("Années", project.years),
        ("Publics", brief(project.audience, 250)),
        ("PST", project.host.title if project.host and project.host.is_public else ""),
        ("Répond aussi à", ", ".join(orientation.badge for orientation in others)),
        ("Autre programme", beside),
        *((f"{label}, pour lui seul" if project.is_pst else label, words) for label, words in money.amounts),
        (
            "Cofinancements obtenus",
            brief(", ".join(f"{name}{NBSP}: {euros(amount)}" for name, amount in money.cofunders or []), 400),
        ),
    ]
    return [(label, words) for label, words in facts if words]


def _hosted(parts: ProjectQuerySet, period: Period, address: str) -> Listed:
    shown = with_lines(parts).order_by("kind", "code_key", "code")[:MOST_ROWS]
    rows = [[part.title, leads(part), part.years, granted(part)] for part in shown]
    columns = [PaperColumn("PRH ou action", 5), PaperColumn("Porteur", 3), PaperColumn("Années", 1)]
    if MoneyItem.GRANTED in public_items():
        columns.append(PaperColumn("Accordé", is_number=True))
    else:
        rows = [row[:-1] for row in rows]
    return Listed(
        f"Ce que ce PST contient {period.words}",
        columns,
        first(rows),
        parts.count(),
        OTHER_PROJECTS,
        f"dans la liste{NBSP}:",
        address,
        "Aucun PRH ni action publics.",
    )
