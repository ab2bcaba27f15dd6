"""Every component of the pages once, in light and in dark, with its parameters: ``docs/components.html``.

``python -m tests.components`` renders that page with the templates and the style sheets that the site uses, so that
what it shows is what the site shows.
"""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace as Shown
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()  # before the templates are read; under pytest it is done already

from django import forms  # noqa: E402
from django.contrib.messages.storage.base import Message  # noqa: E402
from django.template import engines  # noqa: E402
from django.utils.html import escape  # noqa: E402

from cohesion.lib.nouns import Noun  # noqa: E402
from cohesion.lib.widgets import TickList  # noqa: E402
from projects.choices import ProjectStatus  # noqa: E402

COMMUNES = [("1", "Arnières-sur-Iton"), ("2", "Évreux"), ("3", "Gravigny")]

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "components.html"
TEMPLATES = ROOT / "templates"
# Pieces of the frame, of one page or of a script, which nobody puts elsewhere.
NOT_SHOWN = {
    "account_bar": "the frame",
    "footer_links": "the frame",
    "mainnav": "the frame",
    "masthead": "the frame",
    "typed": "a script",
    "first_visit": "a page's own, around first_visit_steps",
    "map": "drawn from outlines: see the pages of territories",
    "map_inner": "inside map",
    "import_errors": "a page's own",
    "import_remarks": "a page's own",
    "import_stopped": "a page's own",
    "given_back": "written by the script",
    "field_label": "inside field",
    "field_words": "inside field",
}
HEAD = """\
<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Les composants – Cohésion sociale et territoriale</title>
<link rel="stylesheet" href="../static/cohesion.css">
<link rel="stylesheet" href="../static/desk.css">
<link rel="stylesheet" href="../static/declaration.css">
<link rel="stylesheet" href="../static/ticks.css">
<link rel="stylesheet" href="components.css">
</head>
<body>
<main><div class="wrap stack">
<h1>Les composants</h1>
<p class="lead">Chaque composant une fois, en clair puis en sombre, avec ce qu’il attend. Le site et le bureau des
agents les partagent : les feuilles de style et les gabarits sont ceux du site.</p>
<p class="soft">Cette page est tirée par <code>python -m tests.components</code>. Un nouveau gabarit de
<code>templates/includes/</code> y a sa place, ou un test le dit.</p>
"""
FOOT = "</div></main>\n</body>\n</html>\n"


@dataclass(frozen=True)
class Sample:
    """A component: what it is called, what it takes, and a piece of template that shows it."""

    name: str
    takes: str
    source: str
    context: dict[str, Any] = field(default_factory=dict)


def included(name: str, title: str, **context: Any) -> Sample:
    """A template of ``templates/includes/``: what it takes is what its own head says."""
    path = TEMPLATES / "includes" / f"{name}.html"
    source = f'{{% include "includes/{name}.html" %}}'
    return Sample(f"{title} – includes/{name}.html", _header(path.read_text(encoding="utf-8")), source, context)


def _header(source: str) -> str:
    """The comment at the head of a template, on one line."""
    comment = re.match(r"\{# (.*?) #\}|\{% comment %\}(.*?)\{% endcomment %\}", source, re.DOTALL)
    return " ".join((comment[1] or comment[2]).split()) if comment else ""


class SampleForm(forms.Form):
    """Two fields, of which one is wrong."""

    title = forms.CharField(label="Titre de l’action", help_text="Comme vous la nommez aux habitants.", max_length=80)
    people = forms.IntegerField(label="Personnes attendues", min_value=1)


def _states() -> list[Any]:
    return [Shown(status=status, get_status_display=status.label) for status in ProjectStatus]


