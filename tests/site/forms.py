"""A form as a browser reads it from a page, and sends it."""

from typing import Any

from justhtml import JustHTML


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
