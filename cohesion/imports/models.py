"""A file that somebody brought, from its reading to its application."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone

from cohesion.lib.people import Visitor
from cohesion.lib.states import holds


class FileImport(models.Model):
    """Who brought which file, what it would do, what became of it.

    The parsed rows are kept: what is applied is exactly what was shown. The file is kept too, the last one of each
    person, until it is applied or given up: it may be read again, in another sheet, with other columns.
    """

    class State(models.TextChoices):
        READY = "ready", "Prêt à appliquer"
        REFUSED = "refused", "Refusé"
        APPLIED = "applied", "Appliqué"
        CANCELLED = "cancelled", "Abandonné"

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name="par"
    )
    filename = models.CharField("fichier", max_length=200)
    digest = models.CharField("empreinte SHA-256", max_length=64)
    state = models.CharField("état", max_length=10, choices=State.choices, default=State.READY)
    rows = models.JSONField("lignes lues", default=list)
    report = models.JSONField("rapport", default=dict)
    created_at = models.DateTimeField("déposé le", auto_now_add=True)
    begun_at = models.DateTimeField("application commencée le", null=True, blank=True, editable=False)
    applied_at = models.DateTimeField("appliqué le", null=True, blank=True)

    content = models.BinaryField("fichier déposé", null=True, editable=False)
    choices = models.JSONField(
        "choix de lecture", default=dict, db_default=models.Value({}, models.JSONField()), editable=False
    )

    class Meta:
        abstract = True
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.filename} ({self.get_state_display().lower()})"

    def is_of(self, user: Visitor) -> bool:
        """Whether somebody may see it: its owner, and a superuser."""
        return bool(user.is_superuser or (self.owner_id is not None and self.owner_id == user.pk))

    @property
    def why_not(self) -> str:
        """Why one that is not ready cannot be applied."""
        on = f" le {self.applied_at:%d/%m/%Y}" if self.applied_at else ""
        return {
            self.State.APPLIED: f"Cet import a déjà été appliqué{on} : rien n’a été écrit une seconde fois.",
            self.State.REFUSED: "Ce fichier a été refusé : corrigez-le, puis déposez-le de nouveau.",
            self.State.CANCELLED: "Cet import a été abandonné : déposez de nouveau le fichier.",
        }[self.State(self.state)]

    @contextmanager
    def begun(self) -> Iterator[None]:
        """Its application: noted before, apart, so that one whose process dies leaves it in writing.

        A refusal is no interruption; a database that went away is one.
        """
        ready = type(self)._default_manager.filter(pk=self.pk, state=self.State.READY)
        ready.update(begun_at=timezone.now())
        try:
            yield
        except DatabaseError:
            raise
        except Exception:
            with suppress(DatabaseError):
                ready.update(begun_at=None)
            raise

    is_ready = holds("state", State.READY)
    is_applied = holds("state", State.APPLIED)

    @property
    def is_interrupted(self) -> bool:
        """Whether its application began, and neither goes on nor came to its end."""
        return self.is_begun and not self.is_running

    @property
    def is_begun(self) -> bool:
        """Whether its application began, and did not come to its end."""
        return self.state == self.State.READY and self.begun_at is not None

    @property
    def is_running(self) -> bool:
        """Whether a process applies it now: that one holds its row, or the only place of a writer on SQLite."""
        if not self.is_begun:
            return False
        if connection.vendor == "sqlite":
            return _is_written(connection.settings_dict["NAME"])
        with transaction.atomic():
            mine = type(self)._default_manager.filter(pk=self.pk).order_by().select_for_update(skip_locked=True)
            return not mine.values_list("pk")

    def give_up(self) -> bool:
        """Give up a job that is ready; the rows are forgotten, and the file whatever its state."""
        own = type(self)._default_manager.filter(pk=self.pk)
        own.update(content=None)
        return bool(own.filter(state=self.State.READY).update(state=self.State.CANCELLED, rows=[]))

    def take(self) -> bool:
        """Say that it is applied, in one statement: of two confirmations, one finds nothing to take."""
        ready = type(self)._default_manager.filter(pk=self.pk, state=self.State.READY)
        return bool(ready.update(state=self.State.APPLIED, applied_at=timezone.now(), content=None))

    @property
    def is_rereadable(self) -> bool:
        """Whether its file is still there; asks the database, and leaves the file there."""
        if self.state not in (self.State.READY, self.State.REFUSED) or self.is_begun:
            return False
        return type(self)._default_manager.filter(pk=self.pk, content__isnull=False).exists()

    def forget_others(self) -> None:
        """Forget the files that its owner brought before."""
        others = type(self)._default_manager.filter(owner=self.owner_id, content__isnull=False).exclude(pk=self.pk)
        others.update(content=None)


def every_import() -> list[type[FileImport]]:
    """The models of all kinds of imports."""
    return [model for model in apps.get_models() if issubclass(model, FileImport)]


def _is_written(path: str) -> bool:
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as probe:
        try:
            probe.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
        probe.execute("ROLLBACK")
        return False
