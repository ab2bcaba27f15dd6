"""The links that show a framework in preparation before the vote: made, watched, revoked."""

import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from axes.models import DraftLink, Framework
from axes.preparing.links import make_link, revoke_link
from cohesion.lib.forms import day_field
from cohesion.lib.http import mail_address
from cohesion.lib.people import signed_in
from cohesion.lib.text import whole_number
from cohesion.together.once import once

MADE = "draft_link_made"  # in the session: the address of a link that was just made, shown once
USUAL = datetime.timedelta(days=30)


class DraftLinkForm(forms.ModelForm):
    """For whom, until when, and whether they may answer."""

    expires_at = day_field("Valable jusqu’au", required=True)

    class Meta:
        model = DraftLink
        fields = ("purpose", "expires_at", "may_remark")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["expires_at"] = timezone.localdate() + USUAL

    def clean_expires_at(self) -> datetime.datetime:
        """The end of the day."""
        last = datetime.datetime.combine(self.cleaned_data["expires_at"], datetime.time(23, 59, 59))
        return timezone.make_aware(last)


class ShowingAdmin(admin.ModelAdmin):
    """The page « Montrer avant le vote »."""

    own_pages = {"links": "<int:pk>/liens/"}

    def links_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        framework = self._framework(request, pk)
        if request.method == "POST" and "revoquer" in request.POST:
            return self._revoke(request, framework)
        form = DraftLinkForm(request.POST or None, instance=DraftLink(framework=framework))
        if request.method == "POST" and form.is_valid():
            return once(request, lambda: self._make(request, framework, form))
        return self._links_page(request, framework, form)

    def _make(self, request: HttpRequest, framework: Framework, form: DraftLinkForm) -> HttpResponse:
        try:
            token = make_link(link=form.instance, by=signed_in(request))
        except ValidationError as error:
            form.add_error(None, error.messages)
            return self._links_page(request, framework, form)
        request.session[MADE] = mail_address(request, reverse("axes:draft_opened", args=[token]))
        return HttpResponseRedirect(request.path)

    def _revoke(self, request: HttpRequest, framework: Framework) -> HttpResponse:
        link = get_object_or_404(framework.draft_links, pk=whole_number(request.POST["revoquer"]))
        revoke_link(link=link, by=signed_in(request))
        self.message_user(request, f"Le lien « {link} » n’ouvre plus rien.", messages.SUCCESS)
        return HttpResponseRedirect(request.path)

    def _links_page(self, request: HttpRequest, framework: Framework, form: DraftLinkForm) -> HttpResponse:
        context = {
            "made": request.session.pop(MADE, ""),
            "links": framework.draft_links.select_related("created_by"),
            "form": form,
        }
        return self._page(request, "links.html", framework, "Montrer avant le vote", **context)
