"""Whatever is sent is read before it is answered; a browser that is still sending hears nothing otherwise."""

import io
import os
import subprocess
import sys
import tempfile

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory

from cohesion.lib.uploads import MAX_BYTES, MAX_READ
from tests.faults.kill import Server


class ServerInput(io.BytesIO):
    """What granian gives to read: of bytes that are no text, its lines end at once."""

    def readline(self, size: int | None = -1, /) -> bytes:
        return b""


def body(size: int) -> bytes:
    head = b'--LIMITE\r\nContent-Disposition: form-data; name="file"; filename="photo.jpg"\r\n\r\n\xff\xd8\xff'
    return head + bytes(range(256)) * (size // 256) + b"\r\n--LIMITE--\r\n"


def left_unread(path: str, size: int) -> int:
    """How many bytes of a file of ``size`` are still to be read once the site has answered."""
    data = body(size)
    stream = ServerInput(data)
    kind = "multipart/form-data; boundary=LIMITE"
    environ = RequestFactory().generic("POST", path, content_type=kind).environ
    environ |= {"wsgi.input": stream, "CONTENT_LENGTH": str(len(data))}
    response = WSGIHandler()(environ, lambda status, headers: None)
    response.close()
    return len(data) - stream.tell()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/compte/connexion/", "/nulle-part/", "/espace/", "/admin/", "/"])
def test_what_is_refused_is_read_to_its_end_wherever_it_is_sent(path):
    assert left_unread(path, MAX_BYTES + 5_000_000) == 0


@pytest.mark.django_db
def test_what_passes_all_bounds_is_not_read():
    assert left_unread("/nulle-part/", MAX_READ) > MAX_READ


@pytest.mark.slow
def test_the_server_answers_a_file_of_45_megabytes_instead_of_cutting_the_line():
    """With the demonstration's own server."""
    with tempfile.TemporaryDirectory() as folder:
        kept = {key: value for key, value in os.environ.items() if key in {"PATH", "HOME", "LANG"}}
        env = kept | {"DATABASE_URL": f"sqlite:///{folder}/essai.sqlite3", "DEMO": "1", "SECRET_KEY": "x" * 50}
        prepare = [sys.executable, "manage.py", "demo", "--check"]
        subprocess.run(prepare, cwd=settings.BASE_DIR, env=env, capture_output=True, check=True, timeout=120)
        server = Server("")
        try:
            server.start(env)
            for size in (15_000_000, 45_000_000):
                kind = {"Content-Type": "multipart/form-data; boundary=LIMITE"}
                status, _, page = server.ask("POST", "/compte/connexion/", body(size), **kind)
                assert (status, "</html>" in page.decode()) == (403, True)
        finally:
            server.kill()
