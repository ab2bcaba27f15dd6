"""What a backup holds of a database: all of it, but for what must not come back to life."""

from dataclasses import dataclass

from cohesion.backup.archive import Manifest
from cohesion.database import cache_tables


@dataclass(frozen=True)
class BackupContents:
    """The rows of each table and the migrations applied, at the instant of the backup."""

    rows: dict[str, int]
    migrations: list[tuple[str, str]]

    def is_that_of(self, manifest: Manifest) -> bool:
        return self.rows == manifest.rows and [list(pair) for pair in self.migrations] == manifest.migrations


def left_out() -> list[str]:
    """Tables whose rows stay behind: a session that was closed since must not open again, nor a code serve twice."""
    return ["django_session", "usersessions_usersession", *cache_tables()]
