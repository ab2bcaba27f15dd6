"""The screens of a Word document that was brought back: the differences node by node, and what may be removed."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpRequest

from axes import hanging
from axes.models import Framework, ImportJob, Orientation
from axes.word.differences import KINDS
from axes.word.importing import WordImporter
from cohesion.imports.screens import PAGE
from cohesion.lib.word_tables import is_word

RULES = (
    "Modifiez les textes dans les cellules du tableau ; ajoutez, coupez, réunissez, déplacez ou supprimez des "
    "paragraphes et des lignes ; fusionnez ou séparez des cellules. Chaque différence est montrée, orientation par "
    "orientation.",
    "La colonne dit le niveau d’un texte nouveau, et ce qui est à sa gauche dit sous quoi il se place.",
    "Le code, en petit et en gris devant un texte, n’est pas lu comme du texte : le changer ne renumérote rien.",
    "Ce que Word change de lui-même (espaces insécables, apostrophes, guillemets, points de suspension) ne compte pas.",
    "Le contexte et la description des orientations ne sont pas dans le document : ils restent ce qu’ils sont.",
    "Une orientation ôtée du document n’est supprimée que d’un cadre en préparation, et si vous la cochez.",
)
ALL = "tout"


def is_word_upload(upload: UploadedFile) -> bool:
    """Whether a file that was sent is a Word document: its folders are looked for before it is opened."""
    data = upload.read()
    upload.seek(0)
    return data.startswith(b"PK") and b"word/" in data and is_word(data)


def is_of_word(job: ImportJob) -> bool:
    """Whether the file of a job was a Word document."""
    return "word" in job.report


def importer(request: HttpRequest, job: ImportJob) -> WordImporter:
    """Who applies a job, with what was ticked on its page."""
    return WordImporter(job.framework, request.POST.getlist("remove"))


def context(request: HttpRequest, job: ImportJob) -> dict[str, Any]:
    """The differences of a document (``?montrer=``: of one kind), and what may be removed with it."""
    word = job.report["word"]
    counts = word.get("counts", {})
    kind = request.GET.get("montrer", "")
    kind = kind if counts.get(kind) else ALL
    lines = [line for line in word.get("lines", ()) if kind in (ALL, line["kind"])]
    removable = _removable(job) if job.is_ready else []
    return {
        "report": job.report,
        "word": word,
        "kinds": [(name, label, counts[name]) for name, label in KINDS.items() if counts.get(name)],
        "asked": kind,
        "total": len(word.get("lines", ())),
        "labels": KINDS,
        "page": Paginator([_shown(line) for line in lines], PAGE).get_page(request.GET.get("page")),
        "removable": removable,
        "writes": _writes(job.report) or bool(removable),
        "is_draft": job.framework.is_draft,
    }


def _shown(line: dict[str, Any]) -> dict[str, Any]:
    """A line as its template reads it: its kind in a word, and as a key that is asked for."""
    return line | {"label": SINGULAR[line["kind"]], "shows": {line["kind"]: True}}


SINGULAR = {
    "reworded": "Reformulée",
    "moved": "Déplacée",
    "created": "Nouvelle",
    "cut": "Coupée en deux",
    "joined": "Réunie à une autre",
    "cells": "Cellule fusionnée ou séparée",
    "missing": "Ôtée",
}


def _writes(report: dict[str, Any]) -> bool:
    return any(report["counts"][kind] for kind in ("created", "changed", "moved"))


def _removable(job: ImportJob) -> list[dict[str, Any]]:
    """The orientations that the document lacks, of a framework in preparation, each with what hangs on it."""
    framework: Framework = job.framework
    codes = [entry["code"] for entry in job.report.get("missing", ())]
    if not codes or not framework.is_draft or not job.report["accepted"]:
        return []
    nodes = list(Orientation.objects.filter(framework=framework, code__in=codes).in_order().select_related("framework"))
    burden = hanging.burden(nodes)
    here = {node.pk: rows for node, rows in burden.here.listed}
    before = {node.uid: rows for node, rows in burden.before.listed}
    return [
        {
            "code": node.code,
            "title": node.display_title,
            "here": here.get(node.pk, []),
            "before": before.get(node.uid, []),
            "is_free": node.pk not in here and node.uid not in before,
        }
        for node in nodes
    ]
