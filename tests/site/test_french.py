"""The French that people read: the spaces of its typography, and no word of the tree's own."""

import datetime
import html
import re
from pathlib import Path

import pytest
from django.template import Context, Template

from axes.models import Orientation
from cohesion.lib import glossary
from cohesion.lib.dates import french_date
from cohesion.lib.queries import InFrench
from projects.demo import load_demo_projects
from projects.models import Project, Territory
from projects.templatetags.projects import kind_before
from tests import french
from tests.factories import TerritoryFactory
from tests.french import NARROW, NBSP, ROOT
from tests.french import PACKAGES as OURS

pytestmark = pytest.mark.once
# What a councillor does not say (axes/vocabulary.py has what is said instead). « maillage » is the framework's own.
PRIVATE = re.compile(
    r"\b(?:branches?|compte direct|rattachement direct|\d+\s+directs?|servie?s? par|(?:est|sont)(?:-il)? servie?s?"
    r"|(?:objectifs?|orientations?|communes?|lieux?) (?:opérationnels? )?(?:les plus )?servie?s?"
    r"|réunis? à un objectif|renvoi|nombre s’ouvre|maillage|pourvue?s?|polices)\b",
    re.IGNORECASE,
)
# Values of files and of addresses, and what is said of the code by those who make it run.
APART = {"axes/choices.py", "axes/exchange/resource.py"}


def words(path: Path) -> str:
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return "\n".join(french.sentences(source))
    return re.sub(r"\{#.*?#\}|<[^>]*>|\{%.*?%\}|\{\{.*?\}\}", " ", source, flags=re.DOTALL)


def test_no_template_and_no_sentence_of_the_code_says_what_only_the_tree_understands():
    said = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in [*french.templates(), *french.modules("axes", "projects", "cohesion")]
        if path.relative_to(ROOT).as_posix() not in APART
        for match in PRIVATE.finditer(words(path))
    ]
    assert said == []


def test_no_sign_stands_alone_at_the_start_of_a_line():
    """Ordinary spaces before « : ; ? ! » € % » and after « « »: ``python -m tests.french`` mends them."""
    mend = {".py": french.mended_code}
    sources = {path: path.read_text(encoding="utf-8") for path in [*french.templates(), *french.modules(*OURS)]}
    wrong = [
        path for path, source in sources.items() if mend.get(path.suffix, french.mended_template)(source) != source
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
    *("/", "/cadre/", "/orientations/5/", "/orientations/5.2.1/", "/projets/", "/territoires/", "/couverture/"),
    *("/couverture/?compter=direct&lignes=servis", "/couverture/offres/", "/recherche/?q=emploi", "/plan-du-site/"),
    *("/territoires/27229/", "/glossaire/", "/mentions-legales/", "/donnees-personnelles/", "/accessibilite/"),
]
_ADOPTED = re.compile(r'<(\w+)[^>]*class="[^"]*\bwording\b[^"]*"[^>]*>.*?</\1>', re.DOTALL)
_LONELY = re.compile(r"[^\s] [:;?!»€](?=\s|$)|« ")
_ACRONYM = re.compile(r"\b(?!AXE\b)[A-Z]{2,}[0-9A-Z]*\b")
# Codes of projects, and the parts of addresses and names that are no acronyms.
_NO_ACRONYM = {"ADMIN", "EXPRESS", "COG", "CEDEX", "HTML", "CSS", "SVG", "NVDA", "JAWS", "III"}


def read_text(page: str) -> str:
    """What a page says, but for the words of the framework, which are its own."""
    return html.unescape(re.sub(r"<[^>]+>", "\n", _ADOPTED.sub("\n", page.partition("<body")[2])))


