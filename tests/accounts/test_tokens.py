"""« Mes jetons »: made once one has confirmed that it is oneself, shown once, closed by oneself or an administrator."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from cohesion.accounts.tokens import MOST, MOST_DAYS, allowed_scopes, make
from cohesion.choices import AuditKind, TokenScope
from cohesion.models import ApiToken, AuditEvent
from tests.factories import MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "mot-de-passe-de-test"


@pytest.fixture
def confirmed(client, officer):
    """An officer who has just given their password again."""
    client.force_login(officer)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def test_a_token_is_made_only_once_one_has_confirmed_that_it_is_oneself(client, officer):
    client.force_login(officer)
    answer = client.post("/compte/jetons/nouveau/", {"name": "X", "scopes": ["read"], "days": 90})
    assert answer.status_code == 302
    assert answer.url.startswith("/compte/confirmer/")
    assert not ApiToken.objects.exists()


def test_a_token_is_shown_once_and_noted(confirmed, officer):
    form = {"name": "Tableau", "scopes": ["read", "projects"], "days": 30}
    answer = confirmed.post("/compte/jetons/nouveau/", form)
    assert answer.url == "/compte/jetons/"
    token = ApiToken.objects.get()
    first, second = confirmed.get(answer.url).text, confirmed.get(answer.url).text
    assert first.count("cst_") == 2  # whole, and by its beginning
    assert second.count("cst_") == 1
    assert token.scopes == ["read", "projects"]
    event = AuditEvent.objects.get(kind=AuditKind.TOKEN_MADE)
    assert event.account == officer.pk


def test_one_revokes_ones_own_and_no_other(client, officer):
    own, _ = make(user=officer, name="A", scopes=["read"])
    other, _ = make(user=UserFactory(), name="B", scopes=["read"])
    client.force_login(officer)
    assert client.post(f"/compte/jetons/{other.pk}/revoquer/").status_code == 404
    client.post(f"/compte/jetons/{own.pk}/revoquer/")
    assert ApiToken.objects.open().get() == other
    assert AuditEvent.objects.filter(kind=AuditKind.TOKEN_REVOKED).count() == 1


def test_an_administrator_revokes_any(client, officer):
    token, _ = make(user=officer, name="A", scopes=["read"])
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    client.post("/admin/cohesion/apitoken/", {"action": "revoke_tokens", "_selected_action": [token.pk]})
    assert not ApiToken.objects.open().exists()


def test_each_may_open_what_they_may_do(officer):
    assert allowed_scopes(officer) == list(TokenScope)
    assert allowed_scopes(MembershipFactory().user) == [TokenScope.READ, TokenScope.PROJECTS]
    assert allowed_scopes(UserFactory()) == [TokenScope.READ]
    with pytest.raises(ValidationError):
        make(user=UserFactory(), name="X", scopes=["needs"])


@pytest.mark.parametrize("days", [0, MOST_DAYS + 1])
def test_a_token_lasts_a_year_at_most(officer, days):
    with pytest.raises(ValidationError):
        make(user=officer, name="X", scopes=["read"], days=days)


def test_there_are_so_many_at_most(officer):
    for number in range(MOST):
        make(user=officer, name=str(number), scopes=["read"])
    with pytest.raises(ValidationError):
        make(user=officer, name="de trop", scopes=["read"])


def test_where_it_is_used_from_is_noted_when_it_changes(client, officer):
    _, words = make(user=officer, name="X", scopes=["read"])
    for address in ("192.0.2.1", "192.0.2.1", "192.0.2.2"):
        client.get("/api/v1/cadres/", headers={"Authorization": f"Bearer {words}"}, REMOTE_ADDR=address)
    seen = AuditEvent.objects.filter(kind=AuditKind.TOKEN_ELSEWHERE).order_by("pk")
    assert [event.address for event in seen] == ["192.0.2.1", "192.0.2.2"]
    assert ApiToken.objects.get().last_used_at
    assert words not in str(list(AuditEvent.objects.values()))
