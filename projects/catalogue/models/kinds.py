"""One screen a kind: the same rows, seen as PST, PRH or actions."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from projects.catalogue.models.project import Project
from projects.choices import ProjectKind


class OfKind:
    """A project seen by its kind, written as a project: history and stamps listen to :class:`Project`."""

    KIND: ProjectKind

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if not args:
            kwargs.setdefault("kind", self.KIND)
        super().__init__(*args, **kwargs)

    @contextmanager
    def _as_project(self) -> Iterator[None]:
        own, self.__class__ = self.__class__, Project  # type: ignore[assignment]
        try:
            yield
        finally:
            self.__class__ = own  # type: ignore[assignment]

    def save_base(self, *args: Any, **kwargs: Any) -> None:
        with self._as_project():
            Project.save_base(self, *args, **kwargs)  # type: ignore[arg-type]

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with self._as_project():
            return Project.delete(self, *args, **kwargs)  # type: ignore[arg-type]


class Pst(OfKind, Project):
    KIND = ProjectKind.PST

    class Meta:
        proxy = True
        verbose_name = "PST"
        verbose_name_plural = "PST"


class Prh(OfKind, Project):
    KIND = ProjectKind.PRH

    class Meta:
        proxy = True
        verbose_name = "PRH"
        verbose_name_plural = "PRH"


class Action(OfKind, Project):
    KIND = ProjectKind.ACTION

    class Meta:
        proxy = True
        verbose_name = "Action"
        verbose_name_plural = "Actions"
