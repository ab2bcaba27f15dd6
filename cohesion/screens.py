"""What every screen of the officers answers to: its own filters, searches that one types, forms of a human length.

:class:`cohesion.site.admin_site.AgentSite` puts :class:`Screen` under every screen that is registered.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import SEARCH_VAR, ChangeList, ChangeListSearchForm
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path

from cohesion.lib.http import ExtraContext
from cohesion.lib.list_filters import remember_filters
from cohesion.lib.nouns import Noun
from cohesion.lib.queries import in_french
from cohesion.lib.sentences import Sentences
from cohesion.lib.text import capital
from cohesion.lib.widgets import NativeInputs
from cohesion.together.admin import Together

MOST_SEARCHED = 200  # characters: of more words the database makes an expression that it refuses
MOST_LINES = 150  # beneath one form: its places, its members


class Search(ChangeListSearchForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        too_long = f"La recherche est trop longue : {MOST_SEARCHED} caractères au plus. Toute la liste est montrée."
        self.fields = {
            SEARCH_VAR: forms.CharField(
                required=False, strip=False, max_length=MOST_SEARCHED, error_messages={"max_length": too_long}
            )
        }


class List(ChangeList):
    """Filtered by what it shows as filters. Django would take any column, with any comparison: a regular expression
    that never ends, a range of one value, a year that no database knows.
    """

    search_form_class = Search

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = capital(Noun.of(self.opts).all)

    @property
    def is_bare(self) -> bool:
        """Nothing is in it, whatever one looks for: there is nothing to search or to filter."""
        return not (self.result_count or self.query or self.has_active_filters)

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[Any]:
        """By the column that one presses: names as a French dictionary has them."""
        return [self._in_french(term) for term in super().get_ordering(request, queryset)]

    def _in_french(self, term: Any) -> Any:
        screen: Any = self.model_admin
        name = term.removeprefix("-") if isinstance(term, str) else ""
        if name in screen.ordered_as:
            return term.replace(name, screen.ordered_as[name])
        return in_french(self.model, term)

    def apply_select_related(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """With what the columns read of other tables, once for the page."""
        screen: Any = self.model_admin
        return super().apply_select_related(queryset).prefetch_related(*screen.list_prefetch())

    def get_filters(self, request: HttpRequest) -> Any:
        try:
            filters = super().get_filters(request)
        except OverflowError as error:  # of « date_hierarchy »: a year that no date can have
            raise IncorrectLookupParameters from error
        # A year, a month or a day of the hierarchy comes as its bounds.
        if unknown := set(filters[2]) - {f"{self.date_hierarchy}__gte", f"{self.date_hierarchy}__lt"}:
            raise IncorrectLookupParameters(f"Cette liste n’a pas ce filtre : {', '.join(sorted(unknown))}")
        return filters


class YesOrNo:
    """A column of a list that says « oui » or « non »."""

    def __init__(self, column: Any) -> None:
        self.name = self.admin_order_field = column.name
        self.short_description = column.verbose_name
        self.__name__ = column.name

    def __call__(self, row: object) -> str:
        return "oui" if getattr(row, self.name) else "non"


class Lines(NativeInputs, admin.StackedInline):
    """Lines beneath a form; ``help`` says in one sentence what they are for."""

    help = ""


HISTORY = "Qui a changé quoi, et quand, du plus récent au plus ancien. Rien ne s’y efface."


class Screen(NativeInputs, Sentences, Together):
    purpose = ""  # what its rows are for and what happens next, in a short paragraph above the list and each form
    ordered_as: Mapping[str, str] = {}  # columns that are ordered by another, which the database orders by itself
    # Pages beside Django's: « merge » is answered by ``merge_view``, under the name ``projects_organization_merge``.
    own_pages: Mapping[str, str] = {}

    def get_urls(self) -> list[Any]:
        """With the pages of its own, those that each of its parts names."""
        own = []
        for part in type(self).__mro__:
            for name, route in vars(part).get("own_pages", {}).items():
                view = self.admin_site.admin_view(getattr(self, f"{name}_view"))
                own.append(path(route, view, name=f"{self.opts.app_label}_{self.opts.model_name}_{name}"))
        return [*own, *super().get_urls()]

    def list_prefetch(self) -> list[Any]:
        """What the columns of its list read of other tables: arguments of ``prefetch_related``."""
        return []

    def get_ordering(self, request: HttpRequest) -> Any:
        """Names as a French dictionary has them: « Évreux » under E, in the list and wherever one chooses a row."""
        return [in_french(self.model, term) for term in super().get_ordering(request)]

    def get_action_choices(self, request: HttpRequest, default_choices: Any = None) -> Any:
        return super().get_action_choices(request, default_choices or [("", "Choisissez…")])

    def get_list_display(self, request: HttpRequest) -> Any:
        """Yes and no in words: Django draws them, and names its drawings in English."""
        return [self._in_words(name) for name in super().get_list_display(request)]

    def _in_words(self, name: object) -> Any:
        if not isinstance(name, str) or hasattr(self, name):
            return name
        try:
            column = self.opts.get_field(name)
        except FieldDoesNotExist:
            return name
        return YesOrNo(column) if isinstance(column, models.BooleanField) else name

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return List

    def changelist_view(self, request: HttpRequest, extra_context: ExtraContext = None) -> HttpResponse:
        """The list, whose filters are remembered for its reader."""
        if request.method == "GET" and "_popup" not in request.GET:
            remember_filters(request)
        return super().changelist_view(request, self._with_purpose(extra_context))

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: ExtraContext = None,
    ) -> HttpResponse:
        """Django obeys « save as new » even where no button says it, and takes the row away from under the page."""
        if "_saveasnew" in request.POST and not self.save_as:
            kept: Any = request.POST.copy()
            del kept["_saveasnew"]
            request.POST = kept
        return super().changeform_view(request, object_id, form_url, self._with_purpose(extra_context))

    def history_view(self, request: HttpRequest, object_id: str, extra_context: ExtraContext = None) -> HttpResponse:
        return super().history_view(request, object_id, {"purpose": HISTORY, **(extra_context or {})})

    def _with_purpose(self, extra_context: ExtraContext) -> dict[str, Any]:
        return {"purpose": self.purpose, **(extra_context or {})}

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Django looks for the column that « _to_field » names, even where it names none."""
        return super().get_object(request, object_id, from_field or None)

    def get_formsets_with_inlines(self, request: HttpRequest, obj: object = None) -> Iterator[Any]:
        for formset, inline in super().get_formsets_with_inlines(request, obj):
            formset.max_num, formset.absolute_max = min(formset.max_num, MOST_LINES), MOST_LINES
            yield formset, inline
