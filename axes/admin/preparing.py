"""All that is done of a framework before it is adopted."""

from axes.admin.beside import BesideAdmin
from axes.admin.noting import FrameworkNotesAdmin
from axes.admin.showing import ShowingAdmin
from axes.admin.starting import StartingAdmin


class PreparingAdmin(BesideAdmin, FrameworkNotesAdmin, ShowingAdmin, StartingAdmin):
    """Begun, edited beside the one before, noted, shown."""
