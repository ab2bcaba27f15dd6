"""Who is logged in, for how long, and the present token of forms: what an open page asks by itself.

A page that stays open outlives its session and its token: somebody logs out and in again in another tab.
"""

from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cohesion.accounts.sessions import left
from cohesion.lib.http import somebody


@never_cache
@require_http_methods(["GET", "POST"])
def presence(request: HttpRequest) -> JsonResponse:
    """By GET who is there, without counting as activity; POST is somebody who stays.

    ``idle`` and ``whole`` are seconds until the session closes: if nobody does anything, and in any case.
    """
    user = somebody(request)
    if user is None:
        return JsonResponse({"account": None})
    idle, whole = left(request)
    presence = {"account": user.pk, "name": user.display_name, "token": get_token(request)}
    return JsonResponse(presence | {"idle": idle, "whole": whole}, json_dumps_params={"ensure_ascii": False})
