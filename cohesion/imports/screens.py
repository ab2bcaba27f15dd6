"""What the screens of all imports share: the deposit of a file, the preview of what it would do, a file to keep."""

from typing import Any, Self

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse

from cohesion.imports.models import FileImport
from cohesion.lib.spreadsheets import MAX_BYTES, MAX_ROWS, TOO_HEAVY
from cohesion.lib.text import count_phrase, number_fr

PAGE = 100


class ImportForm(forms.Form):
    file = forms.FileField(
        label="Fichier",
        allow_empty_file=True,
        help_text=f"CSV, XLSX, ODS ou JSON exporté d’ici ; au plus 5 Mo et {number_fr(MAX_ROWS)} lignes.",
        error_messages={"required": "Choisissez un fichier CSV, XLSX, ODS ou JSON."},
        widget=forms.FileInput(
            attrs={
                "accept": ".csv,.xlsx,.ods,.json",
                "aria-describedby": "id_file_help",
                "data-most": MAX_BYTES,
                "data-too-large": TOO_HEAVY,
            }
        ),
    )

    class Media:
        js = ("uploads.js",)

    @classmethod
    def sent(cls, request: HttpRequest) -> Self:
        """The form that was sent; a file larger than the site takes did not come, which is said as it is."""
        files: Any = request.FILES
        form = cls(request.POST, files)
        if getattr(request, "file_was_too_large", False):
            form.fields["file"].error_messages["required"] = TOO_HEAVY
        return form


def download(content: bytes, content_type: str, filename: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{filename}"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type=content_type, headers=headers)


def preview(request: HttpRequest, job: FileImport, labels: dict[str, str]) -> dict[str, Any]:
    """The counts, the entries of the kind asked for (`?montrer=`), a page at a time, and the errors by column.

    ``labels`` names the kinds of differences; the first is shown when none has any.
    """
    report = job.report
    kinds = [(kind, label, report["counts"][kind]) for kind, label in labels.items()]
    asked = request.GET.get("montrer", "")
    if asked not in labels:
        asked = next((kind for kind, _, count in kinds if count), next(iter(labels)))
    page = Paginator(report[asked], PAGE).get_page(request.GET.get("page"))
    columns: dict[str, dict[str, Any]] = {}
    for number, error in enumerate(report["errors"], start=1):
        line = columns.setdefault(error["column"] or "Le fichier", {"first": number, "count": 0})
        line["count"] += 1
    return {
        "report": report,
        "kinds": kinds,
        "asked": asked,
        "asked_label": labels[asked],
        "page": page,
        "error_columns": columns,
        "errors_phrase": count_phrase(report["errors_total"], "erreur"),
        "writes": any(report["counts"].get(kind) for kind in ("created", "changed", "moved")),
    }
