"""The whole programme in one file, and back: the database as it was at one instant, and every attachment."""

from cohesion.backup.archive import Unusable
from cohesion.backup.restoring import restore
from cohesion.backup.saving import save
