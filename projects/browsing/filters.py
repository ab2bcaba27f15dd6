"""The filters of the list of projects: one object feeds the list, its counts and its files.

Every figure of the site leads to the list through these parameters (:mod:`projects.figures.addresses`).
"""

from collections.abc import Callable, Hashable, Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import F, Q
from django.http import QueryDict
from django.utils.http import urlencode

from axes.models import Framework, Orientation
from cohesion.lib.french import significant
from cohesion.lib.kept import Kept
from cohesion.lib.queries import InFrench
from cohesion.lib.rows import bare
from cohesion.lib.text import hidden_character, squeeze, whole_number
from projects.browsing import funded
from projects.catalogue.mentions import mentions
from projects.catalogue.models import Project, Scheme
from projects.catalogue.models.project import ProjectQuerySet
from projects.choices import PUBLIC_STATUSES, FunderKind, ProjectKind, ProjectStatus
from projects.figures import facets, periods
from projects.figures.figures import unchanged
from projects.members.models import Organization
from projects.territory.models import Territory

QUERY_LENGTH = 200
SHARED = "oui"
Keys = frozenset[int]
Condition = Callable[[ProjectQuerySet], ProjectQuerySet]
# Values of ``tri``, which a hyphen before them turns round: what they are called, and the field.
SORTS = {
    "code": ("Code", "code_key"),
    "titre": ("Titre", "search_text"),
    "porteur": ("Structure", "organization__name"),
    "date": ("Début", "starts_on"),
}
LINK_CHOICES = {"principal": "Orientation principale", "secondaire": "Orientation secondaire"}
WAITING = "attendue"
WITHOUT_MAIN, HIDDEN_PST, PRH_ALONE = "sans-principale", "pas-public", "prh-sans"
PST_CHOICES = {**facets.PST_CHOICES, HIDDEN_PST: "Dans un PST pas encore public", PRH_ALONE: "PRH sans PST"}
NO_AXIS = {facets.WITHOUT: facets.NO_LINK, WITHOUT_MAIN: facets.NO_MAIN}
LABELS = {
    "q": "Mots",
    "cadre": "Cadre",  # before what is read in it
    "axe": "Axe",
    "orientation": "Orientation",
    "nature": "Nature",
    "pst": "PST",
    "commune": "Commune",
    "quartier": "Quartier",
    "territoire": "Territoire",
    "porteur": "Structure",
    "annee": "Année",
    "duree": "Durée",
    "etat": "État",
    "dispositif": "Dispositif",
    "financeur": "Financeur",
    "credits": "Crédits",
    "reprise": "Changement de cadre",
    "rattachement": "Rattachement",  # after the axis and the orientation, which it is about
}


def narrowed(query: QueryDict, names: Iterable[str], **fixed: str) -> QueryDict:
    """What a page filters by and nothing else, so that each of its numbers is the length of the list that it opens."""
    kept = QueryDict(mutable=True)
    kept.update({name: str(query[name]) for name in names if name in query} | fixed)
    return kept


@dataclass(frozen=True)
class FilterChoice:
    """One choice of a filter, and how many projects it would show, the other filters staying as they are."""

    value: str
    label: str
    count: int
    is_chosen: bool


