"""The public pages, made for the request: against a page of nothing through the same middlewares."""

from collections.abc import Iterator
from dataclasses import replace

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from axes.levels import Level
from axes.models import Orientation
from cohesion.lib.kept import compressed
from projects.catalogue import stamps
from tests.benchmark.addresses import BARE_PATH
from tests.benchmark.amounts import fund
from tests.benchmark.asking import Ask, site
from tests.benchmark.filling import filled
from tests.benchmark.measuring import Figure, Size, compare, same

NAME = "pages"
TITLE = "Les pages publiques, faites pour la requête (aucune n’est gardée)"
NODES = 1_000


def measure(size: Size) -> Iterator[Figure]:
    """Each page twice: what it rests on being kept in memory, and all to be read again after a change."""
    framework = filled(replace(size, nodes=min(size.nodes, NODES)))
    fund()
    objective = Orientation.objects.filter(framework=framework, level=Level.OPERATIONAL).in_order().first()
    code = objective.code if objective else "1"
    addresses = {
        "/": "/",
        "/cadre/": "/cadre/",
        "une orientation": f"/orientations/{code}/",
        "/projets/ filtrés": f"/projets/?nature=action&pst=hors&annee={timezone.localdate().year - 1}",
        "/couverture/": "/couverture/",
        "/couverture/ en euros": "/couverture/?mesure=accorde",
        "/tableau-de-bord/": "/tableau-de-bord/",
        "l’argent, par commune": "/tableau-de-bord/argent/?par=commune",
        "les personnes": "/tableau-de-bord/personnes/",
        "ce qui a changé": "/tableau-de-bord/changements/",
        "/recherche/": "/recherche/?q=logement+des+jeunes",
    }
    with site(KEPT_PAGES_MB=0) as ask:
        same("page nue", ask(BARE_PATH).status_code, 200)
        for name, address in addresses.items():
            yield from _page(ask, name, address)


def _page(ask: Ask, name: str, address: str) -> Iterator[Figure]:
    answer = ask(address)
    same(address, (answer.status_code, _body(ask, address)), (200, _body(ask, address)))
    with CaptureQueriesContext(connection) as queries:
        ask(address)
    facts = {
        "requêtes SQL": len(queries),
        "octets": len(_body(ask, address)),
        "octets en brotli": len(compressed(_body(ask, address), "br")),
    }

    def bare() -> object:
        return ask(BARE_PATH)

    yield compare(name, lambda: ask(address), bare, "page nue", more=facts)
    yield compare(f"{name}, après un changement", lambda: ask(address), bare, "page nue", before=stamps.raise_revision)


def _body(ask: Ask, address: str) -> bytes:
    return ask(address).getvalue()
