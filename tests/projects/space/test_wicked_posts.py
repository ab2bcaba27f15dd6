"""What a hostile lead sends to the space: nothing breaks, nobody else's is read or written, nothing runs."""

import threading

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from projects.catalogue.steps import step
from projects.choices import ProjectStatus
from projects.declaring.pages import PAGES
from projects.instructing import checking
from projects.models import Declaration, Project, Remark, Submission
from tests.costs import cost
from tests.factories import CampaignFactory, DeclarationFactory, LeadFactory, OfficerFactory, ProjectFactory

SLUGS = [one.slug for one in PAGES]
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>"
NO_KEY = 10**30


@pytest.fixture
def lead_client(client, lead):
    client.force_login(lead)
    return client


def address(declaration, slug):
    return reverse("projects:declaration_page", args=[declaration.project_id, slug])


def base(page):
    return page.partition('name="base" value="')[2].partition('"')[0]


@pytest.mark.parametrize(
    "name",
    [
        *("declaration", "declaration_check", "declaration_give_up", "declaration_hand_in", "declaration_renew"),
        *("attachment_add", "attachment", "attachment_remove", "space_organization"),
        *("report", "report_hand_in", "message"),
    ],
)
def test_a_key_that_no_database_holds_is_not_found(lead_client, name):
    url = reverse(f"projects:{name}", args=[NO_KEY])
    assert {lead_client.get(url).status_code, lead_client.post(url).status_code} <= {404, 405}


def test_a_page_of_a_key_that_no_database_holds_is_not_found(lead_client):
    assert lead_client.get(reverse("projects:declaration_page", args=[NO_KEY, "action"])).status_code == 404


TEXTS = {
    "a script": SCRIPT,
    "NUL": "a\x00b",
    "hidden": "a\u202eb\u200b\ufeff",
    "huge": "é" * 21_000,
    "no text": "\ufffd\ufdd0\U0010ffff",
    "number": "9" * 400,
    "odd digits": "٣٤٥",
    "negative": "-1e999",
    "infinite": "NaN",
    "json": '{"__class__": 1}',
    "template": "{{ request.user.password }}{% debug %}",
}


# What a page makes of these; the others are what a database may refuse.
WORDS = ("a script", "hidden", "odd digits", "template")


@pytest.mark.parametrize(
    "text", [pytest.param(text, marks=pytest.mark.once) if text in WORDS else text for text in TEXTS]
)
@pytest.mark.parametrize("slug", SLUGS)
def test_any_text_in_any_field_is_shown_again_as_text(lead_client, complete, slug, text):
    url = address(complete, slug)
    form = next(one for one in PAGES if one.slug == slug).form(complete, complete.answers.get(slug, {}))
    values = [TEXTS[text], [TEXTS[text], "[]"]] if text == "a script" else [TEXTS[text]]
    for value in values:
        data = dict.fromkeys(form.fields, value) | {"base": TEXTS[text], "keep_theirs": value}
        # All fields together may pass what a request may weigh.
        assert lead_client.post(url, data).status_code in ((200, 302, 400) if text == "huge" else (200, 302))
        for page in (f"{url}?controle=1", reverse("projects:declaration_check", args=[complete.project_id])):
            shown = lead_client.get(page)
            assert shown.status_code == 200
            assert "<script>alert" not in shown.text
            assert "<img src=x" not in shown.text
    if slug == "action":  # it has the title
        assert lead_client.get(reverse("projects:space")).status_code == 200
    lead_client.post(reverse("projects:declaration_hand_in", args=[complete.project_id]))


@pytest.mark.parametrize("slug", SLUGS)
def test_fields_that_the_page_does_not_have_are_not_kept(lead_client, complete, slug):
    names = ("a-601[]", "__proto__", "status", "granted", "organization", "project", "saved_by", "name-999", "kind-٣")
    lead_client.post(address(complete, slug), dict.fromkeys(names, "1"))
    kept = Declaration.objects.get().answers.get(slug, {})
    assert not kept.keys() & set(names)
    project = Project.objects.get()
    assert (project.status, project.granted) == (ProjectStatus.DRAFT, None)
    assert project.organization == complete.project.organization


