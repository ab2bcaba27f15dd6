"""Territories come in as a table: what a file says is shown, then written whole, or told where it is wrong."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cohesion.imports.applying import NotApplied
from cohesion.lib.spreadsheets import write
from projects.models import Territory, TerritoryImport
from projects.territory.columns import TERRITORIES
from projects.territory.importing import TerritoryImporter, model_file
from projects.territory.loading import load_territories
from tests.axes.exchange.files import lines
from tests.factories import OfficerFactory, ProjectFactory, TerritoryFactory, UserFactory

pytestmark = pytest.mark.django_db
HEADERS = "code;nom;nature;commune;depuis_le;jusqu_au;habitants;dans_le_perimetre"
COMMUNE = "27999;Val-Neuf;Commune;;;;1 200;oui"
QUARTER = "QP-1;Les Tilleuls;Quartier prioritaire;27999;2024;;;oui"


def examine(*rows, headers=HEADERS):
    return TerritoryImporter().examine(lines(*rows, headers=headers), "territoires.csv")[0]


def bring(*rows, by=None, headers=HEADERS):
    plan, written = TerritoryImporter().apply_file(lines(*rows, headers=headers), "territoires.csv", by=by)
    assert plan.problems == []
    return written


def plain(text):
    return text.replace("\u00a0", " ")


def refusals(*rows, headers=HEADERS):
    return [plain(str(problem)) for problem in examine(*rows, headers=headers).problems]


@pytest.mark.parametrize("rows", [(COMMUNE, QUARTER), (QUARTER, COMMUNE)])
def test_a_quarter_and_its_commune_come_in_one_file_in_any_order(officer, rows):
    assert bring(*rows, by=officer) == 2
    quarter = Territory.objects.get(code="QP-1")
    assert (quarter.parent.name, quarter.population, quarter.valid_from.year) == ("Val-Neuf", None, 2024)
    assert (quarter.parent.population, quarter.is_in_perimeter) == (1200, True)
    record = quarter.history.get()
    assert (record.history_user, plain(record.history_change_reason)) == (officer, "Import de « territoires.csv »")


def test_a_commune_is_named_by_its_code_or_by_its_name():
    bring(COMMUNE)
    bring(QUARTER.replace("27999", "val-neuf"))
    assert Territory.objects.get(code="QP-1").parent.code == "27999"


def test_what_is_wrong_is_told_where_it_is():
    assert refusals(QUARTER) == [
        "Ligne 2, colonne commune (D) : Aucun territoire n’a ce code ni ce nom : écrivez le code de la commune."
    ]
    assert refusals("27999;Val-Neuf;Village;;;;;")[0].startswith(
        "Ligne 2, colonne nature (C) : Cette nature n’existe pas"
    )
    assert refusals("27999;;Commune;;;;;")[0].startswith("Ligne 2, colonne nom (B) : Il manque le nom")
    assert refusals("27 999;Val;Commune;;;;;")[0].startswith("Ligne 2, colonne code (A) : Un code n’a que lettres")
    assert refusals(f"27999;Val;Commune;;;;{'9' * 5000};")[0].startswith(
        "Ligne 2, colonne habitants (G) : Ce n’est pas"
    )
    assert refusals("27999;Val;Commune;;;;beaucoup;")[0].startswith(
        "Ligne 2, colonne habitants (G) : Ce n’est pas un nombre"
    )
    assert refusals("27999;Val;Commune;;2024;2023;;")[0].startswith(
        "Ligne 2, colonne code (A) : La date de fin précède"
    )
    assert refusals(COMMUNE, COMMUNE)[0].startswith("Ligne 3, colonne code (A) : Ce code est déjà à la ligne 2")
    assert refusals("27999;Val;Commune;;;;;peut-être")[0].startswith(
        "Ligne 2, colonne dans_le_perimetre (H) : Écrivez oui"
    )
    assert not Territory.objects.exists()


def test_a_territory_in_which_projects_run_keeps_existing_while_they_do():
    place = TerritoryFactory(code="27998", name="Val-Vieux")
    project = ProjectFactory(starts_on="2026-01-01", ends_on="2026-12-31", serves=[])
    project.places.create(territory=place)
    (told,) = refusals("27998;Val-Vieux;Commune;;;2020;;")
    assert "n’existerait plus pendant des projets" in told


def test_no_territory_contains_itself_whoever_stands_between():
    circle = "ni dans lui-même, ni dans ce qu’il contient"
    headers = "code;nom;nature;commune"
    assert circle in refusals("A1;Un;Commune;A1", headers=headers)[0]
    assert len(refusals("A1;Un;Commune;A2", "A2;Deux;Commune;A1", headers=headers)) == 2
    bring("A1;Un;Commune;", "A2;Deux;Commune;A1", headers=headers)
    assert circle in refusals("A1;Un;Commune;A2", headers=headers)[0]
    chain = [f"B{rank};Niveau {rank};Autre;B{rank + 1}" for rank in range(9)]
    assert bring(*chain, "B9;Sommet;Autre;", headers=headers) == 10


def test_two_communes_of_one_name_are_told_apart_by_their_codes():
    bring("A1;Un;Commune;", "A2;Un;Commune;", "Q1;Quartier;Quartier prioritaire;A1", headers="code;nom;nature;commune")
    assert (
        "Plusieurs territoires portent ce nom"
        in refusals("Q1;Quartier;Quartier prioritaire;Un", headers="code;nom;nature;commune")[0]
    )
    assert bring("Q1;Quartier;Quartier prioritaire;A2", headers="code;nom;nature;commune") == 1
    assert Territory.objects.get(code="Q1").parent.code == "A2"
    data = write("csv", [TERRITORIES.table(Territory.objects.select_related("parent"))])
    assert TerritoryImporter().examine(data, "a.csv")[0].counts["unchanged"] == 3


def test_what_the_file_does_not_say_is_not_written_over():
    bring(COMMUNE)
    importer = TerritoryImporter()
    plan = importer.examine(lines("27999;Val-Vieux;Commune", headers="code;nom;nature"), "a.csv")[0]
    Territory.objects.update(siren="123456789", outline={"type": "Point", "coordinates": [1, 49]})
    importer.write(plan, "a.csv", by=None)
    territory = Territory.objects.get()
    assert (territory.name, territory.siren, territory.outline["type"]) == ("Val-Vieux", "123456789", "Point")


def test_a_file_of_many_rows_is_refused_before_its_rules_are_asked(django_assert_max_num_queries):
    rows = [f"C{rank};Commune {rank};Commune" for rank in range(501)]
    with django_assert_max_num_queries(0):
        assert "Au plus 500 lignes" in refusals(*rows, headers="code;nom;nature")[0]


def test_a_territory_created_meanwhile_is_a_sentence(officer):
    importer = TerritoryImporter()
    plan = importer.examine(lines(COMMUNE, headers=HEADERS), "a.csv")[0]
    TerritoryFactory(code="27999")
    with pytest.raises(NotApplied, match="au même moment"):
        importer.write(plan, "a.csv", by=officer)


def test_a_column_that_the_file_lacks_leaves_what_is_there_and_an_empty_cell_empties_it():
    bring(COMMUNE)
    assert bring("27999;Val-Neuf;Commune", headers="code;nom;nature") == 0
    plan = examine("27999;Val-Neuf;Commune;", headers="code;nom;nature;habitants")
    assert plan.changed[0]["fields"] == [{"field": "habitants", "old": "1200", "new": ""}]


@pytest.mark.parametrize("format", ["csv", "xlsx", "ods"])
def test_all_the_territories_come_back_as_they_went(format):
    load_territories()
    data = write(format, [TERRITORIES.table(Territory.objects.order_by("code"))])
    plan, _ = TerritoryImporter().examine(data, f"territoires.{format}")
    assert (plan.problems, plan.changed, plan.created) == ([], [], [])
    assert plan.counts["unchanged"] == Territory.objects.count() > 80


@pytest.mark.parametrize("format", ["csv", "xlsx", "ods"])
def test_the_model_file_is_itself_a_good_file(format):
    plan, _ = TerritoryImporter().examine(model_file(format)[0], f"modele.{format}")
    assert (plan.problems, plan.counts["created"]) == ([], 2)


def test_what_changed_since_the_preview_is_not_written_over(officer):
    job = TerritoryImporter().create_job(lines(COMMUNE, headers=HEADERS), "a.csv", officer)
    TerritoryFactory(code="27999", name="Autre")
    with pytest.raises(NotApplied, match="modifiés depuis l’aperçu"):
        TerritoryImporter().apply(job, by=officer)
    assert Territory.objects.get(code="27999").name == "Autre"


def test_an_officer_brings_a_file_sees_it_and_applies_it(client):
    officer = OfficerFactory()
    client.force_login(officer)
    page = reverse("admin:projects_territory_import")
    assert "Exemple" not in client.get(page).content.decode()
    file = lines(COMMUNE, QUARTER, headers=HEADERS)
    answer = client.post(page, {"file": SimpleUploadedFile("territoires.csv", file)}, follow=True)
    assert "Créés : 2" in plain(answer.content.decode())
    assert not Territory.objects.exists()
    done = client.post(answer.request["PATH_INFO"], {"apply": "1", "reason": "Décret"}, follow=True)
    assert "L’import est appliqué : 2 territoires écrits." in plain(done.content.decode())
    assert TerritoryImport.objects.get().state == TerritoryImport.State.APPLIED
    assert Territory.objects.get(code="QP-1").history.get().history_change_reason.endswith("Décret")


def test_a_job_is_its_owners(client):
    job = TerritoryImporter().create_job(lines(COMMUNE, headers=HEADERS), "a.csv", UserFactory())
    client.force_login(OfficerFactory())
    assert client.get(reverse("admin:projects_territory_import_job", args=[job.pk])).status_code == 404


def test_an_export_holds_the_rows_that_the_list_shows(client):
    load_territories()
    client.force_login(OfficerFactory())
    answer = client.get(reverse("admin:projects_territory_export", args=["csv"]), {"kind__exact": "qpv"})
    rows = b"".join(answer.streaming_content if answer.streaming else [answer.content]).decode("utf-8-sig").splitlines()
    assert len(rows) - 1 == Territory.objects.filter(kind="qpv").count() > 0
