"""What was declared, written out in rows: what lists, figures, officers and the report read."""

from collections.abc import Callable, Hashable, Iterator
from operator import attrgetter
from typing import Any, cast

from django.db.models import Model

from axes.models import Orientation
from cohesion.lib.people import Person
from cohesion.lib.text import fold
from projects.catalogue import actions, budget
from projects.catalogue.columns import PROJECTS
from projects.catalogue.models import (
    BudgetLine,
    BudgetYear,
    FundingLine,
    Indicator,
    Partnership,
    Place,
    Project,
    Scheme,
)
from projects.catalogue.writing import HangingRows, Signature
from projects.choices import IndicatorDirection, PartnerRole, Setting, TargetGroup
from projects.declaring.forms import PageForm
from projects.declaring.models import Declaration
from projects.declaring.pages import structure
from projects.declaring.pages.audience import AudienceForm
from projects.declaring.pages.beside import ProgrammeBeside
from projects.declaring.pages.budget import BudgetForm
from projects.declaring.pages.evaluation import EvaluationForm
from projects.declaring.pages.links import LinksForm
from projects.declaring.pages.partners import PartnersForm
from projects.declaring.pages.structure import StructureForm
from projects.declaring.pages.territory import TerritoryForm

AUDIENCE_LENGTH = 250
REASON = "Déclaration déposée"


def write(declaration: Declaration, forms: dict[str, PageForm], by: Person) -> None:
    """Write the rows of complete and coherent pages; the project itself is saved by the step that calls this.

    Raises:
        ValidationError: a rule refuses what was declared.
    """
    project = declaration.project
    structure.write(project.organization, cast(StructureForm, forms["structure"]), by)
    places = _places(project, cast(TerritoryForm, forms["territoire"]), Signature(by, REASON))
    places.drop()
    _project(project, forms)
    # The dates go before the places that come: each must exist while the project runs.
    Project.objects.filter(pk=project.pk).update(starts_on=project.starts_on, ends_on=project.ends_on)
    places.put()
    _links(project, cast(LinksForm, forms["rattachement"]), by)
    project.schemes.set(Scheme.objects.filter(code__in=forms["action"].answer("schemes") or []))
    for rows in _lists(project, forms):
        rows.put()
    _columns(declaration, forms)


def _project(project: Project, forms: dict[str, PageForm]) -> None:
    action, money = forms["action"], cast(BudgetForm, forms["budget"])
    for column in PROJECTS.columns:
        if column.declared_on:
            setattr(project, column.attribute, forms[column.declared_on].answer(column.attribute))
    in_pst = action.answer("setting") == Setting.PST
    project.host = Project.objects.filter(pk=action.answer("host")).first() if in_pst else None
    project.total_cost, project.requested = money.expenses, money.requested
    groups = [str(TargetGroup(group).label) for group in forms["publics"].answer("target_groups")]
    while len(", ".join(groups)) > AUDIENCE_LENGTH:
        groups.pop()
    project.audience = ", ".join(groups)
    project.full_clean()


def _links(project: Project, form: LinksForm, by: Person) -> None:
    chosen = [form.answer("main"), *(row["secondary"] for _, row in form.filled_rows())]
    orientations = {str(orientation.pk): orientation for orientation in Orientation.objects.filter(pk__in=chosen)}
    actions.set_contributions(
        project=project,
        main=orientations[form.answer("main")],
        main_rationale=form.answer("main_reason"),
        secondary=[(orientations[row["secondary"]], row["reason"]) for _, row in form.filled_rows()],
        by=by,
        reason=REASON,
    )
    for part in form.beside:
        _link_beside(project, form, part, by)


def _link_beside(project: Project, form: LinksForm, part: ProgrammeBeside, by: Person) -> None:
    """The orientation of another programme, first of all those that the project serves there. Without one, what was
    handed in before is taken back, and what an officer linked stays."""
    links = list(project.contributions.of(part.framework).select_related("orientation"))
    present = {str(link.orientation_id) for link in links if link.is_main}
    chosen = form.answer(part.field)
    before = project.submissions.order_by("-number").values_list("answers", flat=True).first() or {}
    if not chosen and before.get("rattachement", {}).get(part.field) not in present:
        return
    actions.set_contributions_beside(
        project=project,
        framework=part.framework,
        main=part.linkable[chosen].orientation if chosen else None,
        main_rationale=form.answer(part.why) or "",
        secondary=[
            (link.orientation, link.rationale)
            for link in links
            if not link.is_main and str(link.orientation_id) != chosen
        ],
        by=by,
        reason=REASON,
    )


