"""What the action is: its title and summary, which become public, the need it answers and how."""

from typing import ClassVar, cast

from django.core.validators import MaxLengthValidator

from cohesion.lib.forms import offer
from cohesion.lib.queries import InFrench
from cohesion.lib.text import squeeze
from projects.catalogue.models import Project, Scheme
from projects.catalogue.models.project import SUMMARY_LENGTH
from projects.choices import ProjectKind, ResidentsPart, Setting
from projects.declaring.contradictions import ACTION
from projects.declaring.fields import TITLE_LENGTH, Text, line, listed, one_of, paragraph, several
from projects.declaring.forms import PageForm


class ActionForm(PageForm):
    NEEDED: ClassVar = {
        "title": "Donnez un titre à l’action.",
        "summary": "Résumez l’action en quelques phrases.",
        "need_noticed": "Dites quel besoin vous avez constaté.",
        "description": "Décrivez l’action.",
        "setting": "Dites si l’action fait partie d’un projet social de territoire.",
    }

    CONDITIONAL: ClassVar = ("host",)
    RULES: ClassVar = ACTION
    EXPLAINED: ClassVar = {
        "setting": ("PST",),
        "schemes": ("ASV", "AVSL", "FSIH", "PRH", "REP"),
        "residents_part": ("Information, consultation, co-construction, portage",),
    }

    title = line("Titre", TITLE_LENGTH, help_text=f"Il sera public. {TITLE_LENGTH} caractères au plus.")
    summary = paragraph(
        "Résumé",
        SUMMARY_LENGTH,
        rows=4,
        help_text="Il sera public : ne nommez aucun habitant.",
    )
    need_noticed = paragraph(
        "Besoin constaté", 4_000, help_text="Ce que disent les habitants, ce que vous avez observé, où et depuis quand."
    )
    description = paragraph("Description de l’action", 8_000, rows=8, help_text="Ce que vous ferez, avec qui, comment.")
    setting = one_of("Cadre de l’action", Setting.choices)
    host = listed("Le PST", [], empty="Aucun", help_text="Seulement si l’action en fait partie.")
    schemes = several("Dispositifs concernés", [])
    residents_part = one_of("Part prise par les habitants", ResidentsPart.choices)

    def build(self) -> None:
        self._leave_longer_title()
        hosts = (
            Project.objects.published()
            .filter(kind=ProjectKind.PST)
            .order_by(InFrench("title"))
            .values_list("pk", "title")
        )
        offer(self, "host", [("", "Aucun"), *((str(pk), title) for pk, title in hosts)])
        offer(
            self,
            "schemes",
            [
                (scheme.code, f"{scheme.code} ({scheme.name})" if scheme.name else scheme.code)
                for scheme in Scheme.objects.all()
            ],
        )

    def _leave_longer_title(self) -> None:
        """A longer title that officers or a file gave the action stands as it is; another is held to the limit."""
        title, written = self.fields["title"], self.declaration.project.title
        if len(written) > TITLE_LENGTH and squeeze(str(self.typed.get("title", ""))) == written:
            title.validators = [rule for rule in title.validators if not isinstance(rule, MaxLengthValidator)]
            title.help_text = f"Il sera public. Si vous le changez : {TITLE_LENGTH} caractères au plus."
            cast(Text, title).max_length = None

    @property
    def in_short(self) -> str:
        return f"{self.in_words('title')} · {self.in_words('setting')}"

    def needed(self) -> dict[str, str]:
        if self.answer("setting") != Setting.PST:
            return self.NEEDED
        return self.NEEDED | {"host": "Choisissez le projet social de territoire dont l’action fait partie."}
