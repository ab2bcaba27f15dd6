"""What is pasted in a form comes without what nobody sees, wherever the form stands."""

import pytest
from django.urls import reverse

from axes.models import Framework
from cohesion.lib.text import fold
from cohesion.middleware import PastedText
from tests.factories import FrameworkFactory
from tests.site.forms import seen_by

pytestmark = pytest.mark.django_db
PASTED = "So\u00adcial\u200b et \uf0b7 soli\u200cdaire\u202e"


def test_a_form_of_the_admin_keeps_what_is_seen(officer_client):
    framework = FrameworkFactory(name="Cadre")
    address = reverse("admin:axes_framework_change", args=[framework.pk])
    page = officer_client.get(address)
    form = page.context["adminform"].form
    values = {name: "" if form[name].value() is None else form[name].value() for name in form.fields}
    management = {
        f"{formset.formset.prefix}-{name}": 0
        for formset in page.context["inline_admin_formsets"]
        for name in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    values |= seen_by(officer_client, address)
    answer = officer_client.post(address, values | management | {"name": PASTED, "note": "une\x0bdeux"})
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    kept = Framework.objects.get()
    assert (kept.name, kept.note.splitlines()) == ("Social et • solidaire", ["une", "deux"])


def test_a_password_is_what_its_owner_says(rf):

    request = rf.post("/", {"password": "a\u200bb", "new_password1": "c\u00add", "title": "e\u00adf"})
    PastedText(lambda request: None).process_view(request)
    kept = [request.POST[name] for name in ("password", "new_password1", "title")]
    assert kept == ["a\u200bb", "c\u00add", "ef"]


def test_what_nobody_sees_hides_nothing_from_a_search():
    assert fold("Mé\u00addia\u200btion") == "mediation"
