"""One message to several leads: each once, in words filled in for them, and none by a double click."""

import datetime
import re

import pytest
from django.test import Client
from django.utils import timezone

from projects.choices import MailFrequency, ProjectKind, ProjectStatus
from projects.messaging.mailings import audience, posting
from projects.messaging.mailings.letters import FIELDS, MODELS, Letter, fields_refusal
from projects.models import MailChoice, Mailing, Message, Report
from tests.at_once import each_at_once
from tests.costs import cost
from tests.factories import (
    CampaignFactory,
    DeclarationFactory,
    LeadFactory,
    OrganizationFactory,
    ProjectFactory,
    TerritoryFactory,
    UserFactory,
    this_year,
)
from tests.pages import squeezed
from tests.site.forms import filled

pytestmark = pytest.mark.django_db
WRITE = "/instruction/courriers/ecrire/"
FORM = "form.mailing"


def late_project(lead, **fields):
    """An action whose report was due last month."""
    organization = lead.memberships.get().organization
    project = ProjectFactory(organization=organization, status=ProjectStatus.REPORT_DUE, **fields)
    due = timezone.localdate() - datetime.timedelta(days=30)
    Report.objects.create(project=project, year=this_year() - 1, due_on=due)
    return project


def lead_named(first, last, **fields):
    return LeadFactory(first_name=first, last_name=last, **fields)


def names(page):
    """Who would be written to, in the order of the page."""
    return filled(page, FORM).get("to", [])


def checked(client, address, **changed):
    """The page where one reads again, from that where one writes."""
    return client.post(address, filled(client.get(address), FORM) | {"check": "1"} | changed)


def sent(client, address, **changed):
    return client.post(address, filled(checked(client, address, **changed), FORM) | {"send": "1"})


# --- who ------------------------------------------------------------------------------------------------------------


def test_each_way_of_asking_leads_to_its_own_people(officer_client, node):
    by_axis, by_call, by_pst, by_commune, late, to_complete, draft = (LeadFactory() for _ in range(7))
    everybody = {str(one.pk) for one in (by_axis, by_call, by_pst, by_commune, late, to_complete)}

    def of(lead):
        return lead.memberships.get().organization

    campaign, commune = CampaignFactory(), TerritoryFactory()
    pst = ProjectFactory(kind=ProjectKind.PST, organization=of(by_pst))
    ProjectFactory(organization=of(by_pst), host=pst)
    ProjectFactory(organization=of(by_axis), serves=[node("5.2.1")])
    DeclarationFactory(project=ProjectFactory(organization=of(by_call), status="submitted"), campaign=campaign)
    ProjectFactory(organization=of(by_commune), located_in=[commune])
    late_project(late)
    ProjectFactory(organization=of(to_complete), status="to_complete")
    ProjectFactory(organization=of(draft), status="draft")
    asked = {
        "situation=en-cours": everybody,
        f"situation=en-cours&orientation={node('5').pk}": {str(by_axis.pk)},
        f"situation=en-cours&appel={campaign.pk}": {str(by_call.pk)},
        f"situation=en-cours&pst={pst.pk}": {str(by_pst.pk)},
        f"situation=en-cours&commune={commune.pk}": {str(by_commune.pk)},
        "situation=bilan-en-retard": {str(late.pk)},
        "situation=a-completer": {str(to_complete.pk)},
        "situation=brouillons": {str(draft.pk)},
        "situation=toutes": everybody | {str(draft.pk)},
    }
    for query, people in asked.items():
        assert set(names(officer_client.get(f"{WRITE}?{query}&modele=free"))) == people, query


def test_a_report_handed_in_is_not_late(officer_client):
    project = late_project(LeadFactory())
    project.reports.update(handed_at=timezone.now())
    assert (
        "Personne ne répond à ce choix." in officer_client.get(f"{WRITE}?situation=bilan-en-retard&modele=report").text
    )


def test_somebody_concerned_twice_stands_once_with_both_reasons(officer_client):
    lead = lead_named("Léa", "Martin")
    late_project(lead, title="Jardin")
    late_project(lead, title="Cuisine")
    page = officer_client.get(f"{WRITE}?situation=bilan-en-retard&modele=report")
    assert names(page) == [str(lead.pk)]
    assert "Jardin" in page.text
    assert "Cuisine" in page.text


