"""Which call the declaration answers, and what it continues."""

from typing import ClassVar

from django.db.models import Q
from django.utils import timezone

from cohesion.lib.dates import french_moment
from cohesion.lib.forms import offer
from projects.catalogue.models import Project
from projects.choices import ProjectKind, RequestKind
from projects.declaring.contradictions import CAMPAIGN
from projects.declaring.fields import listed, one_of
from projects.declaring.forms import PageForm
from projects.declaring.models import Campaign


class CampaignForm(PageForm):
    NEEDED: ClassVar = {
        "campaign": "Choisissez l’appel à projets.",
        "request_kind": "Dites s’il s’agit d’une nouvelle action, d’une reconduction ou d’une extension.",
    }

    CONDITIONAL: ClassVar = ("previous",)
    RULES: ClassVar = CAMPAIGN
    EXPLAINED: ClassVar = {"request_kind": ("Nouvelle, reconduite, extension",)}
    template = "space/campaign_fields.html"

    campaign = one_of("Appel à projets", [])
    request_kind = one_of("Nature de la demande", RequestKind.choices)
    previous = listed(
        "Action précédente",
        [],
        empty="Aucune",
        help_text="Nécessaire pour une reconduction ou une extension.",
    )

    def build(self) -> None:
        now = timezone.now()
        chosen = self.typed.get("campaign", "")
        kept = Q(closes_at__gt=now) | Q(leaves__organization=self.declaration.project.organization_id)
        if isinstance(chosen, str) and chosen.isdecimal():
            kept |= Q(pk=int(chosen[:15]))
        calls = Campaign.objects.announced().filter(kept).distinct().order_by("closes_at")
        offer(self, "campaign", [(str(call.pk), _label_of(call)) for call in calls])
        mine = Project.objects.filter(organization=self.declaration.project.organization_id)
        others = (
            mine.exclude(pk=self.declaration.project_id).exclude(kind=ProjectKind.PST).order_by("-code_key", "-code")
        )
        offer(
            self,
            "previous",
            [
                ("", "Aucune"),
                *((str(pk), f"{code} · {title}") for pk, code, title in others.values_list("pk", "code", "title")),
            ],
        )

    def needed(self) -> dict[str, str]:
        continues = self.answer("request_kind") in (RequestKind.RENEWED, RequestKind.EXTENDED)
        return self.NEEDED | ({"previous": "Choisissez l’action que celle-ci continue."} if continues else {})

    @property
    def chosen_call(self) -> str:
        """The call that was chosen when the declaration was begun, in words: it is not asked again."""
        is_doubted = "campaign" in self.errors or any(correction.field == "campaign" for correction in self.doubts)
        return "" if is_doubted else self.in_words("campaign")


def _label_of(campaign: Campaign) -> str:
    beside = f" (aussi au titre de : {campaign.beside})" if campaign.beside else ""
    return f"{_dated(campaign)}{beside}"


def _dated(campaign: Campaign) -> str:
    if campaign.is_open():
        return f"{campaign.name}, se ferme le {french_moment(campaign.closes_at)}"
    if campaign.opens_at > timezone.now():
        return f"{campaign.name}, s’ouvre le {french_moment(campaign.opens_at)}"
    return f"{campaign.name}, s’est fermé le {french_moment(campaign.closes_at)}"
