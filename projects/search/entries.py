"""What each thing of the site is found by, what its line says, and who may read it.

One function a source, which the triggers name (``migrations/_search.py``). Nothing is public here that no public page
shows.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.http import urlencode

from axes.addresses import orientation_address
from axes.choices import FrameworkStatus
from axes.models import Orientation
from cohesion.lib import glossary
from cohesion.lib.dates import calendar_years
from cohesion.lib.text import NARROW_NBSP, NBSP
from cohesion.models import User
from projects.catalogue.models import Contribution, Need, Offer, Project, ReferenceDocument
from projects.catalogue.models.project_queries import beside
from projects.catalogue.pending import with_waiting_keys
from projects.choices import SearchKind
from projects.figures.gaps import in_force
from projects.members.models import Membership, Organization
from projects.search.definitions import definition_of
from projects.search.models import RANKS, SearchEntry
from projects.search.words import (
    BREAK,
    code_token,
    kind_token,
    ordered_words,
    reader_tokens,
    text_tokens,
    title_tokens,
)
from projects.territory.models import Territory

CONTEXT_LENGTH, TITLE_LENGTH, LONGEST_LENGTH = 500, 300, 32_000
MOST_YEARS = 20
PUBLIC_FRAMEWORKS = (FrameworkStatus.IN_FORCE, FrameworkStatus.ARCHIVED)
# The pages that stand whatever is done: their address, their title, other words for them, what is good to know before.
PAGES = (
    ("axes:cadre", "Le cadre d’orientations", "document axes objectifs priorités", ""),
    ("projects:list", "Les projets", "actions liste", ""),
    (
        "projects:space",
        "Déclarer une action, dans votre espace",
        "comment déposer proposer projet dossier demande subvention",
        f"Avec le compte de votre structure{NARROW_NBSP}; la page dit comment en avoir un",
    ),
    ("projects:territories", "Les territoires", "carte communes quartiers", ""),
    ("projects:coverage", "La couverture du cadre", "ce que personne ne fait manques trous", ""),
    ("projects:offers", "Les offres ouvertes aux habitants", "ateliers places horaires", ""),
    ("projects:dashboard", "Le tableau de bord", "chiffres bilan budget coût combien", ""),
    (
        "projects:dashboard_money",
        "L’argent de l’année",
        "combien par axe financeur commune quartier structure financement budget coût subventions montants euros",
        "Par axe, financeur, commune, quartier, PST et structure",
    ),
    (
        "projects:dashboard_people",
        "Les personnes attendues et touchées",
        "combien bénéficiaires participants public bilans",
        "",
    ),
    ("projects:dashboard_results", "Les résultats de l’année", "indicateurs cibles évaluation", ""),
    ("projects:dashboard_changes", "Ce qui a changé", "comparer évolution années depuis", ""),
    ("projects:dashboard_calendar", f"Quand{NBSP}: les projets de l’année", "frise mois qui se terminent", ""),
    ("projects:calendar", "Le calendrier", "dates échéances comités appels à projets", ""),
    ("glossary", "Le glossaire", "définitions sigles mots", ""),
    ("news", "Les nouveautés", "changements du site", ""),
    ("projects:open_data", "Les données ouvertes", "télécharger fichiers csv opendata flux abonnement", ""),
    ("api:docs", "L’interface de programmation", "API logiciels développeurs", ""),
    ("plan", "Le plan du site", "pages", ""),
    ("legal", "Mentions légales", "éditeur hébergeur", ""),
    ("accessibility", "Accessibilité", "RGAA handicap", ""),
    ("privacy", "Données personnelles", "RGPD vie privée cookies", ""),
)
FIRST_WORD = 1_000  # the words of the glossary are numbered from there on

Keys = Collection[int]


def entry(
    kind: SearchKind,
    key: int,
    title: str,
    address: str,
    *,
    readers: set[str],
    code: str = "",
    context: str = "",
    texts: Iterable[str] = (),
    linked: Iterable[str] = (),
) -> SearchEntry:
    """``texts``: what else it may be found by; ``linked``: the codes of what it is linked to."""
    others = list(texts)
    tokens = title_tokens(f"{title} {code}") | readers | {kind_token(kind)}
    for text in others:
        tokens |= text_tokens(text)
    tokens |= {code_token("l", other) for other in linked}
    words = ordered_words([title, code, *others])
    if code:
        tokens.add(code_token("c", code))
        words = f"{words} {BREAK} {code_token('w', code)}"
    return SearchEntry(
        kind=kind,
        rank=RANKS[kind],
        key=key,
        length=min(len(title), LONGEST_LENGTH),
        is_public=readers == reader_tokens(is_public=True),
        code=code,
        title=title[:TITLE_LENGTH],
        context=context[:CONTEXT_LENGTH],
        address=address,
        tokens=" ".join(sorted(tokens)),
        words=words,
    )


# --- projects -------------------------------------------------------------------------------------------------


def projects(keys: Keys) -> Iterator[SearchEntry]:
    """A project by its own words, its structures, places, schemes and PST, and the orientations that it serves."""
    links = Contribution.objects.filter(orientation__framework__status__in=PUBLIC_FRAMEWORKS)
    selection = (
        Project.objects.filter(pk__in=keys)
        .select_related("organization", "host")
        .prefetch_related(
            beside(),
            "schemes",
            Prefetch("territories", Territory.objects.select_related("parent").defer("outline")),
            Prefetch("contributions", links.select_related("orientation"), to_attr="public_links"),
        )
    )
    rows = list(selection)
    lines = lineages({link.orientation.tree_id for project in rows for link in _links(project)})
    for project in rows:
        yield _project(project, lines)


def _links(row: Any) -> list[Contribution]:
    return row.public_links


def _project(project: Project, lines: dict[int, list[Orientation]]) -> SearchEntry:
    leads = [project.organization, *project.co_leads.all()]
    places = list(project.territories.all())
    served = [node for link in _links(project) for node in lines[link.orientation_id]]
    schemes = list(project.schemes.all())
    kind = SearchKind.FILE
    if project.is_public:
        kind = SearchKind.PROJECT if project.is_action else SearchKind.PST
    named_places = ", ".join(dict.fromkeys(place.name for place in places))
    return entry(
        kind,
        project.pk,
        project.title,
        project.get_absolute_url(),
        code=project.code,
        context=" · ".join(filter(None, [project.organization.name, named_places, project.years])),
        texts=[
            project.summary,
            project.audience,
            *(word for lead in leads for word in (lead.name, lead.acronym)),
            *_names(places),
            *(f"{scheme.code} {scheme.name}" for scheme in schemes),
            # The name of a PST that is not public stays unsaid of an action that is.
            *([project.host.title] if project.host and (project.host.is_public or not project.is_public) else []),
            *(node.display_title for node in served),
        ],
        linked=[
            *_codes(places),
            *_years(project),
            *(scheme.code for scheme in schemes),
            *(node.code for node in served),
            *([project.host.code] if project.host and project.host.is_public else []),
        ],
        readers=reader_tokens(
            is_public=project.is_public,
            elected=not project.is_draft,
            organizations=[lead.pk for lead in leads],
        ),
    )


def lineages(trees: Collection[int]) -> dict[int, list[Orientation]]:
    """Each orientation of these trees, with those above it; one query."""
    nodes = Orientation.objects.filter(tree_id__in=trees).in_order()
    lines: dict[int, list[Orientation]] = {}
    for node in nodes:
        lines[node.pk] = [node, *(lines.get(node.parent_id, []) if node.parent_id else [])]
    return lines


def _names(places: Iterable[Territory]) -> list[str]:
    """The names of places, and of the commune that a quarter stands in: everything is in the agglomération."""
    return [name for place in places for name in (place.name, _commune(place).name)]


def _codes(places: Iterable[Territory]) -> list[str]:
    return [code for place in places for code in (place.code, _commune(place).code)]


def _commune(place: Territory) -> Territory:
    return place.parent if place.parent and place.parent.is_commune else place


def _years(row: Project | Offer) -> list[str]:
    """Those in which something runs: « 2025 » finds what began in 2024."""
    first, last = (day.year if day else None for day in (row.starts_on, row.ends_on))
    if first is None or last is None:
        return [str(year) for year in (first, last) if year]
    return [str(year) for year in range(first, min(last, first + MOST_YEARS) + 1)]


# --- where, and by whom ---------------------------------------------------------------------------------------


def territories(keys: Keys) -> Iterator[SearchEntry]:
    """By their names, those they had and those of what they are in, their codes and postcodes."""
    former: dict[int, set[str]] = {}
    for pk, name in Territory.history.filter(id__in=keys).values_list("id", "name").distinct():
        former.setdefault(pk, set()).add(name)
    for place in Territory.objects.filter(pk__in=keys).select_related("parent").defer("outline"):
        parts = [place.get_kind_display(), place.parent.name if place.parent else ""]
        yield entry(
            SearchKind.TERRITORY,
            place.pk,
            place.dated_name,
            reverse("projects:territory", args=[place.code]),
            code=place.code,
            context=" · ".join(filter(None, parts)),
            texts=[*parts, place.postcodes, *sorted(former.get(place.pk, ()))],
            readers=reader_tokens(is_public=True),
        )


def organizations(keys: Keys) -> Iterator[SearchEntry]:
    """Those that lead something public have a page; the others are in the directory of officers."""
    public = Project.objects.published()
    first = set(public.filter(organization__in=keys).values_list("organization", flat=True))
    second = set(public.filter(co_leaders__organization__in=keys).values_list("co_leaders__organization", flat=True))
    for lead in Organization.objects.filter(pk__in=keys).select_related("commune"):
        is_public = lead.pk in first | second
        yield entry(
            SearchKind.ORGANIZATION,
            lead.pk,
            lead.name,
            reverse("projects:organization", args=[lead.pk]) if is_public else _directory(lead.name),
            code=lead.acronym,
            context=" · ".join(filter(None, [lead.get_kind_display(), lead.commune.name if lead.commune else ""])),
            texts=[lead.get_kind_display(), lead.commune.name if lead.commune else ""],
            linked=_codes([lead.commune] if lead.commune else []),
            readers=reader_tokens(is_public=is_public),
        )


def _directory(words: str) -> str:
    return f"{reverse('projects:instruction_directory')}?{urlencode({'q': words})}"


def people(keys: Keys) -> Iterator[SearchEntry]:
    """Who acts for a structure, to officers only."""
    active = User.objects.filter(pk__in=keys, is_active=True, erased_at=None, memberships__isnull=False).distinct()
    acting = Prefetch("memberships", Membership.objects.select_related("organization"))
    for person in active.prefetch_related(acting):
        names = [membership.organization.name for membership in person.memberships.all()]
        yield entry(
            SearchKind.PERSON,
            person.pk,
            person.display_name,
            _directory(names[0]),
            context=", ".join(names),
            texts=[*names, person.email],
            readers=reader_tokens(is_public=False),
        )


# --- what hangs on them ---------------------------------------------------------------------------------------


def offers(keys: Keys) -> Iterator[SearchEntry]:
    """Those of public projects, by their names, kinds and sites."""
    sites = Prefetch("sites__territory", Territory.objects.select_related("parent").defer("outline"))
    selection = Offer.objects.filter(pk__in=keys, project__in=Project.objects.published())
    for offer in selection.select_related("project__organization").prefetch_related(sites):
        places = [site.territory for site in offer.sites.all()]
        named_places = ", ".join(dict.fromkeys(place.name for place in places))
        years = calendar_years(offer.starts_on, offer.ends_on)
        parts = [offer.get_kind_display(), offer.project.title, named_places, years]
        yield entry(
            SearchKind.OFFER,
            offer.pk,
            offer.name,
            offer.project.get_absolute_url(),
            context=" · ".join(filter(None, parts)),
            texts=[*parts[:2], *_names(places), offer.project.organization.name],
            linked=[offer.project.code, *_codes(places), *_years(offer)],
            readers=reader_tokens(is_public=True),
        )


def needs(keys: Keys) -> Iterator[SearchEntry]:
    """Those that are public, where residents said them, with what their orientation is today."""
    selection = Need.objects.published().filter(pk__in=keys)
    for need in in_force(selection.select_related("territory__parent", "orientation__framework")):
        answers = [answer for answer in need.now if answer.framework.is_public]
        yield entry(
            SearchKind.NEED,
            need.pk,
            need.wording,
            reverse("projects:territory", args=[need.territory.code]),
            context=need.territory.name,
            texts=[*_names([need.territory]), *(answer.display_title for answer in answers)],
            linked=[*_codes([need.territory]), *(answer.code for answer in answers)],
            readers=reader_tokens(is_public=True),
        )


def documents(keys: Keys) -> Iterator[SearchEntry]:
    """Those that orientations in force wait for are named on their pages; the others are the officers'."""
    documents = ReferenceDocument.objects.filter(pk__in=keys).select_related("owner")
    awaited = set(documents.awaited().values_list("pk", flat=True))
    lines = with_waiting_keys(documents)
    waiting_keys = {key for _, became in lines for key in became}
    here = list(Orientation.objects.filter(pk__in=waiting_keys).in_force().in_order())
    for document, became in lines:
        waiting = [node for node in here if node.pk in became]
        is_public = document.pk in awaited and bool(waiting)
        owner = document.owner.name if document.owner else ""
        own = reverse("admin:projects_referencedocument_change", args=[document.pk])
        yield entry(
            SearchKind.DOCUMENT,
            document.pk,
            document.title,
            orientation_address(waiting[0]) if is_public else own,
            code=document.acronym,
            context=" · ".join(filter(None, [document.get_status_display(), owner])),
            texts=[node.display_title for node in waiting],
            linked=[node.code for node in waiting],
            readers=reader_tokens(is_public=is_public),
        )


