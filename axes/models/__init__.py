"""The framework that a council adopts: its programmes, its versions, its tree of orientations and what each became."""

from axes.models.descent import Descent
from axes.models.framework import Framework
from axes.models.importing import DocumentReading, ImportJob
from axes.models.orientation import Orientation
from axes.models.outline import Outline
from axes.models.preparing import DraftLink, NodeNote
from axes.models.programme import Programme
