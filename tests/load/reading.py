"""Readers over HTTP, all in one process: each waits for its answer, checks it, then thinks.

They reach the site as they would through nginx, which lends its few connections to whoever asks: a server counts its
connections, and a thousand that do nothing would keep the others out.
"""

import asyncio
import random
import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

HOST = "charge.example"
IDLE = 32  # connections that are kept for the next request: « keepalive » of deploy/nginx.conf
PATIENCE = 30  # seconds: whoever waits longer goes away
TOTAL = re.compile(r'<div class="listbar">\s*<p><strong>([\d\s]+)')


Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Frontal:
    """The connections to the site."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.idle: list[Stream] = []

    async def lend(self) -> Stream:
        while self.idle:
            stream = self.idle.pop()
            if not stream[0].at_eof():
                return stream
        return await asyncio.open_connection("127.0.0.1", self.port)

    def take_back(self, stream: Stream, headers: dict[str, str]) -> None:
        if len(self.idle) < IDLE and headers.get("connection") != "close":
            self.idle.append(stream)
        else:
            stream[1].close()


@dataclass
class Group:
    """What happened to readers of one kind."""

    name: str
    statuses: Counter[int] = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)
    slowest: dict[str, float] = field(default_factory=dict)
    totals: set[int] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)

    def line(self, lasted: float) -> str:
        said = ", ".join(f"{number} × {status}" for status, number in sorted(self.statuses.items()))
        times = sorted(self.times)
        at = ", ".join(f"p{share} {_at(times, share):.0f} ms" for share in (50, 95, 99)) if times else "aucune"
        worst = sorted(self.slowest.items(), key=lambda pair: -pair[1])[:3]
        slow = " ; ".join(f"{path} {took * 1000:.0f} ms" for path, took in worst)
        rate = f"{len(times)} requêtes ({len(times) / lasted:.0f}/s)"
        return f"  {self.name} : {rate}, {said} ; {at}\n    les plus lentes : {slow}"


def _at(times: list[float], share: int) -> float:
    return times[min(len(times) - 1, len(times) * share // 100)] * 1000


class Reader:
    """One browser. With a cookie its pages are made for it; without, it asks again with the ETag that it holds."""

    def __init__(
        self, group: Group, frontal: Frontal, rank: int, think: float, path: Callable[[], str], *, cookie: bool = False
    ) -> None:
        self.group, self.frontal, self.rank, self.think, self.path = group, frontal, rank, think, path
        self.cookie = cookie
        self.draw = random.Random(rank)
        self.told: int | None = None
        self.tags: dict[str, str] = {}

    async def read(self, is_over: Callable[[], bool]) -> None:
        await asyncio.sleep(self.draw.uniform(0, self.think))
        while not is_over():
            await self._asked()
            await asyncio.sleep(self.draw.uniform(0, 2 * self.think))

    async def total(self) -> int | None:
        """What the list says at this moment that it has."""
        await self._asked()
        return self.told

    async def _asked(self) -> None:
        try:
            await self.ask()
        except (OSError, asyncio.IncompleteReadError, TimeoutError, ValueError) as error:
            self.group.wrong.append(f"{type(error).__name__} {error} : sans réponse entière en {PATIENCE} s")

    async def ask(self) -> int:
        path = self.path()
        begun = time.perf_counter()
        async with asyncio.timeout(PATIENCE):
            status, headers, body = await self._exchanged(path)
        took = time.perf_counter() - begun
        self.group.statuses[status] += 1
        self.group.times.append(took)
        self.group.slowest[path] = max(took, self.group.slowest.get(path, 0))
        if "etag" in headers and not self.cookie:
            self.tags[path] = headers["etag"]
        if status not in (200, 304):
            self.group.wrong.append(f"{path} : {status}")
        elif status == 200 and headers.get("content-type", "").startswith("text/html"):
            self._check(path, body.decode())
        return status

    def _check(self, path: str, page: str) -> None:
        if not page.rstrip().endswith("</html>"):
            self.group.wrong.append(f"{path} : page tronquée")
        if path == "/projets/":
            found = TOTAL.search(page)
            if found is None:
                self.group.wrong.append(f"{path} : sans nombre de projets")
            else:
                self.told = int("".join(found[1].split()))
                self.group.totals.add(self.told)

    async def _exchanged(self, path: str) -> tuple[int, dict[str, str], bytes]:
        lines = [f"GET {path} HTTP/1.1", f"Host: {HOST}", "X-Forwarded-Proto: https"]
        lines += [f"X-Forwarded-For: 198.18.{self.rank // 250}.{self.rank % 250 + 1}"]
        if self.cookie:
            lines.append(f"Cookie: lecteur={self.rank}")
        elif path in self.tags:
            lines.append(f"If-None-Match: {self.tags[path]}")
        source, sink = stream = await self.frontal.lend()
        try:
            sink.write(("\r\n".join(lines) + "\r\n\r\n").encode())
            await sink.drain()
            status, headers, body = await _answer(source)
        except BaseException:
            sink.close()
            raise
        self.frontal.take_back(stream, headers)
        return status, headers, body


async def _answer(source: asyncio.StreamReader) -> tuple[int, dict[str, str], bytes]:
    head = (await source.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    status = int(head[0].split()[1])
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
    return status, headers, await _body(source, headers) if status != 304 else b""


async def _body(source: asyncio.StreamReader, headers: dict[str, str]) -> bytes:
    """The whole of it: an answer that ends before raises ``IncompleteReadError``."""
    if "content-length" in headers:
        return await source.readexactly(int(headers["content-length"]))
    parts = []
    while size := int((await source.readline()).split(b";")[0], 16):
        parts.append(await source.readexactly(size))
        await source.readexactly(2)
    await source.readline()
    return b"".join(parts)


async def read_until(readers: list[Reader], is_over: Callable[[], bool]) -> None:
    """All read until it is over; who thinks at that moment is not waited for."""
    tasks = [asyncio.create_task(reader.read(is_over)) for reader in readers]
    while not is_over():
        await asyncio.sleep(0.2)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