def pages(keys: Keys) -> Iterator[SearchEntry]:
    """With each word of the glossary, which is found by itself and by what it stands for, not by what is said of it."""
    readers = reader_tokens(is_public=True)
    for number, (name, title, words, context) in enumerate(PAGES, start=1):
        yield entry(SearchKind.PAGE, number, title, reverse(name), context=context, texts=[words], readers=readers)
    explained = [line for _, lines in glossary.groups() for line in lines]
    for number, line in enumerate(explained, start=FIRST_WORD):
        yield entry(
            SearchKind.PAGE,
            number,
            f"{line.acronym}{NBSP}: {line.name}" if line.name else line.acronym,
            f"{reverse('glossary')}#{line.anchor}",
            context=line.meaning,
            linked=[definition_of(line.acronym)],
            readers=readers,
        )


PROJECT_KINDS = (SearchKind.PROJECT, SearchKind.PST, SearchKind.FILE)
# source: (the kinds of its entries, what writes them)
SOURCES: dict[str, tuple[tuple[SearchKind, ...], Callable[[Keys], Iterable[SearchEntry]]]] = {
    "territory": ((SearchKind.TERRITORY,), territories),
    "organization": ((SearchKind.ORGANIZATION,), organizations),
    "project": (PROJECT_KINDS, projects),
    "offer": ((SearchKind.OFFER,), offers),
    "need": ((SearchKind.NEED,), needs),
    "document": ((SearchKind.DOCUMENT,), documents),
    "person": ((SearchKind.PERSON,), people),
    "page": ((SearchKind.PAGE,), pages),
}
