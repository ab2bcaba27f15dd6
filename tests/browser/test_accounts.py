"""Accounts in a browser: accessible, by keyboard alone, without scripts, and passkeys under the strict policy."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core.cache import cache
from playwright.sync_api import expect

from cohesion.models import User
from tests.accounts.application import code
from tests.browser.screens import fits
from tests.factories import InvitationFactory, MembershipFactory, OfficerFactory

PASSWORD = "mot-de-passe-de-test"


@pytest.fixture(autouse=True)
def _nothing_counted(site):
    cache.clear()


@pytest.fixture
def lead():
    return MembershipFactory(user__first_name="Léa", user__last_name="Martin").user


def log_in(page, site, user):
    page.goto(f"{site}/compte/connexion/")
    page.get_by_label("Adresse électronique").fill(user.email)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    leave(page, "Se connecter")


def confirm(page):
    page.get_by_label("Mot de passe").fill(PASSWORD)
    leave(page, "Continuer")


def leave(page, button):
    """Press a button, and wait for the page that comes: a form first asks whose session it is in."""
    here = page.url
    page.get_by_role("button", name=button, exact=True).click()
    page.wait_for_url(lambda url: url != here)


@pytest.mark.browser
def test_the_pages_before_the_door_are_accessible(axe, open_page, site):
    for path in ("connexion/", "inscription/", "mot-de-passe/oublie/", "mot-de-passe/oublie/envoye/", "inactif/"):
        axe(f"{site}/compte/{path}")

    def refused(page):
        page.get_by_label("Adresse électronique").fill("nul@exemple.test")
        page.get_by_label("Mot de passe").fill("pas le bon")
        page.get_by_role("button", name="Se connecter", exact=True).click()
        expect(page.get_by_role("alert").filter(has_text="ne convient pas")).to_be_visible()

    axe(f"{site}/compte/connexion/", before=refused)
    axe(f"{site}/compte/mot-de-passe/oublie/1-faux/")


@pytest.mark.browser
def test_the_pages_of_an_account_are_accessible(axe, axe_in_turn, open_page, site, lead):
    page = open_page(bypass_csp=True)
    log_in(page, site, lead)
    axe(f"{site}/compte/confirmer/", page=page)
    page.goto(f"{site}/compte/securite/application/")
    confirm(page)
    RecoveryCodes.activate(lead)
    Authenticator.objects.create(
        user=lead, type=Authenticator.Type.WEBAUTHN, data={"name": "clé du bureau", "credential": {}}
    )
    key = Authenticator.objects.get(type=Authenticator.Type.WEBAUTHN)
    paths = (
        "",
        "mot-de-passe/",
        "securite/",
        "securite/application/",
        "securite/secours/",
        "securite/secours/nouveaux/",
        "securite/cles/",
        "securite/cles/ajouter/",
        f"securite/cles/{key.pk}/retirer/",
        "sessions/",
        "effacer/",
        "deconnexion/",
    )
    axe_in_turn([f"/compte/{path}" for path in paths], page)


@pytest.mark.browser
def test_the_pages_of_an_invitation_are_accessible(axe, open_page, site):
    invitation = InvitationFactory(token="secret")
    axe(f"{site}/invitation/secret/")
    axe(f"{site}/invitation/jamais-donne/")
    page = open_page(bypass_csp=True)
    log_in(page, site, OfficerFactory())
    axe(f"{site}/admin/projects/organization/{invitation.organization_id}/change/", page=page)
    axe(f"{site}/admin/projects/invitation/add/", page=page)


@pytest.mark.browser
def test_no_page_of_accounts_scrolls_sideways_on_a_narrow_screen(open_page, site, lead):
    page = open_page(width=320)
    log_in(page, site, lead)
    page.goto(f"{site}/compte/securite/application/")
    confirm(page)
    for path in ("", "mot-de-passe/", "securite/", "securite/application/", "sessions/"):
        page.goto(f"{site}/compte/{path}")
        fits(page, 320, path)


@pytest.mark.browser
def test_an_agent_logs_in_and_sets_a_second_factor_by_keyboard_alone(open_page, site, settings):
    settings.STAFF_SECOND_FACTOR = True
    officer = OfficerFactory()
    page = open_page()
    keys = page.keyboard

    def to(locator):
        for _ in range(40):
            if locator.evaluate("it => it === document.activeElement"):
                return
            keys.press("Tab")
        pytest.fail(f"le clavier n’atteint pas {locator}")

    page.goto(f"{site}/admin/")
    to(page.get_by_label("Adresse électronique"))
    keys.type(officer.email)
    to(page.get_by_label("Mot de passe"))
    keys.type(PASSWORD)
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Second facteur")).to_be_visible()
    expect(page.get_by_text("choisissez-en un pour continuer")).to_be_visible()
    to(page.get_by_role("link", name="Ajouter une application"))
    keys.press("Enter")
    to(page.get_by_label("Mot de passe"))
    keys.type(PASSWORD)
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Ajouter une application de codes")).to_be_visible()
    secret = page.locator(".secret").inner_text()
    to(page.get_by_label("Code"))
    keys.type(code(secret))
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Codes de secours")).to_be_visible()
    page.goto(f"{site}/admin/")
    expect(page.get_by_role("link", name="Orientations", exact=True)).to_be_visible()

    other = open_page()
    log_in(other, site, officer)
    expect(other.get_by_role("heading", name="Second facteur")).to_be_visible()
    other.get_by_label("Code").fill(code(secret, after=30))
    other.keyboard.press("Enter")
    expect(other.get_by_role("link", name="Orientations", exact=True)).to_be_visible()


@pytest.mark.browser
def test_an_account_is_opened_by_invitation_without_scripts(open_page, site):
    invitation = InvitationFactory(token="secret", email="lea@exemple.test")
    page = open_page(java_script_enabled=False)
    page.goto(f"{site}/invitation/secret/")
    assert "secret" not in page.url
    page.get_by_label("Prénom").fill("Léa")
    page.get_by_label("Nom", exact=True).fill("Martin")
    page.get_by_label("Mot de passe", exact=True).fill("trop court")
    page.get_by_label("Mot de passe, une seconde fois").fill("trop court")
    page.get_by_role("button", name="Ouvrir mon compte").click()
    expect(page.get_by_role("alert")).to_contain_text("15 caractères")
    expect(page.get_by_label("Prénom")).to_have_value("Léa")
    for label in ("Mot de passe", "Mot de passe, une seconde fois"):
        page.get_by_label(label, exact=True).fill("quatre tournesols et un vélo")
    page.get_by_role("button", name="Ouvrir mon compte").click()
    expect(page.get_by_role("link", name="Mon espace")).to_be_visible()
    expect(page.locator("main")).to_contain_text(invitation.organization.name)
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_role("link", name="Se connecter")).to_be_visible()
    assert User.objects.filter(email="lea@exemple.test").exists()


def virtual_key(page):
    """A passkey of the browser's own, which confirms that somebody is there."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


