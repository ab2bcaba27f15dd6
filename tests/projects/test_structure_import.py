"""Structures come in as a table: which one each row means is told, then what it changes; none goes, none is doubled."""

import csv
import io

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.html import strip_tags

from cohesion.imports.applying import NotApplied
from cohesion.lib.spreadsheets import write
from cohesion.roles import ELECTED
from projects.choices import LegalForm, OrganizationKind
from projects.members.columns import ORGANIZATIONS, PUBLIC_COLUMNS
from projects.members.importing import OrganizationImporter, model_file
from projects.models import Organization, OrganizationImport
from tests.axes.exchange.files import lines
from tests.factories import OfficerFactory, OrganizationFactory, TerritoryFactory, UserFactory

pytestmark = pytest.mark.django_db
HEADERS = "nom;nature;siret;rna"
SIRET, OTHER_SIRET, RNA = "12345678200010", "73282932000074", "W271234567"
PRIVATE = {"siret_en_cours", "adresse", "courriel", "telephone", "representant", "note"}


def examine(*rows, headers=HEADERS):
    return OrganizationImporter().examine(lines(*rows, headers=headers), "structures.csv")[0]


def bring(*rows, headers=HEADERS, by=None):
    plan, written = OrganizationImporter().apply_file(lines(*rows, headers=headers), "structures.csv", by=by)
    assert plan.problems == []
    return written


def plain(text):
    return text.replace("\u00a0", " ")


def refusals(*rows, headers=HEADERS):
    return [plain(str(problem)) for problem in examine(*rows, headers=headers).problems]


def rows_of(answer):
    content = b"".join(answer.streaming_content if answer.streaming else [answer.content]).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content), delimiter=";"))


def escale(**fields):
    return OrganizationFactory(**{"name": "L’Escale verte", "kind": OrganizationKind.ASSOCIATION} | fields)


# --- which structure a row means ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "row",
    [
        f"Nouveau nom;Association;{SIRET};",
        f"Nouveau nom;Association;;{RNA}",
        f"Nouveau nom;Association;123 456 782 00010;{RNA.lower()}",
    ],
)
def test_a_structure_is_known_by_its_siret_then_by_its_rna_whatever_its_name(row):
    known = escale(siret=SIRET, rna=RNA)
    assert bring(row) == 1
    known.refresh_from_db()
    assert (known.name, known.siret, known.rna) == ("Nouveau nom", SIRET, RNA)
    assert Organization.objects.count() == 1


def test_a_structure_is_known_by_its_name_however_it_is_written_and_gains_its_siret():
    known = escale()
    assert bring(f"l'escale-VERTE;Association;{SIRET};") == 1
    known.refresh_from_db()
    assert (known.siret, Organization.objects.count()) == (SIRET, 1)


def test_a_structure_is_known_by_its_number_so_that_its_name_can_be_mended():
    known = escale()
    assert bring(f"{known.pk};L’Escale bleue;Association", headers="identifiant;nom;nature") == 1
    known.refresh_from_db()
    assert known.name == "L’Escale bleue"
    assert refusals(f"{known.pk + 1};L’Escale bleue;Association", headers="identifiant;nom;nature")[0].startswith(
        "Ligne 2, colonne identifiant (A) : Aucune structure n’a ce numéro"
    )


def test_two_establishments_of_one_association_are_two_structures():
    escale(siret=SIRET, rna=RNA)
    assert bring(f"L’Escale verte, site du lac;Association;{OTHER_SIRET};{RNA}") == 1
    assert set(Organization.objects.values_list("siret", "rna")) == {(SIRET, RNA), (OTHER_SIRET, RNA)}


def test_what_contradicts_itself_or_answers_twice_is_asked_with_its_row_and_column():
    known = escale(siret=SIRET)
    assert refusals(f"L’Escale verte;Association;{OTHER_SIRET};")[0].startswith(
        "Ligne 2, colonne siret (C) : Une structure de ce nom a un autre numéro"
    )
    other = escale(siret=OTHER_SIRET)
    assert refusals("L’Escale verte;Association;;")[0].startswith(
        "Ligne 2, colonne nom (A) : Plusieurs structures portent ce nom ou ce RNA"
    )
    assert refusals(f"{known.pk};L’Escale verte;Association;{other.siret}", headers="identifiant;nom;nature;siret")[
        0
    ].startswith("Ligne 2, colonne siret (D) : Une autre structure porte ce SIRET")


