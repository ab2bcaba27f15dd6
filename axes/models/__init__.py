"""The framework that a council adopts: its versions and its tree of orientations."""

from axes.models.framework import Framework
from axes.models.importing import ImportJob
from axes.models.orientation import Orientation
from axes.models.outline import Outline

__all__ = ["Framework", "ImportJob", "Orientation", "Outline"]
