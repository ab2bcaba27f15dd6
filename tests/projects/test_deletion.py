"""What officers may delete: drafts, and what nothing hangs on; the history stays."""

import datetime

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db.models import CASCADE, ManyToManyRel

from cohesion.roles import ELECTED
from projects.catalogue import actions, deletion
from projects.choices import ProjectKind, ProjectStatus
from projects.models import (
    Attachment,
    BudgetLine,
    BudgetYear,
    CoLead,
    Contribution,
    Decision,
    Declaration,
    EnvelopeChoice,
    FileNote,
    FormerCode,
    FundingLine,
    Grant,
    Indicator,
    Membership,
    Message,
    Need,
    Offer,
    OfferSite,
    Organization,
    Partnership,
    Place,
    Project,
    ReferenceDocument,
    Remark,
    Report,
    Review,
    Scheme,
    Submission,
    Territory,
    TransitionLog,
)
from tests.factories import OrganizationFactory, ProjectFactory, TerritoryFactory, UserFactory

pytestmark = pytest.mark.django_db
# They go with their project.
OWN_PARTS = {
    *(EnvelopeChoice, FormerCode, Grant),
    *(CoLead, Contribution, Place, Offer),
    *(Attachment, BudgetLine, BudgetYear, Declaration, FundingLine, Indicator, Partnership, Submission),
    *(Decision, FileNote, Remark, Report, Review, TransitionLog, Message),
}


def test_a_draft_is_deleted_with_its_links_and_stays_in_the_history(officer_client, officer, node):
    draft = ProjectFactory(status=ProjectStatus.DRAFT, serves=[node("5.2")], located_in=[TerritoryFactory()])
    url = f"/admin/projects/action/{draft.pk}/delete/"
    assert "Supprimer" in officer_client.get(url).text
    assert officer_client.post(url, {"post": "yes", "reason": "Saisi deux fois"}).status_code == 302
    assert not Project.objects.exists()
    for model in (Project, Contribution, Place):
        record = model.history.filter(history_type="-").get()
        assert record.history_user == officer
    assert Project.history.first().history_change_reason == "Saisi deux fois"


@pytest.mark.parametrize("status", [one for one in ProjectStatus if one != ProjectStatus.DRAFT])
def test_a_project_that_was_handed_in_is_kept(officer, status):
    project = ProjectFactory(status=status)
    with pytest.raises(ValidationError, match="n’est plus un brouillon"):
        actions.delete_row(row=project, by=officer)
    assert Project.objects.exists()


def test_a_draft_that_was_handed_in_meanwhile_is_kept(officer_client):
    draft = ProjectFactory(status=ProjectStatus.DRAFT)
    url = f"/admin/projects/action/{draft.pk}/delete/"
    officer_client.get(url)
    Project.objects.update(status=ProjectStatus.SUBMITTED)
    page = officer_client.post(url, {"post": "yes"}, follow=True).text
    assert "n’est plus un brouillon (déposée)" in page
    assert Project.objects.exists()


def test_a_draft_pst_that_contains_projects_is_kept(officer):
    host = ProjectFactory(kind=ProjectKind.PST, status=ProjectStatus.DRAFT)
    ProjectFactory.create_batch(2, host=host)
    with pytest.raises(ValidationError, match="PRH et actions de ce PST"):
        actions.delete_row(row=host, by=officer)


ATTACHED = {
    "projet porté": (OrganizationFactory, lambda row: ProjectFactory(organization=row)),
    "partenariat": (OrganizationFactory, lambda row: ProjectFactory().partners.add(row)),
    "document de référence": (OrganizationFactory, lambda row: ReferenceDocument.objects.create(title="X", owner=row)),
    "compte": (OrganizationFactory, lambda row: Membership.objects.create(user=UserFactory(), organization=row)),
    "territoire qui s’y trouve": (TerritoryFactory, lambda row: TerritoryFactory(parent=row)),
    "projet": (TerritoryFactory, lambda row: ProjectFactory(located_in=[row])),
    "structure": (TerritoryFactory, lambda row: OrganizationFactory(commune=row)),
    "besoin entendu": (
        TerritoryFactory,
        lambda row: Need.objects.create(wording="X", heard_on=datetime.date(2026, 1, 2), territory=row),
    ),
    "site d’une offre": (
        TerritoryFactory,
        lambda row: OfferSite.objects.create(
            territory=row, offer=Offer.objects.create(name="X", kind="other", project=ProjectFactory())
        ),
    ),
}


@pytest.mark.parametrize("words", ATTACHED)
def test_what_something_hangs_on_is_kept_and_told_in_french(officer_client, words):
    make, attach = ATTACHED[words]
    row = make()
    attach(row)
    url = f"/admin/projects/{row._meta.model_name}/{row.pk}/delete/"
    assert f"rattacher ailleurs : 1\u00a0{words}." in officer_client.get(url).text
    officer_client.post(url, {"post": "yes"})
    assert type(row).objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("make", [OrganizationFactory, TerritoryFactory, lambda: Scheme.objects.create(code="X")])
def test_what_nothing_hangs_on_is_deleted(officer_client, make):
    row = make()
    url = f"/admin/projects/{row._meta.model_name}/{row.pk}/delete/"
    assert officer_client.post(url, {"post": "yes"}).status_code == 302
    assert not type(row).objects.exists()
    assert type(row).history.filter(history_type="-").count() == 1


def test_a_scheme_that_projects_bear_is_kept(officer):
    scheme = Scheme.objects.create(code="ASV")
    ProjectFactory().schemes.add(scheme)
    with pytest.raises(ValidationError, match="rattacher ailleurs"):
        actions.delete_row(row=scheme, by=officer)


def test_what_was_attached_after_the_look_is_refused_in_french_too(officer, monkeypatch):
    lead = ProjectFactory().organization
    monkeypatch.setattr(deletion, "refusal", lambda row: "")
    with pytest.raises(ValidationError, match=r"rattacher ailleurs.+: projets"):
        actions.delete_row(row=lead, by=officer)


def test_an_elected_official_deletes_nothing(client):
    elected = UserFactory(is_staff=True)
    elected.groups.add(Group.objects.get(name=ELECTED.name))
    client.force_login(elected)
    scheme = Scheme.objects.create(code="ASV")
    assert client.post(f"/admin/projects/scheme/{scheme.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Scheme.objects.exists()


def test_no_list_deletes_several_at_once(officer_client):
    ProjectFactory(status=ProjectStatus.DRAFT)
    for model in ("action", "organization", "territory", "scheme", "need"):
        assert "delete_selected" not in officer_client.get(f"/admin/projects/{model}/").text


@pytest.mark.parametrize("model", [Project, Organization, Territory, Scheme])
def test_every_relation_is_looked_at_before_a_deletion(model):
    """A relation that is added later must be decided: it hangs on the row, or it is a part that goes with it."""
    for relation in model._meta.related_objects:
        is_part = relation.related_model in OWN_PARTS and relation.on_delete is CASCADE
        through = isinstance(relation, ManyToManyRel) and not relation.through._meta.auto_created
        if not is_part and not through:
            assert relation.get_accessor_name() in deletion.HANGING[model], relation
