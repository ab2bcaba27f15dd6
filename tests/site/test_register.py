"""The register says all that is kept about people: nothing of the models is left out, nothing of the page is blank."""

import re
from dataclasses import replace
from html import unescape

import pytest
from django.apps import apps
from django.conf import settings as site_settings
from django.core import checks
from django.db import models

from cohesion.lib.retention import Retention
from cohesion.models import User
from projects.housekeeping.register import EVERYTHING, TREATMENTS

NAMING = re.compile(
    r"mail|phone|representative|contact|signed_for|first_name|last_name|signature|user_agent|^who$|^to$"
)
# What looks as if it named somebody, and does not: why.
OF_NOBODY = {
    "axes.Framework.column_titles": "the headers of a spreadsheet",
    "axes.Orientation.columns": "other columns of the adopted text",
    "axes.Outline.order": "keys",
    "axes.Outline.merged": "keys",
    "projects.Territory.outline": "a polygon",
    "projects.OpenFile.packed": "a public file",
    "projects.Message.mailed": "yes or no",
}


def base_of(model):
    """The model whose history another is, or itself."""
    tracked = getattr(model, "instance_type", None)
    return tracked if isinstance(tracked, type) else model


def names_people(field):
    if isinstance(field, models.ForeignKey):
        return field.related_model is User
    kinds = (models.EmailField, models.GenericIPAddressField, models.JSONField, models.BinaryField, models.FileField)
    return isinstance(field, kinds) or bool(NAMING.search(field.name))


def personal():
    """Each column that may name somebody: its model (that of a history is the one it follows) and its name."""
    for model in apps.get_models():
        if model._meta.proxy:
            continue
        for field in model._meta.concrete_fields:
            name = f"{base_of(model)._meta.label}.{field.name}"
            if names_people(field) and field.name != "history_user" and name not in OF_NOBODY:
                yield base_of(model)._meta.label, field.name


def claimed(label, name):
    claims = [treatment.columns[label] for treatment in TREATMENTS if label in treatment.columns]
    return any(columns == EVERYTHING or name in columns for columns in claims)


def test_each_column_that_names_somebody_is_of_a_treatment():
    assert sorted({f"{label}.{name}" for label, name in personal() if not claimed(label, name)}) == []


def test_no_treatment_claims_a_column_that_is_not_there():
    known = {model._meta.label: {field.name for field in model._meta.concrete_fields} for model in apps.get_models()}
    for treatment in TREATMENTS:
        for label, columns in treatment.columns.items():
            if label in known and columns != EVERYTHING:
                assert set(columns) <= known[label], label


def test_each_treatment_says_everything():
    for treatment in TREATMENTS:
        words = (treatment.title, treatment.details, treatment.people, treatment.purpose, treatment.recipients)
        assert all(words), treatment.title
        assert "RGPD, article" in treatment.basis
        assert treatment.retention().strip()


@pytest.mark.django_db
def test_the_page_has_no_blank_whatever_is_set(client, founding, settings):
    settings.CONTACT_EMAIL = settings.SITE_AUTHORITY = ""
    settings.LOG_RETENTION_DAYS = 0
    settings.RETENTION = Retention(**dict.fromkeys(Retention.__dataclass_fields__, 0))
    page = client.get("/donnees-personnelles/").text
    assert "à renseigner" not in page
    assert " 0 jour" not in page.replace("\u00a0", " ")
    assert page.count("<tr>") == 1 + len(TREATMENTS)


@pytest.mark.django_db
def test_the_page_says_the_lengths_that_are_set(client, founding, settings):
    settings.RETENTION = replace(site_settings.RETENTION, files_years=12, contacts_years=4)
    page = unescape(client.get("/donnees-personnelles/").text).replace("\u00a0", " ").replace("\u202f", " ")
    assert "12 ans après la fin du dossier" in page
    assert "4 ans après son dernier dossier" in page


def test_what_the_page_cannot_say_is_told_to_whoever_installs_the_site(settings):
    settings.CONTACT_EMAIL = ""
    settings.LOG_RETENTION_DAYS = 0
    warned = {warning.id for warning in checks.run_checks(include_deployment_checks=True)}
    assert {"projects.I001", "projects.I002"} <= warned
