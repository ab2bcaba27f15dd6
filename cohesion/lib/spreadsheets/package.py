"""Where the parts of an Office file are: its relations say so, the names are only a habit of the usual software."""

import posixpath
from dataclasses import dataclass

from cohesion.lib.spreadsheets.archive import Archive, Scanner

HABITS = ("xl/workbook.xml", "xl/workbook.bin", "word/document.xml", "ppt/presentation.xml")


@dataclass(frozen=True)
class Relation:
    """A link from one part to another of the same file: its key, what the other is (« worksheet »), where it is."""

    key: str
    kind: str
    part: str


def main_part(archive: Archive) -> str:
    """The part that the file is about: « xl/workbook.xml » of most workbooks. Nothing in what is no Office file."""
    declared = [relation.part for relation in relations(archive, "") if relation.kind == "officeDocument"]
    return next((part for part in (*declared, *HABITS) if part in archive.names), "")


def relations(archive: Archive, part: str) -> list[Relation]:
    """The links of a part (« », the file itself) to others; none where it has none."""
    folder, name = posixpath.split(part)
    place = posixpath.join(folder, "_rels", f"{name}.rels")
    if place not in archive.names:
        return []
    scanner = _Relations(folder)
    scanner.scan(archive, place)
    return scanner.relations


class _Relations(Scanner):
    def __init__(self, folder: str) -> None:
        super().__init__()
        self.folder = folder
        self.relations: list[Relation] = []

    def start_Relationship(self, attributes: dict[str, str]) -> None:
        if attributes.get("TargetMode") == "External":
            return
        part = posixpath.normpath(posixpath.join("/", self.folder, attributes.get("Target", ""))).lstrip("/")
        self.relations.append(Relation(attributes.get("Id", ""), attributes.get("Type", "").rpartition("/")[2], part))
