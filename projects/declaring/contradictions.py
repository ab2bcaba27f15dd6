"""What two answers of a page cannot both say: one rule a function, one table a page.

A page tells its contradictions as soon as they are typed, and when it is saved; the check before handing in reads the
same rules. A rule reads what can be read: an answer that is missing, or is no number, contradicts nothing. Those of the
budget stand in :mod:`projects.declaring.budget_contradictions`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cohesion.lib.text import NBSP, count_phrase, fold, number_fr
from projects.catalogue.models import PeopleCount
from projects.choices import (
    IndicatorDirection,
    LegalForm,
    RequestKind,
    Scale,
    Setting,
    TerritoryKind,
)
from projects.declaring.models import Declaration
from projects.members.models import Organization

if TYPE_CHECKING:
    from projects.declaring.forms import PageForm
    from projects.declaring.pages.audience import PeopleForm
    from projects.declaring.pages.calendar import CalendarForm
    from projects.declaring.pages.links import LinksForm
    from projects.declaring.pages.territory import TerritoryForm
    from projects.declaring.row_forms import RowsForm

SAME_CALL = "Cette action répond déjà à cet appel : elle se reconduit dans un autre, celui de l’année suivante."
MOST_YEARS = 6  # that an action lasts


@dataclass(frozen=True)
class Correction:
    """Something to mend: the field of the page (none: the page as a whole), and the sentence that says how.

    What does not stop is told, and may be handed in as it is.
    """

    field: str
    sentence: str
    stops: bool = True


Corrections = Iterator[Correction]


def _named_twice(form: "RowsForm", name: str, key: Callable[[Any], Any], sentence: str) -> Corrections:
    """The rows that say again what a row above says; ``sentence`` has a place for its number."""
    seen: set[Any] = set()
    for rank, row in form.filled_rows():
        if not row[name]:
            continue
        if key(row) in seen:
            yield Correction(f"{name}-{rank}", sentence.format(form.number_of(rank)))
        seen.add(key(row))


# --- the call ---------------------------------------------------------------------------------------------------


def renewed_in_its_own_call(form: "PageForm") -> Corrections:
    if form.answer("request_kind") != RequestKind.RENEWED:
        return
    if Declaration.objects.filter(project=form.answer("previous"), campaign=form.answer("campaign")).exists():
        yield Correction("campaign", SAME_CALL)


def new_and_following_another(form: "PageForm") -> Corrections:
    if form.answer("request_kind") == RequestKind.NEW and form.answer("previous"):
        yield Correction(
            "previous", "La demande est dite nouvelle, et continue une autre action : corrigez l’une des deux réponses."
        )


# --- the organisation -------------------------------------------------------------------------------------------


def siret_of_another(form: "PageForm") -> Corrections:
    number = form.answer("siret")
    others = Organization.objects.exclude(pk=form.declaration.project.organization_id)
    if number and others.filter(siret=number).exists():
        yield Correction(
            "siret", "Une autre structure porte déjà ce SIRET : vérifiez-le, ou écrivez à l’agglomération."
        )


def siret_given_and_awaited(form: "PageForm") -> Corrections:
    if form.answer("siret") and form.answer("siret_pending"):
        yield Correction(
            "siret_pending", "Le SIRET est donné, et dit en cours d’attribution : videz l’un des deux.", stops=False
        )


def number_of_an_association(form: "PageForm") -> Corrections:
    legal_form = form.answer("legal_form")
    if form.answer("rna") and legal_form in (LegalForm.MUNICIPALITY, LegalForm.PUBLIC_BODY, LegalForm.COMPANY):
        label = LegalForm(legal_form).label
        yield Correction("rna", f"Seules les associations ont un numéro RNA, et la forme est « {label} ».", False)


# --- the action -------------------------------------------------------------------------------------------------


def outside_and_in_a_pst(form: "PageForm") -> Corrections:
    if form.answer("setting") == Setting.OUTSIDE and form.answer("host"):
        yield Correction("host", "L’action est dite hors PST, et un PST est choisi : corrigez l’une des deux réponses.")


# --- orientations -----------------------------------------------------------------------------------------------


def same_orientation_twice(form: "LinksForm") -> Corrections:
    seen = {form.answer("main")}
    for rank, row in form.filled_rows():
        if row["secondary"] and row["secondary"] in seen:
            code = form.linkable[row["secondary"]].orientation.code
            yield Correction(f"secondary-{rank}", f"L’orientation {code} est choisie deux fois : retirez-en une.")
        seen.add(row["secondary"])


# --- places -----------------------------------------------------------------------------------------------------


def places_of_another_scale(form: "TerritoryForm") -> Corrections:
    scale, number = form.answer("scale"), len(form.answer("communes") or [])
    if scale == Scale.COMMUNE and number > 1:
        yield Correction(
            "communes", f"L’échelle est « Une commune », et {number} sont cochées : corrigez l’une ou l’autre."
        )
    if scale == Scale.COMMUNES and number == 1:
        yield Correction("communes", "L’échelle est « Plusieurs communes », et une seule est cochée.")
    quarters = len(form.answer("quarters") or [])
    if scale == Scale.QUARTER and quarters > 1:
        yield Correction(
            "quarters", f"L’échelle est « Un quartier », et {quarters} sont cochés : corrigez l’une ou l’autre.", False
        )


def agglomeration_of_one_commune(form: "TerritoryForm") -> Corrections:
    if form.answer("scale") == Scale.AGGLOMERATION and len(form.answer("communes") or []) == 1:
        yield Correction(
            "communes",
            "L’échelle est « L’agglomération », et une seule commune est cochée : corrigez l’une ou l’autre.",
            stops=False,
        )


def quarter_of_another_commune(form: "TerritoryForm") -> Corrections:
    """Only told: a quarter may reach over a border, and one may come there from the next commune."""
    communes = {place.pk for place in form.places() if place.kind == TerritoryKind.COMMUNE}
    for place in form.places():
        if communes and place.kind != TerritoryKind.COMMUNE and place.parent_id and place.parent_id not in communes:
            yield Correction(
                "quarters",
                f"« {place.name} » est dans une commune qui n’est pas cochée : corrigez l’une ou l’autre.",
                stops=False,
            )


def places_that_are_not_there(form: "TerritoryForm") -> Corrections:
    start, end = form.dates
    for place in form.places():
        if not place.exists_during(start, end):
            field = "communes" if place.kind == TerritoryKind.COMMUNE else "quarters"
            yield Correction(field, f"« {place.name} » n’existe pas aux dates de l’action : décochez-le.")


# --- people -----------------------------------------------------------------------------------------------------

PARTS = (
    (("people_from_quarters",), "Les habitants de quartiers prioritaires"),
    (PeopleCount.SEXES, "Les femmes et les hommes"),
    (PeopleCount.AGES, "Les classes d’âge"),
)


def more_people_of_a_class_than_in_all(form: "PeopleForm") -> Corrections:
    people = form.answer("people")
    if people is None:
        return
    for names, label in PARTS:
        total = sum(form.answer(name) or 0 for name in names)
        if total > people:
            yield Correction(
                next(name for name in names if form.answer(name)),
                f"{label} font {number_fr(total)}, plus que les {number_fr(people)}{NBSP}personnes indiquées.",
            )


def classes_that_leave_people_out(form: "PeopleForm") -> Corrections:
    """Only told: one may not know the age of everybody, or count some under neither sex."""
    people = form.answer("people")
    if people is None:
        return
    for names, label in PARTS[1:]:
        total = sum(form.answer(name) or 0 for name in names)
        if any(name in form.errors for name in names) or not total or total >= people:
            continue
        yield Correction(
            next(name for name in names if form.answer(name)),
            f"{label} font {number_fr(total)} sur {count_phrase(people, 'personne')}, "
            f"il en manque {number_fr(people - total)}.",
            stops=False,
        )


# --- dates ------------------------------------------------------------------------------------------------------


def ends_before_it_begins(form: "CalendarForm") -> Corrections:
    start, end = form.answer("starts_on"), form.answer("ends_on")
    if start and end and end < start:
        yield Correction("ends_on", "La fin précède le début : corrigez l’une des deux dates.")


def dates_out_of_the_call(form: "CalendarForm") -> Corrections:
    start, end, campaign = form.answer("starts_on"), form.answer("ends_on"), form.declaration.campaign
    if campaign is None or (start and end and end < start):
        return
    about = f"L’appel « {campaign.name} » porte sur {campaign.year}"
    if start and start.year > campaign.year:
        yield Correction("starts_on", f"{about} : l’action commence après.")
    if end and end.year < campaign.year:
        yield Correction("ends_on", f"{about} : l’action finit avant.")


def lasts_for_many_years(form: "CalendarForm") -> Corrections:
    """Only told: more than a framework lasts, a year is often mistyped."""
    start, end = form.answer("starts_on"), form.answer("ends_on")
    if start and end and end.year - start.year > MOST_YEARS:
        sentence = f"L’action durerait de {start.year} à {end.year} : vérifiez l’année de sa fin."
        yield Correction("ends_on", sentence, stops=False)


# --- partners ---------------------------------------------------------------------------------------------------


def same_partner_twice(form: "RowsForm") -> Corrections:
    yield from _named_twice(
        form, "name", lambda row: (fold(row["name"]), row["role"]), "Le partenaire {} est déjà nommé au-dessus."
    )


def its_own_partner(form: "RowsForm") -> Corrections:
    project = form.declaration.project
    own = fold(project.organization.name) if project.organization_id else None
    for rank, row in form.filled_rows():
        if row["name"] and fold(row["name"]) == own:
            yield Correction(f"name-{rank}", "Votre structure porte l’action : elle n’en est pas partenaire.", False)


# --- indicators -------------------------------------------------------------------------------------------------


def same_indicator_twice(form: "RowsForm") -> Corrections:
    yield from _named_twice(
        form, "name", lambda row: fold(row["name"]), "L’indicateur {} mesure la même chose qu’un autre au-dessus."
    )


def more_than_all(form: "RowsForm") -> Corrections:
    for rank, row in form.filled_rows():
        if (row["unit"] or "").strip() == "%" and row["target"] is not None and row["target"] > 100:
            yield Correction(
                f"target-{rank}", f"La cible de l’indicateur {form.number_of(rank)} dépasse 100{NBSP}%.", False
            )


def target_behind_the_start(form: "RowsForm") -> Corrections:
    for rank, row in form.filled_rows():
        if row["baseline"] is None or row["target"] is None or row["baseline"] == row["target"]:
            continue
        goes_up, is_asked_up = row["target"] > row["baseline"], row["direction"] != IndicatorDirection.LESS
        if goes_up != is_asked_up:
            side, way = ("au-dessus", "une baisse") if goes_up else ("au-dessous", "une hausse")
            target = f"La cible de l’indicateur {form.number_of(rank)}"
            sentence = f"{target} est {side} de son point de départ, et vous visez {way}."
            yield Correction(f"direction-{rank}", sentence, stops=False)


# --- the table --------------------------------------------------------------------------------------------------

Rule = Callable[[Any], Corrections]
CAMPAIGN: tuple[Rule, ...] = (renewed_in_its_own_call, new_and_following_another)
STRUCTURE: tuple[Rule, ...] = (siret_of_another, siret_given_and_awaited, number_of_an_association)
ACTION: tuple[Rule, ...] = (outside_and_in_a_pst,)
LINKS: tuple[Rule, ...] = (same_orientation_twice,)
TERRITORY: tuple[Rule, ...] = (
    places_of_another_scale,
    agglomeration_of_one_commune,
    quarter_of_another_commune,
    places_that_are_not_there,
)
PEOPLE: tuple[Rule, ...] = (more_people_of_a_class_than_in_all, classes_that_leave_people_out)
CALENDAR: tuple[Rule, ...] = (ends_before_it_begins, dates_out_of_the_call, lasts_for_many_years)
PARTNERS: tuple[Rule, ...] = (same_partner_twice, its_own_partner)
EVALUATION: tuple[Rule, ...] = (same_indicator_twice, more_than_all, target_behind_the_start)
