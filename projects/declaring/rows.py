"""What was declared, written out in rows: what lists, figures, officers and the report read."""

from typing import cast

from axes.models import Orientation
from cohesion.lib.people import Person
from projects.catalogue import actions, budget
from projects.catalogue.models import BudgetLine, FundingLine, Indicator, Partnership, Place, Project, Scheme
from projects.catalogue.signing import sign
from projects.choices import Setting, TargetGroup
from projects.declaring.forms import PageForm
from projects.declaring.models import Declaration
from projects.declaring.pages import structure
from projects.declaring.pages.audience import AudienceForm
from projects.declaring.pages.budget import BudgetForm
from projects.declaring.pages.evaluation import EvaluationForm
from projects.declaring.pages.links import LinksForm
from projects.declaring.pages.partners import PartnersForm
from projects.declaring.pages.structure import StructureForm
from projects.declaring.pages.territory import TerritoryForm
from projects.territory.models import Territory

AUDIENCE_LENGTH = 250
REASON = "Déclaration déposée"


def write(declaration: Declaration, forms: dict[str, PageForm], by: Person) -> None:
    """Write the rows of complete and coherent pages; the project itself is saved by the step that calls this.

    Raises:
        ValidationError: a rule refuses what was declared.
    """
    project = declaration.project
    structure.write(project.organization, cast(StructureForm, forms["structure"]), by)
    territories = cast(TerritoryForm, forms["territoire"]).places()
    for place in project.places.exclude(territory__in=territories):
        place.delete()
    _project(project, forms)
    _places(project, territories, by)
    _links(project, cast(LinksForm, forms["rattachement"]), by)
    project.schemes.set(Scheme.objects.filter(code__in=forms["action"].answer("schemes") or []))
    _partners(project, cast(PartnersForm, forms["partenaires"]))
    _budget(project, cast(BudgetForm, forms["budget"]))
    _indicators(project, cast(EvaluationForm, forms["evaluation"]))
    _columns(declaration, forms)


def _project(project: Project, forms: dict[str, PageForm]) -> None:
    action, calendar, money = forms["action"], forms["calendrier"], cast(BudgetForm, forms["budget"])
    project.title, project.summary = action.answer("title"), action.answer("summary")
    in_pst = action.answer("setting") == Setting.PST
    project.host = Project.objects.filter(pk=action.answer("host")).first() if in_pst else None
    project.starts_on, project.ends_on = calendar.answer("starts_on"), calendar.answer("ends_on")
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


def _places(project: Project, wanted: list[Territory], by: Person) -> None:
    """Those that are not there yet; the dates go first, since a place must exist while the project runs."""
    Project.objects.filter(pk=project.pk).update(starts_on=project.starts_on, ends_on=project.ends_on)
    there = set(project.places.values_list("territory_id", flat=True))
    for territory in wanted:
        if territory.pk not in there:
            sign(Place(project=project, territory=territory), by, "").save()


def _partners(project: Project, form: PartnersForm) -> None:
    project.declared_partners.all().delete()
    for _, row in form.filled_rows():
        Partnership.objects.create(
            project=project, name=row["name"], role=row["role"] or "", is_confirmed=bool(row["confirmed"])
        )


def _budget(project: Project, form: BudgetForm) -> None:
    project.budget_lines.all().delete()
    project.funding_lines.all().delete()
    lines = [(account, form.answer(f"a-{account}")) for account in budget.ACCOUNTS]
    BudgetLine.objects.bulk_create(  # not the tree
        BudgetLine(project=project, account=account, amount=amount) for account, amount in lines if amount
    )
    FundingLine.objects.bulk_create(  # not the tree
        FundingLine(
            project=project,
            kind=row["kind"],
            name=row["funder"] or "",
            requested=row["requested"],
            funding_class=row["class"] or "",
            state=row["state"] or "",
        )
        for _, row in form.filled_rows()
    )


def _indicators(project: Project, form: EvaluationForm) -> None:
    project.indicators.all().delete()
    Indicator.objects.bulk_create(  # not the tree
        Indicator(
            project=project,
            kind=row["kind"],
            name=row["name"],
            unit=row["unit"] or "",
            target=row["target"],
            method=row["method"] or "",
        )
        for _, row in form.filled_rows()
    )


def _columns(declaration: Declaration, forms: dict[str, PageForm]) -> None:
    audience = cast(AudienceForm, forms["publics"])
    for name, number in audience.counts().items():
        setattr(declaration, name, number)
    declaration.target_groups = audience.answer("target_groups")
    declaration.residents_part = forms["action"].answer("residents_part") or ""
    declaration.scale = forms["territoire"].answer("scale")
    declaration.request_kind = forms["campagne"].answer("request_kind")
    declaration.save()
