"""The addresses of each room, under one name."""

from projects.agenda import urls as agenda
from projects.browsing import urls as browsing
from projects.correspondence import urls as correspondence
from projects.dashboard import urls as dashboard
from projects.declaring import urls as declaring
from projects.directory import urls as directory
from projects.instructing import urls as instructing
from projects.members import urls as members
from projects.messaging import urls as messaging
from projects.opendata import urls as opendata
from projects.papers import urls as papers
from projects.paying import urls as paying
from projects.programming import urls as programming
from projects.reporting import urls as reporting

app_name = "projects"
urlpatterns = [
    *browsing.urlpatterns,
    *dashboard.urlpatterns,
    *papers.urlpatterns,
    *members.urlpatterns,
    *reporting.urlpatterns,  # before « declarations/<pk>/<page> », which would take « pieces »
    *declaring.urlpatterns,
    *messaging.urlpatterns,
    *agenda.urlpatterns,
    *directory.urlpatterns,
    *paying.urlpatterns,
    *opendata.urlpatterns,
    *instructing.urlpatterns,
    *programming.urlpatterns,
    *correspondence.urlpatterns,
]
