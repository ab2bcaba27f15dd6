"""What stands beside each field: its error names it, what may be left blank says so, its words are explained."""

from datetime import date

import pytest
from django import forms
from django.urls import reverse
from justhtml import JustHTML

from cohesion.lib.glossary import explained
from projects.catalogue import budget
from projects.declaring.fields import Amount, Count, Day, Number, Text
from projects.declaring.pages import PAGES
from projects.declaring.row_forms import RowsForm
from projects.reporting.actions import current
from projects.reporting.form import ReportForm
from tests.factories import CampaignFactory, DeclarationFactory, ProjectFactory, this_year
from tests.pages import squeezed

NUMBERS = ["beaucoup", "-5", "9" * 30]
BAD = (
    (Day, ["31/02/2027", "mi-janvier"]),
    ((Amount, Count), NUMBERS),
    (forms.EmailField, ["pas un courriel"]),
    (forms.ChoiceField, ["rien de tel"]),
)


def bad_values(field):
    values = next((values for kind, values in BAD if isinstance(field, kind)), [])
    too_long = ["x" * (field.max_length + 1)] if isinstance(field, Text) else []
    return [*values, *too_long]


def report_of(complete):
    project = complete.project
    project.status = "report_due"
    project.starts_on, project.ends_on = date(this_year(), 1, 1), date(this_year(), 12, 31)
    project.save()
    project.indicators.create(name="Familles présentes", kind="output", target=40)
    return current(project)


def every_form(complete):
    """A way to make each form, from what is typed."""
    for page in PAGES:
        yield page.slug, lambda typed, made=page.form: made(complete, typed)
    report = report_of(complete)
    yield "bilan", lambda typed: ReportForm(report, typed)


def test_each_error_names_its_field_and_none_takes_people_for_money(complete):
    walked = 0
    for slug, made in every_form(complete):
        for name, field in made({}).fields.items():
            for value in bad_values(field):
                form = made({name: [value] if isinstance(field, forms.MultipleChoiceField) else value})
                faults = [fault.sentence for fault in form.faults if fault.field == name]
                about = f"{slug} {name} {value[:20]}: {faults}"
                assert faults, about
                for sentence in faults:
                    assert sentence.startswith(f"{form.full_label(name)}\u00a0: "), about
                    assert sentence.endswith("."), about
                    is_money = isinstance(field, Amount) and not isinstance(field, Number)
                    assert is_money or "montant" not in sentence.lower(), about
                    for vague in ("cette valeur", "ce champ", "valid value", "Enter", "Ensure"):
                        assert vague.lower() not in sentence.lower(), about
                walked += 1
    assert walked > 200


def test_two_rows_are_told_apart_by_their_number(complete):
    form = next(page for page in PAGES if page.slug == "budget").form(
        complete, {"kind-0": "region", "requested-0": "100", "kind-3": "state", "requested-3": "cent"}
    )
    assert [fault.sentence.partition("\u00a0: ")[0] for fault in form.faults] == ["Financeur 2, montant"]


def test_what_may_be_left_blank_is_what_no_answer_makes_necessary(complete):
    """Marked as optional, a field is never asked for, whatever else is answered."""
    for slug, made in every_form(complete):
        for typed in ({}, complete.answers.get(slug, {})):
            form = made(typed)
            optional = {name for name in form.fields if form.is_optional(name)}
            assert not optional & {gap.field for gap in form.missing}, slug
    structure = PAGES[1].form(complete, {})
    assert structure.is_optional("acronym")
    assert not structure.is_optional("siret")


def test_each_page_says_what_it_is_for_what_is_optional_and_what_its_words_mean(client, lead, complete):
    client.force_login(lead)
    shown = set()
    for page in PAGES:
        response = client.get(reverse("projects:declaration_page", args=[complete.project_id, page.slug]))
        document = JustHTML(response.text, strict=True, sanitize=False)
        (purpose,) = document.query(".purpose")
        assert 80 < len(purpose.to_text()) < 300, page.slug
        text = squeezed(response.text)
        says_so = not page.is_optional and "(facultatif)</span>" in text
        assert text.count("sauf à ce qui est marqué") == says_so, page.slug
        words = [*page.form.EXPLAINED.values(), getattr(page.form, "ROW_EXPLAINED", ())]
        for entry in explained(word for group in words for word in group):
            assert entry.meaning in response.text.replace("&#x27;", "'"), (page.slug, entry)
            shown.add(entry.acronym)
    portage = "Information, consultation, co-construction, portage"
    assert {"Droit commun", "Crédits spécifiques", "QPV", portage} <= shown
    money = client.get(reverse("projects:declaration_page", args=[complete.project_id, "budget"])).text
    accounts = (*budget.EXPENSES, *budget.INCOME, budget.VOLUNTARY_USES, budget.VOLUNTARY_SOURCES)
    for account in accounts:
        assert account.explained, account.account
        assert account.explained in money


