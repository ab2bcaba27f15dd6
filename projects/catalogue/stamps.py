"""What is done changes what the pages of a framework say: every such write raises the revision of those in force.

Pages and exports carry the revision as their stamp, so that a stamp that has not changed says the same thing. What
concerns a project that was not public and is not changes no public page: a lead who types a draft stamps nothing.
"""

from typing import Any

from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_save

from axes import tree
from axes.models import Framework
from projects.catalogue.models import (
    Agreement,
    BudgetLine,
    CoLead,
    Contribution,
    FundingLine,
    Grant,
    Indicator,
    Instalment,
    Need,
    Offer,
    OfferSite,
    Payment,
    Perimeter,
    Place,
    Project,
    ReferenceDocument,
    Scheme,
)
from projects.members.models import Organization
from projects.territory.models import Territory
from projects.vocabulary.models import VocabularyLine


def raise_revision(using: str = "default") -> None:
    """Say that what is done for the frameworks in force, of every programme, has changed. After a bulk write, call it
    once. They are always raised in the same order, so that nobody waits for somebody who waits for them."""
    for pk in Framework.objects.using(using).standing().order_by("pk").values_list("pk", flat=True):
        tree.touch(pk, using)


def project_written(project: Project) -> None:
    """Say that what hangs on a project has changed, where no signal says it."""
    if _is_shown(project):
        raise_revision()


def _written(
    sender: type[Model], instance: Model, using: str, update_fields: frozenset[str] | None = None, **kwargs: Any
) -> None:
    is_only_typed = update_fields is not None and update_fields <= TYPED
    if not is_only_typed and _is_shown(instance):
        raise_revision(using)


def _linked(sender: type[Model], instance: Model, action: str, using: str, **kwargs: Any) -> None:
    if action.startswith("post_") and _is_shown(instance):
        raise_revision(using)


def _is_shown(row: Model) -> bool:
    """Whether public pages may say something of this row, now or as it was read."""
    hangs_on = row.grant if isinstance(row, Payment) else getattr(row, "report", row)
    project = row if isinstance(row, Project) else getattr(hangs_on, "project", None)
    return not isinstance(project, Project) or project.is_public or project.was_public


# What a lead types into a declaration or a report, and nobody else reads before it is handed in.
TYPED = frozenset({"answers", "saved_at", "saved_by", "to_review"})
STAMPED = (
    Agreement,
    BudgetLine,
    CoLead,
    Contribution,
    FundingLine,
    Grant,
    Indicator,
    Instalment,
    Need,
    Offer,
    OfferSite,
    Organization,
    Payment,
    Perimeter,
    Place,
    Project,
    ReferenceDocument,
    Scheme,
    Territory,
    VocabularyLine,
)
# Of the rooms above this one: people expected and reached, results, when reports are due, what is proposed.
STAMPED_ABOVE = ("Campaign", "Decision", "Declaration", "IndicatorResult", "Report", "Review")


def connect() -> None:
    for model in STAMPED:
        for signal in (post_save, post_delete):
            signal.connect(_written, sender=model, dispatch_uid=f"projects.stamps.{model.__name__}")
    for name in STAMPED_ABOVE:
        for signal in (post_save, post_delete):
            signal.connect(_written, sender=f"projects.{name}", dispatch_uid=f"projects.stamps.{name}")
    for relation in (Project.schemes, Project.partners, ReferenceDocument.orientations, Perimeter.territories):
        m2m_changed.connect(_linked, sender=relation.through, dispatch_uid=f"projects.stamps.{relation.field.name}")
