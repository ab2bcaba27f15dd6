"""Two officers on each form of the screens: whoever saves second is told, sees both, and loses nothing."""

import datetime

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client, RequestFactory
from django.urls import reverse

from axes.actions import prepare_next_version
from axes.models import Framework, Orientation, Programme
from cohesion.models import ApiToken, AuditEvent
from cohesion.together import states
from cohesion.together.admin import Together
from projects import models
from projects.choices import ProjectKind, ProjectStatus
from tests.at_once import each_at_once
from tests.factories import (
    CampaignFactory,
    CommitteeFactory,
    MembershipFactory,
    OrganizationFactory,
    ProgrammeFactory,
    ProjectFactory,
    TerritoryFactory,
    UserFactory,
)
from tests.site.files import EXPORTS
from tests.site.forms import filled
from tests.site.rights import TABLE
from tests.site.together import READ, WRITTEN

pytestmark = pytest.mark.django_db


# What is read, and changed by no form.
NEVER_CHANGED = {AuditEvent, models.Message, models.Invitation, models.ProjectImport, models.UncarriedLink}


NEVER_CHANGED |= {ApiToken, models.WebhookDelivery}


TOLD = "https://8.8.8.8/avis"  # a number: no name is looked up


# The field that both change.
FIELDS = {
    Framework: "name",
    Orientation: "title",
    Programme: "name",
    Group: "name",
    get_user_model(): "first_name",
    models.Pst: "title",
    models.Prh: "title",
    models.Action: "title",
    models.Organization: "name",
    models.Territory: "name",
    models.Scheme: "name",
    models.VocabularyLine: "meaning",
    models.ReferenceDocument: "title",
    models.Perimeter: "source",
    models.Need: "wording",
    models.Offer: "name",
    models.Campaign: "name",
    models.Committee: "name",
    models.BudgetEnvelope: "label",
    models.PaperModel: "title",
    models.Webhook: "name",
}


def registered():
    return list(admin.site._registry.items())


def made(model, request):
    """A row of this model; the founding text is only loaded for what stands on it."""
    if model in (
        models.Scheme,
        models.VocabularyLine,
        models.PaperModel,
        models.Need,
        models.ReferenceDocument,
        models.Territory,
        models.Organization,
    ):
        node = None
    elif model._meta.app_label in ("axes", "projects") and model not in (models.Campaign, models.Committee):
        node = request.getfixturevalue("node")
    kinds = {models.Pst: ProjectKind.PST, models.Prh: ProjectKind.PRH, models.Action: ProjectKind.ACTION}
    if model in kinds:
        return ProjectFactory(kind=kinds[model], serves=[node("2.1.2")])
    today = datetime.date(2026, 3, 2)
    return {
        Framework: lambda: node("5.2").framework,
        Orientation: lambda: node("5.2"),
        Programme: ProgrammeFactory,
        Group: lambda: Group.objects.create(name="Essai"),
        get_user_model(): lambda: UserFactory(first_name="Léa"),
        models.Organization: OrganizationFactory,
        models.Territory: TerritoryFactory,
        models.Scheme: lambda: models.Scheme.objects.create(code="X", name="Essai"),
        models.VocabularyLine: lambda: models.VocabularyLine.objects.create(typed="bibus", meaning="Essai"),
        models.ReferenceDocument: lambda: models.ReferenceDocument.objects.create(title="Essai"),
        models.Perimeter: lambda: perimeter(node("5.2.3-a")),
        models.Need: lambda: models.Need.objects.create(wording="Essai", heard_on=today, territory=TerritoryFactory()),
        models.Offer: lambda: models.Offer.objects.create(
            project=ProjectFactory(serves=[node("2.1.2")]), kind="other", name="Essai"
        ),
        models.Campaign: CampaignFactory,
        models.Committee: CommitteeFactory,
        models.BudgetEnvelope: lambda: models.BudgetEnvelope.objects.create(year=2027, label="Essai", voted=1),
        models.PaperModel: lambda: models.PaperModel.objects.create(name="Essai", title="Essai", body="Essai"),
        models.Webhook: lambda: models.Webhook.objects.create(name="Essai", url=TOLD, events=["decision"]),
    }[model]()


def perimeter(orientation):
    row = models.Perimeter.objects.create(orientation=orientation)
    row.territories.add(TerritoryFactory())
    return row


def administrator():
    client = Client()
    client.force_login(UserFactory(is_staff=True, is_superuser=True, first_name="Agnès", last_name="Morel"))
    return client


