"""The page of the components shows each one, as the site shows it now."""

import pytest

from tests import components

pytestmark = pytest.mark.once


def test_the_page_of_the_components_is_what_the_templates_give():
    assert components.PAGE.read_text(encoding="utf-8") == components.page(), "python -m tests.components"


def test_every_shared_template_is_shown_or_says_why_not():
    names = {path.stem for path in (components.TEMPLATES / "includes").glob("*.html")}
    shown = {sample.name.rpartition("includes/")[2].removesuffix(".html") for sample in components.SAMPLES}
    assert names - shown - set(components.NOT_SHOWN) == set()
    assert set(components.NOT_SHOWN) <= names, "what is not there is not excused"


def test_a_shared_template_says_what_it_takes():
    bare = [sample.name for sample in components.SAMPLES if not sample.takes]
    assert bare == []
