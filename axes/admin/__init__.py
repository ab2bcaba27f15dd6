"""The officers' screens for the framework and its orientations."""

from axes.admin.framework import FrameworkAdmin
from axes.admin.orientation import OrientationAdmin
from axes.admin.programme import ProgrammeAdmin
