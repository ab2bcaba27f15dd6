"""What the invented programme says of its grants so that some may be published, and of others what lacks still."""

from django.db.models import F

from projects.catalogue.models import Grant
from projects.catalogue.stamps import raise_revision
from projects.choices import LegalForm, OrganizationKind
from projects.members.models import Organization

# As one of the Eure would be, of a sub-prefecture that it has not: of the right form, and given to nobody.
INVENTED = "W279{:06d}"
NUMBER_NOTE = "Le numéro RNA de cette structure est inventé pour la démonstration : il n’a été donné à personne."
LEGAL_FORMS = {
    OrganizationKind.ASSOCIATION: LegalForm.ASSOCIATION,
    OrganizationKind.SOCIAL_CENTRE: LegalForm.ASSOCIATION,
    OrganizationKind.MUNICIPALITY: LegalForm.MUNICIPALITY,
    OrganizationKind.PUBLIC_BODY: LegalForm.PUBLIC_BODY,
}
ADDRESS = "1, rue de la Démonstration (adresse inventée)"
LACKING = 7  # one grant in so many is left as officers have to complete it


def publish_demo_grants() -> int:
    """Complete most grants; returns how many. All structures have what a convention says, one in three no number."""
    for kind, legal_form in LEGAL_FORMS.items():
        Organization.objects.filter(kind=kind, legal_form="").update(legal_form=legal_form)
        Organization.objects.filter(kind=kind, address="").update(address=ADDRESS)
    for rank, structure in enumerate(Organization.objects.filter(siret="", rna="").order_by("pk")):
        if rank % 3 < 2:
            Organization.objects.filter(pk=structure.pk).update(
                rna=INVENTED.format(structure.pk), note=structure.note or NUMBER_NOTE
            )
    grants = Grant.objects.order_by("pk").values_list("pk", flat=True)
    complete = Grant.objects.filter(pk__in=[pk for rank, pk in enumerate(grants) if rank % LACKING])
    complete.filter(pays_from=None).update(pays_from=F("notified_on"))
    number = complete.update(is_eu_notified=False)
    raise_revision()
    return number
