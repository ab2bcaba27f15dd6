"""Two officers on one form: whoever saves second is shown what the first has saved, beside what they typed.

Every screen is one of them (:mod:`cohesion.screens`). The form brings back the state that it showed
(:mod:`cohesion.together.states`); what has another value when the form comes in was changed by somebody.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.forms import BaseForm, BaseFormSet, model_to_dict
from django.http import HttpRequest, HttpResponse, QueryDict

from cohesion.lib.forms import shown
from cohesion.lib.http import ExtraContext
from cohesion.together.once import once
from cohesion.together.states import State, differing, fingerprint, seal, seen, while_you_wrote

PAGE = "screen"


class Together(admin.ModelAdmin):
    """The innermost layer of every screen: adds a form's row once, changes it from the state that was read."""

    called = "cette fiche"  # what it shows, in a sentence

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: ExtraContext = None,
    ) -> Any:
        def answer() -> Any:
            return super(Together, self).changeform_view(request, object_id, form_url, extra_context)

        if request.method != "POST":
            return answer()
        if object_id is None:
            return once(request, answer)
        with transaction.atomic():
            request.meeting = self._meeting(request, unquote(object_id))
            return answer()

    def _meeting(self, request: HttpRequest, key: str) -> "Meeting | None":
        """What was changed since the form was read; what it is compared with stays as it is until it is saved."""
        try:
            list(self.model._base_manager.select_for_update().filter(pk=key).values_list("pk"))
        except (ValueError, ValidationError):
            return None
        row = self.get_object(request, key)
        if row is None or not self.has_change_permission(request, row):
            return None
        fields = flatten_fieldsets(self.get_fieldsets(request, row))
        form = self.get_form(request, row, change=True, fields=fields)(request.POST, request.FILES, instance=row)
        formsets, _ = self._create_formsets(request, row, change=True)
        meeting = Meeting(row, self.called, state(form, formsets))
        meeting.compare(seen(request.POST, PAGE), form, formsets)
        request.POST = _without(request.POST, formsets)
        return meeting

    def get_form(self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        meeting = getattr(request, "meeting", None)
        if meeting is None or not meeting.conflict_rows:
            return form
        metaclass: Any = type(form)
        return metaclass(form.__name__, (RefusedForm, form), {"refusal": meeting.sentence})

    def render_change_form(
        self,
        request: HttpRequest,
        context: Any,
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        if obj is not None and self.has_change_permission(request, obj):
            meeting = getattr(request, "meeting", None)
            formsets = [inline.formset for inline in context["inline_admin_formsets"]]
            now = meeting.now if meeting else state(context["adminform"].form, formsets)
            context |= {"seen": seal(now, PAGE), "meeting": meeting}
        return super().render_change_form(request, context, add=add, change=change, form_url=form_url, obj=obj)


class RefusedForm:
    """A form that is not saved, whatever it holds."""

    refusal = ""

    def clean(self) -> Any:
        cleaned = super().clean()
        self.add_error(None, ValidationError(self.refusal, code="conflict"))
        return cleaned


@dataclass
class Meeting:
    """A form that comes in, and what its row is now: ``conflict_rows`` are the values that two people wrote."""

    row: Model
    called: str
    now: State
    conflict_rows: list[tuple[str, str, str]] = field(default_factory=list)
    conflict_author: str = "un autre compte"
    conflict_date: Any = None

    @property
    def sentence(self) -> str:
        return while_you_wrote(self.conflict_author, f"modifié {self.called}")

    def compare(self, seen: State, form: Any, formsets: Iterable[Any]) -> None:
        changed = differing(seen, self.now)
        if not changed:
            return
        for name in [name for name in form.fields if name in changed]:
            self._compare_field(form, name, str(form[name].label))
        for formset in formsets:
            for line in formset.initial_forms:
                self._compare_line(formset, line, changed)
        self._say_who()

    def _compare_line(self, formset: BaseFormSet, line: Any, changed: set[str]) -> None:
        name = formset.model._meta.verbose_name
        if line.instance.pk is None:
            if _key(formset, line[formset.model._meta.pk.name].data) in changed:
                self.conflict_rows.append((name, "ligne retirée", "ligne gardée : elle ne sera pas remise"))
        elif _key(formset, line.instance.pk) in changed:
            for field_name in line.changed_data:
                self._compare_field(line, field_name, f"{name} « {line.instance} » : {line[field_name].label}")

    def _compare_field(self, form: BaseForm, name: str, label: str) -> None:
        bound = form[name]
        if bound.field.has_changed(bound.initial, bound.data):
            replaced = getattr(form, "replaces", {})
            theirs = replaced[name][1] if name in replaced else shown(bound, bound.initial)
            self.conflict_rows.append((label, theirs, shown(bound, bound.value())))

    def _say_who(self) -> None:
        """The last who changed it: by these screens, or otherwise where the row has a history."""
        entries = LogEntry.objects.filter(object_id=str(self.row.pk), content_type__model=self.row._meta.model_name)
        last = entries.select_related("user").order_by("-action_time", "-pk").first()
        changes = [(last.action_time, last.user)] if last else []
        if hasattr(self.row, "history"):
            record = self.row.history.select_related("history_user").first()
            changes += [(record.history_date, record.history_user)] if record else []
        if changes:
            self.conflict_date, author = max(changes, key=lambda change: change[0])
            self.conflict_author = str((author and author.get_full_name()) or author or self.conflict_author)


def state(form: BaseForm, formsets: Iterable[Any]) -> State:
    """Each value that is stored, of the form and of the lines under it.

    What a field writes without showing it (a file that replaces another), its form tells as ``replaces``: by field,
    what is stored and its words.
    """
    stored = {}
    replaced = getattr(form, "replaces", {})
    for name, field_of_form in form.fields.items():
        if name in replaced:
            stored[name] = fingerprint(replaced[name][0])
        elif not field_of_form.disabled and not field_of_form.widget.is_hidden:
            stored[name] = fingerprint(form.get_initial_for_field(field_of_form, name))
    for formset in formsets:
        names = [name for name in formset.form.base_fields if name != formset.fk.name]
        for row in formset.get_queryset():
            stored[_key(formset, row.pk)] = fingerprint(model_to_dict(row, names))
    return stored


def _key(formset: BaseFormSet, pk: object) -> str:
    return f"{formset.prefix}/{pk}"


def _without(data: QueryDict, formsets: Iterable[Any]) -> QueryDict:
    """The form without the lines that somebody has deleted, which could not be saved."""
    gone = []
    for formset in formsets:
        gone += [line for line in formset.initial_forms if line.instance.pk is None]
    if not gone:
        return data
    data = data.copy()
    data.update({line.add_prefix("DELETE"): "on" for line in gone})
    return data
