"""An import of projects, in the words of a test: a file, somebody."""

from projects.exchange.applying import ProjectImporter


def examine(data, filename, choices=None):
    return ProjectImporter().examine(data, filename, choices)


def apply_file(data, filename, *, by, **options):
    return ProjectImporter().apply_file(data, filename, by=by, **options)


def create_import(data, filename, owner, choices=None):
    return ProjectImporter().create_job(data, filename, owner, choices)


def reread(job, choices, by):
    return ProjectImporter().read_again(job, choices, by)


def answer(job, answers, **options):
    ProjectImporter().answer(job, answers, **options)


def apply_import(job, by, reason="", **options):
    return ProjectImporter().apply(job, by=by, reason=reason, **options)
