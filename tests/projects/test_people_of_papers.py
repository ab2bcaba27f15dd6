"""Somebody who is named by papers, conventions, payments and what programs are told goes; the papers stay as issued."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from cohesion.accounts import tokens
from cohesion.accounts.contacts import Contact
from cohesion.accounts.contacts import erase as erase_contact
from cohesion.accounts.erasing import erase
from cohesion.models import ApiToken, KeptMail
from projects.choices import ProjectStatus
from projects.correspondence.drafting import source_of
from projects.correspondence.issuing import issue
from projects.correspondence.sending import send
from projects.correspondence.working import work
from projects.housekeeping.merging import merge_organizations
from projects.models import Agreement, Issuing, IssuingLine, Message, Paper, Payment, Webhook, WebhookDelivery
from tests.factories import (
    AgreementFactory,
    GrantFactory,
    OfficerFactory,
    OrganizationFactory,
    PaperFactory,
    PaymentFactory,
    ProjectFactory,
    UserFactory,
)
from tests.projects.correspondence.conftest import decided
from tests.projects.somebody import ADDRESS, FIRST, LAST, NAMES, cells

pytestmark = pytest.mark.django_db
NAME = f"{FIRST} {LAST}"
TYPED = {"signataire": NAME, "qualite du signataire": "Vice-présidente"}
AS_ISSUED = ("title", "facts", "source", "digest", "number", "by")


@pytest.fixture
def administrator():
    return UserFactory(is_staff=True, is_superuser=True, email="admin@exemple.fr")


@pytest.fixture
def zoe(settings):
    """An officer who signs papers, is written to, pays, opens the API and signed a convention."""
    settings.SITE_AUTHORITY, settings.CONTACT_EMAIL = "Agglomération d’essai", "cohesion@exemple.test"
    zoe = OfficerFactory(username=ADDRESS, email=ADDRESS, first_name=FIRST, last_name=LAST)
    project = decided(title=f"Les ateliers de {NAME}")
    project.organization.representative = f"{LAST} {FIRST}, présidente"
    project.organization.save()
    paper = issue(source_of("notification", None), project, by=zoe, typed=TYPED)
    send([paper], by=zoe)
    Message.objects.create(key="z", user=zoe, title=paper.title, text=f"Bonjour {NAME}", paper=paper)
    agreement = AgreementFactory(organization=project.organization, signed_for_organization=f"{NAME}, présidente")
    PaymentFactory(grant=GrantFactory(project=project, agreement=agreement), by=zoe, note=f"Vu avec {NAME}")
    tokens.make(user=zoe, name=f"Tableur de {NAME}", scopes=["read"], days=30)
    webhook = Webhook.objects.create(name="Portail", url="https://exemple.fr/avis")
    WebhookDelivery.objects.create(webhook=webhook, event="decision", subject="x", payload={"titre": project.title})
    Issuing.objects.create(typed=TYPED, by=zoe)
    KeptMail.objects.create(to=ADDRESS, sender="site@exemple.fr", subject=paper.title, body=f"Bonjour {NAME}")
    return zoe


def places():
    return {place.partition(".")[0] for place, text in cells() if any(name.lower() in text for name in NAMES)}


@pytest.mark.parametrize("in_files", [False, True])
def test_whoever_issued_papers_name_is_erased_and_the_papers_stay_as_they_were_issued(zoe, administrator, in_files):
    before = Paper.objects.values(*AS_ISSUED).get()
    assert NAME in str(before["facts"])
    erase(user=zoe, by=administrator, in_files=in_files)
    assert Paper.objects.values(*AS_ISSUED).get() == before
    assert Payment.objects.get().by_id == zoe.pk
    assert not ApiToken.objects.exists()
    assert Message.objects.get(key="z").text == f"Bonjour Compte effacé n° {zoe.pk}"
    named = NAME in Agreement.objects.get().signed_for_organization
    assert named is not in_files
    left = places()
    assert "projects_paper" in left
    assert not left & {"projects_message", "cohesion_kept_mail", "cohesion_keptmail", "cohesion_apitoken"}
    if in_files:
        assert left == {"projects_paper"}


def test_the_pages_of_an_erasure_say_that_papers_keep_the_name(zoe, administrator, client, capsys):
    client.force_login(administrator)
    paper = Paper.objects.get()
    page = client.get(reverse("admin:cohesion_user_erase", args=[zoe.pk])).text
    assert "Documents émis, qui gardent son nom" in page
    assert paper.reference in page
    held = client.get(reverse("admin:cohesion_user_held_file", args=[zoe.pk])).text
    assert paper.reference in held
    call_command("erase_account", ADDRESS)
    assert "acte, qui garde le nom" in capsys.readouterr().out
    client.force_login(zoe)
    assert "garde les noms qu’il porte" in client.get("/compte/effacer/").text


def test_whoever_made_papers_takes_away_what_is_held_of_them(zoe, client):
    client.force_login(zoe)
    page = client.get(reverse("account_held"))
    file = client.get(reverse("account_held_file"))
    assert (page.status_code, file.status_code) == (200, 200)
    assert Paper.objects.get().reference in file.text


def test_a_letter_keeps_beside_it_to_whom_it_was_addressed(zoe):
    assert f"{LAST} {FIRST}" in Paper.objects.get().facts["representant"]


def test_somebody_without_an_account_is_erased_and_papers_keep_their_name():
    PaperFactory(title="Convention avec Odile Bruyère", facts={"representant": "Odile Bruyère"})
    contact = Contact.typed("Odile", "Bruyère", "", "")
    assert len(contact.acts()) == 1
    erase_contact(contact, by=None)
    assert Paper.objects.get().facts == {"representant": "Odile Bruyère"}


def test_nobody_makes_papers_in_the_name_of_an_account_that_was_erased(zoe, administrator):
    asked = Issuing.objects.get()
    IssuingLine.objects.create(issuing=asked, project=decided(), kind="notification")
    erase(user=zoe, by=administrator, in_files=True)
    work(asked)
    assert "n’existe plus" in IssuingLine.objects.get().refusal


@pytest.mark.parametrize("changed", [{"facts": {"a": "b"}}, {"source": {"title": "x"}}, {"title": "x"}])
def test_the_database_refuses_that_what_a_paper_says_is_rewritten(changed):
    PaperFactory(facts={"montant": "8 500 €"})
    with pytest.raises(IntegrityError), transaction.atomic():
        Paper.objects.update(**changed)


def test_two_structures_become_one_with_the_papers_of_both(officer):
    keep, merged = OrganizationFactory(siret=""), OrganizationFactory(siret="")
    paper = PaperFactory(project=ProjectFactory(organization=merged, status=ProjectStatus.RETAINED))
    merge_organizations(keep=keep, merged=merged, by=officer)
    paper.refresh_from_db()
    assert paper.organization == keep


def test_a_structure_that_has_papers_is_not_deleted_and_the_sentence_says_why(client, administrator):
    organization = PaperFactory().organization
    client.force_login(administrator)
    page = client.get(reverse("admin:projects_organization_delete", args=[organization.pk]), follow=True).text
    assert "1 document émis" in page.replace("\u00a0", " ")


@pytest.fixture
def officer():
    return OfficerFactory()