@pytest.mark.parametrize(("number", "status"), [(4_900, 302), (5_100, 400)])
def test_thousands_of_fields_are_passed_over_or_refused(lead_client, complete, number, status):
    data = {f"remark-{one}": "a" for one in range(number)}
    assert lead_client.post(address(complete, "calendrier"), data).status_code == status


def test_rows_without_end_are_bounded(lead_client, complete):
    data = {f"name-{rank}": "Quelqu’un" for rank in range(900)}
    lead_client.post(address(complete, "partenaires"), data)
    assert len(Declaration.objects.get().answers["partenaires"]) < 100


def test_what_is_not_of_the_lists_is_not_handed_in(lead_client, complete):
    """A call that is not announced, the action of somebody else, the PST that is not published."""
    hidden = CampaignFactory(is_published=False)
    other, pst = ProjectFactory(), ProjectFactory(kind="pst", status=ProjectStatus.SUBMITTED)
    campaign = {"campaign": str(hidden.pk), "request_kind": "renewed", "previous": str(other.pk)}
    for slug, typed in (("campagne", campaign), ("action", {"setting": "pst", "host": str(pst.pk)})):
        url = address(complete, slug)
        lead_client.post(url, typed | {"base": base(lead_client.get(url).text)})
        assert Declaration.objects.get().answers[slug].items() >= typed.items()  # kept as typed, and refused
    kept = Declaration.objects.get()
    assert (kept.campaign, kept.previous) == (None, None)
    page = lead_client.get(reverse("projects:declaration_check", args=[complete.project_id])).text
    assert other.title not in page
    assert pst.title not in page


def test_a_script_typed_by_a_lead_does_not_run_before_an_officer(lead_client, complete):
    answers = {
        slug: {
            name: SCRIPT if name in ("description", "need_noticed", "funder-1", "contact_name") else value
            for name, value in page.items()
        }
        for slug, page in complete.answers.items()
    }
    answers["structure"]["representative"] = SCRIPT
    Declaration.objects.update(answers=answers)
    lead_client.post(reverse("projects:declaration_hand_in", args=[complete.project_id]))
    assert Submission.objects.count() == 1
    officer = Client()
    officer.force_login(OfficerFactory())
    for url in (reverse("projects:instruction_file", args=[complete.project_id]), reverse("projects:instruction")):
        page = officer.get(url).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
    assert "&lt;script&gt;alert" in officer.get(reverse("projects:instruction_file", args=[complete.project_id])).text


# --- what an officer asked --------------------------------------------------------------------------------------


@pytest.fixture
def asked(complete, lead):
    complete.project.remarks.create(page="action", text="Précisez.", by=OfficerFactory())
    return Remark.objects.get()


def test_two_colleagues_who_answer_a_remark_at_once_both_have_answered(lead_client, complete, asked):
    url, name = address(complete, "action"), f"remark-{asked.pk}"
    first = second = base(lead_client.get(url).text)
    typed = dict(complete.answers["action"])
    lead_client.post(url, typed | {"base": first, name: "Voir le devis."})
    json = {"accept": "application/json"}
    for text in ("Deux", "Deux salariés."):  # saved twice as one types
        second = lead_client.post(url, typed | {"base": second, name: text}, headers=json).json()["base"]
    asked.refresh_from_db()
    assert asked.answer == "Voir le devis.\n\nDeux salariés."
    shown = base(lead_client.get(url).text)
    lead_client.post(url, typed | {"base": shown, name: "Deux salariés."})
    asked.refresh_from_db()
    assert asked.answer == "Deux salariés."


def test_a_page_left_open_does_not_take_a_colleagues_answer_back(lead_client, complete, asked):
    url, name = address(complete, "action"), f"remark-{asked.pk}"
    old = base(lead_client.get(url).text)
    Remark.objects.update(answer="Voir le devis.")
    lead_client.post(url, complete.answers["action"] | {"base": old, name: ""})
    asked.refresh_from_db()
    assert asked.answer == "Voir le devis."