def test_nobody_who_left_is_listed_and_who_cannot_be_reached_is_said(officer_client):
    gone = LeadFactory(is_active=False)
    late_project(gone)
    by_address = OrganizationFactory(name="Sans compte", email="contact@structure.test")
    ProjectFactory(organization=by_address, status="to_complete")
    page = officer_client.get(f"{WRITE}?situation=bilan-en-retard&modele=report")
    assert "Personne ne répond" in page.text
    assert gone.memberships.get().organization.name in page.text
    page = officer_client.get(f"{WRITE}?situation=a-completer&modele=pieces")
    assert names(page) == [f"structure-{by_address.pk}"]
    assert "contact@structure.test" in page.text.replace("<wbr>", "")


def test_a_choice_that_no_longer_exists_is_said_and_leads_to_nobody(officer_client):
    page = officer_client.get(f"{WRITE}?situation=en-cours&commune=999999&modele=free")
    assert "ce choix n’existe plus" in page.text
    assert 'name="to"' not in page.text


def test_the_page_costs_the_same_for_one_person_as_for_ten(officer_client, founding):
    address = f"{WRITE}?situation=bilan-en-retard&modele=report"
    late_project(LeadFactory())
    officer_client.get(address)  # what a process asks once
    first = cost(address, officer_client)
    for _ in range(9):
        late_project(LeadFactory())
    assert cost(address, officer_client) == first
    sent(officer_client, address)
    mailing = f"/instruction/courriers/{Mailing.objects.get().pk}/"
    officer_client.get(mailing)  # which says what was done
    both = cost(mailing, officer_client), cost("/instruction/courriers/", officer_client)
    Message.objects.exclude(mailing=None).first().delete()
    assert (cost(mailing, officer_client), cost("/instruction/courriers/", officer_client)) == both


def test_what_was_asked_for_is_kept_in_words(officer_client, node):
    lead, commune = LeadFactory(), TerritoryFactory(name="Huest")
    late_project(lead, serves=[node("5.2.1")], located_in=[commune])
    sent(
        officer_client,
        f"{WRITE}?situation=bilan-en-retard&orientation={node('5').pk}&commune={commune.pk}&modele=report",
    )
    words = Mailing.objects.get().audience
    assert words.startswith("les bilans en retard, répondant à 5 ")
    assert words.endswith("dans la commune Huest")


# --- the words ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Bonjour {prenom}", "Le champ {prenom} n’existe pas"),
        ("{}", "Le champ {} n’existe pas"),
        ("{0}", "Le champ {0} n’existe pas"),
        ("{personne!r}", "Le champ {personne!r} n’existe pas"),
        ("{personne.password}", "Le champ {personne.password} n’existe pas"),
        ("{personne", "Une accolade est seule"),
        ("personne}", "Une accolade est seule"),
        ("{{personne}}", "Une accolade est seule"),
        ("{personne}, {structure}", ""),
        ("{ Personne }, {échéance}", ""),  # as people write it
        ("50 % {action}", ""),
    ],
)
def test_only_the_fields_that_are_known_stand_in_braces(text, sentence):
    assert fields_refusal(text).startswith(sentence)
    assert bool(fields_refusal(text)) is bool(sentence)


def test_every_model_can_be_filled_in_and_each_field_is_of_some_use():
    facts = dict.fromkeys(FIELDS, "x")
    for letter in MODELS.values():
        assert fields_refusal(f"{letter.title} {letter.text}") == ""
        assert "{" not in letter.filled(facts).text
    assert {name for letter in MODELS.values() for name in letter.fields} == set(FIELDS) - {"personne"}


def test_what_somebody_is_called_is_filled_in_once_and_is_no_field_itself():
    filled_in = Letter("{action}", "{personne}").filled({"action": "{personne}", "personne": "{contact}"})
    assert filled_in == Letter("{personne}", "{contact}")


def test_an_unknown_field_is_refused_and_nothing_typed_or_ticked_is_lost(officer_client):
    one, other = LeadFactory(), LeadFactory()
    late_project(one)
    late_project(other)
    address = f"{WRITE}?situation=bilan-en-retard&modele=free"
    page = checked(officer_client, address, title="Bilan", text="Bonjour {prenom}", to=[str(one.pk)])
    assert "Le champ {prenom} n’existe pas" in page.text
    assert filled(page, FORM)["text"] == ["Bonjour {prenom}"]
    assert names(page) == [str(one.pk)]
    assert not Message.objects.exists()


