"""What is heard of in the whole of ``projects``; read once the applications are ready (cohesion/apps.py)."""

from projects.catalogue import carrying, hanging, publicity, stamps
from projects.dashboard import following
from projects.declaring import attachments
from projects.housekeeping import auditing, leaving
from projects.housekeeping import checks as register_checks
from projects.messaging import checks, granting, telling, withdrawing
from projects.programming import hanging as envelopes
from projects.search import versions
from projects.territory import names
from projects.webhooks import events

stamps.connect()
attachments.connect()
auditing.connect()
carrying.connect()
following.connect()
hanging.connect()
names.connect()
envelopes.connect()
leaving.connect()
telling.connect()
withdrawing.connect()
events.connect()
granting.connect()
checks.connect()
register_checks.connect()
versions.connect()
publicity.public_items()  # a setting that names no amount is refused at once
