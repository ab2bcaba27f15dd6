"""The screen of somebody who has no account: what is held about them, handed over or erased at their request."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from cohesion.accounts.contacts import Contact, erase, held
from cohesion.accounts.held import as_file
from cohesion.lib.admin import admin_page
from cohesion.lib.people import signed_in
from cohesion.lib.text import count_phrase


class ContactForm(forms.Form):
    """Who it is, then what whoever erases writes so that it is nobody else."""

    first_name = forms.CharField(label="Prénom", max_length=150, required=False)
    last_name = forms.CharField(label="Nom", max_length=150, required=False)
    email = forms.EmailField(label="Adresse électronique", required=False)
    phone = forms.CharField(label="Téléphone", max_length=30, required=False)
    confirmation = forms.CharField(label="Pour effacer, écrivez l’adresse (sinon le prénom et le nom)", required=False)

    contact: Contact | None = None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            names = ("first_name", "last_name", "email", "phone")
            self.contact = Contact.typed(*(cleaned[name] for name in names))
            if "erase" in self.data and cleaned["confirmation"].strip().lower() != self.contact.called.lower():
                raise ValidationError({"confirmation": f"Écrivez « {self.contact.called} » : rien n’est effacé."})
        return cleaned


class ContactsMixin(admin.ModelAdmin):
    """Names are sent by POST: no address, and so no log of the server, holds them."""

    change_list_template = "admin/cohesion/account_list.html"
    own_pages = {"contact": "sans-compte/"}

    def contact_view(self, request: HttpRequest) -> HttpResponse:
        """Show where somebody is named, hand it over as a file, or take their name out."""
        if not request.user.is_superuser:
            raise PermissionDenied
        form = ContactForm(request.POST or None)
        mentions, acts = None, []
        if request.method == "POST" and form.is_valid() and form.contact is not None:
            if "file" in request.POST:
                return as_file(None, held(form.contact))
            if "erase" in request.POST:
                number = erase(form.contact, by=signed_in(request))  # type: ignore[arg-type]
                mentioned = count_phrase(number, "ligne la nommait", "lignes la nommaient")
                kept = " Les documents émis gardent le nom qu’ils portent." if form.contact.acts() else ""
                self.message_user(request, f"C’est fait : {mentioned}, plus aucune ne le fait.{kept}")
                return HttpResponseRedirect(reverse("admin:cohesion_user_changelist"))
            mentions, acts = form.contact.mentions(), form.contact.acts()
        context = {
            "form": form,
            "mentions": mentions,
            "acts": acts,
        }
        return admin_page(self, request, "cohesion/contact.html", "Une personne sans compte", **context)
