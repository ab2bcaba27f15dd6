"""A form sent twice, or by eight threads at once, makes one row."""

import datetime

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from django.urls import reverse

from axes.models import Framework, Orientation, Programme
from cohesion.models import SentForm
from projects import models
from tests.at_once import each_at_once
from tests.factories import (
    MembershipFactory,
    OrganizationFactory,
    ProjectFactory,
    TerritoryFactory,
)
from tests.site.forms import filled
from tests.site.test_together import TOLD, administrator, registered

pytestmark = pytest.mark.django_db


# --- a form sent twice --------------------------------------------------------------------------------------


def need(territory):
    return {"wording": "Une crèche", "heard_on": "2026-03-02", "territory": str(territory.pk), "times": "1"}


def test_a_form_sent_twice_makes_one_row_and_leads_to_the_same_page():
    client, territory = administrator(), TerritoryFactory()
    where = reverse("admin:projects_need_add")
    sent = filled(client.get(where)) | need(territory)
    answers = [client.post(where, sent) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0].url == answers[1].url
    assert models.Need.objects.count() == 1
    assert "n’a été fait qu’une fois" in client.get(answers[1].url).content.decode()


def test_a_form_that_was_refused_may_be_sent_again():
    client, territory = administrator(), TerritoryFactory()
    where = reverse("admin:projects_need_add")
    sent = filled(client.get(where)) | need(territory)
    refused = client.post(where, sent | {"wording": ""})
    assert refused.status_code == 200
    assert client.post(where, filled(refused) | {"wording": "Une crèche"}).status_code == 302
    assert client.post(where, sent).status_code == 302  # the first page's own token is as good
    assert SentForm.objects.count() == 2


def test_two_forms_that_say_the_same_make_two_rows():
    client, territory = administrator(), TerritoryFactory()
    where = reverse("admin:projects_need_add")
    for _ in range(2):
        assert client.post(where, filled(client.get(where)) | need(territory)).status_code == 302
    assert models.Need.objects.count() == 2


def test_the_same_form_sent_eight_times_at_once_makes_one_row(transactional_db):
    client, territory = administrator(), TerritoryFactory()
    where = reverse("admin:projects_need_add")
    sent = filled(client.get(where)) | need(territory)
    people = [Client() for _ in range(8)]
    for one in people:
        one.cookies = client.cookies
    assert each_at_once(lambda index: people[index].post(where, sent).status_code, range(8)) == [302] * 8
    assert models.Need.objects.count() == 1


# --- every form that makes a row makes it once ------------------------------------------------------------------


def typed(model, node):
    """What one types in the screen that adds a row of this model."""
    organization = OrganizationFactory().pk
    project = {"code": model._meta.model_name, "title": "Essai", "organization": organization, "status": "draft"}
    secret = "quatre tournesols et un vélo"
    dates = {"opens_at": "2026-01-01T00:00:00", "closes_at": "2026-03-01T00:00:00", "report_due_on": "2027-06-01"}
    return {
        Framework: {"name": "Essai", "slug": "essai"},
        Programme: {"name": "Essai", "short_name": "Essai", "slug": "essai"},
        Orientation: {"framework": node("5.2").framework_id, "level": "axis", "code": "99", "title": "Essai"},
        Group: {"name": "Essai"},
        get_user_model(): {"username": "essai", "password1": secret, "password2": secret},
        **dict.fromkeys((models.Pst, models.Prh, models.Action), project),
        models.Organization: {"name": "Essai", "kind": "association"},
        models.Territory: {"kind": "commune", "code": "27999", "name": "Essai"},
        models.Scheme: {"code": "X", "name": "Essai"},
        models.VocabularyLine: {"typed": "bibus", "meaning": "Essai"},
        models.ReferenceDocument: {"title": "Essai", "status": "approved"},
        models.Perimeter: {"orientation": node("5.2.3-a").pk, "territories": TerritoryFactory().pk},
        models.Need: need(TerritoryFactory()),
        models.Offer: {"project": ProjectFactory(serves=[node("5.2")]).pk, "kind": "other", "name": "Essai"},
        models.Campaign: {"name": "Essai", "year": "2026", **dates},
        models.Committee: {"name": "Essai", "held_on": "2026-03-02"},
        models.BudgetEnvelope: {"year": "2027", "label": "Essai", "voted": "1000"},
        models.PaperModel: {"kind": "notification", "name": "Essai", "title": "Essai", "body": "Essai"},
        models.Webhook: {"name": "Essai", "url": TOLD, "events": "decision"},
        models.Invitation: {"email": "a@exemple.test", "organization": organization, "role": "declarant"},
    }[model]


