"""A form in HTML is found again by what was sent, and shows it."""

import pytest
from justhtml import JustHTML

from cohesion.lib.html_forms import filled

PAGE = """<h1>é\u2028\x0b</h1>
<form method="post" action="/compte/deconnexion/"><input type="hidden" name="csrfmiddlewaretoken" value="new"></form>
<form method="post" action="/f/1/"><input type="hidden" name="csrfmiddlewaretoken" value="new">
<input type="hidden" name="step" value="return"><textarea name="comment">before</textarea></form>
<form method="post" id="it" action="/f/1/#grid"><input type="hidden" name="csrfmiddlewaretoken" value="new">
<input type="hidden" name="step" value="grid">
<input name="title" value="before" required>
<textarea name="text" rows="2">before
</textarea><textarea name="comment"></textarea>
<input type="checkbox" name="on" checked><input type="checkbox" name="many" value="a"><input type="checkbox"
 name="many" value="b"><input type="radio" name="note" value="1" checked><input type="radio" name="note" value="2">
<input type="radio" name="none" value="" checked><input type="radio" name="none" value="1">
<select name="one"><option value="">-<option value="x" selected>X<option value="y">Y</select>
<select name="asked"><option value="">-</option></select>
<input type="password" name="secret" value=""><input type="file" name="file">
<button name="go" value="1">Go</button></form>
<button form="it" formaction="/f/1/hand/">Hand in</button>"""
SENT = {
    "csrfmiddlewaretoken": ["old"],
    "step": ["grid"],
    "title": ['Le « titre » & "lui"'],
    "text": ["</textarea><script>alert(1)</script>"],
    "comment": ["ici"],
    "many": ["b"],
    "note": ["2"],
    "none": [""],
    "one": ["y"],
    "asked": ["17"],
    "gone": ["<kept>"],
    "go": ["1"],
}


def fill(path="/f/1/", **changes):
    return filled(PAGE, page="/f/1/", path=path, sent=SENT | changes, notice="<p>NOTICE</p>")


def test_every_kind_of_field_shows_what_was_sent_and_nothing_else_moves():
    page = fill()
    assert 'value="Le « titre » &amp; &quot;lui&quot;"' in page
    assert "<script>" not in page
    assert "\n&lt;/textarea&gt;&lt;script&gt;" in page
    assert '<textarea name="comment">\nici</textarea>' in page
    assert '<textarea name="comment">before</textarea>' in page  # of the other form
    assert '<input type="checkbox" name="on">' in page
    assert '<input type="checkbox" name="many" value="a">' in page
    assert '<input type="checkbox" name="many" value="b" checked>' in page
    assert '<input type="radio" name="note" value="1">' in page
    assert '<input type="radio" name="note" value="2" checked>' in page
    assert '<input type="radio" name="none" value="" checked>' in page
    assert '<option value="x">' in page
    assert '<option value="y" selected>' in page
    assert '<option value="17" selected>n° 17</option>' in page
    assert '<input type="password" name="secret" value="">' in page
    assert '<input type="hidden" name="gone" value="&lt;kept&gt;"></form>' in page
    assert 'type="hidden" name="go"' not in page  # a button is pressed anew
    assert page.count('value="new"') == 3
    assert "old" not in page
    assert '<p>NOTICE</p><form method="post" id="it"' in page


def test_the_form_is_the_one_whose_hidden_values_are_those_that_were_sent():
    page = fill(step=["return"])
    assert '<textarea name="comment">\nici</textarea><input' in page
    assert '<p>NOTICE</p><form method="post" action="/f/1/"><input' in page


def test_a_button_of_another_address_is_of_the_form_too():
    assert "NOTICE" in fill("/f/1/hand/")


def test_a_page_without_such_a_form_is_not_filled():
    assert fill("/elsewhere/") is None
    assert filled("<p>Nothing", page="/", path="/", sent=SENT, notice="") is None


ROWS = """<form method="post"><input type="hidden" name="l-TOTAL_FORMS" value="1"><table>
<tr class="form-row" id="l-0"><td><input name="l-0-name" value=""></td></tr>
<tr class="form-row empty-form" id="l-empty"><td><input name="l-__prefix__-name"></td></tr></table></form>"""


def test_rows_that_a_script_had_added_are_there_again():
    sent = {"l-TOTAL_FORMS": ["3"], "l-0-name": ["a"], "l-1-name": ["b"], "l-2-name": ["c"]}
    page = filled(ROWS, page="/p/", path="/p/", sent=sent, notice="")
    assert '<tr class="form-row" id="l-2"><td><input name="l-2-name" value="c"></td></tr>' in page
    assert page.count("<tr") == 4
    assert page.count("l-empty") == 1
    huge = filled(ROWS, page="/p/", path="/p/", sent=sent | {"l-TOTAL_FORMS": ["99999999"]}, notice="")
    assert huge.count("<tr") < 203


FOLDED = """<form method="post"><input type="hidden" name="csrfmiddlewaretoken" value="new">
<details name="step" open><summary>A</summary><textarea name="a"></textarea></details>
<details name="step"><summary>B</summary><textarea name="b">before</textarea>
<details><summary>Deep</summary><input type="radio" name="note" value="" checked>
<input type="radio" name="note" value="1">
</details></details>
<details><summary>C</summary><select name="c"><option value="x" selected>X</option><option value="y">Y</option></select>
</details></form>"""
UNTOUCHED = {"a": [""], "b": ["before"], "note": [""], "c": ["x"]}


@pytest.mark.parametrize(
    ("typed", "opened"),
    [
        ({}, ["A"]),
        ({"b": ["typed"]}, ["A", "B"]),
        ({"note": ["1"]}, ["A", "B", "Deep"]),
        ({"a": ["typed"], "c": ["y"]}, ["A", "C"]),
    ],
)
def test_what_was_folded_opens_where_something_comes_back(typed, opened):
    page = filled(FOLDED, page="/f/", path="/f/", sent=UNTOUCHED | typed, notice="")
    folds = JustHTML(page, sanitize=False).query("details")
    assert [fold.query("summary")[0].to_text() for fold in folds if "open" in fold.attrs] == opened
    # Of those that open one at a time, a browser would close the second.
    open_together = [fold.attrs.get("name") for fold in folds if "open" in fold.attrs and fold.attrs.get("name")]
    assert len(open_together) <= 1