def test_the_remarks_of_other_pages_and_other_projects_are_not_answered(lead_client, complete, asked):
    other = DeclarationFactory().project.remarks.create(page="action", text="A", by=OfficerFactory())
    here = complete.project.remarks.create(page="budget", text="B", by=OfficerFactory())
    data = {f"remark-{one.pk}": "Intrus" for one in (other, here)} | {"remark-0": "", "remark-٣": "", "remark-": ""}
    lead_client.post(address(complete, "action"), data)
    assert set(Remark.objects.values_list("answer", flat=True)) == {""}


@pytest.mark.parametrize("text", TEXTS)
def test_any_answer_to_a_remark_breaks_nothing(lead_client, complete, asked, text):
    url = address(complete, "action")
    assert lead_client.post(url, {f"remark-{asked.pk}": TEXTS[text]}).status_code in (200, 302)
    assert "<script>alert" not in lead_client.get(url).text


# --- at the same time -------------------------------------------------------------------------------------------


def together(*actions):
    """Do these at once; the statuses, in no order."""
    found, barrier = [], threading.Barrier(len(actions))

    def run(action):
        try:
            barrier.wait()
            found.append(action())
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(action,)) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def presses(lead, *requests):
    """One browser each, so that nothing but the database is shared."""

    def press(url, data):
        client = Client()
        client.force_login(lead)
        return lambda: client.post(url, data).status_code

    return [press(url, data) for url, data in requests]


@pytest.mark.django_db(transaction=True)
def test_last_years_action_taken_up_by_two_presses_at_once_makes_one_draft(complete, lead):
    Project.objects.update(status=ProjectStatus.CLOSED)
    renew = reverse("projects:declaration_renew", args=[complete.project_id])
    assert together(*presses(lead, *[(renew, {})] * 4)) == [302] * 4
    assert Declaration.objects.filter(previous=complete.project).count() == 1


@pytest.mark.django_db(transaction=True)
def test_handing_in_deleting_and_saving_at_once_leave_a_whole(complete, lead):
    pk, calendar = complete.project_id, address(complete, "calendrier")
    hand_in, give_up = (reverse(f"projects:declaration_{name}", args=[pk]) for name in ("hand_in", "give_up"))
    saving = complete.answers["calendrier"] | {"frequency": "Le lundi"}
    answered = together(*presses(lead, (hand_in, {}), (hand_in, {}), (give_up, {}), (calendar, saving)))
    assert len(answered) == 4
    assert set(answered) <= {200, 302, 404, 409}
    project = Project.objects.filter(pk=pk).first()
    if project is None:
        assert not Submission.objects.exists()
    else:
        assert project.status == ProjectStatus.SUBMITTED
        [submission] = project.submissions.all()
        assert submission.answers == project.declaration.answers


@pytest.mark.django_db(transaction=True)
def test_an_action_abandoned_by_both_sides_at_once_is_abandoned_once(complete, lead):
    Project.objects.update(status=ProjectStatus.SUBMITTED)
    officer = OfficerFactory()
    url = reverse("projects:declaration_give_up", args=[complete.project_id])

    def by_officer():
        try:
            checking.abandon(Project.objects.get(), by=officer, comment="Sans suite.")
        except Exception as error:
            return type(error).__name__
        return 302

    found = together(by_officer, *presses(lead, (url, {"reason": "Le local est fermé."})))
    assert len(found) == 2
    assert Project.objects.get().log.filter(transition="abandon").count() == 1


def test_a_step_undone_leaves_no_trace(complete, lead):
    def fails():
        with step(complete.project, "submit", by=lead) as locked:
            locked.title = "Perdu"
            return 1 / 0

    with pytest.raises(ZeroDivisionError):
        fails()
    assert Project.objects.get().title == "Cuisine partagée"
    assert not complete.project.log.exists()


def test_the_space_costs_the_same_whatever_others_declare(lead_client, complete):
    urls = [reverse("projects:space"), reverse("projects:declaration_new"), address(complete, "campagne")]
    lead_client.get(urls[0])
    before = [cost(url, lead_client) for url in urls]
    for _ in range(5):
        LeadFactory(acts_for=DeclarationFactory().project.organization)
    assert [cost(url, lead_client) for url in urls] == before
