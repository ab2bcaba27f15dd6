"""A form as a browser reads it from a page, and sends it."""

from typing import Any

from django.db.models import Model
from django.test import Client
from django.urls import reverse
from justhtml import JustHTML

from tests.factories import UserFactory


def filled(response: Any, selector: str = "#content form") -> dict[str, list[str]]:
    """The fields of the page's form with their values, as a browser would send them; the first form that posts."""
    page = JustHTML(response.content.decode(), sanitize=False)
    form = next(one for one in page.query(selector) if one.attrs.get("method", "").lower() == "post")
    found: dict[str, list[str]] = {}
    for one in form.query("input[name], textarea[name], select[name]"):
        if "disabled" in one.attrs:
            continue
        found.setdefault(one.attrs["name"], []).extend(_values(one))
    return {name: values for name, values in found.items() if values}


def seen_by(client: Client, address: str) -> dict[str, str]:
    """What a page brings back of the state that it showed, as the hidden field of its form."""
    (field,) = JustHTML(client.get(address).content.decode(), sanitize=False).query("input[name=seen_state]")
    return {"seen_state": field.attrs["value"] or ""}


def seen_now(row: Model, model: type[Model] | None = None) -> dict[str, str]:
    """What the screen of a row shows now, for a form that a test fills in by hand."""
    client, meta = Client(), (model or type(row))._meta
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return seen_by(client, reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk]))


def _values(one: Any) -> list[str]:
    attrs = one.attrs
    if one.name == "textarea":
        return [one.to_text(separator="").strip("\n")] if one.children else [""]
    if one.name == "select":
        options = one.query("option")
        chosen = [option for option in options if "selected" in option.attrs]
        if not chosen and "multiple" not in attrs:
            chosen = options[:1]
        return [option.attrs.get("value") or "" for option in chosen]
    kind = (attrs.get("type") or "text").lower()
    if kind in ("checkbox", "radio"):
        return [attrs.get("value", "on") or ""] if "checked" in attrs else []
    return [] if kind in ("submit", "button", "file", "image", "reset") else [attrs.get("value") or ""]