def test_a_field_that_somebody_has_nothing_for_is_refused_with_their_organisation(officer_client):
    lead = LeadFactory()
    ProjectFactory(organization=lead.memberships.get().organization)
    page = checked(officer_client, f"{WRITE}?situation=en-cours&modele=report")
    assert "{echeance}" in page.text
    assert f"n’est pas connu pour 1\u00a0personne ({lead.memberships.get().organization.name})" in page.text


def test_nobody_ticked_is_said(officer_client):
    late_project(LeadFactory())
    page = checked(officer_client, f"{WRITE}?situation=bilan-en-retard&modele=report", to=[])
    assert "Cochez au moins une personne." in page.text


def test_it_is_read_again_as_each_would_read_it_and_goes_back_as_it_was(officer_client):
    ana, bob = lead_named("Ana", "Lopez"), lead_named("Bob", "Petit")
    late_project(ana, title="Jardin")
    late_project(bob, title="Cuisine")
    address = f"{WRITE}?situation=bilan-en-retard&modele=report"
    page = checked(officer_client, address, **{"as": str(bob.pk)})
    assert "Rappel\u00a0: le bilan de «\u00a0Cuisine\u00a0»" in squeezed(page.text)
    assert "à <strong>2\u00a0personnes</strong>" in squeezed(page.text)
    again = officer_client.post(address, filled(page, FORM) | {"edit": "1"})
    assert filled(again, FORM)["title"] == [MODELS["report"].title]
    assert not Message.objects.exists()


# --- sending --------------------------------------------------------------------------------------------------------


def test_each_one_ticked_has_it_once_in_the_outbox_and_it_is_found_again(officer_client):
    ana, bob, eve = lead_named("Ana", "Lopez"), lead_named("Bob", "Petit"), LeadFactory()
    jardin = late_project(ana, title="Jardin")
    late_project(bob, title="Cuisine")
    late_project(bob, title="Atelier")
    late_project(eve)
    MailChoice.objects.create(user=bob, frequency=MailFrequency.NEVER)
    answer = sent(officer_client, f"{WRITE}?situation=bilan-en-retard&modele=report", to=[str(ana.pk), str(bob.pk)])
    told = {message.user: message for message in Message.objects.all()}
    assert set(told) == {ana, bob}
    assert told[ana].title == "Rappel\u00a0: le bilan de «\u00a0Jardin\u00a0»"
    assert (told[ana].project, told[ana].mailed) == (jardin, True)
    assert "«\u00a0Cuisine\u00a0» et «\u00a0Atelier\u00a0»" in told[bob].text
    assert (told[bob].project, told[bob].mailed, told[bob].path) == (None, False, "/espace/")
    page = officer_client.get(answer.url)
    assert "Le message est écrit à 2\u00a0personnes" in page.text
    assert "Ana Lopez" in page.text
    for query, people in (
        ("", {"Ana", "Bob"}),
        ("?ce=courriel", {"Ana"}),
        ("?ce=lus", set()),
        ("?ce=x", {"Ana", "Bob"}),
    ):
        listed = officer_client.get(f"{answer.url}{query}").context["page"].object_list
        assert {message.user.first_name for message in listed} == people, query
    assert "les bilans en retard" in officer_client.get("/instruction/courriers/").text.lower()


def test_what_is_said_of_the_mails_once_it_is_sent_is_true(officer_client):
    bob = LeadFactory()
    late_project(bob)
    MailChoice.objects.create(user=bob, frequency=MailFrequency.NEVER)
    address = f"{WRITE}?situation=bilan-en-retard&modele=report"
    page = officer_client.get(sent(officer_client, address).url).text
    assert "aucun courriel ne part" in page
    daily = LeadFactory()
    late_project(daily)
    MailChoice.objects.create(user=daily, frequency=MailFrequency.DAILY)
    page = officer_client.get(sent(officer_client, address, title="Encore").url).text
    assert "1\u00a0courriel part dans quelques minutes, ou au matin pour qui n’en veut qu’un par jour" in page


def test_who_has_no_name_is_called_by_their_account_and_not_erased(officer_client, officer):
    officer.first_name = officer.last_name = ""
    officer.save()
    lead = LeadFactory(first_name="", last_name="")
    late_project(lead)
    answer = sent(officer_client, f"{WRITE}?situation=bilan-en-retard&modele=report")
    page = squeezed(officer_client.get(answer.url).text)
    assert f"par {officer}, pour" in page
    assert re.search(rf'<th scope="row">\s*{lead}\s*<span', page)
    for address in (answer.url, "/instruction/courriers/"):
        assert "compte effacé" not in officer_client.get(address).text
    Mailing.objects.update(by=None)
    assert "par un compte effacé, pour" in squeezed(officer_client.get(answer.url).text)