def address(row, model=None):
    meta = (model or type(row))._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk])


# --- no screen can forget it --------------------------------------------------------------------------------


def test_every_screen_compares_what_was_read_and_each_that_changes_rows_is_tried_here():
    request = RequestFactory().get("/")
    request.user = UserFactory(is_staff=True, is_superuser=True)
    changing = {model for model, screen in registered() if screen.has_change_permission(request)}
    # An import is confirmed or given up, and what becomes of a link is decided, once.
    assert changing - {models.ProjectImport, models.UncarriedLink} == set(FIELDS)
    assert {model for model, _ in registered()} == set(FIELDS) | NEVER_CHANGED
    for model, screen in registered():
        assert isinstance(screen, Together), model
        assert not screen.list_editable, f"{model} : une liste où l’on écrit ne compare rien"


@pytest.mark.parametrize("model", FIELDS, ids=lambda model: model._meta.model_name)
def test_who_saves_second_is_shown_both_and_what_each_wrote_is_kept(request, model):
    row, name = made(model, request), FIELDS[model]
    first, second = administrator(), administrator()
    where = address(row, model)
    read_by_b = filled(second.get(where))
    reason = {"reason": "Essai"} if "reason" in read_by_b else {}
    # As long as nobody changed anything, nobody is disturbed.
    assert first.post(where, read_by_b | reason).status_code == 302
    read_by_a, read_by_b = filled(first.get(where)), filled(second.get(where))
    assert second.post(where, read_by_b | {name: "Écrit par B"} | reason).status_code == 302
    answer = first.post(where, read_by_a | {name: "Tapé par A"} | reason)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "Pendant que vous écriviez" in page
    assert "Écrit par B" in page
    again = filled(answer)
    assert again[name] == ["Tapé par A"]
    assert getattr(model._base_manager.get(pk=row.pk), name) == "Écrit par B"
    assert first.post(where, again | reason).status_code == 302
    assert getattr(model._base_manager.get(pk=row.pk), name) == "Tapé par A"


def test_a_form_whose_seal_was_spoilt_compares_everything(request):
    row = made(models.Need, request)
    client = administrator()
    read = filled(client.get(address(row)))
    answer = client.post(address(row), read | {"wording": "Autrement", "seen_state": "inventé"})
    assert answer.status_code == 200
    assert "Pendant que vous écriviez" in answer.content.decode()


# --- the lines under a form ---------------------------------------------------------------------------------


@pytest.fixture
def sites(request):
    offer = made(models.Offer, request)
    return offer, [models.OfferSite.objects.create(offer=offer, territory=TerritoryFactory()) for _ in range(2)]


def test_a_line_that_both_changed_is_shown_and_nothing_is_written(sites):
    offer, (site, _) = sites
    here, there, client = TerritoryFactory(name="Ici"), TerritoryFactory(name="Là-bas"), administrator()
    read = filled(client.get(address(offer)))
    line = next(name for name, values in read.items() if name.endswith("-id") and values == [str(site.pk)])
    line = line.replace("-id", "-territory")
    assert administrator().post(address(offer), read | {line: str(there.pk)}).status_code == 302
    answer = client.post(address(offer), read | {line: str(here.pk)})
    assert answer.status_code == 200
    assert "Là-bas" in answer.content.decode()
    site.refresh_from_db()
    assert site.territory == there
    assert client.post(address(offer), filled(answer)).status_code == 302
    site.refresh_from_db()
    assert site.territory == here


def test_a_line_that_somebody_took_away_is_told_and_does_not_block_the_form(sites):
    offer, (gone, kept) = sites
    client = administrator()
    read = filled(client.get(address(offer)))
    gone.delete()
    answer = client.post(address(offer), read | {"name": "Autrement"})
    assert answer.status_code == 200
    assert "ligne retirée" in answer.content.decode()
    assert client.post(address(offer), filled(answer)).status_code == 302
    offer.refresh_from_db()
    assert (offer.name, list(offer.sites.all())) == ("Autrement", [kept])


def test_a_line_that_somebody_added_stays(sites):
    offer, _ = sites
    client = administrator()
    read = filled(client.get(address(offer)))
    models.OfferSite.objects.create(offer=offer, territory=TerritoryFactory())
    assert client.post(address(offer), read | {"name": "Autrement"}).status_code == 302
    assert offer.sites.count() == 3


