"""The French that people read: the spaces of its typography, and no word of the tree's own."""

import html
import re
from pathlib import Path

import pytest

from tests import french
from tests.french import NARROW, NBSP, ROOT

# What a councillor does not say (axes/vocabulary.py has what is said instead). « maillage » is the framework's own.
PRIVATE = re.compile(
    r"\b(?:branches?|compte direct|rattachement direct|\d+\s+directs?|servi(?:e|s|es)? par|(?:est|sont)(?:-il)? servie?s?"
    r"|(?:objectif|orientation|commune|lieu|orientations|objectifs|communes|lieux)s? (?:opérationnels? )?(?:les plus )?servie?s?"
    r"|réunis? à un objectif|renvoi|nombre s’ouvre|maillage|pourvue?s?|polices)\b",
    re.IGNORECASE,
)
# Values of files and of addresses, and what is said of the code by those who make it run.
APART = {"axes/choices.py", "axes/exchange/columns.py"}


def words(path: Path) -> str:
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return "\n".join(french.sentences(source))
    return re.sub(r"\{#.*?#\}|<[^>]*>|\{%.*?%\}|\{\{.*?\}\}", " ", source, flags=re.S)


def test_no_template_and_no_sentence_of_the_code_says_what_only_the_tree_understands():
    modules = [path for path in french.modules("axes", "projects", "cohesion") if "benchmark" not in path.as_posix()]
    said = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in [*french.templates(), *modules]
        if path.relative_to(ROOT).as_posix() not in APART
        for match in PRIVATE.finditer(words(path))
    ]
    assert said == []


def test_no_sign_stands_alone_at_the_start_of_a_line():
    """Ordinary spaces before « : ; ? ! » € % » and after « « »: ``python -m tests.french`` mends them."""
    wrong = [
        path
        for path in french.templates()
        if french.mended_template(path.read_text("utf-8")) != path.read_text("utf-8")
    ]
    wrong += [
        path
        for path in french.modules(*french.PACKAGES)
        if french.mended_code(path.read_text("utf-8")) != path.read_text("utf-8")
    ]
    assert [path.relative_to(ROOT).as_posix() for path in wrong] == []


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("<p>Trois : « a » ; quoi ? 50 %</p>", f"<p>Trois{NBSP}: «{NBSP}a{NBSP}»{NARROW}; quoi{NARROW}? 50{NBSP}%</p>"),
        ("{{ a }} : {{ b }} €", f"{{{{ a }}}}{NBSP}: {{{{ b }}}}{NBSP}€"),
        ('{{ n|agree:"dit : un,disent : deux" }}', f'{{{{ n|agree:"dit{NBSP}: un,disent{NBSP}: deux" }}}}'),
        (
            "{# why : this #}{% if a %}« {{ b }} »{% endif %}",
            f"{{# why : this #}}{{% if a %}}«{NBSP}{{{{ b }}}}{NBSP}»{{% endif %}}",
        ),
    ],
)
def test_a_template_is_mended(source, said):
    assert french.mended_template(source) == said
    assert french.mended_template(said) == said


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("a = 'Trois : un'\n", f"a = 'Trois{NBSP}: un'\n"),
        ("a = f'« {b[1 : 2]} » ?'\n", f"a = f'«{NBSP}{{b[1 : 2]}}{NBSP}»{NARROW}?'\n"),
        ("a = r'x ?' or 'SELECT a WHERE b = ? AND c ?'\n", None),
        ('"""Docs : of a module."""\n', None),
    ],
)
def test_a_string_of_the_code_is_mended(source, said):
    assert french.mended_code(source) == (said or source)


PUBLIC = [
    "/",
    "/cadre/",
    "/projets/",
    "/territoires/",
    "/couverture/",
    "/offres/",
    "/recherche/?q=emploi",
    "/plan-du-site/",
]


@pytest.mark.django_db
@pytest.mark.parametrize("address", PUBLIC)
def test_no_public_page_says_what_only_the_tree_understands(client, programme, address):
    page = client.get(address, follow=True).text
    text = re.sub(r'<[^>]*class="[^"]*wording[^"]*"[^>]*>[^<]*|<[^>]*>', "\n", page)
    assert [match[0] for match in PRIVATE.finditer(html.unescape(text))] == []