def test_a_double_click_and_a_second_press_tell_nobody_twice(officer_client):
    late_project(LeadFactory())
    address = f"{WRITE}?situation=bilan-en-retard&modele=report"
    ready = filled(checked(officer_client, address), FORM) | {"send": "1"}
    answers = [officer_client.post(address, ready) for _ in range(3)]
    assert len({answer.url for answer in answers}) == 1
    assert (Mailing.objects.count(), Message.objects.count()) == (1, 1)


def test_eight_presses_at_once_tell_each_once(transactional_db, officer_client):
    late_project(LeadFactory())
    address = f"{WRITE}?situation=bilan-en-retard&modele=report"
    ready = filled(checked(officer_client, address), FORM) | {"send": "1"}

    def press(_):
        client = Client()
        client.cookies = officer_client.cookies
        return client.post(address, ready).status_code

    assert set(each_at_once(press, range(8))) == {302}
    assert (Mailing.objects.count(), Message.objects.count()) == (1, 1)


def test_a_death_half_way_writes_to_nobody_and_the_same_form_then_writes_to_all(officer_client, monkeypatch):
    late_project(LeadFactory())
    late_project(LeadFactory())
    address = f"{WRITE}?situation=bilan-en-retard&modele=report"
    ready = filled(checked(officer_client, address), FORM) | {"send": "1"}
    whole = posting.tell

    def dies(letters):
        whole(list(letters)[:1])
        raise RuntimeError("coupure")

    monkeypatch.setattr(posting, "tell", dies)
    with pytest.raises(RuntimeError):
        officer_client.post(address, ready)
    assert (Mailing.objects.count(), Message.objects.count()) == (0, 0)
    monkeypatch.setattr(posting, "tell", whole)
    assert officer_client.post(address, ready).status_code == 302
    assert (Mailing.objects.count(), Message.objects.count()) == (1, 2)


def test_who_is_no_longer_concerned_when_it_leaves_is_not_written_to_and_that_is_said(officer_client):
    ana, bob = LeadFactory(), LeadFactory()
    late_project(ana)
    done = late_project(bob)
    address = f"{WRITE}?situation=bilan-en-retard&modele=report"
    ready = filled(checked(officer_client, address), FORM) | {"send": "1"}
    done.reports.update(handed_at=timezone.now())
    page = officer_client.get(officer_client.post(address, ready).url)
    assert [message.user for message in Message.objects.all()] == [ana]
    assert "1\u00a0personne cochée n’est plus concernée" in page.text


def test_nobody_is_written_to_who_was_not_shown(officer_client):
    late_project(LeadFactory())
    stranger = UserFactory()
    sent(officer_client, f"{WRITE}?situation=bilan-en-retard&modele=report", to=[str(stranger.pk), "structure-1", "x"])
    assert not Message.objects.exists()


def test_a_message_to_more_people_than_the_bound_is_refused(officer_client, monkeypatch):
    monkeypatch.setattr(audience, "MOST", 1)
    address = f"{WRITE}?situation=bilan-en-retard&modele=free"
    leads = [LeadFactory(), LeadFactory()]
    for lead in leads:
        late_project(lead)
    assert "précisez-le" in officer_client.get(address).text
    typed = {"title": "Bilan", "text": "Bonjour", "to": [str(lead.pk) for lead in leads], "send": "1"}
    assert "précisez-le" in officer_client.post(address, typed).text
    assert not Message.objects.exists()


def test_who_was_written_to_this_week_is_said_before_they_are_again(officer_client):
    late_project(LeadFactory())
    address = f"{WRITE}?situation=bilan-en-retard&modele=report"
    sent(officer_client, address)
    assert "a déjà reçu" in officer_client.get(address).text


def test_the_call_that_is_announced_is_the_open_one_else_the_next():
    now = timezone.now()
    days = datetime.timedelta(days=1)
    assert audience.announced_campaign() is None
    CampaignFactory(closes_at=now - days)
    CampaignFactory(is_published=False)
    following = CampaignFactory(opens_at=now + days, closes_at=now + 9 * days)
    assert audience.announced_campaign() == following
    CampaignFactory(name="Ouvert", closes_at=now + 20 * days)
    assert audience.announced_campaign().name == "Ouvert"
