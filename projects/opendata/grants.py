"""The grants as the law asks them to be published: SCDL « subventions » 2.1.1, one row a grant and its beneficiary.

What the schema wants and nobody has said yet is never made up: the grant is left out of the file, and officers read
which value lacks (``PublicGrant.lacks``). docs/decisions/27-open-data.md says what was decided.
"""

import datetime
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import Max, Prefetch
from django.urls import reverse

from cohesion.lib.siret import is_siret
from cohesion.lib.text import squeeze
from projects.catalogue import publicity
from projects.catalogue.models import Project
from projects.choices import MoneyItem
from projects.instructing.models import Decision
from projects.opendata.columns import OpenColumn, moment_of, of_item, yes_or_no
from projects.opendata.source import OpenSource, Row, authority

SCHEMA_ADDRESS = "https://schema.data.gouv.fr/scdl/subventions/2.1.1/"
MANDATORY_FROM = 23_000  # euros a year to one beneficiary (décret 2017-779)
LONGEST_PURPOSE = 256
OF_LEAD = ("nomBeneficiaire", "idBeneficiaire")
WHOLE = 1  # of what is granted: a grant of ours has one beneficiary
_RNA = re.compile(r"W\d{9}")
KINDS_OF_AID = {
    "money": "aide en numéraire",
    "kind": "aide en nature",
    "both": "aide en numéraire;aide en nature",
}
TERMS = {"single": "unique", "staggered": "échelonné", "other": "autre"}

GRANT_COLUMNS: tuple[OpenColumn, ...] = (
    of_item("nomAttribuant", "qui attribue la subvention"),
    of_item("idAttribuant", "son SIRET"),
    of_item("dateConvention", "le jour de la signature de la convention ; sans convention, de la notification", "day"),
    of_item("referenceDecision", "la délibération qui l’attribue ; à défaut, le numéro de la convention"),
    of_item("nomBeneficiaire", "la personne morale qui la reçoit"),
    of_item("idBeneficiaire", "son SIRET"),
    of_item("rnaBeneficiaire", "d’une association, son numéro au répertoire national"),
    of_item("objet", "l’intitulé du projet, en 256 caractères au plus"),
    of_item("montant", "le montant attribué, en euros", "euros"),
    of_item("nature", "aide en numéraire, aide en nature, ou les deux"),
    of_item("conditionsVersement", "unique, échelonné ou autre"),
    of_item("datesPeriodeVersement", "le jour du versement, ou le premier et le dernier séparés par /"),
    of_item("idRAE", "le numéro au répertoire des aides aux entreprises, si l’aide y figure"),
    of_item("notificationUE", "oui : l’aide est notifiée à la Commission européenne"),
    of_item("pourcentageSubvention", "la part de la subvention qui lui revient : 1, il est seul", "number"),
    of_item("dispositifAide", "le dispositif de l’aide, s’il est dit"),
)
NOTES = (
    "La loi veut que soient publiées les subventions d’au moins 23 000 € par an à un même bénéficiaire ; les autres le "
    "sont ici aussi, tant que la collectivité rend publics les montants accordés.",
    "Une subvention à laquelle manque une valeur que le format rend obligatoire n’y figure pas encore : aucune n’est "
    "inventée.",
    "Les personnes physiques n’y figurent pas.",
)


@dataclass(frozen=True)
class Lack:
    """A value that the schema wants and nobody said: its field, why it lacks, and where it is said."""

    field: str
    reason: str
    address: str

    @property
    def is_of_lead(self) -> bool:
        """Whether it is said of the beneficiary, once for all its grants."""
        return self.field in OF_LEAD


@dataclass(frozen=True)
class PublicGrant:
    """What a project was granted, as the schema has it; ``yearly``: what its lead is granted in the same year."""

    project: Project
    yearly: Decimal

    @cached_property
    def grant(self) -> Any:
        """What followed the decision; nothing, of what was granted before grants were kept."""
        return getattr(self.project, "grant", None)

    @cached_property
    def agreement(self) -> Any:
        return self.grant.agreement if self.grant is not None else None

    @property
    def is_mandatory(self) -> bool:
        return self.yearly >= MANDATORY_FROM

    @cached_property
    def values(self) -> dict[str, Any]:
        """By field, in their order; None or nothing where nobody said it."""
        grant, lead = self.grant, self.project.organization
        is_notified = grant.is_eu_notified if grant is not None else None
        scheme = grant.scheme if grant is not None else None
        return {
            "nomAttribuant": authority(),
            "idAttribuant": settings.AUTHORITY_SIRET,
            "dateConvention": self._agreed_on,
            "referenceDecision": self._reference,
            "nomBeneficiaire": squeeze(lead.name),
            "idBeneficiaire": lead.siret if is_siret(lead.siret) else "",
            "rnaBeneficiaire": lead.rna if _RNA.fullmatch(lead.rna) else "",
            "objet": cut(squeeze(self.project.title)),
            "montant": float(self.project.granted or 0),
            "nature": KINDS_OF_AID[grant.aid_kind] if grant is not None else "",
            "conditionsVersement": self._terms,
            "datesPeriodeVersement": self._period,
            "idRAE": grant.rae if grant is not None else "",
            "notificationUE": "" if is_notified is None else yes_or_no(is_notified),
            "pourcentageSubvention": WHOLE,
            "dispositifAide": squeeze(scheme.name or scheme.code) if scheme is not None else "",
        }

    @property
    def _terms(self) -> str:
        """How it is paid: as it is said of the grant, else of its convention."""
        own = self.grant.payment_terms if self.grant is not None else ""
        shared = self.agreement.terms if self.agreement is not None else ""
        return TERMS.get(own or shared, "")

    @property
    def _agreed_on(self) -> datetime.date | None:
        signed_on = self.agreement.signed_on if self.agreement is not None else None
        return signed_on or (self.grant.notified_on if self.grant is not None else None)

    @property
    def _reference(self) -> str:
        """The deliberation of its last decision that names one; else the convention."""
        named = [decision.deliberation for decision in self.project.decisions.all() if decision.deliberation]
        if named:
            return squeeze(named[-1])
        return self.agreement.number if self.agreement is not None else ""

    @property
    def _period(self) -> str:
        """As it is said of the grant; else from the first to the last day of its schedule."""
        if self.grant is None:
            return ""
        first, last = self.grant.pays_from, self.grant.pays_until
        if first is None:
            days = self._due_days
            first, last = (min(days), max(days)) if days else (None, None)
        if first is None:
            return ""
        return first.isoformat() if last in (None, first) else f"{first.isoformat()}/{last.isoformat()}"

    @property
    def _due_days(self) -> list[datetime.date]:
        """The days of its own schedule; else of that of its convention."""
        if own := [due.due_on for due in self.grant.instalments.all()]:
            return own
        shared = self.agreement.instalments.all() if self.agreement is not None else []
        return [due.due_on for due in shared if due.grant_id is None]

    @cached_property
    def lacks(self) -> list[Lack]:
        return list(_lacks(self))

    @property
    def lead_lacks(self) -> list[Lack]:
        return [lack for lack in self.lacks if lack.is_of_lead]

    @property
    def own_lacks(self) -> list[Lack]:
        return [lack for lack in self.lacks if not lack.is_of_lead]


