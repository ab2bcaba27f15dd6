"""The document opened and saved by LibreOffice: nothing has changed; edited before, ten edits are ten differences."""

import pytest

from axes.word.writing import export
from tests.axes.word.documents import SOFFICE, Edited, differences, saved_by_libreoffice
from tests.axes.word.frameworks import nasty_framework
from tests.axes.word.test_word_round_trip import ten_edits

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.once,
    pytest.mark.skipif(SOFFICE is None, reason="LibreOffice n’est pas installé : son aller-retour n’est pas vérifié."),
]
THROUGH = [("docx",), ("odt", "docx")]
ALSO_THROUGH = [*THROUGH, ("rtf", "docx")]  # without edits only


@pytest.mark.parametrize("formats", ALSO_THROUGH, ids="-".join)
def test_the_founding_document_saved_by_libreoffice_has_not_changed(founding, tmp_path, formats):
    data = saved_by_libreoffice(export(founding)[0], tmp_path, *formats)
    assert differences(data, founding) == []


@pytest.mark.parametrize("formats", THROUGH, ids="-".join)
def test_a_nasty_document_saved_by_libreoffice_has_not_changed(tmp_path, formats):
    framework = nasty_framework()
    data = saved_by_libreoffice(export(framework)[0], tmp_path, *formats)
    assert differences(data, framework) == []


@pytest.mark.parametrize("formats", THROUGH, ids="-".join)
def test_ten_edits_saved_by_libreoffice_are_ten_differences(founding, tmp_path, formats):
    document = Edited(founding)
    expected = ten_edits(document)
    assert differences(saved_by_libreoffice(document.data, tmp_path, *formats), founding) == expected


def test_a_sentence_written_anew_behind_its_code_is_itself_after_libreoffice(founding, tmp_path):
    document = Edited(founding)
    document.retype("8.1.4", "8.1.4 Faire connaître les métiers d’autrefois avec les écoles")
    assert differences(saved_by_libreoffice(document.data, tmp_path, "odt", "docx"), founding) == [
        ("reworded", "8.1.4")
    ]


def test_ten_edits_in_a_document_that_libreoffice_saved_before_are_ten_differences(founding, tmp_path):
    document = Edited(founding, saved_by_libreoffice(export(founding)[0], tmp_path, "docx"))
    expected = ten_edits(document)
    assert differences(document.data, founding) == expected
