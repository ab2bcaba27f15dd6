"""What somebody is told: read in the application, and sent by e-mail, grouped, once."""

from django.conf import settings
from django.db import models

from cohesion.lib.dates import plain_moment
from projects.catalogue.models.project import Project
from projects.choices import LetterKind, MailFrequency


class Mailing(models.Model):
    """One message from an officer to several leads, as it was typed, with its fields; each has a :class:`Message`.

    ``audience`` says in words who was asked for.
    """

    kind = models.CharField("modèle", max_length=7, choices=LetterKind.choices)
    title = models.CharField("objet", max_length=150)
    text = models.TextField("texte")
    audience = models.CharField("à qui", max_length=500)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name="écrit par"
    )
    at = models.DateTimeField("le", auto_now_add=True)

    class Meta:
        verbose_name = "Message à plusieurs"
        verbose_name_plural = "Messages à plusieurs"
        default_permissions = ()
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.title


class MessageQuerySet(models.QuerySet["Message"]):
    def unread(self) -> "MessageQuerySet":
        return self.filter(read_at__isnull=True)

    def to_send(self) -> "MessageQuerySet":
        return self.filter(sent_at__isnull=True, mailed=True)


class Message(models.Model):
    """One thing told to one person, or to an address where nobody has an account.

    ``key`` is that of the event and its reader: the same thing is never told twice. ``path`` is the page to open.
    ``sent_at`` is set before the mail leaves, so that two senders never send it both; an error takes it back.
    ``failure`` says why it did not leave, or that nobody knows.
    """

    key = models.CharField(max_length=200, unique=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="messages_received",
        verbose_name="compte",
    )
    email = models.EmailField("adresse", blank=True, default="")
    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, null=True, blank=True, related_name="messages", verbose_name="projet"
    )
    mailing = models.ForeignKey(
        Mailing,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="messages",
        verbose_name="envoi à plusieurs",
        editable=False,
    )
    paper = models.ForeignKey(
        "projects.Paper",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="messages",
        verbose_name="document joint",
        editable=False,
    )
    title = models.CharField("objet", max_length=250)
    text = models.TextField("texte", blank=True, default="")
    path = models.CharField("page", max_length=200, blank=True, default="")
    mailed = models.BooleanField("par courriel", default=True)
    at = models.DateTimeField("le", auto_now_add=True)
    read_at = models.DateTimeField("lu le", null=True, blank=True)
    sent_at = models.DateTimeField("envoyé le", null=True, blank=True)
    failure = models.CharField("échec de l’envoi", max_length=250, blank=True, default="")

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = "Message"
        verbose_name_plural = "Messages"
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["user", "read_at"], name="projects_message_unread"),
            # What the sender looks through every minute: short, however much was sent before.
            models.Index(
                fields=["at"],
                condition=models.Q(sent_at__isnull=True, read_at__isnull=True, mailed=True),
                name="projects_message_to_send",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def fate(self) -> str:
        """What became of it, in words: « lu le 12 mars 2026 à 14 h 32 »."""
        if self.read_at is not None:
            return f"lu le {plain_moment(self.read_at)}"
        if self.failure:
            return f"échec : {self.failure}"
        if not self.mailed:
            return "sur le site, pas encore lu"
        return f"parti le {plain_moment(self.sent_at)}" if self.sent_at is not None else "à envoyer"


class MailChoice(models.Model):
    """How often somebody wants e-mail; without a row, at each event."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mail_choice", verbose_name="compte"
    )
    frequency = models.CharField("fréquence", max_length=5, choices=MailFrequency.choices, default=MailFrequency.SOON)

    class Meta:
        verbose_name = "Choix des courriels"
        verbose_name_plural = "Choix des courriels"

    def __str__(self) -> str:
        return f"{self.user} : {self.get_frequency_display()}"