class ProjectFilter:
    """What the address asks for. A value that means nothing is set aside and said in ``ignored``.

    Orientations are those of ``framework``, which is in force, unless another one is named (``cadre``).
    """

    def __init__(self, query: QueryDict, framework: Framework | None) -> None:
        self.framework = framework
        self.ignored: list[str] = []
        self.shown: dict[str, str] = {}  # parameter → its value in words
        self.values: dict[str, Any] = {}
        self.is_direct = query.get("compter") == "direct"
        self.is_shared = query.get("repartir") == SHARED  # of the amounts: which projects are listed is the same
        order = query.get("tri", "")
        self.sort: str = order if order.removeprefix("-") in SORTS else "code"
        for name in LABELS:
            raw = squeeze(query.get(name, ""))[:QUERY_LENGTH]
            if not raw or (name == "annee" and raw == periods.ALL):
                continue
            if hidden_character(raw):
                self.ignored.append(f"{LABELS[name]} : cette valeur contient un caractère invisible, elle est ignorée.")
                continue
            choice = getattr(self, f"_read_{name}")(raw)
            if choice is None:
                self.ignored.append(f"{LABELS[name]} : « {raw} » ne désigne rien, ce filtre est laissé de côté.")
            else:
                self.values[name], self.shown[name] = choice
        self.raw = {name: squeeze(query.get(name, ""))[:QUERY_LENGTH] for name in self.values}

    # --- reading ------------------------------------------------------------------------------------------

    def _read_q(self, raw: str) -> tuple[Q, str] | None:
        return (mentions(raw), f"« {raw} »") if significant(raw) else None

    def _read_cadre(self, raw: str) -> tuple[Framework, str] | None:
        framework = Framework.objects.public().filter(slug=raw).first()
        return (framework, f"{framework.name} ({framework.get_status_display().lower()})") if framework else None

    @property
    def named(self) -> Framework | None:
        """The framework whose orientations are asked for."""
        return self.values.get("cadre") or self.framework

    def _read_reprise(self, raw: str) -> tuple[str, str] | None:
        return (raw, "rattachement à refaire") if raw == WAITING else None

    def _read_orientation(self, raw: str) -> tuple[Orientation, str] | None:
        orientation = Orientation.objects.filter(framework=self.named, code=raw).first() if self.named else None
        if orientation is None:
            return None
        return orientation, f"{orientation.badge} (à ce niveau seulement)" if self.is_direct else orientation.badge

    def _read_axe(self, raw: str) -> tuple[Orientation | None, str] | None:
        if raw in NO_AXIS:
            return None, NO_AXIS[raw]
        choice = self._read_orientation(raw)
        return (choice[0], f"{choice[0].code}. {choice[0].name}") if choice and choice[0].parent_id is None else None

    def _read_nature(self, raw: str) -> tuple[str, str] | None:
        return (raw, ProjectKind(raw).label) if raw in ProjectKind.values else None

    def _read_pst(self, raw: str) -> tuple[str | Project, str] | None:
        """With a PST or outside any; or one, by its code: itself and what it contains."""
        if raw in PST_CHOICES:
            return raw, PST_CHOICES[raw]
        pst = Project.objects.published().filter(kind=ProjectKind.PST, code=raw).first()
        return (pst, pst.title) if pst else None

    def _read_territoire(self, raw: str) -> tuple[Territory, str] | None:
        territory = Territory.objects.filter(code=raw).first()
        return (territory, territory.dated_name) if territory else None

    _read_quartier = _read_territoire

    def _read_commune(self, raw: str) -> tuple[Territory | None, str] | None:
        return (None, facets.NO_PLACE) if raw == facets.WITHOUT else self._read_territoire(raw)

    def _read_porteur(self, raw: str) -> tuple[int, str] | None:
        key = whole_number(raw)
        organization = Organization.objects.filter(pk=key).first() if key is not None else None
        return (organization.pk, organization.name) if organization else None

    def _read_annee(self, raw: str) -> tuple[periods.PeriodChoice, str] | None:
        period = periods.choice(raw)
        return (period, period.words) if period else None

    def _read_etat(self, raw: str) -> tuple[str, str] | None:
        return (raw, ProjectStatus(raw).label) if raw in PUBLIC_STATUSES else None

    def _read_duree(self, raw: str) -> tuple[str, str] | None:
        return (raw, "plusieurs années") if raw == funded.LASTING else None

    def _read_financeur(self, raw: str) -> tuple[str, str] | None:
        return (raw, FunderKind(raw).label) if raw in FunderKind.values else None

    def _read_credits(self, raw: str) -> tuple[str, str] | None:
        return (raw, funded.CREDITS[raw]) if raw in funded.CREDITS else None

    def _read_dispositif(self, raw: str) -> tuple[Scheme | None, str] | None:
        if raw == facets.WITHOUT:
            return None, facets.NO_SCHEME
        scheme = Scheme.objects.filter(code=raw).first()
        return (scheme, scheme.code) if scheme else None

    def _read_rattachement(self, raw: str) -> tuple[bool, str] | None:
        known = raw in LINK_CHOICES and self.served is not None
        return (raw == "principal", LINK_CHOICES[raw]) if known else None

    @property
    def population(self) -> Keys:
        """The published projects of the year that is asked for, whatever else is."""
        return self._matching_keys([name for name in self.values if name != "annee"])

    @property
    def served(self) -> Orientation | None:
        """The orientation that the projects must serve, or the axis."""
        return self.values.get("orientation") or self.values.get("axe")

    # --- filtering ----------------------------------------------------------------------------------------

    def filter(self, projects: ProjectQuerySet) -> ProjectQuerySet:
        """The projects asked for."""
        for _, condition in self._conditions():
            projects = condition(projects)
        return projects

    def _conditions(self, without: Iterable[str] = ()) -> Iterator[tuple[Hashable, Condition]]:
        """What each filter asks, after what tells it from any other question."""
        kept = {name: value for name, value in self.values.items() if name not in without}
        is_main = kept.pop("rattachement", None)
        kept.pop("cadre", None)
        for name, value in kept.items():
            if name == "axe" and value is None:
                ways = {facets.WITHOUT: ProjectQuerySet.unattached, WITHOUT_MAIN: ProjectQuerySet.without_main}
                unlinked = partial(ways[self.raw[name]], framework=self.named)
                yield (name, self.raw[name], self.raw.get("cadre")), unlinked
            elif name in ("orientation", "axe"):
                # The attachment is asked of the narrower of the two.
                yield self._serving(name, None if name == "axe" and "orientation" in kept else is_main)
            else:
                yield (name, self.raw[name]), partial(self._apply, name=name, value=value)

    def _serving(self, name: str, is_main: bool | None) -> tuple[Hashable, Condition]:
        is_direct = self.is_direct and name == "orientation"
        condition = partial(ProjectQuerySet.serving, orientation=self.values[name], direct=is_direct, is_main=is_main)
        return (name, self.raw[name], self.raw.get("cadre"), is_direct, is_main), condition

    def _apply(self, projects: ProjectQuerySet, name: str, value: Any) -> ProjectQuerySet:
        if name == "q":
            return projects.filter(value)
        if name == "pst":
            return _of_pst(projects, value)
        if name in ("commune", "quartier", "territoire"):
            return projects.located_in([value]) if value else projects.filter(places=None)
        if name == "annee":
            return _of_period(projects, value)
        if name == "reprise":
            return projects.waiting_for_link()
        if name == "porteur":
            return projects.led_by(value)
        if name in funded.FILTERS:
            return funded.FILTERS[name](projects, value)
        field = {"nature": "kind", "etat": "status", "dispositif": "schemes"}[name]
        return projects.filter(**{field: value})

    def ordered(self, projects: ProjectQuerySet) -> ProjectQuerySet:
        """In the order asked for; those that have no date come last both ways."""
        name = SORTS[self.sort.removeprefix("-")][1]
        field = InFrench(name) if name.endswith("name") else F(name)
        is_dated = self.sort.endswith("date")
        turned = field.desc if self.sort.startswith("-") else field.asc
        return projects.order_by(turned(nulls_last=is_dated or None), "code")

    # --- what the page shows ------------------------------------------------------------------------------

    def address(self, **changes: str | None) -> str:
        """The parameters of this list with some changed (None: taken out); without a page, its first."""
        parameters = {
            **self.raw,
            **({"compter": "direct"} if self.is_direct and "orientation" in self.raw else {}),
            **({"repartir": SHARED} if self.is_shared else {}),
            **({"tri": self.sort} if self.sort != "code" else {}),
            **changes,
        }
        if "cadre" in changes:  # the codes of one framework say nothing in another
            parameters = {
                name: value for name, value in parameters.items() if name not in ("axe", "orientation", "compter")
            }
        if not (parameters.get("orientation") or parameters.get("axe")):
            parameters.pop("rattachement", None)
        return "?" + urlencode({name: value for name, value in parameters.items() if value})

    def chips(self) -> list[tuple[str, str, str]]:
        """Each active filter: its name, its value in words, the address without it."""
        return [(LABELS[name], words, self.address(**{name: None})) for name, words in self.shown.items()]

    @property
    def is_active(self) -> bool:
        return bool(self.values)

    @property
    def is_sorted(self) -> bool:
        """Whether another order was asked for than that of the codes."""
        return self.sort != "code"

    def sorts(self) -> list[tuple[str, str, bool, bool]]:
        """Each order: its name, its address, whether it is the one that is shown, and whether it then goes up."""
        orders = []
        for name, (label, _) in SORTS.items():
            goes_up = self.sort == name
            turned = f"-{name}" if goes_up else name
            is_shown = goes_up or self.sort == f"-{name}"
            orders.append((label, self.address(tri=None if turned == "code" else turned), is_shown, goes_up))
        return orders

    # --- numbers, of what is published ----------------------------------------------------------------------

    def keys(self) -> Keys:
        """The published projects of the list, by their keys."""
        return self._matching_keys()

    def number(self, *, without: Iterable[str] = ()) -> int:
        """How many projects the list has, or would have without some of its filters."""
        return len(self._matching_keys(without))

    def counting(self, *, direct: bool) -> "ProjectFilter":
        """The same list, of the orientation itself or of its whole branch."""
        other = copy(self)
        other.is_direct = direct
        return other

    def total(self) -> int:
        return self.number(without=self.values)

    def ways_out(self) -> list[tuple[str, str, str, int]]:
        """Each active filter as :meth:`chips` has it, with how many projects there would be without it."""
        counts = [self.number(without=[name]) for name in self.shown]
        return [(*chip, number) for chip, number in zip(self.chips(), counts, strict=True)]

    def choices(self, *names: str) -> dict[str, list[FilterChoice]]:
        """The choices of these lists (none named: of all), each with its count, the other filters staying."""
        return {name: self._with_chosen(name) for name in names or (*facets.NAMES, "rattachement")}

    def _with_chosen(self, name: str) -> list[FilterChoice]:
        """The choices of a list; what is chosen is among them even where no project has it."""
        rows = self._counted(name)
        chosen = self.raw.get(name)
        if chosen and chosen not in {value for value, _, _ in rows}:
            rows = [*rows, (chosen, self.shown[name], self.number())]
        return [FilterChoice(value, label, count, value == chosen) for value, label, count in rows]

    def _counted(self, name: str) -> facets.Counted:
        if name == "rattachement":
            return self._links(self._matching_keys([name]))
        criteria = [criterion for criterion, _ in self._conditions([name])]
        kept_under = (name, self.raw.get("cadre"), *criteria)
        if name == "axe":
            # An axis that is chosen is served as the attachment says, unless the orientation says it of itself.
            is_main = None if "orientation" in self.values else self.values.get("rattachement")
            facet, kept_under = facets.axes(self.framework, self.named, is_main), (*kept_under, is_main)
        else:
            facet = facets.facet(name, self.framework)
        return unchanged(_counts, self.framework, lambda: facet.counted(self._matching_keys([name])), *kept_under)

    def _links(self, keys: Keys) -> facets.Counted:
        """Those that serve the orientation first of all, and those for which it is a secondary one; none without it."""
        if self.served is None:
            return []
        main = len(keys & self._keys(*self._serving("orientation" if "orientation" in self.values else "axe", True)))
        counts = {"principal": main, "secondaire": len(keys) - main}
        return [(value, label, counts[value]) for value, label in LINK_CHOICES.items()]

    # --- the published projects asked for, as sets of keys: what is counted is what the list shows -----------

    def _matching_keys(self, without: Iterable[str] = ()) -> Keys:
        sets = [self._keys(criterion, condition) for criterion, condition in self._conditions(without)]
        return frozenset.intersection(*sets) if sets else self._keys("", lambda projects: projects)

    def _keys(self, criterion: Hashable, condition: Condition) -> Keys:
        """Those that one condition holds of, kept as :func:`projects.figures.figures.unchanged` says."""

        def read_keys() -> Keys:
            projects = condition(Project.objects.published()).order_by()
            return frozenset(pk for (pk,) in bare(projects.values_list("pk")))

        return unchanged(_kept, self.framework, read_keys, criterion)


def _of_pst(projects: ProjectQuerySet, value: str | Project) -> ProjectQuerySet:
    if isinstance(value, Project):
        return projects.filter(Q(pk=value.pk) | Q(host=value.pk))
    hosted = projects.filter(host__isnull=False)
    if value == HIDDEN_PST:
        return hosted.exclude(host__status__in=PUBLIC_STATUSES)
    if value == PRH_ALONE:
        return projects.filter(kind=ProjectKind.PRH, host__isnull=True)
    return projects.hors_pst() if value == "hors" else hosted


def _of_period(projects: ProjectQuerySet, choice: periods.PeriodChoice) -> ProjectQuerySet:
    if choice.year is None:
        return projects.undated()
    ways = {periods.BEFORE: projects.ended_before, periods.AFTER: projects.beginning_after}
    return ways.get(choice.outside, projects.in_year)(choice.year)


# A list of leads is the heaviest: some thirty thousand bytes.
_counts: Kept[facets.Counted] = Kept(400)
_kept: Kept[Keys] = Kept(40)  # of fifty thousand projects, one holds up to two million bytes