def test_two_rows_of_one_structure_are_refused_even_where_it_is_new():
    new = f"Le Phare;Association;{SIRET};"
    assert refusals(new, "Autrement;Association;" + SIRET + ";") == [
        "Ligne 3, colonne nom (A) : La ligne 2 décrit déjà cette structure."
    ]
    assert len(refusals("Le Phare;Association;;", "le phare;Association;;")) == 1


def test_a_new_name_that_is_near_a_known_one_is_told():
    escale()
    plan = examine("Association Escale verte;Association;;")
    assert [plain(warning) for warning in plan.warnings] == [
        "Ligne 2 : « Association Escale verte » serait créée. Si c’est « L’Escale verte », écrivez ce nom ou son "
        "numéro."
    ]
    assert plan.counts["created"] == 1


# --- what it writes -------------------------------------------------------------------------------------------


def test_a_new_structure_has_its_values_its_origin_and_its_author(officer):
    TerritoryFactory(code="27999", name="Val-Neuf")
    headers = "nom;sigle;nature;forme_juridique;commune;courriel"
    row = "Le Phare;LP;centre social;association loi 1901;val-neuf;contact@phare.example"
    assert bring(row, headers=headers, by=officer) == 1
    made = Organization.objects.get()
    assert (made.acronym, made.kind, made.legal_form) == ("LP", OrganizationKind.SOCIAL_CENTRE, LegalForm.ASSOCIATION)
    assert (made.commune.code, made.email) == ("27999", "contact@phare.example")
    record = made.history.get()
    assert (record.history_user, plain(record.history_change_reason)) == (officer, "Import de « structures.csv »")


def test_a_file_takes_no_identifier_away_and_leaves_what_it_has_no_column_for():
    known = escale(siret=SIRET, rna=RNA, phone="02 32 00 00 00", note="À rappeler")
    assert bring("L’Escale verte;;;;Rue du Lac", headers="nom;sigle;siret;rna;adresse") == 1
    known.refresh_from_db()
    assert (known.siret, known.rna, known.phone, known.note) == (SIRET, RNA, "02 32 00 00 00", "À rappeler")
    assert (known.address, known.version) == ("Rue du Lac", 2)


def test_no_structure_goes_because_a_file_has_it_not():
    escale()
    assert bring("Le Phare;Association;;") == 1
    assert Organization.objects.count() == 2


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (";Association;;", "colonne nom (A) : Il manque le nom"),
        ("Le Phare;Club;;", "colonne nature (B) : Cette nature n’existe pas : écrivez Association, Centre social"),
        ("Le Phare;;;", "colonne nature (B) : Il manque la nature"),
        ("Le Phare;Association;1234567820001;", "colonne siret (C) : Un SIRET a 14 chiffres, et celui-ci en a 13 : un"),
        ("Le Phare;Association;12345678200011;", "colonne siret (C) : Ce SIRET n’est pas valide"),
        ("Le Phare;Association;1,23457E+13;", "colonne siret (C) : Un tableur a changé ce SIRET en nombre"),
        ("Le Phare;Association;;271234567", "colonne rna (D) : Un numéro RNA commence par W"),
    ],
)
def test_what_is_wrong_is_told_with_its_row_its_column_and_the_way_to_mend_it(row, sentence):
    (told,) = refusals(row)
    assert told.startswith(f"Ligne 2, {sentence}"), told
    assert not Organization.objects.exists()


def test_a_new_structure_says_what_it_is_and_a_commune_is_one_that_is_known():
    assert refusals("Le Phare", headers="nom")[0].startswith("Ligne 2 : Il manque la nature")
    (told,) = refusals("Le Phare;Association;Ailleurs", headers="nom;nature;code_commune")
    assert told.startswith("Ligne 2, colonne code_commune (C) : Aucune commune n’a ce code ni ce nom")


def test_what_changed_since_the_preview_is_not_written_over(officer):
    known = escale()
    job = OrganizationImporter().create_job(lines("L’Escale verte;Commune;;", headers=HEADERS), "a.csv", officer)
    Organization.objects.filter(pk=known.pk).update(kind=OrganizationKind.FUNDER)
    with pytest.raises(NotApplied, match="modifiées depuis l’aperçu"):
        OrganizationImporter().apply(job, by=officer)


def test_of_two_officers_with_the_same_new_structure_one_creates_it(officer):
    row = lines(f"Le Phare;Association;{SIRET};", headers=HEADERS)
    other = UserFactory()
    first, second = (OrganizationImporter().create_job(row, "a.csv", owner) for owner in (officer, other))
    assert OrganizationImporter().apply(first, by=officer) == 1
    with pytest.raises(NotApplied):
        OrganizationImporter().apply(second, by=other)
    assert Organization.objects.count() == 1