def _lacks(grant: PublicGrant) -> Iterator[Lack]:
    """What the schema wants and is not said, in the order of its fields."""
    values, lead = grant.values, grant.project.organization
    here = reverse("projects:instruction_grant", args=[grant.project.pk])
    there = reverse("admin:projects_organization_change", args=[lead.pk])
    if not values["dateConvention"]:
        yield Lack("dateConvention", "ni convention signée, ni date de notification", here)
    if not lead.is_legal_person:
        yield Lack("nomBeneficiaire", "rien ne dit que le bénéficiaire est une personne morale", there)
    elif not values["idBeneficiaire"] and not values["rnaBeneficiaire"]:
        why = f"SIRET en cours : {lead.siret_pending}" if lead.siret_pending else "ni SIRET ni RNA valables"
        yield Lack("idBeneficiaire", why, there)
    if not values["nature"]:
        yield Lack("nature", "la nature de l’aide n’est pas dite", here)
    if not values["conditionsVersement"]:
        yield Lack("conditionsVersement", "versement unique, échelonné ou autre : cela n’est pas dit", here)
    if not values["datesPeriodeVersement"]:
        yield Lack("datesPeriodeVersement", "ni période de versement, ni échéancier", here)
    if not values["notificationUE"]:
        yield Lack("notificationUE", "notifiée ou non à la Commission européenne : cela n’est pas dit", here)


def cut(text: str) -> str:
    """What the schema has room for, cut between two words."""
    if len(text) <= LONGEST_PURPOSE:
        return text
    start = text[: LONGEST_PURPOSE - 1]
    words = start.rpartition(" ")[0]
    return f"{words or start}…"


def all_grants() -> list[PublicGrant]:
    """What was granted to public projects, by the year in which it is charged, in a constant number of queries."""
    given = Project.objects.published().filter(granted__gt=0)
    read = given.select_related("organization", "grant__agreement", "grant__scheme").prefetch_related(
        Prefetch("decisions", Decision.objects.order_by("at", "pk")),
        "grant__instalments",
        "grant__agreement__instalments",
    )
    projects = list(read.order_by("code_key", "code"))
    yearly: defaultdict[tuple[int, int], Decimal] = defaultdict(Decimal)
    for project in projects:
        yearly[_account(project)] += project.granted or 0
    return [PublicGrant(project, yearly[_account(project)]) for project in projects]


def _account(project: Project) -> tuple[int, int]:
    """The beneficiary, and the year to which the amount is charged; that of the project, where no grant says it."""
    grant = getattr(project, "grant", None)
    if grant is not None:
        return project.organization_id, grant.year
    return project.organization_id, project.starts_on.year if project.starts_on else 0


def publishable() -> list[PublicGrant]:
    """What may be published: every grant where amounts granted are public; else those that the law wants."""
    is_public = publicity.is_public(MoneyItem.GRANTED)
    return [grant for grant in all_grants() if is_public or grant.is_mandatory]


def by_lead(every: Iterable[PublicGrant]) -> list[PublicGrant]:
    """The grants of a beneficiary together; first those that have one that the law wants published."""
    every = list(every)
    urgent = {grant.project.organization_id for grant in every if grant.is_mandatory}

    def place(grant: PublicGrant) -> tuple[bool, str, int, bool]:
        lead = grant.project.organization
        return lead.pk not in urgent, lead.name.casefold(), lead.pk, not grant.is_mandatory

    return sorted(every, key=place)


def grant_rows(source: OpenSource) -> list[Row]:
    """Those that lack nothing; none, while nobody said what the SIRET of the council is."""
    if not settings.AUTHORITY_SIRET:
        return []
    return [list(grant.values.values()) for grant in publishable() if not grant.lacks]


def grants_changed(source: OpenSource) -> datetime.datetime | None:
    public = Project.objects.published().filter(granted__gt=0)
    return moment_of(public.aggregate(last=Max("updated_at"))["last"])
