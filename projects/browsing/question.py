"""What the address of the list of projects asks: each parameter read, said in words, and written again.

Every figure of the site leads to the list through these parameters (:mod:`projects.figures.addresses`).
"""

from collections.abc import Iterable, Set
from typing import Any

from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.http import urlencode

from axes.models import Framework, Orientation
from cohesion.lib.french import significant
from cohesion.lib.text import hidden_character, squeeze, whole_number
from projects.browsing import funded
from projects.catalogue import publicity
from projects.catalogue.models import Project, Scheme
from projects.choices import PUBLIC_STATUSES, FunderKind, MoneyItem, ProjectKind, ProjectStatus, TerritoryKind
from projects.figures import changes, facets, periods
from projects.figures.addresses import REPORTED
from projects.figures.periods import Period
from projects.members.models import Organization
from projects.search import mentions
from projects.territory.models import Territory

QUERY_LENGTH = 200
SHARED = "oui"
# Values of ``tri``, which a hyphen before them turns round: what they are called, and the field.
SORTS = {
    "code": ("Code", "code_key"),
    "titre": ("Titre", "search_text"),
    "porteur": ("Structure", "organization__name"),
    "date": ("Début", "starts_on"),
    "accorde": ("Accordé", "granted"),
}
OF_MONEY = {"accorde": MoneyItem.GRANTED}  # orders that tell an amount: for who may read it
LINK_CHOICES = {"principal": "Orientation principale", "secondaire": "Orientation secondaire"}
WAITING = "attendue"
WITHOUT_MAIN, HIDDEN_PST, PRH_ALONE = "sans-principale", "pas-public", "prh-sans"
PST_CHOICES = {**facets.PST_CHOICES, HIDDEN_PST: "Dans un PST pas encore public", PRH_ALONE: "PRH sans PST"}
NO_AXIS = {facets.WITHOUT: facets.NO_LINK, WITHOUT_MAIN: facets.NO_MAIN}
ALL_YEARS = periods.PeriodChoice()
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
    "changement": "Changement",  # after the year, which it is about
    "duree": "Durée",
    "fin": "Fin",
    "etat": "État",
    "bilan": "Bilan",
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


