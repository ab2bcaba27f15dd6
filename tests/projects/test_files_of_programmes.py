"""Each file says of which framework it speaks: a CSV on each row, a workbook on a sheet of its own."""

import csv
import datetime
import io

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from axes.exchange.resource import ORIENTATIONS
from cohesion.lib.spreadsheets import Subject, Table, read_workbook, write
from cohesion.lib.spreadsheets.headers import HeaderSearch, read_headers
from projects.catalogue.columns import PROJECTS
from tests.factories import OfficerFactory, ProjectFactory
from tests.site.files import CITY, SPEAKING

pytestmark = pytest.mark.django_db
ONE_FORMAT = {"projects:coverage_export", "projects:needs_export"}


@pytest.mark.parametrize("name", SPEAKING)
def test_each_table_of_orientations_says_of_which_programme_and_of_which_framework_it_is(client, city, node, name):
    project = ProjectFactory(serves=[node("5.2")])
    project.contributions.create(orientation=city.orientations.get(code="1.1"), is_main=True)
    officer = OfficerFactory()
    arguments, query, slug = SPEAKING[name]
    arguments = arguments | ({"pk": city.pk} if "pk" in arguments else {})
    arguments |= {"day": timezone.localdate().isoformat()} if "evening" in name else {}
    for format in ("csv",) if name in ONE_FORMAT else ("csv", "xlsx", "ods"):
        form = {} if name in ONE_FORMAT else {"format": format}
        with time_machine.travel(timezone.now() + datetime.timedelta(days=1)):  # an evening is of a day that is over
            client.force_login(officer)
            response = client.get(reverse(name, kwargs=arguments | form) + query)
        assert response.status_code == 200, name
        content = b"".join(response) if response.streaming else response.content
        if format == "csv":
            headers, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";")
            said = {tuple(row[headers.index("programme") :]) for row in rows}
            assert len(said) <= 1, said  # the same on each
            values = dict(zip(headers[headers.index("programme") :], *said, strict=True)) if said else {}
            assert not said or values["programme"] == ("Ville" if slug == CITY else "Cohésion sociale")
            assert not said or slug in values.values()
        else:
            sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("À propos")
            about = dict(sheet.to_python(skip_empty_area=True)[1:])
            named = "Contrat de ville" if slug == CITY else "Cohésion sociale et territoriale"
            assert about["Programme"] == named, about
            assert any("Contrat de ville 2024-2030" in words for words in about.values()) == (slug == CITY)


@pytest.mark.parametrize("resource", [ORIENTATIONS, PROJECTS])
@pytest.mark.parametrize("format", ["csv", "xlsx", "ods"])
def test_what_a_file_says_of_its_framework_is_left_without_a_word_by_the_import(resource, format):
    table = Table("Feuille", [column.header for column in resource.read_columns], [["1"] * 40])
    about = [Subject("programme", "Ville", "Programme"), Subject("cadre", "ville", "Cadre")]
    search = HeaderSearch(resource.expected, None, resource.unread)
    workbook = read_workbook(write(format, [table.speaking_of(about)]), f"f.{format}", search.rank)
    assert read_headers(workbook, search)[2] == []
