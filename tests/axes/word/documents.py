"""A framework's document in the hands of somebody: edited as Word would, through python-docx."""

import copy
import io
import shutil
import subprocess
from pathlib import Path

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from axes.models import Framework, Orientation
from axes.word.importing import WordImporter
from axes.word.marks import mark
from axes.word.writing import export

SOFFICE = shutil.which("soffice")


class Edited:
    """A document that left, and what somebody does in it. Orientations are known by their codes."""

    def __init__(self, framework: Framework, data: bytes | None = None) -> None:
        self.framework = framework
        self.word = docx.Document(io.BytesIO(data or export(framework)[0]))
        self.body = self.word.element.body

    @property
    def data(self) -> bytes:
        stream = io.BytesIO()
        self.word.save(stream)
        return stream.getvalue()

    def paragraph(self, code: str):
        orientation = Orientation.objects.get(framework=self.framework, code=code)
        (start,) = self.body.xpath(f".//w:bookmarkStart[@w:name='{mark(orientation)}']")
        return start.getparent()

    def cell(self, code: str):
        return self.paragraph(code).getparent()

    def row(self, code: str):
        return self.cell(code).getparent()

    def wording(self, code: str):
        """The run that holds the wording: the last one."""
        return self.paragraph(code).findall(qn("w:r"))[-1].find(qn("w:t"))

    def reword(self, code: str, old: str, new: str) -> None:
        text = self.wording(code)
        assert old in text.text
        text.text = text.text.replace(old, new)

    def retype(self, code: str, text: str) -> None:
        """Another paragraph in its place: nothing marks it."""
        paragraph = self.paragraph(code)
        paragraph.addnext(self.typed(text))
        paragraph.getparent().remove(paragraph)

    def typed(self, text: str, style: str = "Orientation"):
        paragraph, run, inside = (OxmlElement(name) for name in ("w:p", "w:r", "w:t"))
        properties, look = OxmlElement("w:pPr"), OxmlElement("w:pStyle")
        look.set(qn("w:val"), style)
        properties.append(look)
        inside.text = text
        run.append(inside)
        paragraph.append(properties)
        paragraph.append(run)
        return paragraph

    def add(self, after: str, text: str) -> None:
        """Enter at the end of a paragraph, then a text."""
        self.paragraph(after).addnext(self.typed(text))

    def fill(self, row, column: int, text: str) -> None:
        """Type in an empty cell of a row."""
        cell = row.findall(qn("w:tc"))[column]
        cell.replace(cell.find(qn("w:p")), self.typed(text))

    def add_row(self, after: str, column: int, text: str) -> None:
        """A row inserted below another one, whose cells are empty but one; merged cells go on."""
        row = self.row(after)
        twin = copy.deepcopy(row)
        for cell in twin.findall(qn("w:tc")):
            for paragraph in cell.findall(qn("w:p")):
                cell.remove(paragraph)
            cell.append(OxmlElement("w:p"))
            merge = cell.find(qn("w:tcPr")).find(qn("w:vMerge"))
            if merge is not None:
                merge.attrib.clear()
        row.addnext(twin)
        self.fill(twin, column, text)

    def empty(self, code: str) -> None:
        """All the text of a paragraph is deleted, which stays where it is."""
        paragraph = self.paragraph(code)
        for run in paragraph.findall(qn("w:r")):
            paragraph.remove(run)

    def remove(self, code: str) -> None:
        """A paragraph is deleted; a cell always has one."""
        cell = self.cell(code)
        cell.remove(self.paragraph(code))
        if not cell.findall(qn("w:p")):
            cell.append(OxmlElement("w:p"))

    def move(self, code: str, after: str) -> None:
        """Cut, and paste behind another paragraph: the bookmark goes along."""
        paragraph, cell = self.paragraph(code), self.cell(code)
        self.paragraph(after).addnext(paragraph)
        if not cell.findall(qn("w:p")):
            cell.append(OxmlElement("w:p"))

    def cut(self, code: str, at: str) -> None:
        """Enter in the middle of a wording: the bookmark ends in the second half."""
        first, text = self.paragraph(code), self.wording(code)
        beginning, middle, end = text.text.partition(at)
        assert middle
        text.text = beginning
        second = self.typed(f"{middle}{end}")
        first.addnext(second)
        second.append(first.find(qn("w:bookmarkEnd")))

    def join(self, code: str, following: str) -> None:
        """Backspace at the beginning of the following paragraph."""
        first, second = self.paragraph(code), self.paragraph(following)
        text = self.wording(code)
        text.text += " "
        text.set(qn("xml:space"), "preserve")
        for child in list(second):
            if child.tag != qn("w:pPr"):
                first.append(child)
        second.getparent().remove(second)

    def merge_down(self, code: str, row: str) -> None:
        """The cell of an orientation merged with the empty one under it, in the row of another."""
        upper, below = self.cell(code), self.row(row).findall(qn("w:tc"))[-1]
        for cell, value in ((upper, "restart"), (below, None)):
            properties = cell.find(qn("w:tcPr"))
            for former in properties.findall(qn("w:vMerge")):
                properties.remove(former)
            merge = OxmlElement("w:vMerge")
            if value:
                merge.set(qn("w:val"), value)
            properties.find(qn("w:tcW")).addnext(merge)


def read_back(data: bytes, framework: Framework):
    """The plan of a document, and what is told of it."""
    plan, _ = WordImporter(framework).examine(data, "cadre.docx")
    return plan, plan.report()


def differences(data: bytes, framework: Framework) -> list[tuple[str, str]]:
    """The kind and the code of each difference, in order."""
    plan, report = read_back(data, framework)
    assert not plan.problems, plan.problems
    return sorted((line["kind"], line["code"]) for line in report["word"]["lines"])


def saved_by_libreoffice(data: bytes, folder: Path, *through: str) -> bytes:
    """The document opened and saved by LibreOffice, as each of these formats in turn."""
    (folder / "cadre.docx").write_bytes(data)
    source = folder / "cadre.docx"
    for number, format in enumerate(through):
        into = folder / str(number)
        subprocess.run(
            [
                *(SOFFICE, "--headless", f"-env:UserInstallation=file://{folder}/profile"),
                *("--convert-to", format, "--outdir", into, source),
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )
        source = into / f"cadre.{format}"
    return source.read_bytes()