class ProjectQuestion:
    """What the address asks for. A value that means nothing is set aside and said in ``ignored``.

    Orientations are those of ``framework``, which is in force, unless another one is named (``cadre``). Projects are
    those of the present year, unless another is asked, or all (``annee=toutes``). ``readable``: the amounts that its
    reader may read, those that are public unless told; a filter by another one would give it away.
    """

    def __init__(self, query: QueryDict, framework: Framework | None, readable: Set[str] | None = None) -> None:
        self.framework = framework
        self.readable = publicity.public_items() if readable is None else readable
        self.ignored: list[str] = []
        self.shown: dict[str, str] = {}  # parameter → its value in words
        self.values: dict[str, Any] = {}
        self.today = timezone.localdate()
        self.is_direct = query.get("compter") == "direct"
        self.is_shared = query.get("repartir") == SHARED  # of the amounts: which projects are listed is the same
        order = query.get("tri", "")
        self.sort: str = order if order.removeprefix("-") in self._orders else "code"
        for name in LABELS:
            raw = squeeze(query.get(name, ""))[:QUERY_LENGTH]
            if not raw:
                continue
            if hidden_character(raw):
                self.ignored.append(f"{LABELS[name]} : cette valeur contient un caractère invisible, elle est ignorée.")
                continue
            choice = getattr(self, f"_read_{name}")(raw)
            if choice is None:
                self.ignored.append(f"{LABELS[name]} : « {raw} » ne désigne rien, {self._instead(name)}.")
            else:
                self.values[name], self.shown[name] = choice
        self.raw = {name: squeeze(query.get(name, ""))[:QUERY_LENGTH] for name in self.values}
        self._settle_year()

    @property
    def _orders(self) -> dict[str, str]:
        """The orders that the reader may ask for, and their names."""
        hidden = {name for name, item in OF_MONEY.items() if item not in self.readable}
        return {name: label for name, (label, _) in SORTS.items() if name not in hidden}

    def _instead(self, name: str) -> str:
        return f"voici {self.today.year}" if name == "annee" else "ce filtre est laissé de côté"

    def _settle_year(self) -> None:
        """The present year where none is asked; no condition where all are."""
        if "annee" not in self.values:
            present = periods.PeriodChoice(self.today.year)
            self.values["annee"], self.shown["annee"], self.raw["annee"] = present, present.words, present.value
        elif self.values["annee"] is ALL_YEARS:
            del self.values["annee"], self.shown["annee"]

    # --- reading ------------------------------------------------------------------------------------------

    def _read_q(self, raw: str) -> tuple[Q, str] | None:
        return (mentions(raw), f"« {raw} »") if significant(raw) else None

    def _read_cadre(self, raw: str) -> tuple[Framework, str] | None:
        framework = Framework.objects.public().select_related("programme").filter(slug=raw).first()
        if framework is None:
            return None
        of_programme = f"{framework.programme.name} : " if framework.is_beside else ""
        return framework, f"{of_programme}{framework.name} ({framework.get_status_display().lower()})"

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

    def _read_quartier(self, raw: str) -> tuple[Territory | list[Territory], str] | None:
        if raw != facets.PRIORITY:
            return self._read_territoire(raw)
        return list(Territory.objects.filter(kind=TerritoryKind.PRIORITY_QUARTER)), facets.PRIORITY_LABEL

    def _read_commune(self, raw: str) -> tuple[Territory | None, str] | None:
        return (None, facets.NO_PLACE) if raw == facets.WITHOUT else self._read_territoire(raw)

    def _read_porteur(self, raw: str) -> tuple[int, str] | None:
        key = whole_number(raw)
        organization = Organization.objects.filter(pk=key).first() if key is not None else None
        return (organization.pk, organization.name) if organization else None

    def _read_annee(self, raw: str) -> tuple[periods.PeriodChoice, str] | None:
        period = ALL_YEARS if raw == periods.ALL else periods.choice(raw)
        return (period, period.words) if period else None

    def _read_changement(self, raw: str) -> tuple[changes.Move, str] | None:
        year = self.values.get("annee", periods.PeriodChoice(self.today.year))
        move = changes.move(raw, year.year) if year.year and not year.outside else None
        return (move, move.words) if move else None

    def _read_etat(self, raw: str) -> tuple[str, str] | None:
        return (raw, ProjectStatus(raw).label) if raw in PUBLIC_STATUSES else None

    def _read_bilan(self, raw: str) -> tuple[str, str] | None:
        return (raw, "reçu") if raw == REPORTED else None

    def _read_duree(self, raw: str) -> tuple[str, str] | None:
        return (raw, "plusieurs années") if raw == funded.LASTING else None

    def _read_fin(self, raw: str) -> tuple[int, str] | None:
        """The year in which a project ends."""
        choice = periods.choice(raw)
        return (choice.year, choice.words) if choice and choice.year and not choice.outside else None

    def _read_financeur(self, raw: str) -> tuple[list[str], str] | None:
        """A kind of funder, or several with commas between them: what any of them brings."""
        kinds = list(dict.fromkeys(raw.split(",")))
        if not set(kinds) <= set(FunderKind.values):
            return None
        items = {MoneyItem.GRANTED if kind == FunderKind.AGGLOMERATION else MoneyItem.COFUNDING for kind in kinds}
        return (kinds, ", ".join(str(FunderKind(kind).label) for kind in kinds)) if items <= self.readable else None

    def _read_credits(self, raw: str) -> tuple[str, str] | None:
        known = raw in funded.CREDITS and self.readable >= publicity.PAYERS
        return (raw, funded.CREDITS[raw]) if known else None

    def _read_dispositif(self, raw: str) -> tuple[Scheme | None, str] | None:
        if raw == facets.WITHOUT:
            return None, facets.NO_SCHEME
        scheme = Scheme.objects.filter(code=raw).first()
        return (scheme, scheme.code) if scheme else None

    def _read_rattachement(self, raw: str) -> tuple[bool, str] | None:
        known = raw in LINK_CHOICES and self.served is not None
        return (raw == "principal", LINK_CHOICES[raw]) if known else None

    @property
    def served(self) -> Orientation | None:
        """The orientation that the projects must serve, or the axis."""
        return self.values.get("orientation") or self.values.get("axe")

    # --- what the page shows ------------------------------------------------------------------------------

    def address(self, **changes: str | None) -> str:
        """The parameters of this list with some changed (None: taken out); without a page, its first."""
        parameters = {
            **self.raw,
            "annee": self.year_value,
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
        """Each active filter but the year: its name, its value in words, the address without it."""
        return [(LABELS[name], self.shown[name], self.address(**{name: None})) for name in self._narrowing]

    @property
    def is_active(self) -> bool:
        """Whether something else than a year is asked for."""
        return bool(self._narrowing)

    @property
    def _narrowing(self) -> list[str]:
        return [name for name in self.shown if name != "annee"]

    # --- the year -----------------------------------------------------------------------------------------

    @property
    def period(self) -> Period:
        """The year that is asked; all of them, too, where what none of them holds is."""
        choice = self.values.get("annee")
        return Period(choice.year if choice and not choice.outside else None, self.today)

    @property
    def outside(self) -> str:
        """What is asked that no year holds, if anything: the value of ``annee``."""
        choice = self.values.get("annee")
        return choice.value if choice and choice.outside else ""

    @property
    def when(self) -> str:
        """« en 2026 », « sans date de début », « toutes années ensemble »."""
        return self.shown.get("annee") or self.period.words

    @property
    def year_value(self) -> str:
        """What ``annee`` must say in an address to ask for the same; nothing for the present year."""
        value: str = self.raw["annee"]
        return "" if value == str(self.today.year) else value

    @property
    def same_year(self) -> str:
        """The parameters of the list of the year, without any other filter."""
        return f"?{urlencode({'annee': self.year_value})}" if self.year_value else ""

    @property
    def all_years(self) -> str:
        """The parameters of the same list, of all years."""
        return self.address(annee=periods.ALL)

    @property
    def is_sorted(self) -> bool:
        """Whether another order was asked for than that of the codes."""
        return self.sort != "code"

    def sorts(self) -> list[tuple[str, str, bool, bool]]:
        """Each order: its name, its address, whether it is the one that is shown, and whether it then goes up."""
        orders = []
        for name, label in self._orders.items():
            goes_up = self.sort == name
            first, then = (f"-{name}", name) if name in OF_MONEY else (name, f"-{name}")  # the largest amount first
            turned = then if self.sort == first else first
            is_shown = goes_up or self.sort == f"-{name}"
            orders.append((label, self.address(tri=None if turned == "code" else turned), is_shown, goes_up))
        return orders
