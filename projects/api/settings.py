"""The settings of the packages that the API is made with. They are read by ``cohesion.settings``: no model here."""

from typing import Any

APPS = ("rest_framework", "drf_spectacular")
# So many requests, in so many seconds, where there are limits: of an address without a token, and of a token.
RATE_LIMITS = {"api": (240, 60), "api_tokens": (600, 60), "api_unknown_tokens": (20, 300)}


def rest_framework() -> dict[str, Any]:
    """What has to be said before the views are read; who may enter, each of them says (``ApiView``)."""
    return {
        "DEFAULT_AUTHENTICATION_CLASSES": [],
        "DEFAULT_PERMISSION_CLASSES": [],
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
        "EXCEPTION_HANDLER": "projects.api.problems.handle",
        "URL_FORMAT_OVERRIDE": None,
        "UNICODE_JSON": True,
        "STRICT_JSON": True,
    }


def spectacular(name: str, version: str) -> dict[str, Any]:
    room = "projects.api.description"
    return {
        "OAS_VERSION": "3.1.0",
        "TITLE": f"{name} : interface de programmation",
        "VERSION": "1",
        "DESCRIPTION": f"Logiciel {version}.",
        "SERVE_INCLUDE_SCHEMA": False,
        "SCHEMA_PATH_PREFIX": "/api/v1",
        "PREPROCESSING_HOOKS": [f"{room}.of_the_api"],
        "POSTPROCESSING_HOOKS": [f"{room}.completed"],
        "AUTHENTICATION_WHITELIST": [],
        "ENABLE_DJANGO_DEPLOY_CHECK": False,
    }
