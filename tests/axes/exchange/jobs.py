"""An import of orientations, in the words of a test: a file, a framework, somebody."""

from axes.exchange.applying import OrientationImporter


def examine(data, filename, framework, choices=None):
    return OrientationImporter(framework).examine(data, filename, choices)


def create_job(data, filename, framework, owner, choices=None):
    return OrientationImporter(framework).create_job(data, filename, owner, choices)


def reread(job, choices, by):
    return OrientationImporter(job.framework).read_again(job, choices, by)


def apply_job(job, by, reason=""):
    return OrientationImporter(job.framework).apply(job, by=by, reason=reason)