def adding():
    request = RequestFactory().get("/")
    request.user = get_user_model()(is_staff=True, is_superuser=True)
    return {model for model, screen in registered() if screen.has_add_permission(request)}


def test_every_screen_that_adds_a_row_adds_it_once(founding, node):
    client = administrator()
    # A second preview of a file changes nothing; what it would change is confirmed once.
    for model in adding() - {models.ProjectImport}:
        where = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")
        fields = typed(model, node)
        number = model._base_manager.count()
        sent = filled(client.get(where)) | fields
        answers = [client.post(where, sent) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [302, 302], model
        assert model._base_manager.count() == number + 1, model


@pytest.fixture
def lead():
    membership = MembershipFactory(role="signatory")
    client = Client()
    client.force_login(membership.user)
    return client, membership.organization


def test_a_declaration_begun_twice_by_one_form_is_one(lead):
    client, _ = lead
    where = reverse("projects:declaration_new")
    sent = filled(client.get(where), "main form") | {"title": "Jardin partagé"}
    answers = [client.post(where, sent) for _ in range(2)]
    assert answers[0].url == answers[1].url
    assert models.Declaration.objects.count() == 1


def test_a_file_sent_twice_by_one_form_is_kept_once(lead):
    client, organization = lead
    where = reverse("projects:space_organization", args=[organization.pk])
    sent = filled(client.get(where), "main form") | {"kind": "statutes"}
    for _ in range(2):
        file = SimpleUploadedFile("statuts.pdf", b"%PDF-1.7 %%EOF")
        assert client.post(where, sent | {"file": file}).status_code == 302
    assert models.Attachment.objects.count() == 1


def test_the_next_version_of_a_framework_is_prepared_once(founding):
    client = administrator()
    where = reverse("admin:axes_framework_next", args=[founding.pk])
    sent = filled(client.get(where))
    answers = [client.post(where, sent) for _ in range(2)]
    assert answers[0].url == answers[1].url
    assert Framework.objects.count() == 2


def test_a_declaration_sent_eight_times_at_once_is_one(transactional_db, lead):
    client, _ = lead
    where = reverse("projects:declaration_new")
    sent = filled(client.get(where), "main form") | {"title": "Jardin partagé"}
    people = [Client() for _ in range(8)]
    for one in people:
        one.cookies = client.cookies
    assert set(each_at_once(lambda index: people[index].post(where, sent).status_code, range(8))) == {302}
    assert models.Declaration.objects.count() == 1


def test_a_form_whose_server_died_is_taken_up_again_after_a_minute_and_not_before(lead, monkeypatch):
    monkeypatch.setattr("cohesion.together.once.PAUSE", 0)
    client, organization = lead
    where = reverse("projects:space_organization", args=[organization.pk])
    sent = filled(client.get(where), "main form") | {"kind": "statutes"}

    def send():
        return client.post(where, sent | {"file": SimpleUploadedFile("statuts.pdf", b"%PDF-1.7 %%EOF")}).status_code

    died = SentForm.objects.create(token=sent["once"][0])
    assert send() == 503
    assert models.Attachment.objects.count() == 0
    SentForm.objects.filter(pk=died.pk).update(at=died.at - datetime.timedelta(minutes=2))
    assert send() == 302
    assert models.Attachment.objects.count() == 1
