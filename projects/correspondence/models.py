"""Models of papers, the papers themselves, and the work of making many of them."""

import secrets

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Prefetch, Q
from simple_history.models import HistoricalRecords

from cohesion.lib import braces
from cohesion.lib.constraints import always, once
from cohesion.lib.text import NBSP, validate_line, validate_text
from projects.catalogue.models.project import Project
from projects.choices import PaperKind
from projects.correspondence.kinds import KINDS, KindOfPaper
from projects.declaring.models.attachment import private_storage
from projects.instructing.models import Committee, Decision
from projects.members.models.organization import Organization
from projects.messaging.models import Message

BODY_LENGTH = 60_000


def random_paper_name(row: models.Model, filename: str) -> str:
    """Beside the files of leads, under a name that says nothing."""
    name = secrets.token_hex(16)
    return f"{name[:2]}/{name}"


class PaperModel(models.Model):
    """What papers of a kind are made from: a title, and a text in Markdown or a Word file, with fields in braces.

    Papers that were made keep the text from which they were: changing a model changes none of them.
    """

    kind = models.CharField("nature", max_length=12, choices=PaperKind.choices, default=PaperKind.NOTIFICATION)
    name = models.CharField(
        "nom", max_length=100, validators=[validate_line], help_text="Pour le reconnaître parmi les vôtres."
    )
    title = models.CharField(
        "titre du document",
        max_length=200,
        validators=[validate_line],
        help_text="L’objet de la lettre ; il a des champs.",
    )
    body = models.TextField(
        "texte",
        blank=True,
        default="",
        max_length=BODY_LENGTH,
        validators=[validate_text],
        help_text=(
            "Une ligne vide sépare deux paragraphes. « ## » commence un titre, « - » une puce ; **gras**, *italique*."
        ),
    )
    word = models.FileField(
        "fichier Word",
        storage=private_storage,
        upload_to=random_paper_name,
        max_length=80,
        blank=True,
        help_text="Un fichier .docx, à la place du texte : mise en page et logo sont les siens.",
    )
    word_name = models.CharField(max_length=150, blank=True, default="", editable=False)
    is_active = models.BooleanField(
        "proposé", default=True, help_text="Décoché, il n’est plus proposé ; ce qui en a été fait reste."
    )
    version = models.PositiveIntegerField("version", default=1, editable=False)
    updated_at = models.DateTimeField("modifié le", auto_now=True)

    history = HistoricalRecords(excluded_fields=["version", "updated_at"], user_model=settings.AUTH_USER_MODEL)

    class Meta:
        verbose_name = "Modèle de document"
        verbose_name_plural = "Modèles de documents"
        ordering = ["kind", "name"]
        constraints = [
            once(
                "projects_papermodel_name_once",
                "kind",
                "name",
                says="Un autre modèle de cette nature porte déjà ce nom.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def about(self) -> KindOfPaper:
        return KINDS[PaperKind(self.kind)]

    def clean(self) -> None:
        """Every field is one of its kind, and a table stands alone; else which, and where."""
        if self.kind not in PaperKind.values:
            return
        refused = {
            name: sentences
            for name in ("title", "body")
            if (sentences := text_refusals(self.about, getattr(self, name), is_title=name == "title"))
        }
        if not self.body.strip() and not self.word:
            refused["body"] = ["Écrivez le texte du document, ou déposez un fichier Word."]
        if refused:
            raise ValidationError(refused)


def text_refusals(about: KindOfPaper, text: str, *, is_title: bool = False) -> list[str]:
    """What is wrong with the fields of a text, each with its line."""
    sentences = list(braces.refusals(text, about.names, allows_optional=not is_title))
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        around = [other.strip() for other in (*lines[max(0, number - 2) : number - 1], *lines[number : number + 1])]
        for name in braces.field_names(line):
            known = about.keys.get(braces.key_of(name))
            is_alone = braces.alone(line) is not None and not any(around)
            if known is not None and known.is_table and (is_title or not is_alone):
                sentences.append(
                    f"Le champ {{{name}}}, ligne{NBSP}{number}, est un tableau{NBSP}: mettez-le seul, entre deux "
                    "lignes vides."
                )
    return sentences


class PaperNumber(models.Model):
    """The last number that was given, of a kind and a year: whoever gives the next locks this row until it is kept."""

    kind = models.CharField("nature", max_length=12, choices=PaperKind.choices)
    year = models.PositiveSmallIntegerField("année")
    last = models.PositiveIntegerField("dernier numéro", default=0)

    class Meta:
        verbose_name = "Compteur de documents"
        verbose_name_plural = "Compteurs de documents"
        default_permissions = ()
        constraints = [once("projects_papernumber_once", "kind", "year", says="Ce compteur existe déjà.")]

    def __str__(self) -> str:
        return f"{self.kind} {self.year}"


class PaperQuerySet(models.QuerySet["Paper"]):
    def standing(self) -> "PaperQuerySet":
        """Those that were not cancelled."""
        return self.filter(cancelled_at__isnull=True)

    def sent(self) -> "PaperQuerySet":
        """Those that their lead may read, the latest first."""
        return self.filter(sent_at__isnull=False).order_by("-sent_at", "-pk")

    def with_readers(self) -> "PaperQuerySet":
        """With the messages that carried each, and to whom; in one query."""
        return self.prefetch_related(Prefetch("messages", Message.objects.select_related("user").order_by("pk")))

    def of(self, organizations: object) -> "PaperQuerySet":
        """Those that were made for organisations, by key."""
        return self.filter(organization__in=organizations)


class Paper(models.Model):
    """A paper that was issued: its number, its bytes, and what it was made from. It is never rewritten, nor deleted: a
    correction is another paper, which says what it ``replaces``; one that is cancelled keeps its number.

    ``source``: the title and the text of the model at that moment; ``facts``: what its fields became.
    """

    kind = models.CharField("nature", max_length=12, choices=PaperKind.choices)
    year = models.PositiveSmallIntegerField("année")
    number = models.PositiveIntegerField("numéro")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="papers", verbose_name="projet")
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="papers", verbose_name="structure"
    )
    decision = models.ForeignKey(
        Decision, on_delete=models.PROTECT, null=True, blank=True, related_name="papers", verbose_name="décision"
    )
    title = models.CharField("titre", max_length=250)
    model = models.ForeignKey(
        PaperModel, on_delete=models.PROTECT, null=True, blank=True, related_name="papers", verbose_name="modèle"
    )
    model_version = models.PositiveIntegerField("version du modèle", default=0)
    source = models.JSONField("texte du modèle", default=dict)
    facts = models.JSONField("champs remplis", default=dict)
    pdf = models.FileField("PDF", storage=private_storage, upload_to=random_paper_name, max_length=80)
    size = models.PositiveIntegerField("taille")
    digest = models.CharField("empreinte SHA-256", max_length=64)
    word = models.FileField("Word", storage=private_storage, upload_to=random_paper_name, max_length=80)
    word_size = models.PositiveIntegerField("taille du fichier Word")
    word_digest = models.CharField("empreinte SHA-256 du fichier Word", max_length=64)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name="fait par"
    )
    at = models.DateTimeField("fait le", auto_now_add=True)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name="remplace"
    )
    cancelled_at = models.DateTimeField("annulé le", null=True, blank=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    cancelled_why = models.CharField("pourquoi", max_length=300, blank=True, default="", validators=[validate_line])
    sent_at = models.DateTimeField("envoyé le", null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = PaperQuerySet.as_manager()

    class Meta:
        verbose_name = "Document émis"
        verbose_name_plural = "Documents émis"
        default_permissions = ()
        ordering = ["-at", "-pk"]
        constraints = [
            once("projects_paper_number_once", "kind", "year", "number", says="Ce numéro est déjà donné."),
            always("projects_paper_number_from_one", Q(number__gte=1), "Le premier numéro est 1."),
        ]

    def __str__(self) -> str:
        return f"{self.reference} · {self.title}"

    @property
    def reference(self) -> str:
        return reference(self.kind, self.year, self.number)

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None


def reference(kind: str, year: int, number: int) -> str:
    """« NOT-2026-0012 »."""
    return f"{KINDS[PaperKind(kind)].prefix}-{year}-{number:04}"


class Issuing(models.Model):
    """The papers that somebody asked for together, made one by one in the background (``working.py``).

    ``typed``: what was typed for all of them, by the key of a field. It is over when each line has a paper or says why
    not.
    """

    committee = models.ForeignKey(
        Committee, on_delete=models.CASCADE, null=True, blank=True, related_name="issuings", verbose_name="comité"
    )
    typed = models.JSONField("saisi pour tous", default=dict)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name="demandé par"
    )
    at = models.DateTimeField("demandé le", auto_now_add=True)

    class Meta:
        verbose_name = "Édition de documents"
        verbose_name_plural = "Éditions de documents"
        default_permissions = ()
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return str(self.committee or self.at)


class IssuingLine(models.Model):
    """One paper of an edition. ``taken_at``: when somebody began it; whoever died on it is relieved after a while."""

    issuing = models.ForeignKey(Issuing, on_delete=models.CASCADE, related_name="lines", verbose_name="édition")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+", verbose_name="projet")
    kind = models.CharField("nature", max_length=12, choices=PaperKind.choices)
    model = models.ForeignKey(
        PaperModel, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="modèle"
    )
    taken_at = models.DateTimeField("commencée le", null=True, blank=True)
    paper = models.OneToOneField(
        Paper, on_delete=models.PROTECT, null=True, blank=True, related_name="line", verbose_name="document"
    )
    refusal = models.CharField("pourquoi pas", max_length=500, blank=True, default="")

    class Meta:
        verbose_name = "Ligne d’une édition"
        verbose_name_plural = "Lignes d’une édition"
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            once("projects_issuingline_once", "issuing", "project", "kind", says="Ce document est déjà demandé.")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} : {self.project}"
