"""The files, and what one attests."""

from collections.abc import Iterator
from typing import ClassVar

from cohesion.lib.text import count_phrase
from projects.catalogue.workflow import GRANTED
from projects.choices import REPUBLICAN_COMMITMENT, AttachmentKind, RequestKind
from projects.declaring.contradictions import Correction
from projects.declaring.fields import tick
from projects.declaring.forms import PiecesForm
from projects.declaring.models import Attachment
from projects.declaring.pieces import of_request


class AttachmentsForm(PiecesForm):
    NEEDED: ClassVar = {
        "attests_exact": "Attestez que ce que vous déclarez est exact et sincère.",
        "attests_obligations": "Attestez que la structure est à jour de ses obligations.",
    }
    EXPLAINED: ClassVar = {"attests_republican": ("Contrat d’engagement républicain",)}
    template = "space/attachments_fields.html"

    attests_exact = tick("J’atteste que les informations de ce dossier sont exactes et sincères")
    attests_obligations = tick("La structure est à jour de ses obligations sociales et fiscales")
    attests_republican = tick(
        "La structure souscrit au contrat d’engagement républicain",
        help_text="Pour les associations et les fondations (loi du 12 avril 2000, article 10-1).",
    )
    attests_mandate = tick(
        "Le représentant légal m’a donné pouvoir de déposer ce dossier",
        help_text="Seulement si vous n’êtes pas signataire pour la structure.",
    )

    def build(self) -> None:
        self.pieces = of_request(self.declaration.campaign, self.present)
        self.ask_why()

    def needed(self) -> dict[str, str]:
        form = self.declaration.answers.get("structure", {}).get("legal_form", "")
        if form not in REPUBLICAN_COMMITMENT:
            return self.NEEDED
        return self.NEEDED | {"attests_republican": "Souscrivez au contrat d’engagement républicain."}

    def lacking(self) -> Iterator[Correction]:
        if self.asks_last_report and AttachmentKind.LAST_REPORT not in self.present:
            yield Correction("", "Joignez le bilan de l’action de l’an dernier : elle a été financée.")

    @property
    def asks_last_report(self) -> bool:
        """A renewed action that was funded must say what became of it."""
        renewed = self.declaration.request_kind or self.declaration.answers.get("campagne", {}).get("request_kind")
        previous = self.declaration.previous
        return bool(renewed == RequestKind.RENEWED and previous and previous.granted and previous.status in GRANTED)

    @property
    def attached(self) -> list[Attachment]:
        """The files of the action, and those of its organisation, which serve again."""
        if not hasattr(self, "_attached"):
            self._attached = list(Attachment.objects.serving(self.declaration.project).select_related("by"))
        return self._attached

    @property
    def kinds(self) -> list[tuple[str, str]]:
        """The kinds of file that one may send."""
        return [(kind.value, kind.label) for kind in AttachmentKind]

    @property
    def present(self) -> set[str]:
        return {attachment.kind for attachment in self.attached}

    @property
    def is_untouched(self) -> bool:
        return super().is_untouched and not any(attachment.project_id for attachment in self.attached)

    @property
    def in_short(self) -> str:
        return f"Attestations faites, {count_phrase(len(self.attached), 'pièce jointe', 'pièces jointes')}"

    def words(self) -> list[tuple[str, str]]:
        files = [(f"{attachment.get_kind_display()}", attachment.name) for attachment in self.attached]
        return [*files, *super().words()]
