"""What travels is compressed, pages made for one reader too; but not what must be seen growing."""

import gzip

import pytest
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory

from cohesion.middleware import CompressedText
from tests.factories import OfficerFactory

LONG = "<p>bonjour</p>" * 100


def sent(response):
    request = RequestFactory().get("/", HTTP_ACCEPT_ENCODING="gzip")
    return CompressedText(lambda request: response)(request)


def test_the_page_of_somebody_who_is_logged_in_is_compressed(db, founding):
    client = Client(HTTP_ACCEPT_ENCODING="gzip")
    client.force_login(OfficerFactory())
    answer = client.get("/cadre/")
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert len(answer.content) < len(gzip.decompress(answer.content)) / 4


@pytest.mark.parametrize(
    "response",
    [
        HttpResponse(LONG, content_type="application/pdf"),
        HttpResponse(LONG, status=206),
        StreamingHttpResponse([LONG], content_type="text/html"),
        HttpResponse("court"),
    ],
    ids=["is no text", "is a part", "grows", "is short"],
)
def test_what_gains_nothing_or_must_go_as_it_is_is_left_alone(response):
    assert "Content-Encoding" not in sent(response).headers


def test_a_file_of_text_is_compressed(tmp_path):
    (tmp_path / "page.css").write_text(LONG)
    assert sent(FileResponse((tmp_path / "page.css").open("rb"))).headers["Content-Encoding"] == "gzip"
