"""The file of a backup: a zip whose manifest says what made it, what it counts, and the SHA-256 of each member."""

import hashlib
import json
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

FORMAT = 1
MANIFEST = "manifeste.json"
ATTACHMENTS = "pieces/"
MANIFEST_BYTES = 100_000_000
CHUNK = 1 << 20
# What reading a spoilt zip raises, whatever byte was spoilt.
SPOILT = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, struct.error, ValueError)
# « ab/ab12… »: nothing that leads out of a folder, nothing that another system reads otherwise.
_SAFE_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*")

_TABLE = re.compile(r"[a-z0-9_]+")


class Unusable(Exception):
    """The backup cannot be made, or cannot be used; the message says why and what to do, in French."""


@dataclass
class Manifest:
    """What the archive says of itself. ``rows`` counts each table, ``members`` holds a size and a digest."""

    software: str
    database: str  # the vendor
    at: str
    migrations: list[list[str]]
    rows: dict[str, int]
    missing: list[str] = field(default_factory=list)  # attachments whose bytes were lost before the backup
    members: dict[str, list[Any]] = field(default_factory=dict)
    format: int = FORMAT

    @property
    def database_member(self) -> str:
        return DATABASE_MEMBERS[self.database]

    @property
    def attachments(self) -> list[str]:
        return [name.removeprefix(ATTACHMENTS) for name in self.members if name.startswith(ATTACHMENTS)]


DATABASE_MEMBERS = {"sqlite": "base.sqlite3", "postgresql": "base.pgdump"}


class Writer:
    """An archive that is being written: each member is hashed as it goes by."""

    def __init__(self, file: IO[bytes]) -> None:
        # What comes in is compressed already (attachments, pg_dump), but for SQLite's file.
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3)
        self.members: dict[str, list[Any]] = {}

    def add(self, name: str, source: IO[bytes]) -> None:
        digest, size = hashlib.sha256(), 0
        with self._zip.open(name, "w", force_zip64=True) as target:
            while chunk := source.read(CHUNK):
                digest.update(chunk)
                size += len(chunk)
                target.write(chunk)
        self.members[name] = [size, digest.hexdigest()]

    def abandon(self) -> None:
        """It will never be whole: let nothing try to finish it."""
        self._zip.fp = None

    def close(self, manifest: Manifest) -> None:
        manifest.members = self.members
        self._zip.writestr(MANIFEST, json.dumps(asdict(manifest), ensure_ascii=False, indent=1))
        self._zip.close()


@contextmanager
def opened(path: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    """An archive of which everything has been verified.

    Raises:
        Unusable: it is no backup, or it is spoilt, or it was tampered with.
    """
    try:
        archive = zipfile.ZipFile(path)
    except FileNotFoundError as error:
        raise Unusable(f"Le fichier {path} n’existe pas.") from error
    except (OSError, *SPOILT) as error:
        raise Unusable(
            f"{path} n’est pas une sauvegarde, ou il est tronqué : prenez-en une autre, ou recopiez-le."
        ) from error
    with archive:
        yield archive, _verified(archive, path)


def _verified(archive: zipfile.ZipFile, path: Path) -> Manifest:
    manifest = _manifest(archive, path)
    pieces = [info.filename for info in archive.infolist() if info.filename != MANIFEST]
    for name in pieces:
        if not _SAFE_NAME.fullmatch(name) or ".." in name:
            raise Unusable(f"{path} contient un nom de fichier dangereux ({name[:80]!r}) : ne l’utilisez pas.")
    if missing := sorted(manifest.members.keys() - set(pieces)):
        raise Unusable(f"Il manque « {missing[0]} » dans {path} : prenez une autre sauvegarde.")
    if len(pieces) != len(manifest.members) or manifest.database_member not in manifest.members:
        raise Unusable(f"{path} contient autre chose que ce que dit son manifeste : prenez une autre sauvegarde.")
    for name, (size, digest) in manifest.members.items():
        if _digest(archive, name, size) != digest:
            raise Unusable(f"« {name} » est abîmé dans {path} : prenez une autre sauvegarde, ou recopiez-la.")
    return manifest


def _manifest(archive: zipfile.ZipFile, path: Path) -> Manifest:
    try:
        if archive.getinfo(MANIFEST).file_size > MANIFEST_BYTES:
            raise ValueError(MANIFEST)
        raw = json.loads(archive.read(MANIFEST))
        number = int(raw["format"])
        if number > FORMAT:
            raise Unusable(f"{path} vient d’une version plus récente du logiciel ({raw['software']}) : installez-la.")
        manifest = Manifest(**raw)
        is_whole = (
            manifest.database in DATABASE_MEMBERS
            and all(len(pair) == 2 for pair in manifest.migrations)
            and all(_TABLE.fullmatch(name) and isinstance(rows, int) for name, rows in manifest.rows.items())
            and all(isinstance(size, int) and len(digest) == 64 for size, digest in manifest.members.values())
        )
    except (KeyError, TypeError, AttributeError, OSError, *SPOILT) as error:
        raise Unusable(f"Le manifeste de {path} est illisible : prenez une autre sauvegarde.") from error
    if not is_whole:
        raise Unusable(f"Le manifeste de {path} est incomplet : prenez une autre sauvegarde.")
    return manifest


def _digest(archive: zipfile.ZipFile, name: str, size: int) -> str:
    """The SHA-256 of a member, or nothing where it cannot be read or has another size."""
    if archive.getinfo(name).file_size != size:
        return ""
    digest = hashlib.sha256()
    try:
        with archive.open(name) as member:
            while chunk := member.read(CHUNK):
                digest.update(chunk)
    except (OSError, *SPOILT):
        return ""
    return digest.hexdigest()
