"""A reader without cookies asks the whole site, middlewares and all, within this process."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http.response import HttpResponseBase
from django.test import RequestFactory, override_settings

HOST = "mesures.example"
STATIC = settings.BASE_DIR / "static"  # there without « collectstatic »
Ask = Callable[..., HttpResponseBase]


@contextmanager
def site(**changed: object) -> Iterator[Ask]:
    """``ask(address, headers)`` under these settings; the answer is read to its end and closed."""
    own = {
        "ALLOWED_HOSTS": [HOST],
        "ROOT_URLCONF": "tests.benchmark.addresses",
        "STATIC_ROOT": STATIC,
        "RATE_LIMITS": {},  # one reader, who asks without a pause
    }
    with override_settings(**own, **changed):
        handler = WSGIHandler()
        factory = RequestFactory(SERVER_NAME=HOST, HTTP_HOST=HOST, HTTP_ACCEPT_ENCODING="br")

        def ask(address: str, headers: dict[str, str] | None = None) -> HttpResponseBase:
            response = handler.get_response(factory.get(address, secure=True, headers=headers))
            if response.streaming:
                content = response.getvalue()
                response.streaming_content = [content]
            return response

        yield ask
