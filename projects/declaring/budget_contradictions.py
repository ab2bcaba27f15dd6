"""What two amounts of the budget cannot both say: the rules of its page (:mod:`projects.declaring.contradictions`)."""

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from cohesion.lib.text import NBSP, euros, fold
from projects.choices import FunderKind, FundingState
from projects.declaring.contradictions import Correction, Corrections, Rule

if TYPE_CHECKING:
    from projects.declaring.pages.budget import BudgetForm


def budget_out_of_balance(form: "BudgetForm") -> Corrections:
    if form.has_unread_amounts:
        return
    yield from _balance(form.expenses, form.income, ("charges", "produits"), ("Charges", "produits"))
    yield from _balance(form.uses, form.sources, ("emplois", "ressources"), ("Emplois (86)", "ressources (87)"))


def _balance(left: Any, right: Any, sides: tuple[str, str], names: tuple[str, str]) -> Corrections:
    """What lacks on the one side, or is too much: what one brings is found last, so the second side is spoken of."""
    if left == right:
        return
    if left > right:
        what = f"il manque {euros(left - right)} de {sides[1]}"
    else:
        what = f"il y a {euros(right - left)} de {sides[1]} de trop"
    sentence = f"{names[0]} {euros(left)}, {names[1]} {euros(right)}{NBSP}: {what}."
    yield Correction("", sentence)


def years_that_do_not_add_up(form: "BudgetForm") -> Corrections:
    """Told as soon as one year is said: what lacks is what the others have to say."""
    if form.has_unread_amounts or not form.years:
        return
    wholes = (
        ("cost", form.expenses, "Les charges des années font", "de charges"),
        ("requested", form.requested or Decimal(0), "Les demandes des années font", "demandés"),
    )
    for name, whole, subject, what in wholes:
        parts = [amount for part in form.year_parts if (amount := getattr(part, name)) is not None]
        together = sum(parts, Decimal(0))
        difference = whole - together
        if not parts or not difference:
            continue
        lacking = f"il manque {euros(difference)}" if difference > 0 else f"il y a {euros(-difference)} de trop"
        sentence = f"{subject} {euros(together)} sur {euros(whole)} {what}{NBSP}: {lacking}."
        yield Correction(f"{name}_in-{form.years[-1]}", sentence)


def year_asks_more_than_it_costs(form: "BudgetForm") -> Corrections:
    """Only told: a first year may be paid ahead, which is rare."""
    for part in form.year_parts:
        if part.cost is not None and part.requested is not None and part.requested > part.cost:
            yield Correction(
                f"requested_in-{part.year}",
                f"Pour {part.year}, {euros(part.requested)} sont demandés pour {euros(part.cost)} de charges : une "
                "année ne demande pas plus qu’elle ne coûte. Corrigez l’un des deux montants.",
                stops=False,
            )


def amounts_of_years_gone(form: "BudgetForm") -> Corrections:
    """Only told: dates were changed since, by a colleague perhaps; what was typed stays where it was, and counts no
    more."""
    for part in form.parts_gone:
        amounts = ((part.cost, "de charges"), (part.requested, "demandés"))
        typed = " et ".join(f"{euros(amount)} {what}" for amount, what in amounts if amount)
        if not typed:
            continue
        field = f"cost_in-{part.year}" if part.cost else f"requested_in-{part.year}"
        gone = f"{part.year} n’est plus dans les dates de l’action"
        why = gone if form.years else "Les dates de l’action ne font plus plusieurs années"
        then = "Reportez-les, puis videz ces cases ; ou corrigez les dates."
        yield Correction(field, f"{why} : {typed} pour {part.year} ne comptent plus. {then}", stops=False)


def same_funder_twice(form: "BudgetForm") -> Corrections:
    kinds = Counter(row["kind"] for _, row in form.filled_rows())
    if kinds[FunderKind.AGGLOMERATION] > 1:
        yield Correction("", "L’agglomération a deux lignes : réunissez-les en une seule.")
    named = {rank: row for rank, row in form.filled_rows() if row["kind"] != FunderKind.AGGLOMERATION}
    seen: set[Any] = set()
    for rank, row in named.items():
        known_by = (row["kind"], fold(row["funder"] or ""), row["class"])
        if row["kind"] and known_by in seen:
            yield Correction(
                f"kind-{rank}",
                f"Le financeur {form.number_of(rank)} est déjà au-dessus : réunissez les deux lignes, ou dites lequel.",
            )
        seen.add(known_by)


def refused_money(form: "BudgetForm") -> Corrections:
    for rank, row in form.filled_rows():
        if row["state"] == FundingState.REFUSED and row["requested"]:
            yield Correction(
                f"requested-{rank}",
                f"Le financeur {form.number_of(rank)} a refusé, et ses {euros(row['requested'])} comptent dans les "
                "produits : mettez 0, ou retirez-le.",
                stops=False,
            )


def answered_before_it_is_asked(form: "BudgetForm") -> Corrections:
    """The agglomération decides of what is handed in, so it has not answered yet."""
    for rank, row in form.filled_rows():
        if row["kind"] == FunderKind.AGGLOMERATION and row["state"] in (FundingState.OBTAINED, FundingState.REFUSED):
            yield Correction(
                f"state-{rank}", "L’agglomération ne répond qu’après le comité : son état est « Demandé ».", stops=False
            )


def nothing_asked(form: "BudgetForm") -> Corrections:
    if form.expenses and not form.requested and not form.has_unread_amounts:
        yield Correction(
            "",
            "Aucune ligne ne demande d’argent à l’agglomération : si vous lui en demandez, ajoutez-la aux financeurs.",
            stops=False,
        )


BUDGET: tuple[Rule, ...] = (
    budget_out_of_balance,
    years_that_do_not_add_up,
    year_asks_more_than_it_costs,
    amounts_of_years_gone,
    same_funder_twice,
    refused_money,
    answered_before_it_is_asked,
    nothing_asked,
)
