"""The panel of figures that every subject has, as its reader may read it."""

from django.http import HttpRequest

from axes.models import Framework
from projects.browsing.reader import reader, reads_all
from projects.catalogue import publicity
from projects.figures.panel import PanelSource
from projects.figures.periods import Period


def panel_source(
    request: HttpRequest, framework: Framework | None, period: Period, *, is_compared: bool = True
) -> PanelSource:
    """What panels of a year are read from: public amounts and numbers; all of them for who reads the instruction."""
    items, exact = publicity.readable_by(reader(request)), reads_all(request)
    return PanelSource.of(framework, period, items, exact=exact, is_compared=is_compared)
