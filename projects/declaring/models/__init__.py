"""Calls, declarations, their files, and what is asked to be completed."""

from projects.declaring.models.attachment import Attachment
from projects.declaring.models.campaign import Campaign, ExpectedPiece, LateLeave, LateReportLeave
from projects.declaring.models.declaration import Declaration, Remark, Submission
