"""The committees that decide."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from projects.instructing.models import Committee


@admin.register(Committee)
class CommitteeAdmin(admin.ModelAdmin):
    purpose = (
        "Les séances qui décident. Les dossiers proposés à un comité s’y retrouvent, et sa feuille de "
        "calcul rapporte les décisions."
    )
    list_display = ("name", "held_on", "campaign", "before_it")
    list_filter = (("campaign", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("campaign",)
    search_fields = ("name",)
    actions = None
    fieldsets = (
        (
            "Le comité",
            {
                "fields": (("name", "held_on"), "campaign"),
                "description": "Une réunion qui décide ; ses dossiers se choisissent depuis la file d’instruction.",
            },
        ),
    )

    @admin.display(description="dossiers")
    def before_it(self, committee: Committee) -> SafeString:
        return format_html('<a href="{}">Décisions</a>', reverse("projects:instruction_committee", args=[committee.pk]))
