"""A grant that leaves its convention alone: the others stay under it."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum

from cohesion.lib.dates import french_date
from cohesion.lib.people import Person
from cohesion.lib.text import euros
from cohesion.together.states import ChangedMeanwhile
from projects.catalogue.models import Agreement, Grant, Project
from projects.catalogue.models.amounts import signed_amount
from projects.catalogue.signing import sign
from projects.paying.agreements import changing
from projects.paying.paying import GrantConflict


def leave_refusal(grant: Grant) -> str:
    """Why a grant may not leave its convention; nothing when it may.

    What was signed is changed by an amendment that is signed too, but for a grant that came under the convention once
    it was signed: no paper that was signed names it.
    """
    agreement = grant.agreement
    if agreement is None:
        return "Cette subvention n’est sous aucune convention."
    if agreement.signed_on is None:
        if agreement.grants.exclude(pk=grant.pk).exists():
            return ""
        return f"La convention {agreement.number} n’est que de cette subvention : supprimez plutôt la convention."
    under = grant.payments.filter(paid_on__gte=agreement.signed_on)
    if (paid := under.aggregate(total=Sum(signed_amount()))["total"] or Decimal(0)) > 0:
        return (
            f"{euros(paid)} sont versés sous la convention {agreement.number} : la subvention n’en sort plus, à moins "
            "que ces versements n’aient été annulés ou remboursés."
        )
    if not grant.joined_once_signed and not agreement.amendments.exclude(signed_on=None).exists():
        return (
            f"La convention {agreement.number} a été signée le {french_date(agreement.signed_on)} avec cette "
            "subvention : il faut d’abord un avenant signé. Il se prépare sur la page de la convention."
        )
    return ""


def leave(project: int, *, why: str, by: Person, seen: int | None = None) -> Agreement:
    """Take the grant of a project out of its convention, with its instalments; returns the convention.

    Raises:
        ChangedMeanwhile: somebody wrote about the grant since it was read.
        ValidationError: no reason is given, or it may not leave.
    """
    if not why.strip():
        raise ValidationError({"why": "Dites pourquoi la subvention sort de la convention."})
    with transaction.atomic():
        before = Agreement.objects.filter(grants__project=project).values_list("pk", flat=True).first()
        if before is None:
            raise ChangedMeanwhile("Cette subvention n’est plus sous une convention : relisez-la.")
        code = Project.objects.values_list("code", flat=True).get(pk=project)
        done = f"Subvention de {code} sortie : {why.strip()}"[:100]
        with changing(before, by=by, seen=None, done=done) as locked:
            grant = Grant.objects.select_for_update().get(project=project)
            if seen is not None and grant.version != seen:
                raise GrantConflict(grant)
            if grant.agreement_id != locked.pk:
                raise ChangedMeanwhile("Cette subvention n’est plus sous cette convention : relisez-la.")
            grant.agreement = locked
            if refused := leave_refusal(grant):
                raise ValidationError(refused)
            locked.instalments.filter(grant=grant).delete()
            grant.agreement, grant.joined_once_signed = None, False
            grant.version += 1
            sign(grant, by, f"Sortie de la convention {locked.number} : {why.strip()}"[:100]).save()
    return locked
