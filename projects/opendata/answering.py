"""Files that anybody may read from anywhere: programs, and pages of other sites. No cookie, no account, no secret.

Only what is answered here may be read by a page of another origin.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

from axes.http import Versions, read_versions
from cohesion.lib.http import ASK_AGAIN, holds_any_state
from cohesion.lib.kept import coding
from projects.opendata.kept_file import KeptFile

# Said to every origin, with the answer and before it is asked.
ANYWHERE = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Last-Modified, Content-Length, Link",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
ASKED_BEFORE = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "If-None-Match, If-Modified-Since, Range",
    "Access-Control-Max-Age": "86400",
    "Allow": "GET, HEAD, OPTIONS",
}
MakeFile = Callable[..., KeptFile]


def open_file(make: MakeFile) -> Callable[..., HttpResponseBase]:
    """An address that answers a file: the view receives the public versions, and returns the file.

    Its ETag is strong, of its bytes: a state of the site that leaves the file as it was sends it to nobody again.
    """

    @wraps(make)
    def answer(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        if request.method == "OPTIONS":
            return HttpResponse(status=204, headers={**ANYWHERE, **ASKED_BEFORE})
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD", "OPTIONS"])
        versions = read_versions()
        return _sent(request, versions, make(request, versions, **kwargs))

    cast(Any, answer).is_public_page = True
    return answer


def _sent(request: HttpRequest, versions: Versions, file: KeptFile) -> HttpResponseBase:
    kind = file.coding(coding(request.headers.get("Accept-Encoding", "")))
    tag = f'"{file.digest[:32]}{f"-{kind}" if kind else ""}"'
    changed = max((int(version.updated_at.timestamp()) for version in versions), default=None)
    headers = {"ETag": tag, "Cache-Control": ASK_AGAIN, "Vary": "Accept-Encoding", **ANYWHERE}
    if file.is_former:  # it says less than the last change: whoever asks again does so by its ETag alone
        changed = None
    if changed is not None:
        headers["Last-Modified"] = http_date(changed)
    known = None if holds_any_state(request) else get_conditional_response(request, tag, changed)
    response = known or HttpResponse(file.body(kind), content_type=file.content_type)
    for name, value in headers.items():
        response.headers[name] = value
    if known is not None:
        return response
    response.headers["Content-Length"] = str(len(cast(HttpResponse, response).content))
    if kind:
        response.headers["Content-Encoding"] = kind
    if versions.in_force is not None and not file.is_former:
        cast(Any, response).kept_under = versions.stamp
    return response
