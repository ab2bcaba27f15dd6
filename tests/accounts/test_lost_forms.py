"""A form that is sent without a session, or with an old token, comes back as it was typed and is not sent by itself."""

import re
import time

import pytest
import time_machine
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from justhtml import JustHTML

from axes.models import Orientation
from projects.models import Need, Organization, Project
from tests.factories import DeclarationFactory, LeadFactory, OfficerFactory, OrganizationFactory, ProjectFactory
from tests.site.forms import form_fields

pytestmark = pytest.mark.django_db
HOUR = 3600
PASSWORD = "mot-de-passe-de-test"
NOTICE = "Vous étiez déconnecté : rien n’a été enregistré."


@pytest.fixture(autouse=True)
def _nothing_counted(db):
    cache.clear()


def log_in(client, user, page=""):
    token = client.cookies["csrftoken"].value if "csrftoken" in client.cookies else ""
    fields = {"login": user.email, "password": PASSWORD, "csrfmiddlewaretoken": token}
    return client.post(f"/compte/connexion/{page}", fields)