# --- there and back -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format", ["csv", "xlsx", "ods"])
def test_all_structures_come_back_as_they_went(format):
    commune = TerritoryFactory(code="27999", name="Val-Neuf")
    escale(siret=SIRET, commune=commune, note="Une ligne\n- une autre", representative="Camille Exemple, présidente")
    for name in ("=1+1", "+33 asso", "@nom"):
        OrganizationFactory(name=name, kind=OrganizationKind.OTHER)
    data = write(format, [ORGANIZATIONS.table(Organization.objects.select_related("commune"))])
    plan, _ = OrganizationImporter().examine(data, f"structures.{format}")
    assert (plan.problems, plan.changed, plan.created, plan.warnings) == ([], [], [], [])
    assert plan.counts["unchanged"] == 4


def test_no_name_is_a_formula_in_an_exported_file():
    OrganizationFactory(name="=HYPERLINK(1)")
    data = write("csv", [ORGANIZATIONS.table(Organization.objects.select_related("commune"))]).decode("utf-8-sig")
    assert ";=HYPERLINK" not in data
    assert "'=HYPERLINK(1)" in data


@pytest.mark.parametrize("format", ["csv", "xlsx", "ods"])
def test_the_model_file_is_itself_a_good_file(format):
    plan, _ = OrganizationImporter().examine(model_file(format)[0], f"modele.{format}")
    assert (plan.problems, plan.counts["created"]) == ([], 2)


def test_no_column_of_the_public_table_is_about_a_person():
    headers = {column.header for column in ORGANIZATIONS.columns}
    assert headers - {column.header for column in PUBLIC_COLUMNS} == PRIVATE


# --- the screens ----------------------------------------------------------------------------------------------


def test_an_officer_brings_a_file_sees_it_and_applies_it(client):
    client.force_login(OfficerFactory())
    file = SimpleUploadedFile("structures.csv", lines(f"Le Phare;Association;{SIRET};", headers=HEADERS))
    answer = client.post(reverse("admin:projects_organization_import"), {"file": file}, follow=True)
    page = plain(answer.content.decode())
    assert "Créées : 1" in page
    assert "SIRET ou RNA" in strip_tags(page)
    assert not Organization.objects.exists()
    done = client.post(answer.request["PATH_INFO"], {"apply": "1", "reason": "Reprise"}, follow=True)
    assert "L’import est appliqué : 1 structure écrite." in plain(done.content.decode())
    assert OrganizationImport.objects.get().state == OrganizationImport.State.APPLIED
    assert Organization.objects.get().history.get().history_change_reason.endswith("Reprise")


def test_a_job_is_its_owners(client):
    job = OrganizationImporter().create_job(lines("Le Phare;Association;;", headers=HEADERS), "a.csv", UserFactory())
    client.force_login(OfficerFactory())
    assert client.get(reverse("admin:projects_organization_import_job", args=[job.pk])).status_code == 404


def test_an_export_holds_the_rows_of_the_list_and_notes_for_who_writes_them_alone(client):
    escale(note="À rappeler")
    OrganizationFactory(kind=OrganizationKind.FUNDER)
    address = reverse("admin:projects_organization_export", args=["csv"])
    client.force_login(OfficerFactory())
    (row,) = rows_of(client.get(address, {"kind__exact": "association"}))
    assert (row["nom"], row["note"]) == ("L’Escale verte", "À rappeler")
    elected = UserFactory(is_staff=True)
    elected.groups.add(Group.objects.get(name=ELECTED.name))
    client.force_login(elected)
    assert "note" not in rows_of(client.get(address))[0]


def test_a_file_is_compared_in_the_same_number_of_queries_however_long_it_is(django_assert_num_queries):
    OrganizationFactory.create_batch(3)
    for number in (1, 40):
        with django_assert_num_queries(2):
            assert examine(*(f"Club {rank};Association;;" for rank in range(number))).counts["created"] == number


def test_two_structures_cannot_take_one_siret_in_one_file():
    first, second = escale(), OrganizationFactory(name="Le Phare", kind=OrganizationKind.ASSOCIATION)
    rows = [f"{known.pk};{known.name};Association;{SIRET}" for known in (first, second)]
    (told,) = refusals(*rows, headers="identifiant;nom;nature;siret")
    assert told.startswith("Ligne 3, colonne siret (D) : Une autre structure porte ce SIRET")