def test_the_place_of_a_project_that_a_colleague_changed_is_not_taken_back(founding, node):
    project = ProjectFactory(serves=[node("2.1.2")], status=ProjectStatus.RUNNING)
    place = models.Place.objects.create(project=project, territory=TerritoryFactory())
    client, there = administrator(), TerritoryFactory(name="Là-bas")
    where = address(project, models.Action)
    read = filled(client.get(where))
    models.Place.objects.filter(pk=place.pk).update(territory=there)
    answer = client.post(where, read | {"title": "Autrement"})
    assert answer.status_code == 200
    assert "Là-bas" in answer.content.decode()
    assert client.get(where).status_code == 200


def test_eight_officers_at_once_write_one_after_the_other(transactional_db):
    scheme = models.Scheme.objects.create(code="X", name="Essai")
    people = [administrator() for _ in range(8)]
    read = [filled(client.get(address(scheme))) for client in people]

    def save(number):
        return people[number].post(address(scheme), read[number] | {"name": f"Par {number}"}).status_code

    assert sorted(each_at_once(save, range(8))) == [200] * 7 + [302]


def test_the_lines_of_an_organisation_are_compared_too():
    membership = MembershipFactory()
    client = administrator()
    where = address(membership.organization)
    read = filled(client.get(where))
    line = next(name for name in read if name.endswith("-role"))
    other = next(one for one in ("signatory", "declarant") if one != membership.role)
    type(membership).objects.filter(pk=membership.pk).update(role=other)
    answer = client.post(where, read | {"acronym": "AB"})
    assert answer.status_code == 200
    assert filled(answer)[line] == read[line]


# --- the forms outside these screens ------------------------------------------------------------------------


def test_every_other_form_says_how_it_holds_two_people():
    """An address that is neither read, nor one of the screens tried above, nor in this table fails the test."""
    screens = {
        f"admin:{model._meta.app_label}_{model._meta.model_name}_{verb}"
        for model, _ in registered()
        for verb in ("changelist", "add", "change", "delete", "history")
    }
    allauth = ("account_", "mfa_", "usersessions_")
    others = {name for name in TABLE if name not in screens and name not in EXPORTS and not name.startswith(allauth)}
    assert others == set(WRITTEN) | READ


# --- the officers' pages that say what they are about to do -----------------------------------------------------


def restoring(node):
    """An orientation whose wording was changed, and the page that would put the former one back."""
    orientation = node("5.2.1")
    former = orientation.history.latest()
    orientation.title = "Autrement"
    orientation.save()
    return reverse("admin:axes_orientation_restore", args=[orientation.pk, former.history_id])


def renumbering(node):
    node("5.2.1").move_to(node("5.3"), "last-child")
    return reverse("admin:axes_framework_renumber", args=[node("5.3").framework_id])


def adopting(node):
    successor = prepare_next_version(framework=node("5.2").framework, by=UserFactory())
    return reverse("admin:axes_framework_adopt", args=[successor.pk])


def changing_many(node):
    ProjectFactory(serves=[node("5.2")], status=ProjectStatus.RUNNING)
    return reverse("admin:projects_action_bulk")


ANNOUNCED = {
    restoring: {"reason": "Essai"},
    renumbering: {"reason": "Essai"},
    adopting: {"adopted_on": "2020-06-01", "deliberation": "2026-14"},
    changing_many: {"status": "closed", "reason": "Essai", "appliquer": "1"},
    lambda node: reverse("admin:axes_orientation_delete", args=[node("7.1").pk]): {"post": "yes", "reason": "Essai"},
}


def rows():
    frameworks = list(Framework.objects.order_by("pk").values_list("pk", "status"))
    orientations = list(Orientation.objects.order_by("pk").values_list("pk", "code", "title", "version"))
    return frameworks, orientations, list(models.Project.objects.values_list("pk", "status", "version"))


@pytest.mark.parametrize("sealed", [None, "gâté", "of another page"])
@pytest.mark.parametrize("page", ANNOUNCED, ids=lambda page: page.__name__)
def test_what_a_page_announces_is_not_done_by_a_form_that_does_not_say_what_it_showed(founding, node, page, sealed):
    where, client = page(node), administrator()
    before = rows()
    own = {"of another page": states.seal({"1": "1"}, "another")}.get(sealed, sealed)
    client.post(where, ANNOUNCED[page] | ({} if own is None else {states.FIELD: own}))
    assert rows() == before
