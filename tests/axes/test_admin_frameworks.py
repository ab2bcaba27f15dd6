"""The screens of a whole framework: its next version, its columns, its lock, its numbers."""

import pytest
from django.urls import reverse

from axes.choices import FrameworkStatus
from axes.models import Framework
from tests.axes.test_admin import LIST, messages_of
from tests.factories import UserFactory
from tests.site.forms import seen_by

pytestmark = pytest.mark.django_db


def test_renumbering_shows_old_and_new_before_it_writes(officer_client, founding, node):
    officer_client.post(LIST, {"pas": f"haut:{node('8').pk}"})
    url = reverse("admin:axes_framework_renumber", args=[founding.pk])
    page = officer_client.get(url)
    shown = {"seen_state": page.context["seen"]}
    assert ("7", "8") in [(p.old, p.new) for p in page.context["proposals"]]
    assert node("8").title.startswith("ANIMATION")
    officer_client.post(LIST, {"pas": f"haut:{node('7').pk}"})
    stale = officer_client.post(url, shown, follow=True)
    assert "il n’y a rien à renuméroter" in stale.content.decode() or "a changé" in messages_of(stale)
    assert node("8").title.startswith("ANIMATION")


def test_a_version_is_prepared_then_put_in_force(officer_client, founding):
    officer_client.post(reverse("admin:axes_framework_next", args=[founding.pk]))
    successor = Framework.objects.get(predecessor=founding)
    url = reverse("admin:axes_framework_adopt", args=[successor.pk])
    page = officer_client.get(url)
    assert page.status_code == 200
    decided = {"adopted_on": "2020-06-01", "deliberation": "2026-14"}
    assert "Relisez ci-dessous" in officer_client.post(url, decided).content.decode()
    early = decided | {"adopted_on": "2999-01-01", "seen_state": page.context["seen"]}
    assert "est à venir" in officer_client.post(url, early).content.decode()
    assert Framework.objects.get(pk=successor.pk).is_draft
    officer_client.post(url, decided | {"seen_state": page.context["seen"]})
    successor.refresh_from_db()
    founding.refresh_from_db()
    assert (successor.status, founding.status) == (FrameworkStatus.IN_FORCE, FrameworkStatus.ARCHIVED)


def test_the_titles_of_the_columns_are_typed_one_a_line(officer_client, founding):
    url = reverse("admin:axes_framework_change", args=[founding.pk])
    form = officer_client.get(url).context["adminform"].form
    data = {name: form.initial.get(name) or "" for name in form.fields if name != "is_locked"}
    data |= seen_by(officer_client, url)
    assert data["column_titles"].splitlines()[0] == "Enjeux"
    assert officer_client.post(url, data | {"column_titles": "A\nB\n\nC\nD"}).status_code == 302
    founding.refresh_from_db()
    assert founding.column_titles == ["A", "B", "C", "D"]
    refused = officer_client.post(url, data | {"column_titles": "A\nB"})
    assert "4 intitulés" in str(refused.context["adminform"].form.errors["column_titles"])


def test_two_officers_on_the_form_of_a_framework_do_not_overwrite_each_other(officer_client, founding):
    url = reverse("admin:axes_framework_change", args=[founding.pk])
    form = officer_client.get(url).context["adminform"].form
    data = {name: form.initial.get(name) or "" for name in form.fields if name != "is_locked"}
    data |= {**seen_by(officer_client, url), "predecessor": ""}
    founding.authority = "Écrit par un collègue"
    founding.save()
    response = officer_client.post(url, data | {"perimeter": "Mon périmètre"})
    assert response.status_code == 200
    assert "Écrit par un collègue" in response.content.decode()
    assert "Mon périmètre" in response.content.decode()
    founding.refresh_from_db()
    assert founding.authority == "Écrit par un collègue"


@pytest.mark.parametrize(
    "name",
    [f"axes_framework_{screen}" for screen in ("renumber", "journal", "adopt", "next", "succession")],
)
def test_the_screens_of_a_framework_are_for_officers(client, founding, name):
    client.force_login(UserFactory(is_staff=True))
    assert client.get(reverse(f"admin:{name}", args=[founding.pk])).status_code == 403


def test_renumbering_a_locked_framework_asks_why(officer_client, founding, node):
    officer_client.post(LIST, {"pas": f"haut:{node('8').pk}"})
    founding.refresh_from_db()
    founding.is_locked = True
    founding.save()
    url = reverse("admin:axes_framework_renumber", args=[founding.pk])
    shown = seen_by(officer_client, url)
    assert "motif" in messages_of(officer_client.post(url, shown, follow=True))
    assert node("8").title.startswith("ANIMATION")
    officer_client.post(url, {**shown, "reason": "Décidé"})
    assert node("7").title.startswith("ANIMATION")


def test_unlocking_a_framework_asks_why(officer_client, founding):
    founding.is_locked = True
    founding.save()
    url = reverse("admin:axes_framework_change", args=[founding.pk])
    form = officer_client.get(url).context["adminform"].form
    data = {name: form.initial.get(name) or "" for name in form.fields if name != "is_locked"} | {"predecessor": ""}
    data |= seen_by(officer_client, url)
    assert officer_client.post(url, data).status_code == 200
    founding.refresh_from_db()
    assert founding.is_locked
    assert officer_client.post(url, data | {"reason": "Nouvelle délibération"}).status_code == 302
    assert founding.history.latest().history_change_reason == "Nouvelle délibération"


def test_the_address_of_a_framework_that_was_public_no_longer_changes(officer_client, founding):
    url = reverse("admin:axes_framework_change", args=[founding.pk])
    form = officer_client.get(url).context["adminform"].form
    assert "slug" not in form.fields