@pytest.mark.browser
def test_a_passkey_is_added_and_opens_the_door_under_the_strict_policy(open_page, site, lead, settings):
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    page = open_page()
    said = []
    page.on("console", lambda message: said.append(message.text))
    virtual_key(page)
    log_in(page, site, lead)
    page.goto(f"{site}/compte/securite/cles/ajouter/")
    confirm(page)
    page.get_by_label("Nom de la clé").fill("clé du bureau")
    page.get_by_label(re.compile("Ouvrir la session avec cette clé seule")).check()
    page.get_by_role("button", name="Ajouter la clé").click()
    expect(page.get_by_role("heading", name="Codes de secours")).to_be_visible()
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_role("button", name="Se déconnecter")).to_have_count(0)
    page.goto(f"{site}/compte/connexion/")
    page.get_by_role("button", name="Se connecter avec une clé d’accès").click()
    expect(page.get_by_role("link", name="Mon espace")).to_be_visible()
    assert not [line for line in said if "Content Security Policy" in line or "Error" in line]


@pytest.mark.browser
def test_a_passkey_that_does_not_answer_is_told_in_french(open_page, site):
    page = open_page()
    page.goto(f"{site}/compte/connexion/")
    page.evaluate(
        "() => { navigator.credentials.get = async () => { throw new DOMException('non', 'NotAllowedError') } }"
    )
    page.get_by_role("button", name="Se connecter avec une clé d’accès").click()
    expect(page.get_by_role("alert").filter(has_text="n’a pas répondu")).to_be_visible()
