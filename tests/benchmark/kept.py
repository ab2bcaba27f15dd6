"""Pages given again: against the same bytes as a file that the same site serves, compressed beforehand."""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import brotli
from django.test import override_settings

from tests.benchmark.asking import site
from tests.benchmark.filling import filled
from tests.benchmark.measuring import Figure, Size, compare, same

NAME = "gardees"
TITLE = "Les pages gardées, données à nouveau : les mêmes octets qu’un fichier statique du même site"
NODES = 1_000
ADDRESSES = ("/", "/cadre/", "/couverture/")


def measure(size: Size) -> Iterator[Figure]:
    filled(replace(size, nodes=min(size.nodes, NODES)))
    for address in ADDRESSES:
        for seconds in (0, 1):
            yield from _page(address, seconds)


def _page(address: str, seconds: int) -> Iterator[Figure]:
    how = "état relu une fois par seconde" if seconds else "état relu à chaque fois"
    with tempfile.TemporaryDirectory(prefix="cohesion-mesures-") as folder:
        file = Path(folder) / "mesures.html"
        with site(KEPT_PAGES_MB=32) as ask:
            page = ask(address).getvalue()
        file.with_suffix(".html.br").write_bytes(page)
        file.write_bytes(brotli.decompress(page))  # given to whoever does not read brotli
        with (
            override_settings(STAMP_SECONDS=seconds),
            site(KEPT_PAGES_MB=32, WHITENOISE_ROOT=folder, WHITENOISE_AUTOREFRESH=False) as ask,
        ):
            static = "/mesures.html"
            kept, served = ask(address), ask(static)
            bodies = [answer.getvalue() for answer in (ask(address), ask(static))]
            same(f"{address} gardée", bodies[0], bodies[1])
            yield compare(f"{address}, {how}", lambda: ask(address), lambda: ask(static), "fichier statique")
            tags = [{"If-None-Match": answer.headers.get("ETag", "")} for answer in (kept, served)]
            since = {"If-Modified-Since": served.headers["Last-Modified"]}
            same("304", [ask(address, tags[0]).status_code, ask(static, since).status_code], [304, 304])
            yield compare(
                f"{address} non modifiée, {how}",
                lambda: ask(address, tags[0]),
                lambda: ask(static, since),
                "fichier statique, 304",
            )
