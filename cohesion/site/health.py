"""The health check that a supervisor or a load balancer asks for."""

from functools import cache

from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cohesion.errors import RETRY_AFTER


@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """200 when the database answers and knows every migration, else 503; one query."""
    try:
        applied = set(MigrationRecorder(connection).migration_qs.values_list("app", "name"))
    except Error:
        return _answer("base de données injoignable")
    if missing := sorted(f"{app}.{name}" for app, name in _last_migrations() - applied):
        return _answer(f"migrations à appliquer : {', '.join(missing)}")
    return JsonResponse({"etat": "ok", "base": "ok", "migrations": "à jour"}, json_dumps_params={"ensure_ascii": False})


@cache
def _last_migrations() -> frozenset[tuple[str, str]]:
    """The last migration of each app, as the files of this version have it."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())


def _answer(cause: str) -> JsonResponse:
    return JsonResponse(
        {"etat": "indisponible", "cause": cause},
        status=503,
        headers={"Retry-After": str(RETRY_AFTER)},
        json_dumps_params={"ensure_ascii": False},
    )
