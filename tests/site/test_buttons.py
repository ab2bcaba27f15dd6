"""Whatever button is pressed, what is typed on the page goes with it: no submit button stands in another form."""

import pytest
from justhtml import JustHTML

from axes.models import Orientation
from cohesion.lib.html_forms import CSRF
from projects.choices import ProjectStatus
from projects.declaring.pages import PAGES
from projects.instructing import sheet
from projects.models import Attachment, Remark
from tests.factories import (
    CampaignFactory,
    CommitteeFactory,
    DeclarationFactory,
    LeadFactory,
    OfficerFactory,
    OrganizationFactory,
    ProjectFactory,
    SubmissionFactory,
    TerritoryFactory,
    answers,
)
from tests.projects.instructing.made import proposed

pytestmark = [pytest.mark.django_db, pytest.mark.once]
TYPED = {"text", "email", "url", "tel", "number", "date", "datetime-local", "file", "password"}


def owner(control, form, forms):
    """The form that a field or a button belongs to: the one that it names, else the one around it."""
    named = control.attrs.get("form")
    return next((one for one in forms if one.attrs.get("id") == named), None) if named else form


def drops(html):
    """The buttons of a page that would send less than what is typed on it."""
    main = JustHTML(html, sanitize=False).query("main")[0]
    forms = [one for one in main.query("form") if (one.attrs.get("method") or "").lower() == "post"]
    around = {id(control): form for form in main.query("form") for control in form.query("input, textarea, button")}
    typed, pressed = [], []
    for control in main.query("input, textarea, button"):
        form = owner(control, around.get(id(control)), forms)
        kind = (control.attrs.get("type") or ("submit" if control.name == "button" else "text")).lower()
        if control.name == "textarea" or (control.name == "input" and kind in TYPED and "hidden" not in control.attrs):
            typed.append(form)
        elif kind in ("submit", "image"):
            pressed.append((form, control.to_text() or control.attrs.get("value") or ""))
    typed = [form for form in typed if form in forms]
    return [words for form, words in pressed if form in forms and any(form is not one for one in typed)]


FORM = '<form method="post" id="a"><textarea name="t"></textarea><button>Save</button></form>'


def test_a_button_of_another_form_is_found():
    assert drops(f"<main>{FORM}</main>") == []
    assert drops(f'<main>{FORM}<button form="a" formaction="/x/">Hand in</button></main>') == []
    assert drops(f'<main>{FORM}<form method="post"><button>Hand in</button></form></main>') == ["Hand in"]
    other = '<form method="post" id="b"><input name="u"></form><button form="b">Send</button>'
    assert drops(f"<main>{FORM}{other}</main>") == ["Save", "Send"]
    assert drops('<main><form role="search"><input name="q"><button>Find</button></form></main>') == []


def pages_of_a_lead(lead, organization):
    campaign, place = CampaignFactory(), TerritoryFactory()
    given = answers(campaign, Orientation.objects.get(code="5.2.4-b"), place)
    options = {"organization": organization, "starts_on": None, "ends_on": None}
    full, asked = (
        ProjectFactory(status=status, **options) for status in (ProjectStatus.DRAFT, ProjectStatus.TO_COMPLETE)
    )
    for project in (full, asked):
        DeclarationFactory(project=project, answers=given, campaign=campaign)
    kept = {"organization": organization, "size": 1, "content_type": "application/pdf", "by": lead, "digest": "0" * 64}
    Attachment.objects.create(kind="statutes", name="statuts.pdf", **kept)
    Attachment.objects.create(kind="other", name="devis.pdf", project=full, **kept)
    for page in PAGES:
        Remark.objects.create(project=asked, page=page.slug, text="Combien ?", by=OfficerFactory())
    submitted = SubmissionFactory(project__organization=organization).project
    DeclarationFactory(project=submitted)
    due = ProjectFactory(organization=organization, status=ProjectStatus.REPORT_DUE)
    for project in (full, asked):
        yield from (f"/espace/declarations/{project.pk}/{page.slug}/" for page in PAGES)
        yield from (f"/espace/declarations/{project.pk}/{page}" for page in ("", "verifier/", "renoncer/"))
    yield f"/espace/declarations/{submitted.pk}/"
    yield f"/espace/bilans/{due.pk}/?controle=1"
    yield f"/espace/structures/{organization.pk}/"
    yield from ("/espace/", "/espace/declarations/nouvelle/", "/espace/messages/", *OWN)


OWN = ("/compte/", "/compte/mot-de-passe/", "/compte/sessions/", "/compte/securite/", "/compte/confirmer/")


def pages_of_an_officer(officer):
    for status in ProjectStatus.values:
        if status != ProjectStatus.DRAFT:
            project = SubmissionFactory(project__status=status).project
            DeclarationFactory(project=project)
            yield f"/instruction/{project.pk}/"
    committee = CommitteeFactory()
    before = proposed(committee=committee)
    day = committee.held_on
    job = sheet.DecisionImporter(committee, day).create_job(
        f"code;decision;motif\r\n{before.code};Refusée;Non\r\n".encode(), "comite.csv", officer
    )
    meeting = f"/instruction/comite/{committee.pk}/"
    yield from (f"/instruction/{before.pk}/", meeting, f"{meeting}import/", f"{meeting}import/{job.pk}/")
    yield from ("/instruction/", *OWN)


def test_no_page_of_the_space_has_a_button_that_leaves_what_is_typed_behind(client, founding):
    organization = OrganizationFactory()
    lead = LeadFactory(acts_for=organization)
    client.force_login(lead)
    check(client, pages_of_a_lead(lead, organization))


def test_no_page_of_the_instruction_has_a_button_that_leaves_what_is_typed_behind(client, founding, officer):
    client.force_login(officer)
    check(client, pages_of_an_officer(officer))


def check(client, addresses):
    wrong, typed = [], 0
    for address in addresses:
        answer = client.get(address, follow=True)
        assert answer.status_code == 200, address
        page = answer.content.decode()
        wrong += [f"{address} : {words}" for words in drops(page)]
        typed += CSRF in page
    assert not wrong, "\n".join(wrong)
    assert typed > 10
