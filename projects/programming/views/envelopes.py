"""``/instruction/enveloppes/``: what is voted for a year, engaged, paid and left; and the grants behind each number."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from cohesion.audit import AuditKind, record
from cohesion.lib.dates import known_year
from cohesion.lib.http import filtered, paged
from cohesion.lib.people import signed_in
from cohesion.lib.spreadsheets import CONTENT_TYPES, known_format, table_file
from cohesion.lib.text import count_phrase, whole_number
from projects.instructing.views.door import officers_page, shown
from projects.programming.choosing import MOST, choose_envelope
from projects.programming.listing import ALL, TITLES, envelopes_table, grant_rows, grants_table, listed
from projects.programming.models import BudgetEnvelope
from projects.programming.sums import paid_of, year_sums, years

PAGE = 50
BY_RULE = "regle"


@dataclass(frozen=True)
class AskedEnvelope:
    """What the address asks: a year, and an envelope of it or another list of its grants (``TITLES``). ``ignored``:
    what it asks that means nothing, in a sentence."""

    year: int
    key: str
    envelope: BudgetEnvelope | None
    ignored: str
    offered: tuple[int, ...]

    @classmethod
    def of(cls, query: QueryDict) -> "AskedEnvelope":
        this = timezone.localdate().year
        raw, key = query.get("annee", ""), query.get("enveloppe", "")
        year = known_year(raw)
        ignored = [] if year or not raw else ["Année : cette valeur ne désigne rien, cette année est montrée."]
        year = year or this
        number = whole_number(key)
        envelope = None if number is None else BudgetEnvelope.objects.filter(pk=number, year=year).first()
        if key not in TITLES and envelope is None:
            ignored.append(f"Enveloppe : elle n’est pas de {year}, toutes les subventions sont montrées.")
            key = ALL
        return cls(year, key, envelope, " ".join(ignored), tuple(sorted({*years(), this, this + 1, year})))

    @property
    def choices(self) -> dict[str, str]:
        return {str(year): str(year) for year in reversed(self.offered)}

    @property
    def chosen(self) -> str:
        return str(self.year)

    @property
    def title(self) -> str:
        return self.envelope.label if self.envelope else TITLES[self.key]

    @property
    def query(self) -> str:
        """Of the address of this list."""
        chosen = {"enveloppe": self.key} if self.key else {}
        return f"?{urlencode({'annee': str(self.year), **chosen})}"


@filtered
@officers_page
@require_safe
def envelopes(request: HttpRequest) -> HttpResponseBase:
    """The envelopes of a year, what is outside, and what they make together."""
    listing = AskedEnvelope.of(request.GET)
    context = {
        "asked": listing,
        "sums": year_sums(listing.year),
        "formats": list(CONTENT_TYPES),
        "may_add": request.user.has_perm("projects.add_budgetenvelope"),
    }
    return shown(request, "programming/envelopes.html", context)


@officers_page
@require_safe
def envelopes_file(request: HttpRequest, format: str) -> HttpResponseBase:
    """The same lines, as a file.

    Raises:
        Http404: no such format.
    """
    listing = _asked_for_a_file(request, format)
    return table_file(envelopes_table(year_sums(listing.year)), format, f"enveloppes-{listing.year}")


def _asked_for_a_file(request: HttpRequest, format: str) -> AskedEnvelope:
    known_format(format)
    record(AuditKind.EXPORT, on="enveloppes", after={"filtres": dict(request.GET.lists())}, request=request)
    return AskedEnvelope.of(request.GET)


@filtered
@officers_page
def envelope_grants(request: HttpRequest) -> HttpResponseBase:
    """The grants that a number counts; with POST, those that are ticked go in an envelope."""
    listing = AskedEnvelope.of(request.GET)
    if request.method == "POST":
        _choose(request)
        address = reverse("projects:envelope_grants")
        number = whole_number(request.GET.get("page", ""))
        return HttpResponseRedirect(f"{address}{listing.query}" + (f"&page={number}" if number else ""))
    projects = listed(listing.year, listing.key)
    context: dict[str, Any] = paged(request, projects, PAGE)
    page = context["page"]
    shown_projects = list(page.object_list)
    context |= {
        "asked": listing,
        "line": next((line for line in year_sums(listing.year).all_lines if line.key == listing.key), None),
        "rows": grant_rows(shown_projects, listing.year, paid_of([project.pk for project in shown_projects])),
        "targets": BudgetEnvelope.objects.filter(year=listing.year).order_by("is_delegated", "label", "pk"),
        "by_rule": BY_RULE,
        "formats": list(CONTENT_TYPES),
    }
    return shown(request, "programming/grants.html", context)


def _choose(request: HttpRequest) -> None:
    """Put what is ticked where the form says, and say what became of it."""
    keys = [key for text in request.POST.getlist("projet") if (key := whole_number(text)) is not None][:MOST]
    to = request.POST.get("vers", "")
    envelope = BudgetEnvelope.objects.filter(pk=whole_number(to) or 0).first()
    if not keys or (envelope is None and to != BY_RULE):
        missing = "Choisissez une enveloppe." if keys else "Cochez au moins une subvention."
        messages.error(request, f"{missing} Rien n’a été changé.")
        return
    try:
        changed = choose_envelope(keys, envelope, by=signed_in(request))
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return
    where = f"dans « {envelope.label} »" if envelope else "selon la règle"
    number = count_phrase(changed, "subvention est rangée", "subventions sont rangées")
    messages.success(request, f"{number} {where}." if changed else f"C’était déjà rangé {where} : rien n’a changé.")


@officers_page
@require_safe
def grants_file(request: HttpRequest, format: str) -> HttpResponseBase:
    """All the grants of a list, as a file.

    Raises:
        Http404: no such format.
    """
    listing = _asked_for_a_file(request, format)
    projects = list(listed(listing.year, listing.key))
    rows = grant_rows(projects, listing.year, paid_of([project.pk for project in projects]))
    return table_file(grants_table(rows), format, f"subventions-{listing.year}-{listing.key or 'toutes'}")
