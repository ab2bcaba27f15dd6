"""How templates become pages: what is taken off their source, and how the tests read what is left."""

import re

import pytest
from django.conf import settings
from django.template import Context, Template
from django.template.loader import get_template

from tests.pages import squeezed


@pytest.mark.parametrize("name", ["base.html", "projects/_rows.html", "includes/field.html"])
def test_a_page_is_made_without_the_indentation_of_its_template_line_for_line(name):
    template = get_template(name).template
    with open(template.origin.name, encoding="utf-8") as file:
        written = file.read()
    assert "\n  " in written
    assert template.source.split("\n") == [line.lstrip(" ") for line in written.split("\n")]


def test_the_text_of_a_mail_keeps_its_spaces():
    template = get_template("mail/frame.txt").template
    with open(template.origin.name, encoding="utf-8") as file:
        assert template.source == file.read()


def test_a_squeezed_page_is_that_which_a_browser_shows():
    assert squeezed("<ul>\n  <li>\n    <a\n        href='x'>Un\n    mot</a>\n  </li>\n</ul>\n") == (
        "<ul><li><a href='x'>Un mot</a></li></ul>"
    )
    assert squeezed("<p>a <b>b</b> c\u00a0: d\u202f?</p>") == "<p>a <b>b</b> c\u00a0: d\u202f?</p>"
    assert squeezed("<p>\u00a0a</p>") == "<p>\u00a0a</p>"
    assert squeezed("<div> <textarea>\n a\n  b</textarea> </div>") == "<div><textarea>\n a\n  b</textarea></div>"


@pytest.mark.parametrize(
    ("here", "said"),
    [
        ("list", ' aria-current="page"'),
        ("detail", ' aria-current="true"'),
        ("detail_old", ' aria-current="true"'),
        ("home", ""),
        (None, ""),
    ],
)
def test_the_navigation_says_where_one_stands(here, said):
    page = Template('{% load pages %}<a{% current here "list" "detail*" %}>').render(Context({"here": here}))
    assert page == f"<a{said}>"


def test_what_was_asked_for_is_marked_and_nothing_else_is_html():
    pieces = [("1 < 2 ", False), ("<b>", True), (" et", False)]
    page = Template("{% load cohesion_text %}{{ pieces|marked }}").render(Context({"pieces": pieces}))
    assert page == "1 &lt; 2 <mark>&lt;b&gt;</mark> et"


def test_a_comment_of_a_template_ends_on_its_line_else_it_is_read_on_the_page():
    torn = [
        f"{path.name}: {line.strip()}"
        for path in (settings.BASE_DIR / "templates").rglob("*.*")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.count("{#") != line.count("#}")
    ]
    assert torn == []


def test_one_chevron_stands_between_two_pages_of_a_trail():
    """Templates write it, so the style sheet does not."""
    bare = []
    for path in (settings.BASE_DIR / "templates").rglob("*.html"):
        for trail in re.findall(r'<nav class="crumbs".*?</nav>', path.read_text(encoding="utf-8"), re.DOTALL):
            bare += [path.name for _ in re.findall(r"</a>\s*<a ", trail)]
    assert bare == []
    assert "::before" not in "".join(
        line for line in (settings.BASE_DIR / "static/cohesion.css").read_text().splitlines() if ".crumbs" in line
    )