def _places(project: Project, form: TerritoryForm, signature: Signature) -> HangingRows:
    places = [Place(project=project, territory=territory) for territory in form.places()]
    return HangingRows(Place, {project.pk: places}, attrgetter("territory_id"), signature=signature)


def _lists(project: Project, forms: dict[str, PageForm]) -> Iterator[HangingRows]:
    """Partners, money and indicators, in the order in which they were declared.

    What a row says that no form asks (what a funder granted, which organisation a partner is) stays.
    """
    money = cast(BudgetForm, forms["budget"])
    lists: tuple[tuple[type[Model], list[Any], Callable[[Any], Hashable], tuple[str, ...]], ...] = (
        (
            Partnership,
            _partners(project, cast(PartnersForm, forms["partenaires"]), money),
            attrgetter("name"),
            ("role", "is_confirmed"),
        ),
        (BudgetLine, _accounts(project, money), attrgetter("account"), ("amount",)),
        (BudgetYear, _years(project, money), attrgetter("year"), ("cost", "requested")),
        (
            FundingLine,
            _funders(project, money),
            attrgetter("kind", "name"),
            ("requested", "funding_class", "state"),
        ),
        (
            Indicator,
            _indicators(project, cast(EvaluationForm, forms["evaluation"])),
            attrgetter("name"),
            ("kind", "unit", "baseline", "target", "direction", "method"),
        ),
    )
    for model, rows, key, fields in lists:
        yield HangingRows(model, {project.pk: rows}, key, fields, is_ordered=True)


def _partners(project: Project, form: PartnersForm, money: BudgetForm) -> list[Partnership]:
    """Those that the lead names, then those who pay: the budget alone says them."""
    partners = [
        Partnership(project=project, name=row["name"], role=row["role"] or "", is_confirmed=bool(row["confirmed"]))
        for _, row in form.filled_rows()
    ]
    named = {fold(partner.name) for partner in partners}
    for funder in money.co_funders:
        if fold(funder.name) not in named:
            named.add(fold(funder.name))
            partners.append(
                Partnership(
                    project=project, name=funder.name, role=PartnerRole.FUNDING, is_confirmed=funder.is_obtained
                )
            )
    return partners


def _accounts(project: Project, form: BudgetForm) -> list[BudgetLine]:
    amounts = {account: form.answer(f"a-{account}") for account in budget.ACCOUNTS}
    return [
        BudgetLine(project=project, account=account, amount=amount) for account, amount in amounts.items() if amount
    ]


def _years(project: Project, form: BudgetForm) -> list[BudgetYear]:
    return [
        BudgetYear(project=project, year=part.year, cost=part.cost, requested=part.requested)
        for part in form.year_parts
    ]


def _funders(project: Project, form: BudgetForm) -> list[FundingLine]:
    return [
        FundingLine(
            project=project,
            kind=row["kind"],
            name=row["funder"] or "",
            requested=row["requested"],
            funding_class=row["class"] or "",
            state=row["state"] or "",
        )
        for _, row in form.filled_rows()
    ]


def _indicators(project: Project, form: EvaluationForm) -> list[Indicator]:
    return [
        Indicator(
            project=project,
            kind=row["kind"],
            name=row["name"],
            unit=row["unit"] or "",
            baseline=row["baseline"],
            target=row["target"],
            direction=row["direction"] or IndicatorDirection.MORE,
            method=row["method"] or "",
        )
        for _, row in form.filled_rows()
    ]


def _columns(declaration: Declaration, forms: dict[str, PageForm]) -> None:
    audience = cast(AudienceForm, forms["publics"])
    for name, number in audience.counts().items():
        setattr(declaration, name, number)
    declaration.target_groups = audience.answer("target_groups")
    declaration.residents_part = forms["action"].answer("residents_part") or ""
    declaration.scale = forms["territoire"].answer("scale")
    declaration.request_kind = forms["campagne"].answer("request_kind")
    declaration.save()
