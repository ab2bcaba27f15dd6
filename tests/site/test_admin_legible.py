"""What the officers' screens show is read at once: a count before a list, a button for the one thing to do, words."""

import datetime
import re
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from cohesion.audit import AuditKind, record
from cohesion.history import entries
from cohesion.models import AuditEvent
from projects.choices import TerritoryKind
from tests.factories import (
    CampaignFactory,
    CommitteeFactory,
    OrganizationFactory,
    ProjectFactory,
    TerritoryFactory,
    UserFactory,
)
from tests.pages import squeezed

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def screen(client):
    """The text of a screen, as somebody who may do everything reads it."""
    client.force_login(UserFactory(is_staff=True, is_superuser=True))

    def text(name, *keys):
        return squeezed(client.get(reverse(f"admin:{name}", args=keys)).text)

    return text


def test_what_keeps_a_row_is_counted_by_kind_before_it_is_listed(screen):
    campaign = CampaignFactory()
    CommitteeFactory.create_batch(6, campaign=campaign)
    page = screen("projects_campaign_delete", campaign.pk)
    assert re.search(r"6\scomités\sen\sdépendent\.", page)
    assert "<details><summary>Ce qui en dépend" in page


def test_the_one_thing_to_do_to_ticked_lines_is_a_button_and_several_are_a_list(screen):
    ProjectFactory()
    page = screen("projects_action_changelist")
    assert '<input type="hidden" name="action" value="change_together">' in page
    assert "Changer l’état ou les dates…</button>" in page
    assert "Choisissez…" not in page
    assert '<select name="action"' in screen("cohesion_user_changelist")


def test_a_list_with_nothing_in_it_says_so_and_offers_no_search(screen):
    page = screen("projects_invitation_changelist")
    assert "Aucune invitation pour l’instant." in page
    assert 'id="searchbar"' not in page


def test_a_search_without_an_answer_says_so_and_offers_the_whole_list(client, screen):
    screen("projects_organization_changelist")
    page = squeezed(client.get(reverse("admin:projects_organization_changelist"), {"q": "zzz"}).text)
    assert "Aucune structure ne répond à cette recherche. <a" in page
    assert 'id="searchbar"' in page


def test_the_rights_of_a_role_are_a_line_a_subject_without_what_the_history_keeps(screen):
    role = Group.objects.get(name="Chargé de mission")
    page = screen("auth_group_change", role.pk)
    assert "<dt>Territoire</dt><dd>ajouter, modifier, supprimer, voir</dd>" in page
    assert "historical" not in page


def test_a_password_is_said_to_be_unreadable_and_nothing_of_how_it_is_kept(screen):
    page = screen("cohesion_user_change", UserFactory().pk)
    assert "Personne ne peut le lire." in page
    assert "argon2" not in page


def test_an_event_of_the_log_has_no_history_and_its_values_are_a_line_each(screen):
    record(AuditKind.FACTOR_REMOVED, on="essai", after={"rôle": "Élu", "actif": True})
    page = screen("cohesion_auditevent_change", AuditEvent.objects.get(label="essai").pk)
    assert "<div>rôle = Élu</div><div>actif = true</div>" in page
    assert 'class="historylink"' not in page


def test_a_history_writes_days_and_amounts_as_the_french_do():
    project = ProjectFactory(starts_on=datetime.date(2026, 3, 1), granted=None)
    project.starts_on, project.granted = datetime.date(2026, 4, 12), Decimal("12500.50")
    project.save()
    changes = {change.field: (change.old, change.new) for change in next(entries(project.history.all())).changes}
    assert changes["début"] == ("1ᵉʳ\u00a0mars 2026", "12\u00a0avril 2026")
    assert changes["accordé"] == ("(vide)", "12\u202f500,50")


def test_the_seat_of_a_structure_is_chosen_among_communes_and_what_is_said_already(screen):
    commune = TerritoryFactory(kind=TerritoryKind.COMMUNE, name="Gravigny")
    quarter = TerritoryFactory(kind=TerritoryKind.PRIORITY_QUARTER, name="La Madeleine")
    kept = TerritoryFactory(kind=TerritoryKind.OTHER, name="Ailleurs")
    OrganizationFactory(commune=kept)
    page = screen("projects_organization_add")
    assert f'<option value="{commune.pk}">' in page
    assert f'<option value="{kept.pk}">' in page
    assert f'<option value="{quarter.pk}">' not in page
