"""Files that arrive: reading stops as soon as one is larger than anything that the site takes."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, StopUpload, TemporaryFileUploadHandler
from django.http import HttpRequest, UnreadablePostError
from django.http.response import HttpResponseBase

MAX_BYTES = 10 * 1024 * 1024
# Up to here the rest is read and thrown away, so that the browser hears the answer; beyond, the line is cut.
MAX_READ = 60 * 1024 * 1024
CHUNK = 64 * 1024


def read_to_the_end(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Middleware: what is sent is read to its end before it is answered, whoever refused it, and wherever.

    The server closes the line of a request that was not read whole, and a browser that is still sending then shows
    an error of its own instead of the answer. (Django throws the rest away line by line, which the server ends at
    the first line that is none.)
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        announced = request.META.get("CONTENT_LENGTH") or "0"
        if announced.isdecimal() and 0 < int(announced) <= MAX_READ:
            with suppress(UnreadablePostError):  # whoever sent it has gone
                while request.read(CHUNK):
                    pass
        return response

    return middleware


class BoundedUpload(FileUploadHandler):
    """The first of the handlers: the others get no more than ``MAX_BYTES`` of a request, all its files together.

    A request whose file was too large has no file, and bears ``file_was_too_large``.
    """

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.received = 0
        self.announced = 0

    def handle_raw_input(
        self, input_data: object, META: object, content_length: int, boundary: object, encoding: object = None
    ) -> None:
        self.announced = content_length

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        if self.received > MAX_BYTES:
            if self.request is not None:
                self.request.file_was_too_large = True  # type: ignore[attr-defined]
            raise StopUpload(connection_reset=self.announced > MAX_READ)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


class TemporaryUpload(TemporaryFileUploadHandler):
    """Large files, on the disk. When it is full the rest is read and thrown away, so that the browser hears why."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.failure: OSError | None = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        try:
            super().new_file(*args, **kwargs)
        except OSError as error:
            self.failure = error

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        try:
            if self.failure is None:
                super().receive_data_chunk(raw_data, start)
        except OSError as error:
            self.failure = error
        if self.failure is not None:
            raise StopUpload(connection_reset=False)

    def upload_complete(self) -> None:
        if self.failure is not None:
            raise self.failure