def test_a_limit_is_said_in_words_and_given_to_the_script_that_counts(client, lead, complete):
    client.force_login(lead)
    for page in PAGES:
        form = page.form(complete, complete.answers.get(page.slug, {}))
        response = client.get(reverse("projects:declaration_page", args=[complete.project_id, page.slug]))
        document = JustHTML(response.text, strict=True, sanitize=False)
        for name, field in form.fields.items():
            if isinstance(field, Text):
                (control,) = document.query(f'[id="id_{name}"]')
                assert control.attrs["data-limit"] == str(field.max_length)
                if control.name == "textarea":
                    assert "caractères au plus" in document.query(f'[id="id_{name}_helptext"]')[0].to_text()


# --- rows -------------------------------------------------------------------------------------------------------

ROWS = [page for page in PAGES if issubclass(page.form, RowsForm)]


@pytest.mark.parametrize("page", ROWS, ids=lambda page: page.slug)
def test_without_a_script_the_page_comes_back_at_the_row_that_was_asked_for(client, lead, complete, page):
    client.force_login(lead)
    url = reverse("projects:declaration_page", args=[complete.project_id, page.slug])
    document = JustHTML(client.get(url).text, strict=True, sanitize=False)
    (button,) = document.query("button[name=more]")
    target = button.attrs["formaction"].removeprefix("#")
    assert not document.query(f'[id="{target}"]')
    after = client.post(url, {**complete.answers.get(page.slug, {}), "more": "1"})
    (field,) = JustHTML(after.text, strict=True, sanitize=False).query(f'[id="{target}"]')
    assert "autofocus" in field.attrs


def test_a_row_is_taken_away_without_a_script_and_the_others_keep_their_answers(client, lead, complete):
    client.force_login(lead)
    url = reverse("projects:declaration_page", args=[complete.project_id, "budget"])
    document = JustHTML(client.get(url).text, strict=True, sanitize=False)
    (button,) = document.query("button[name=less][value='0']")
    assert document.query(f'[id="{button.attrs["formaction"][1:]}"]')
    page = client.post(url, {**complete.answers["budget"], "base": base(document), "less": "0"})
    legends = [legend.to_text() for legend in JustHTML(page.text, sanitize=False).query(".form-row legend")]
    assert [legend for legend in legends if "__" not in legend and legend.strip() != "Financeur"] == ["Financeur 1"]
    complete.refresh_from_db()
    kept = complete.answers["budget"]
    assert (kept["kind-0"], kept["kind-1"], kept["funder-1"]) == ("", "social_body", "CAF")


def base(document):
    return document.query("input[name=base]")[0].attrs["value"]


def test_several_rows_emptied_at_once_are_gone(client, lead, complete):
    client.force_login(lead)
    url = reverse("projects:declaration_page", args=[complete.project_id, "partenaires"])
    many = {f"name-{rank}": f"Partenaire {rank}" for rank in range(4)}
    client.post(url, {**many, "base": base(JustHTML(client.get(url).text, sanitize=False))})
    emptied = many | {"name-1": "", "name-2": "", "name-3": ""}
    client.post(url, {**emptied, "base": base(JustHTML(client.get(url).text, sanitize=False))})
    complete.refresh_from_db()
    assert {value for name, value in complete.answers["partenaires"].items() if name.startswith("name-")} == {
        "Partenaire 0",
        "",
    }


# --- asked once -------------------------------------------------------------------------------------------------


def test_the_call_chosen_at_the_beginning_is_told_and_not_asked_again(client, lead, complete):
    client.force_login(lead)
    url = reverse("projects:declaration_page", args=[complete.project_id, "campagne"])
    CampaignFactory()

    def is_folded():
        document = JustHTML(client.get(url).text, strict=True, sanitize=False)
        return bool(document.query("details input[name=campaign]"))

    assert is_folded()
    empty = DeclarationFactory(project=ProjectFactory(organization=complete.project.organization, status="draft"))
    url = reverse("projects:declaration_page", args=[empty.project_id, "campagne"])
    assert not is_folded()


def test_who_pays_is_said_in_the_budget_and_read_among_the_partners(client, lead, complete):
    client.force_login(lead)
    complete.answers["partenaires"] = {}
    complete.answers["budget"]["state-1"] = "obtained"
    complete.save()
    url = reverse("projects:declaration_page", args=[complete.project_id, "partenaires"])
    page = squeezed(client.get(url).text)
    assert "pris de la partie" in page
    assert "<li>CAF</li>" in page
    assert 'value="funding"' not in page
    client.post(reverse("projects:declaration_hand_in", args=[complete.project_id]))
    partner = complete.project.declared_partners.get()
    assert (partner.name, partner.role, partner.is_confirmed) == ("CAF", "funding", True)
