"""What an officer decides about projects: whole or not at all, signed, and never over a colleague's change."""

import pytest
from django.core.exceptions import ValidationError

from axes.models import Framework
from projects.catalogue import actions
from projects.choices import MembershipRole, ProjectKind
from projects.housekeeping import merging
from projects.models import Action, Membership, Organization, Project, Pst, ReferenceDocument
from tests.factories import OrganizationFactory, ProjectFactory, UserFactory

pytestmark = pytest.mark.django_db


def links(project):
    found = project.contributions.order_by("-is_main", "orientation__code")
    return list(found.values_list("orientation__code", "is_main", "rationale"))


def test_a_save_signs_the_history_and_raises_the_version(officer):
    project = ProjectFactory()
    project.title = "Un autre titre"
    actions.save_project(project=project, by=officer, reason="Erreur de saisie")
    record = project.history.latest()
    assert (record.history_user, record.history_change_reason, record.title) == (
        officer,
        "Erreur de saisie",
        "Un autre titre",
    )
    assert Project.objects.get().version == 2


def test_a_second_officer_is_told_of_the_first_one_s_change(officer):
    first = ProjectFactory(title="Avant")
    second = Project.objects.get(pk=first.pk)
    first.title = "Premier"
    actions.save_project(project=first, by=officer)
    second.title = "Second"
    with pytest.raises(actions.ProjectConflict) as told:
        actions.save_project(project=second, by=officer)
    assert told.value.current.title == "Premier"
    assert Project.objects.get().title == "Premier"
    assert second.version == 1


def test_a_refused_save_leaves_the_version_that_was_read(officer):
    project = ProjectFactory()
    project.title = ""
    with pytest.raises(ValidationError):
        actions.save_project(project=project, by=officer)
    assert project.version == 1


def test_a_project_deleted_meanwhile_is_not_brought_back(officer):
    project = ProjectFactory()
    Project.objects.all().delete()
    with pytest.raises(ValidationError, match="supprimé"):
        actions.save_project(project=project, by=officer)
    assert not Project.objects.exists()


def test_a_project_saved_by_its_kind_has_history_and_raises_the_revision(officer, founding):
    project = Action.objects.get(pk=ProjectFactory().pk)
    before = Framework.objects.get(pk=founding.pk).revision
    project.title = "Par son écran"
    actions.save_project(project=project, by=officer)
    assert isinstance(project, Action)
    assert project.history.latest().title == "Par son écran"
    assert Framework.objects.get(pk=founding.pk).revision > before
    project.delete()
    assert Project.history.latest().history_type == "-"


def test_a_new_project_of_a_screen_is_of_its_kind():
    assert Pst().kind == ProjectKind.PST
    assert Action().kind == ProjectKind.ACTION


def test_the_main_orientation_may_change_places_with_a_secondary_one(node):
    project = ProjectFactory(serves=[node("5.2"), node("1.1")])
    actions.set_contributions(project=project, main=node("1.1"), secondary=[(node("5.2"), " Par ricochet ")])
    assert links(project) == [("1.1", True, ""), ("5.2", False, "Par ricochet")]


def test_contributions_that_are_not_named_any_more_go(node):
    project = ProjectFactory(serves=[node("5.2"), node("1.1")])
    actions.set_contributions(project=project, main=node("5.2"))
    assert links(project) == [("5.2", True, "")]


def test_an_orientation_is_not_main_and_secondary_at_once(node):
    project = ProjectFactory(serves=[node("1.1")])
    with pytest.raises(ValidationError, match="deux fois"):
        actions.set_contributions(project=project, main=node("5.2"), secondary=[(node("5.2"), "")])
    assert links(project) == [("1.1", True, "")]


def test_merging_passes_all_that_hangs_on_an_organisation(officer):
    keep, merged = OrganizationFactory(name="Gardée"), OrganizationFactory(name="Doublon", phone="02 32 00 00 00")
    led, helped, own = ProjectFactory(organization=merged), ProjectFactory(), ProjectFactory(organization=keep)
    for project in (helped, own):
        project.partners.add(merged)
    document = ReferenceDocument.objects.create(title="Un document", owner=merged)
    both, other = UserFactory(), UserFactory()
    Membership.objects.create(user=both, organization=keep)
    Membership.objects.create(user=both, organization=merged, role=MembershipRole.SIGNATORY)
    Membership.objects.create(user=other, organization=merged)
    merging.merge_organizations(keep=keep, merged=merged, by=officer)
    led.refresh_from_db()
    document.refresh_from_db()
    assert (led.organization, led.version, document.owner) == (keep, 2, keep)
    assert (list(helped.partners.all()), list(own.partners.all())) == ([keep], [])
    assert dict(keep.memberships.values_list("user", "role")) == {both.pk: "signatory", other.pk: "declarant"}
    keep.refresh_from_db()
    assert keep.phone == "02 32 00 00 00"
    assert not Organization.objects.filter(pk=merged.pk).exists()
    assert "Fusion" in led.history.latest().history_change_reason
    assert Organization.history.filter(history_type="-").get().history_user == officer


def test_organisations_of_different_siret_are_merged_only_when_told(officer):
    keep, merged = OrganizationFactory(siret="73282932000074"), OrganizationFactory(siret="35600000000048")
    with pytest.raises(ValidationError, match="SIRET différents"):
        merging.merge_organizations(keep=keep, merged=merged, by=officer)
    assert Organization.objects.count() == 2
    merging.merge_organizations(keep=keep, merged=merged, by=officer, despite_siret=True)
    assert Organization.objects.get().siret == "73282932000074"


def test_the_siret_of_the_merged_one_fills_a_blank(officer):
    keep, merged = OrganizationFactory(), OrganizationFactory(siret="73282932000074")
    merging.merge_organizations(keep=keep, merged=merged, by=officer)
    assert Organization.objects.get().siret == "73282932000074"


def test_a_merger_loses_nothing_that_either_structure_says(officer):
    keep = OrganizationFactory(note="À rappeler")
    merged = OrganizationFactory(
        note="A changé de local", representative="Camille Exemple", legal_form="association", siret_pending="Demandé"
    )
    merging.merge_organizations(keep=keep, merged=merged, by=officer)
    keep.refresh_from_db()
    assert keep.note == "À rappeler\n\nA changé de local"
    assert (keep.representative, keep.legal_form, keep.siret_pending) == ("Camille Exemple", "association", "Demandé")


def test_an_organisation_is_not_merged_with_itself(officer):
    keep = OrganizationFactory()
    with pytest.raises(ValidationError, match="différentes"):
        merging.merge_organizations(keep=keep, merged=keep, by=officer)