@pytest.mark.django_db
def test_public_pages_say_what_a_councillor_says(client, founding):
    load_demo_projects(founding)
    told = {acronym.acronym for _, entries in glossary.groups() for acronym in entries}
    prose = {acronym.acronym for _, entries in glossary.groups() for acronym in entries if not acronym.is_format}
    for address in PUBLIC:
        answer = client.get(address, follow=True)
        assert answer.status_code == 200, address
        text = read_text(answer.text)
        assert [match[0] for match in PRIVATE.finditer(text)] == [], address
        assert [text[max(0, m.start() - 30) : m.end()] for m in _LONELY.finditer(text)] == [], address
        assert set(_ACRONYM.findall(text)) - told - _NO_ACRONYM == set(), address
        assert 'href="/glossaire/"' in answer.text, address
        if address != "/glossaire/":
            content = read_text("<body" + answer.text.partition("<main")[2].partition("</main>")[0])
            for acronym in set(_ACRONYM.findall(content)) & prose:
                assert f'href="/glossaire/#{acronym.lower()}"' in answer.text, (address, acronym)
        assert not re.search(r"\b1er\b", text), address


@pytest.mark.django_db
def test_the_glossary_says_which_letters_the_document_does_not_explain(client):
    page = client.get("/glossaire/").text
    for acronym, is_explained in {"PST": True, "AVSL": True, "PRH": False, "OSL": False, "MD3E": False}.items():
        entry = page.partition(f'<dt id="{acronym.lower()}">')[2].partition("</dd>")[0]
        assert ("Le document n’explique pas ces lettres" not in entry) == is_explained, acronym


@pytest.mark.django_db
def test_names_are_ordered_as_in_a_french_dictionary():
    names = ["Œuvre d’Éole", "Zone", "Évreux", "Fauville", "Emalleville", "Offices", "Été", "étage"]
    for number, name in enumerate(names):
        TerritoryFactory(name=name, code=f"T{number}")
    ordered = Territory.objects.order_by(InFrench("name"), "pk").values_list("name", flat=True)
    assert list(ordered) == ["Emalleville", "étage", "Été", "Évreux", "Fauville", "Œuvre d’Éole", "Offices", "Zone"]


def test_the_first_of_a_month_is_raised_in_a_page_and_plain_elsewhere():
    source = "{% load cohesion_text %}{{ day|french_date }}|{{ day|plain_date }}|{{ words|raised }}"
    day = datetime.date(2026, 3, 1)
    said = Template(source).render(Context({"day": day, "words": "<le 1er mars>"}))
    assert french_date(day) == "1ᵉʳ\u00a0mars 2026"  # in a sentence that the code writes
    assert said == "1<sup>er</sup>\u00a0mars 2026|1er\u00a0mars 2026|&lt;le 1<sup>er</sup> mars&gt;"


def test_no_sentence_of_the_code_says_a_flat_first():
    flat = [
        f"{path.relative_to(ROOT)}: {said}"
        for path in french.modules(*OURS)
        for said in french.sentences(path.read_text(encoding="utf-8"))
        if re.search(r"\b1er\b", said)
    ]
    assert flat == []


def test_a_kind_is_not_said_twice():
    """« PRH PRH La Boussole », « Axe 5 Axe »."""
    assert kind_before(Project(kind="prh", title="PRH La Boussole")) == ""
    assert kind_before(Project(kind="pst", title="Le Faubourg")) == "PST "
    assert Orientation(level="axis", code="5").says_level
    assert not Orientation(level="strategic", code="5.2").says_level


def test_a_reference_is_not_broken_at_its_hyphens():
    said = Template("{% load cohesion_text %}{{ words|unbroken }}").render(
        Context({"words": "n° 2026-03-12 (Saint-Marc)"})
    )
    assert said == 'n° <span class="ref">2026-03-12</span> (Saint-Marc)'


@pytest.mark.django_db
def test_no_comma_follows_a_blank_on_a_page(client, founding):
    load_demo_projects(founding)
    pages = ("/", "/cadre/", "/orientations/5/", "/orientations/5.2/", "/orientations/1.1.1/", "/orientations/2.1.2/")
    pages += ("/projets/", "/couverture/", "/couverture/offres/", "/territoires/", "/territoires/27229/")
    apart = {}
    for page in pages:
        shown = re.sub(r"<(script|style|svg).*?</\1>|<[^>]*>", "", client.get(page).content.decode(), flags=re.DOTALL)
        if blanks := re.findall(r"\S+\s+[,.](?=\s)", shown):
            apart[page] = blanks
    assert apart == {}
