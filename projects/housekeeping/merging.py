"""Making two organisations one."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from cohesion.audit import AuditKind, record
from cohesion.lib.people import Person
from projects.catalogue.models import CoLead, Partnership, Project, TransitionLog
from projects.catalogue.signing import sign
from projects.choices import MembershipRole
from projects.correspondence.models import Paper
from projects.declaring.models import Attachment, Submission
from projects.members import mergers
from projects.members.columns import ORGANIZATIONS
from projects.members.models import Organization

# What a structure says of itself beside its name and its kind: those of the one that is kept stay.
MERGED_FIELDS = tuple(name for name in (*ORGANIZATIONS.plain, "commune") if name not in ("name", "kind", "note"))


@transaction.atomic
def merge_organizations(
    *, keep: Organization, merged: Organization, by: Person, despite_siret: bool = False
) -> Organization:
    """Make two organisations one: all that hangs on ``merged`` passes to ``keep``, whose blanks it fills.

    Raises:
        ValidationError: they are the same row, or have different SIRET (unless ``despite_siret``).
    """
    if keep.pk == merged.pk:
        raise ValidationError("Choisissez deux structures différentes.")
    _hold_projects(merged)  # before the structures, as whoever hands in does
    both = Organization.objects.select_for_update().filter(pk__in=[keep.pk, merged.pk])
    rows = {row.pk: row for row in both.order_by("pk")}  # in one order for everybody
    if len(rows) < 2:
        raise ValidationError("L’une de ces structures a été supprimée entre-temps.")
    keep, merged = rows[keep.pk], rows[merged.pk]
    if keep.siret and merged.siret and keep.siret != merged.siret and not despite_siret:
        raise ValidationError(
            f"Ces structures ont des SIRET différents ({keep.siret} et {merged.siret}) : "
            "ce sont peut-être deux établissements.",
            code="siret",
        )
    reason = mergers.reason(merged, keep)
    _pass_projects(keep, merged, by, reason)
    _pass_memberships(keep, merged)
    merged.documents.update(owner=keep)
    for agreement in merged.agreements.select_for_update():
        agreement.organization = keep
        agreement.version += 1
        sign(agreement, by, reason).save()
    merged.invitations.update(organization=keep)
    _pass_declarations(keep, merged)
    filled = {name: getattr(keep, name) or getattr(merged, name) for name in MERGED_FIELDS}
    filled["note"] = "\n\n".join(dict.fromkeys(filter(None, (keep.note, merged.note))))
    record(AuditKind.MERGE, on=keep, by=by, before={"structure": merged.name, "n°": merged.pk})
    sign(merged, by, reason).delete()  # before its SIRET is taken over: no two rows have the same
    for name, value in filled.items():
        setattr(keep, name, value)
    keep.version += 1
    keep.full_clean()
    sign(keep, by, reason).save()
    return keep


def _hold_projects(merged: Organization) -> None:
    """Wait for the projects of a structure, which it leads, beside another or not, or is a partner of."""
    theirs = Q(organization=merged) | Q(pk__in=CoLead.objects.filter(organization=merged).values("project"))
    theirs |= Q(pk__in=Project.partners.through.objects.filter(organization=merged).values("project"))
    list(Project.objects.select_for_update().filter(theirs).order_by("pk").values_list("pk"))


def _pass_projects(keep: Organization, merged: Organization, by: Person, reason: str) -> None:
    for project in Project.objects.select_for_update().filter(organization=merged).order_by("pk"):
        project.organization = keep
        project.version += 1
        sign(project, by, reason).save()
        project.partners.remove(keep)  # a lead is not its own partner
    for beside in CoLead.objects.select_related("project").filter(organization=merged):
        sign(beside, by, reason).delete()
        if beside.project.organization_id != keep.pk and not beside.project.co_leads.filter(pk=keep.pk).exists():
            sign(CoLead(project=beside.project, organization=keep), by, reason).save()
    for twice in CoLead.objects.filter(organization=keep, project__organization=keep):
        sign(twice, by, reason).delete()
    for project in Project.objects.filter(partners=merged):
        project.partners.remove(merged)
        if project.organization_id != keep.pk:
            project.partners.add(keep)


def _pass_declarations(keep: Organization, merged: Organization) -> None:
    """What was handed in and issued, its files and its steps: they say who acted, which is now the one that stays."""
    for model in (Attachment, Paper, Partnership, Submission, TransitionLog):
        model._default_manager.filter(organization=merged).update(organization=keep)
    own = keep.late_leaves.values("campaign")
    merged.late_leaves.exclude(campaign__in=own).update(organization=keep)
    let_in = keep.late_report_leaves.values("campaign")
    merged.late_report_leaves.exclude(campaign__in=let_in).update(organization=keep)


def _pass_memberships(keep: Organization, merged: Organization) -> None:
    """Somebody who acts for both keeps the wider of the two roles."""
    own = {membership.user_id: membership for membership in keep.memberships.all()}
    for membership in merged.memberships.all():
        same = own.get(membership.user_id)
        if same is None:
            membership.organization = keep
            membership.save()
        elif membership.role == MembershipRole.SIGNATORY != same.role:
            same.role = MembershipRole.SIGNATORY
            same.save()
