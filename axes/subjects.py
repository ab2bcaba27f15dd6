"""Of which framework a file speaks: its programme and its version, said in the file itself."""

from axes.models import Framework
from cohesion.lib.spreadsheets import Subject


def subjects_of(framework: Framework | None) -> tuple[Subject, ...]:
    """What every row of a file of this framework is of; nothing where there is none."""
    if framework is None:
        return ()
    words = f"{framework.name} ({framework.get_status_display().lower()})"
    return programme_of(framework), Subject("cadre", framework.slug, "Cadre", words)


def programme_of(framework: Framework) -> Subject:
    programme = framework.programme
    return Subject("programme", programme.short_name, "Programme", programme.name)
