"""The dearest files that the bounds let in: at most 5 s and 150 MB, whatever the verdict."""

import random
import subprocess
import sys
import textwrap

import pytest
from django.conf import settings

from cohesion.lib.spreadsheets import MAX_BYTES
from tests.axes.exchange.files import HEADERS, book, ods, ods_row, repacked, xlsx_of, xlsx_row

COUNT = 10_000


def noise(length: int) -> bytes:
    """Bytes that do not compress, so that the ratio lets the rest of the file in."""
    return random.Random(1).randbytes(length)


def padded(data: bytes) -> bytes:
    name = "xl/media/a.png" if b"xl/" in data else "Pictures/a.png"
    return repacked(data, {name: noise(max(0, MAX_BYTES - len(data) - 300_000))})


def worst() -> dict[str, bytes]:
    head = xlsx_row(1, *HEADERS.split(";"))
    full = head + "".join(f'<row r="{r}">{"<c><v>1</v></c>" * 50}</row>' for r in range(2, COUNT + 2))
    attributes = " ".join(f'b{n}=""' for n in range(1_200_000))
    places = [attributes.index(f"b{n}=") for n in range(300_000, 1_100_000, 90_000)]
    strings = "".join(f"<si><t>{n}</t></si>" for n in range(600_000))
    cells = "<table:table-row>" + "<table:table-cell><text:p>x</text:p></table:table-cell>" * 50 + "</table:table-row>"
    return {
        "all.xlsx": padded(xlsx_of(full)),
        "nothing.xlsx": padded(xlsx_of("<c/>" * 12_000_000)),
        "strings.xlsx": padded(repacked(book(["x"]), {"xl/sharedStrings.xml": f"<sst>{strings}</sst>".encode()})),
        "deepest.xlsx": padded(xlsx_of("<a>" * 16_000_000)),
        "names.xlsx": padded(xlsx_of("".join(f"<a{n}/>" for n in range(1_200_000)))),
        "attributes.xlsx": padded(xlsx_of(f"<a {attributes}/>")),
        "more-attributes.xlsx": padded(xlsx_of("".join(f"<a {attributes[m : m + 839_999]}/>" for m in places))),
        "all.ods": padded(ods(ods_row(*HEADERS.split(";")) + cells * COUNT)),
        "nothing.ods": padded(ods("<table:table-row/>" * 2_500_000)),
        "separators.csv": f"{HEADERS}\n".encode() + b";" * (MAX_BYTES - 100),
        "lines.csv": f"{HEADERS}\n".encode() + b"\n" * (MAX_BYTES - 100),
        "quotes.csv": f'{HEADERS}\n"'.encode() + b'""' * (MAX_BYTES // 2 - 100),
        "bad.csv": f"{HEADERS}\n".encode() + f"é;é;é;{'x' * 501}\n".encode() * 9_900,
        "mixed.csv": f"{HEADERS}\n".encode() + f"A;;axe;{'x' * 490}\U0001f600\n".encode() * 9_900,
        "rows.csv": f"{HEADERS}\n".encode() + (b"x;" * 26 + b"\n") * 98_000,
    }


# In processes of their own, forked once Django is there: what a file costs is what its process gains. Its own
# high-water mark is Linux's VmHWM; ru_maxrss would begin at that of the tests.
MEASURE = """
    import os, re, resource, sys, time
    import django
    django.setup()
    from tests.axes.exchange.jobs import examine

    def peak():
        try:
            return int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) / 1024
        except OSError:
            return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 / 1024

    for path in sys.argv[1:]:
        if os.fork() == 0:
            data = open(path, "rb").read()
            before, start = peak(), time.process_time()
            plan, _ = examine(data, path, None)
            print(path, time.process_time() - start, peak() - before, len(plan.problems), flush=True)
            os._exit(0)
        os.wait()
"""


@pytest.mark.slow
def test_the_worst_files_cost_at_most_five_seconds_and_150_megabytes(tmp_path):
    for name, data in worst().items():
        assert len(data) <= MAX_BYTES, name
        (tmp_path / name).write_bytes(data)
    names = sorted(path.name for path in tmp_path.iterdir())
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(MEASURE), *(str(tmp_path / name) for name in names)],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    measures = [line.rsplit(" ", 3) for line in done.stdout.splitlines()]
    assert len(measures) == len(names), done.stderr
    for path, seconds, megabytes, problems in measures:
        assert float(seconds) < 5, path
        assert float(megabytes) < 150, path
        assert int(problems), path
