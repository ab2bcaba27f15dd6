"""What the screens of all imports share: the deposit of a file, the preview of what it would do, a file to keep."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, Self

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase

from cohesion.imports.applying import NotApplied
from cohesion.imports.importer import Importer, Job, Tell, tell_nobody
from cohesion.imports.models import FileImport
from cohesion.lib.http import file_answer
from cohesion.lib.people import signed_in
from cohesion.lib.refusals import first_sentence
from cohesion.lib.spreadsheets import MAX_BYTES, MAX_ROWS, TOO_HEAVY
from cohesion.lib.spreadsheets.selects import Select, choices_of, selects
from cohesion.lib.text import count_phrase, number_fr

PAGE = 100
REASON_LENGTH = 300
TOLD = {
    FileImport.State.READY: "Ce que le fichier change",
    FileImport.State.APPLIED: "Ce que le fichier a changé",
}


class ImportForm(forms.Form):
    """The deposit of a file: a table."""

    file = forms.FileField(
        label="Fichier",
        allow_empty_file=True,
        help_text=f"CSV, XLSX ou ODS ; au plus 5 Mo et {number_fr(MAX_ROWS)} lignes.",
        error_messages={"required": "Choisissez un fichier CSV, XLSX ou ODS."},
        widget=forms.FileInput(
            attrs={
                "accept": ".csv,.xlsx,.ods",
                "aria-describedby": "id_file_help",
                "data-most": MAX_BYTES,
                "data-too-large": TOO_HEAVY,
            }
        ),
    )

    class Media:
        js = ("uploads.js",)

    @classmethod
    def of_request(cls, request: HttpRequest, **options: Any) -> Self:
        """The form that was sent, or an empty one.

        A file larger than the site takes did not come, which is said as it is.
        """
        if request.method != "POST":
            return cls(**options)
        files = request.FILES
        form = cls(request.POST, files, **options)
        if getattr(request, "file_was_too_large", False):
            form.fields["file"].error_messages["required"] = TOO_HEAVY
        return form


def download(content: bytes, content_type: str, filename: str) -> HttpResponse:
    """A file to keep, which no cache keeps."""
    return file_answer(content, content_type, filename, is_private=True)


@dataclass(frozen=True)
class ImportWords:
    """What the screens of one kind of import say: French sentences, and the labels of the kinds of differences.

    ``code``, ``title``, ``level`` and ``parent`` are the headings of what a row is known by, what it is, of what kind,
    and under what; empty: no such column.
    """

    introduction: str
    back: str  # the words of the link to what it is about
    rules: tuple[str, ...]
    kinds: Mapping[str, str]
    elsewhere: str = ""  # how to begin with what is there, where it is exported from elsewhere
    unchanged: str = "Inchangés"
    code: str = "Code"
    title: str = "Titre"
    level: str = ""
    parent: str = ""


class ImportScreens(Generic[Job]):
    """What the screens of an import do, wherever they stand: take a file, show what it would do, apply it or give it
    up, read it again otherwise.
    """

    # --- what differs -----------------------------------------------------------------------------------------

    def importer_of(self, job: Job) -> Importer[Job, Any]:
        """Who reads and applies a job."""
        raise NotImplementedError

    def chosen_importer(self, request: HttpRequest, job: Job) -> Importer[Job, Any]:
        """Who applies a job, with what was chosen on its page."""
        return self.importer_of(job)

    def job_address(self, job: Job) -> str:
        """Where a job is shown."""
        raise NotImplementedError

    def deposit_address(self, job: Job) -> str:
        """Where one goes when a job is given up."""
        raise NotImplementedError

    def applied_address(self, job: Job) -> str:
        """Where one goes when a job is applied."""
        return self.job_address(job)

    def log_application(self, request: HttpRequest, job: Job, written: int, done: str) -> None:
        """Say in a journal that a job was applied; ``done`` is what was written, in words."""

    # --- what is the same -------------------------------------------------------------------------------------

    def take_file(self, request: HttpRequest, form: ImportForm, importer: Importer[Job, Any]) -> HttpResponse:
        """Take the file of a valid form, and lead to its preview; nothing is written of what it is about."""
        upload = form.cleaned_data["file"]
        job = importer.create_job(upload.read(MAX_BYTES + 1), upload.name, signed_in(request))
        return HttpResponseRedirect(self.job_address(job))

    def selects(self, job: Job) -> list[Select]:
        """Which sheet and which columns were read, to be corrected by hand as long as the file is kept."""
        if not job.is_rereadable:
            return []
        return selects(job.report.get("table", {}), self.importer_of(job).resource.expected)

    def decide(self, request: HttpRequest, job: Job) -> HttpResponseBase:
        """Do what was asked of a job."""
        if "reread" in request.POST:
            return self._read_again(request, job)
        if "cancel" in request.POST:
            if job.give_up():
                messages.info(request, "L’import est abandonné : rien n’a été écrit.")
            return HttpResponseRedirect(self.deposit_address(job))
        return self.apply(request, job)

    def apply(self, request: HttpRequest, job: Job) -> HttpResponseBase:
        """Apply what was shown, and lead on; where it is refused, back to the job with the reason."""
        try:
            done = self.write(request, job)
        except (NotApplied, ValidationError) as refusal:
            messages.error(request, first_sentence(refusal))
            return HttpResponseRedirect(self.job_address(job))
        messages.success(request, f"L’import est appliqué : {done}.")
        return HttpResponseRedirect(self.applied_address(job))

    def write(self, request: HttpRequest, job: Job, tell: Tell = tell_nobody) -> str:
        """Apply what was shown; returns what was done, in words."""
        importer = self.chosen_importer(request, job)
        reason = request.POST.get("reason", "")[:REASON_LENGTH]
        written = importer.apply(job, by=signed_in(request), reason=reason, tell=tell)
        done = count_phrase(written, *importer.unit)
        self.log_application(request, job, written, done)
        return done

    def _read_again(self, request: HttpRequest, job: Job) -> HttpResponse:
        """Read the file again, with another sheet or other columns."""
        importer = self.importer_of(job)
        choices = choices_of(request.POST, job.report.get("table", {}), importer.resource.expected)
        try:
            job = importer.read_again(job, choices, signed_in(request))
        except NotApplied as refusal:
            messages.error(request, str(refusal))
        else:
            messages.info(request, "Le fichier est relu avec vos choix : voici le nouvel aperçu.")
        return HttpResponseRedirect(self.job_address(job))


def preview(request: HttpRequest, job: FileImport, labels: Mapping[str, str]) -> dict[str, Any]:
    """The counts, the entries of the kind asked for (`?montrer=`), a page at a time, and the errors by column.

    ``labels`` names the kinds of differences; the first is shown when none has any.
    """
    report = job.report
    kinds = [(kind, label, report["counts"][kind]) for kind, label in labels.items()]
    chosen = request.GET.get("montrer", "")
    if chosen not in labels:
        chosen = next((kind for kind, _, count in kinds if count), next(iter(labels)))
    page = Paginator(report[chosen], PAGE).get_page(request.GET.get("page"))
    columns: dict[str, dict[str, Any]] = {}
    for number, error in enumerate(report["errors"], start=1):
        line = columns.setdefault(error["column"] or "Le fichier", {"first": number, "count": 0})
        line["count"] += 1
    return {
        "report": report,
        "told": TOLD.get(FileImport.State(job.state), "Ce que le fichier aurait changé"),
        "kinds": kinds,
        "asked": chosen,
        "shown": dict.fromkeys([chosen], True),  # the kind of difference: shown.created, shown.changed…
        "asked_label": labels[chosen],
        "page": page,
        "error_columns": columns,
        "errors_phrase": count_phrase(report["errors_total"], "erreur"),
        "writes": any(report["counts"].get(kind) for kind in ("created", "changed", "moved")),
    }
