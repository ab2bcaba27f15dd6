"""The forms of a page in HTML: found again by what was sent, and filled with it.

Whatever made the page (our templates, Django's admin and its inline rows), its HTML says which fields a form has.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape, unescape
from html.parser import HTMLParser
from urllib.parse import urlsplit

Sent = Mapping[str, Sequence[str]]

CSRF = "csrfmiddlewaretoken"
# Pressed, chosen on the device or secret: nobody types them back.
_LEFT_ALONE = {"submit", "button", "image", "reset", "file", "password"}
_TICKED = {"checkbox", "radio"}
_ROWS = re.compile(r"(.+)-TOTAL_FORMS")
MOST_ROWS = 200  # put back into a page


@dataclass
class Control:
    """A field of a form, where it stands in the page: its tag, and for some what is between its tags."""

    tag: str
    attrs: dict[str, str | None]
    start: int
    end: int
    form: "Form | None"
    inner_end: int = 0
    options: list["Control"] = field(default_factory=list)
    folds: tuple["Control", ...] = ()  # the <details> in which it stands

    @property
    def name(self) -> str:
        return self.attrs.get("name") or ""

    @property
    def kind(self) -> str:
        if self.tag != "input":
            return "submit" if self.tag == "button" else self.tag
        return (self.attrs.get("type") or "text").lower()

    @property
    def value(self) -> str:
        if "value" not in self.attrs and self.kind in _TICKED:
            return "on"
        return self.attrs.get("value") or ""


@dataclass
class Form:
    """A form of the page; ``end`` is where its closing tag begins."""

    attrs: dict[str, str | None]
    start: int
    end: int = 0
    controls: list[Control] = field(default_factory=list)

    def leads_to(self, path: str, page: str) -> bool:
        """Whether it, or one of its buttons, sends to this path from this page."""
        buttons = [control.attrs["formaction"] for control in self.controls if control.attrs.get("formaction")]
        return path in {urlsplit(address or page).path or page for address in (self.attrs.get("action"), *buttons)}

    def likeness(self, sent: Sent) -> tuple[int, int]:
        """How much it looks like the one that was sent: hidden values that are the same, names in common."""
        same = [
            control
            for control in self.controls
            if control.kind == "hidden" and control.value in sent.get(control.name, [])
        ]
        return len(same), len({control.name for control in self.controls if control.name != CSRF} & set(sent))


class _Reader(HTMLParser):
    """Where the forms, their fields and the blank rows of the admin stand in a page."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.html = html
        self.forms: list[Form] = []
        self.blank_rows: dict[str, tuple[int, int]] = {}
        self._lines = [0]
        for line in html.split("\n"):  # as the parser counts them
            self._lines.append(self._lines[-1] + len(line) + 1)
        self._form: Form | None = None
        self._by_id: dict[str, Form] = {}
        self._elsewhere: list[tuple[str, Control]] = []  # fields that name their form
        self._open: Control | None = None  # a textarea or a select
        self._folds: list[Control] = []  # the <details> that are not closed yet
        self._blank: tuple[str, str, int, int] | None = None  # prefix, tag, start, depth
        self.feed(html)
        self.close()
        for name, control in self._elsewhere:
            if form := self._by_id.get(name):
                form.controls.append(control)

    @property
    def here(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes, start = dict(attrs), self.here
        end = start + len(self.get_starttag_text() or "")
        self._follow_blank_row(tag, attributes, start)
        if tag == "form":
            self._form = Form(attributes, start)
            self.forms.append(self._form)
            if name := attributes.get("id"):
                self._by_id[name] = self._form
        elif tag == "option" and self._open is not None and self._open.tag == "select":
            self._open.options.append(Control(tag, attributes, start, end, None))
        elif tag == "details":
            self._folds.append(Control(tag, attributes, start, end, None))
        elif tag in ("input", "textarea", "select", "button"):
            control = Control(tag, attributes, start, end, self._form, folds=tuple(self._folds))
            if tag in ("textarea", "select"):
                self._open = control
            if name := attributes.get("form"):
                self._elsewhere.append((name, control))
            elif self._form is not None:
                self._form.controls.append(control)

    def handle_endtag(self, tag: str) -> None:
        if self._open is not None and tag == self._open.tag:
            self._open.inner_end = self.here
            self._open = None
        elif tag == "details" and self._folds:
            self._folds.pop()
        elif tag == "form" and self._form is not None:
            self._form.end = self.here
            self._form = None
        if self._blank is not None and tag == self._blank[1]:
            prefix, _, start, depth = self._blank
            self._blank = (prefix, tag, start, depth - 1)
            if depth == 1:
                self.blank_rows[prefix] = (start, self.here + len(f"</{tag}>"))
                self._blank = None

    def _follow_blank_row(self, tag: str, attrs: dict[str, str | None], start: int) -> None:
        """The row that the admin's script copies: ``<tr id="lines-empty">``."""
        if self._blank is not None:
            if tag == self._blank[1]:
                prefix, _, begun, depth = self._blank
                self._blank = (prefix, tag, begun, depth + 1)
        elif tag in ("tr", "div") and (attrs.get("id") or "").endswith("-empty"):
            self._blank = ((attrs.get("id") or "").removesuffix("-empty"), tag, start, 1)


def filled(html: str, *, page: str, path: str, sent: Sent, notice: str) -> str | None:
    """The page with what was sent to ``path`` in the form that sends there, and ``notice`` above it.

    ``page`` is the path of the page. What has no field any more goes with the form, hidden. The token of the page
    stays its own. What was folded opens where something comes back. None when the page has no such form.
    """
    html = _with_rows(html, sent)
    candidates = [form for form in _Reader(html).forms if _is_it(form, page, path, sent)]
    if not candidates:
        return None
    form = max(candidates, key=lambda form: form.likeness(sent))
    left = {name: list(values) for name, values in sent.items() if name != CSRF}
    changes = [(form.start, form.start, notice)]
    for control in form.controls:
        changes += _change(html, control, sent, left)
    changes += _unfolded(html, form, sent)
    names = {control.name for control in form.controls}
    kept = [(name, value) for name, values in left.items() if name not in names for value in values]
    hidden = "".join(f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in kept)
    changes.append((form.end or len(html), form.end or len(html), hidden))
    for start, end, text in sorted(changes, key=lambda change: change[:2], reverse=True):
        html = html[:start] + text + html[end:]
    return html


def _is_it(form: Form, page: str, path: str, sent: Sent) -> bool:
    is_post = (form.attrs.get("method") or "").lower() == "post"
    return is_post and form.leads_to(path, page) and form.likeness(sent)[1] > 0


def _change(html: str, control: Control, sent: Sent, left: dict[str, list[str]]) -> list[tuple[int, int, str]]:
    """What to write in the place of what, so that a field shows what was sent."""
    name, values = control.name, left.get(control.name, [])
    if not name or name == CSRF or control.kind in _LEFT_ALONE:
        return []
    if control.kind in _TICKED:
        return [(control.start, control.end, _tag(control, checked=control.value in sent.get(name, [])))]
    if name not in sent:
        return []
    if control.tag == "select":
        return _chosen(html, control, list(sent[name]))
    value = values.pop(0) if values else ""
    if control.tag == "textarea":
        return [(control.end, control.inner_end or control.end, f"\n{escape(value)}")]
    return [(control.start, control.end, _tag(control, value=value))]


def _unfolded(html: str, form: Form, sent: Sent) -> list[tuple[int, int, str]]:
    """Open each <details> that hides something other than what the page says by itself.

    Several may have one ``name``, so that only one is open at a time: those that open lose it.
    """
    folds = {
        fold.start: fold
        for control in form.controls
        if control.folds and control.name in sent and _shows_otherwise(html, control, sent[control.name])
        for fold in control.folds
    }
    return [
        (fold.start, fold.end, _tag(fold, open=True, name=False))
        for fold in folds.values()
        if "open" not in fold.attrs or "name" in fold.attrs
    ]


def _shows_otherwise(html: str, control: Control, values: Sequence[str]) -> bool:
    if control.kind in _LEFT_ALONE or control.kind == "hidden":
        return False
    if control.kind in _TICKED:
        return control.value in values and "checked" not in control.attrs
    if control.tag == "select":
        chosen = [option.value for option in control.options if "selected" in option.attrs]
        return any(value and value not in chosen for value in values)
    shown = unescape(html[control.end : control.inner_end]) if control.tag == "textarea" else control.value
    return any(value.strip() and value.strip() != shown.strip() for value in values)


def _chosen(html: str, control: Control, values: list[str]) -> list[tuple[int, int, str]]:
    changes = []
    for option in control.options:
        text = html[option.end :].partition("<")[0].strip()
        value = option.attrs["value"] or "" if "value" in option.attrs else text
        changes.append((option.start, option.end, _tag(option, selected=value in values)))
        if value in values:
            values = [other for other in values if other != value]
    # A list that is asked as one types has only what was chosen before.
    more = "".join(f'<option value="{escape(value)}" selected>n° {escape(value)}</option>' for value in values if value)
    return [*changes, (control.inner_end, control.inner_end, more)] if more else changes


def _tag(control: Control, **changes: str | bool) -> str:
    attrs = {name: value for name, value in control.attrs.items() if name not in changes}
    attrs |= {name: None if value is True else str(value) for name, value in changes.items() if value is not False}
    written = "".join(f" {name}" if value is None else f' {name}="{escape(value)}"' for name, value in attrs.items())
    return f"<{control.tag}{written}>"


def _with_rows(html: str, sent: Sent) -> str:
    """The page with as many rows as were sent, beneath a form of the admin."""
    reader = _Reader(html)
    shown = {
        control.name: control.value for form in reader.forms for control in form.controls if control.kind == "hidden"
    }
    changes = []
    for name, values in sent.items():
        match = _ROWS.fullmatch(name)
        if not match or match[1] not in reader.blank_rows or not values[0].isdecimal():
            continue
        start, end = reader.blank_rows[match[1]]
        first, number = int(shown.get(name) or 0), min(int(values[0][:4]), MOST_ROWS)
        rows = [_row(html[start:end], match[1], rank) for rank in range(first, number)]
        changes.append((start, "".join(rows)))
    for start, rows_text in sorted(changes, reverse=True):
        html = html[:start] + rows_text + html[start:]
    return html


def _row(blank: str, prefix: str, rank: int) -> str:
    row = blank.replace("__prefix__", str(rank)).replace(f'id="{prefix}-empty"', f'id="{prefix}-{rank}"')
    return row.replace(" empty-form", "", 1)
