"""What becomes of the links of projects when a framework takes the place of another.

Planned for each project (:mod:`planning`) from what officers decided (:mod:`deciding`), announced and carried by the
same plan (:mod:`heirs`); what waits is settled afterwards (:mod:`settling`). What else names an orientation follows
it by itself (:mod:`named`).
"""

from axes import adoption
from projects.catalogue.carrying.deciding import decide, decision_states, undo
from projects.catalogue.carrying.heirs import ProjectLinks
from projects.catalogue.carrying.named import NamingDocuments, NamingNeeds, NamingPerimeters
from projects.catalogue.carrying.planning import Destination
from projects.catalogue.carrying.settling import settle
from projects.catalogue.models.carrying import REASON_LENGTH


def connect() -> None:
    for heir in (ProjectLinks(), NamingNeeds(), NamingDocuments(), NamingPerimeters()):
        adoption.register(heir)