SAMPLES: tuple[Sample, ...] = (
    Sample(
        "Boutons",
        ".btn, et au choix .quiet (le second), .small. Un bouton par écran est plein.",
        '<p class="actions"><button class="btn">Enregistrer</button> <a class="btn quiet" href="#">Annuler</a>'
        ' <button class="btn quiet small">Petit</button></p>',
    ),
    included("search_box", "La recherche", id="q", label="Mot, expression, nom de lieu ou code"),
    Sample(
        "Liste à cocher – widgets/tick_list.html",
        "TickList(noun=…) dans un fieldset. Ce qui est coché vient d’abord ; choices.js réduit la liste et compte.",
        "<fieldset><legend>Communes et quartiers</legend>{{ boxes }}</fieldset>",
        {"boxes": TickList(noun=Noun("territoire", "territoires"), choices=COMMUNES).render("places", ["2"])},
    ),
    Sample(
        "Code d’une orientation",
        ".code et la teinte de l’axe, .ax1 à .ax8 (filtre hue). Le numéro est toujours écrit.",
        '<p>{% for n in hues %}<a class="code ax{{ n }}" href="#">{{ n }}.1</a> {% endfor %}</p>',
        {"hues": range(1, 9)},
    ),
    Sample(
        "Texte du cadre",
        ".level au-dessus de .wording : ce que dit le document est en romain à empattements, le reste en linéale.",
        '<p class="level">Objectif</p><p class="wording">Soutenir la fonction parentale</p>',
    ),
    Sample(
        "État d’un projet – projects/_state.html",
        "project. Une forme, ses mots, une couleur.",
        '<p>{% for project in projects %}{% include "projects/_state.html" %} {% endfor %}</p>',
        {"projects": _states()},
    ),
    Sample(
        "Tête de partie",
        ".section-head : un titre, et une phrase ou une légende à droite.",
        '<div class="section-head"><h2>À vous de jouer</h2><p>2 dossiers</p></div>',
    ),
    Sample(
        "Chiffres",
        "ul.figures (.four, .five) > li > a > b, span ; em dit ce qui est compté. Chaque chiffre mène à ses lignes.",
        '<ul class="figures four"><li><a href="#"><b>17</b><span>objectifs servis</span></a><em>sur 19</em></li>'
        '<li><a href="#"><b>84 200 <small>€</small></b><span>demandés</span></a></li></ul>',
    ),
    Sample(
        "Note, note qui alerte, vide",
        ".note (.warn) ; .empty dit pourquoi rien n’est là, et la suite.",
        '<p class="note">2 bilans sont attendus.</p><p class="note warn">1 dossier est en retard.</p>'
        '<div class="empty"><b>Aucun projet.</b> Élargissez les filtres.</div>',
    ),
    Sample(
        "Filtres actifs",
        ".chips > a : chaque lien est la liste sans ce filtre ; .clear les retire tous.",
        '<p class="chips"><a href="#">Axe : 5 <span aria-hidden="true">×</span></a>'
        ' <a class="clear" href="#">Tout effacer</a></p>',
    ),
    Sample(
        "Lignes",
        "table.rows : un tableau qui devient une liste sur un téléphone ; td[data-label] nomme la colonne.",
        '<table class="rows"><thead><tr><th scope="col">Action</th><th scope="col" class="num">Demandé</th></tr>'
        "</thead>"
        '<tbody><tr><th scope="row"><span class="title"><a href="#">Chorale des deux quartiers</a></span>'
        '<span class="soft">2027-006</span></th><td class="num" data-label="Demandé">5 200 €</td></tr></tbody></table>',
    ),
    Sample(
        "Ce que personne ne fait",
        "ul.gaps > li : le code, le texte, pourquoi.",
        '<ul class="gaps"><li><a class="code ax4" href="#">4.1-a</a><span class="wording">Loger les jeunes</span>'
        '<span class="why">jamais servi</span></li></ul>',
    ),
    Sample(
        "Fil d’une histoire",
        "ol.timeline > li : une date, ce qui s’est passé.",
        '<ol class="timeline"><li><time datetime="2026-11-08">8 novembre 2026</time>'
        "<span>Complément demandé</span></li>"
        "</ol>",
    ),
    Sample(
        "Couple de termes",
        "dl.meta > dt, dd.",
        '<dl class="meta"><dt>Structure</dt><dd>Centre social</dd><dt>Coût</dt><dd>12 500 €</dd></dl>',
    ),
    included("ramp", "Échelle des nombres"),
    included("field", "Champ", field=SampleForm()["title"]),
    included("field", "Champ à corriger", field=SampleForm({"title": "Essai", "people": "0"})["people"]),
    included("error_summary", "Résumé des erreurs", form=SampleForm({"title": "", "people": "0"})),
    included("form", "Formulaire d’un bouton", form=SampleForm(), button="Enregistrer", cancel="#"),
    included(
        "messages",
        "Ce qui vient d’être fait",
        messages=[Message(25, "Le filtre est gardé pour vous."), Message(30, "Ce dossier est en retard.")],
        DEFAULT_MESSAGE_LEVELS={"WARNING": 30},
    ),
    included(
        "explained",
        "Mots expliqués",
        entries=[
            Shown(acronym="QPV", is_word=False, name="Quartier prioritaire", meaning="Un quartier que l’État aide.")
        ],
        about="Où l’action a-t-elle lieu ?",
    ),
    included(
        "saved_filters",
        "Filtres gardés",
        saved=[Shown(name="En cours", address="#", query="etat=en-cours", pk=1)],
        query="etat=retard",
        screen="/instruction/",
        keep_address="#",
    ),
    included(
        "first_visit_steps",
        "Première visite",
        visit=Shown(
            steps=[
                Shown(is_done=True, step=Shown(slug="a", title="Ouvrir la file", sentence="Ce qui attend.")),
                Shown(is_done=False, step=Shown(slug="b", title="Inviter un porteur", sentence="Une adresse suffit.")),
            ]
        ),
    ),
)


def page() -> str:
    """The page, whole."""
    return HEAD + "".join(_section(sample) for sample in SAMPLES) + FOOT


def _section(sample: Sample) -> str:
    shown = engines["django"].from_string(_loads() + sample.source).render(dict(sample.context)).strip()
    sides = "".join(f'<div class="side {side}">{_own_ids(shown, side)}</div>\n' for side in ("light", "dark"))
    return (
        f'<section class="component">\n<h2>{escape(sample.name)}</h2>\n<p class="soft">{escape(sample.takes)}</p>\n'
        f'<div class="sides">\n{sides}</div>\n</section>\n'
    )


def _loads() -> str:
    return "{% load cohesion_text %}"


def _own_ids(markup: str, side: str) -> str:
    """The same piece stands twice on the page: an identifier, once."""
    return re.sub(r'\b(id|for|aria-labelledby|aria-describedby)="([^"]+)"', rf'\1="{side}-\2"', markup)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
