"""The whole demonstration, recounted by plain SQL that has never seen our code: each table of money and of people, the
coverage, the territories and the year in one screen, each year, to the unit and the cent."""

import csv
import io
import re
from decimal import Decimal

import pytest
from django.db import connection

from cohesion import demo
from cohesion.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

YEARS = ("2024", "2025", "2026", "2027", "2028", "toutes")
PUBLIC = "('retained', 'partly_retained', 'running', 'report_due', 'report_received', 'closed')"

# --- money: what each project counts for, in cents --------------------------------------------------------------

POPULATION = f"SELECT p.* FROM projects_project p WHERE p.status IN {PUBLIC} AND {{runs}}"
AMOUNTS = f"""
WITH pop AS ({POPULATION}),
brought AS (
  SELECT f.project_id AS id, f.kind AS kind, f.funding_class AS class,
    CAST(ROUND(COALESCE(f.granted, f.requested) * 100) AS BIGINT) AS cents
  FROM projects_fundingline f WHERE f.kind <> 'agglomeration' AND COALESCE(f.granted, f.requested) > 0
    AND (f.granted IS NOT NULL OR f.state = 'obtained')
),
planned AS (
  SELECT id, 'Coût' AS item, CAST(ROUND(total_cost * 100) AS BIGINT) AS cents FROM projects_project
  UNION ALL SELECT id, 'Demandé', CAST(ROUND(requested * 100) AS BIGINT) FROM projects_project
  UNION ALL SELECT id, 'Cofinancements obtenus', cents FROM brought
  UNION ALL SELECT project_id, 'Ressources propres', CAST(ROUND(amount * 100) AS BIGINT) FROM projects_budgetline
    WHERE account = 'own' OR account IN ('70', '73', '75', '756', '758', '76', '77', '78', '79')
  UNION ALL SELECT project_id, 'Contributions volontaires', CAST(ROUND(amount * 100) AS BIGINT)
    FROM projects_budgetline WHERE account IN ('860', '861', '862', '864')
),
decided AS (
  SELECT id, 'Accordé' AS item, CAST(ROUND(granted * 100) AS BIGINT) AS cents FROM projects_project
  UNION ALL SELECT project_id, 'Proposé', CAST(ROUND(proposed_amount * 100) AS BIGINT) FROM projects_review
  UNION ALL SELECT g.project_id, 'Payé',
    CAST(ROUND(CASE WHEN y.kind = 'refund' THEN -y.amount ELSE y.amount END * 100) AS BIGINT)
    FROM projects_payment y JOIN projects_grant g ON g.id = y.grant_id
),
amount AS (
  SELECT pop.id, d.item, d.cents FROM pop JOIN decided d ON d.id = pop.id WHERE d.cents IS NOT NULL
  UNION ALL
  SELECT pop.id, l.item, l.cents FROM pop JOIN planned l ON l.id = pop.id WHERE l.cents > 0 AND NOT EXISTS (
    SELECT 1 FROM pop part JOIN planned said ON said.id = part.id
    WHERE part.host_id = pop.id AND said.item = l.item AND said.cents > 0)
)
"""
# Which projects each row of a table holds: its label, and the key of a project.
IN_FORCE = """(SELECT f.id FROM axes_framework f JOIN axes_programme g ON g.id = f.programme_id
  WHERE f.status = 'in_force' AND g.is_reference)"""
MAIN = f"""projects_contribution c JOIN axes_orientation o ON o.id = c.orientation_id AND o.framework_id = {IN_FORCE}
  JOIN pop ON pop.id = c.project_id AND c.is_main"""
ROWS = {
    "axe&deplier=tout": f"""SELECT above.code, pop.id FROM {MAIN} JOIN axes_orientation above
      ON above.tree_id = o.tree_id AND above.lft <= o.lft AND above.rght >= o.rght""",
    "commune": """SELECT DISTINCT town.name, pop.id FROM pop JOIN projects_place l ON l.project_id = pop.id
      JOIN projects_territory t ON t.id = l.territory_id
      JOIN projects_territory town ON town.kind = 'commune' AND (town.id = t.id OR town.id = t.parent_id)""",
    "quartier": """SELECT t.name, pop.id FROM pop JOIN projects_place l ON l.project_id = pop.id
      JOIN projects_territory t ON t.id = l.territory_id AND t.kind = 'qpv'""",
    "pst": """SELECT host.title, pop.id FROM pop JOIN projects_project host ON host.id = COALESCE(pop.host_id, pop.id)
      WHERE host.kind = 'pst' AND host.status IN """
    + PUBLIC,
    "structure": """SELECT s.name, pop.id FROM pop JOIN projects_organization s ON s.id = pop.organization_id
      UNION SELECT s.name, pop.id FROM pop JOIN projects_colead b ON b.project_id = pop.id
      JOIN projects_organization s ON s.id = b.organization_id""",
    "dispositif": """SELECT s.code, pop.id FROM pop JOIN projects_project_schemes l ON l.project_id = pop.id
      JOIN projects_scheme s ON s.id = l.scheme_id""",
    "nature": """SELECT CASE WHEN kind = 'pst' THEN 'PST' WHEN kind = 'prh' THEN 'PRH' WHEN host_id IS NULL
      THEN 'Actions hors PST' ELSE 'Actions de PST' END, id FROM pop""",
}
WHOLE = "Tous les projets, chacun une fois"
SUBJECTS = ("programme", "cadre")  # of which framework a row speaks


def runs(year, project="p"):
    if year == "toutes":
        return "1 = 1"
    return (
        f"{project}.starts_on <= '{year}-12-31' AND ({project}.ends_on IS NULL OR {project}.ends_on >= '{year}-01-01')"
    )


def asked(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def recounted(rows, year):
    """By label: how many projects, and cents by item; what is nothing is left out."""
    counted = AMOUNTS.format(runs=runs(year)) + f", held (label, id) AS ({ROWS[rows].format(year=year)})"
    table = {}
    for label, number in asked(f"{counted} SELECT label, COUNT(DISTINCT id) FROM held GROUP BY label"):
        table[label] = {"Projets": number}
    sums = "SELECT h.label, a.item, SUM(a.cents) FROM held h JOIN amount a ON a.id = h.id GROUP BY h.label, a.item"
    for label, item, cents in asked(f"{counted} {sums}"):
        table[label][item] = int(cents)
    table[WHOLE] = {"Projets": asked(f"{counted} SELECT COUNT(*) FROM pop")[0][0]}
    for item, cents in asked(f"{counted} SELECT item, SUM(cents) FROM amount GROUP BY item"):
        table[WHOLE][item] = int(cents)
    return {label: {item: number for item, number in row.items() if number} for label, row in table.items()}


def lines_of(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, address
    return list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig")), delimiter=";"))


def shown(client, rows, year):
    """The same, as the file of the page says it; the rows of what is left over, with their labels."""
    table = {}
    for line in lines_of(client, f"/tableau-de-bord/argent.csv?par={rows}&annee={year}"):
        names = list(line)
        numbers = [name for name in names[names.index("Projets") :] if name not in SUBJECTS]
        label = line[names[1]] or line[names[2]]
        row = {name: round(Decimal((line[name] or "0").replace(",", ".")) * 100) for name in numbers}
        row["Projets"] //= 100
        table[label] = {name: number for name, number in row.items() if number}
    return {label: row for label, row in table.items() if row}


# --- people -----------------------------------------------------------------------------------------------------

CLASSES = {
    "people": "toutes",
    "people_from_quarters": "habitants de quartiers prioritaires",
    "women": "femmes",
    "men": "hommes",
    "age_0_2": "de 0 à 2 ans",
    "age_3_5": "de 3 à 5 ans",
    "age_6_11": "de 6 à 11 ans",
    "age_12_17": "de 12 à 17 ans",
    "age_18_25": "de 18 à 25 ans",
    "age_26_59": "de 26 à 59 ans",
    "age_60": "de 60 ans et plus",
}


def people_recounted(rows, year):
    held = f"WITH pop AS ({POPULATION.format(runs=runs(year))}), held (label, id) AS ({ROWS[rows].format(year=year)})"
    sums = ", ".join(f"COALESCE(SUM(c.{name}), 0)" for name in CLASSES)
    of_year = "" if year == "toutes" else f"AND c.year = {year}"
    declared = f"{held} SELECT h.label, {sums} FROM held h JOIN projects_declaration c ON c.project_id = h.id"
    reported = f"{held} SELECT h.label, {sums} FROM held h JOIN projects_report c ON c.project_id = h.id"
    expected = {label: numbers for label, *numbers in asked(f"{declared} GROUP BY h.label")}
    reached = asked(f"{reported} AND c.handed_at IS NOT NULL {of_year} GROUP BY h.label")
    return expected, {label: numbers for label, *numbers in reached}


def people_shown(client, rows, year):
    expected, reached = {}, {}
    for line in lines_of(client, f"/tableau-de-bord/personnes.csv?par={rows}&annee={year}"):
        label = next(line[name] for name in list(line)[:2] if line[name])
        expected[label] = [int(line[f"Attendues, {name}"] or 0) for name in CLASSES.values()]
        reached[label] = [int(line[f"Touchées, {name}"] or 0) for name in CLASSES.values()]
    return expected, reached


# --- what serves orientations -----------------------------------------------------------------------------------


def served_recounted(year):
    """How many projects serve each orientation, itself or what is under it, whether first of all or beside."""
    links = f"""WITH pop AS ({POPULATION.format(runs=runs(year))})
      SELECT above.code, COUNT(DISTINCT pop.id) FROM pop JOIN projects_contribution c ON c.project_id = pop.id
      JOIN axes_orientation o ON o.id = c.orientation_id AND o.framework_id = {IN_FORCE}
      JOIN axes_orientation above ON above.tree_id = o.tree_id AND above.lft <= o.lft AND above.rght >= o.rght
      GROUP BY above.code"""
    return {code: int(number) for code, number in asked(links)}


def objectives_recounted(year):
    codes = {
        code
        for (code,) in asked(
            f"SELECT code FROM axes_orientation WHERE framework_id = {IN_FORCE} AND level = 'operational'"
        )
    }
    return len(codes & served_recounted(year).keys()), len(codes)


# --- the tables against their recount -----------------------------------------------------------------------------

LEFT_OVER = {
    *(
        "Sans rattachement",
        "Sans rattachement au cadre",
        "Sans orientation principale",
        "Sans lieu déclaré",
        "Sans dispositif",
    ),
    *("Dans un PST pas encore public", "PRH sans PST", "Actions hors PST", "Tous les quartiers prioritaires"),
}
WITH_PEOPLE = {"axe&deplier=tout": "axe", "commune": "commune", "pst": "pst", "structure": "structure"}


def differences(table, recount):
    """What the two do not say alike; the rows of what is left over are those of no label of SQL's."""
    labels = (table.keys() | recount.keys()) - (LEFT_OVER - recount.keys())
    labels -= {label for label in table if label.endswith("à ce niveau seulement")}
    return {label: (table.get(label), recount.get(label)) for label in labels if table.get(label) != recount.get(label)}


def money_differs(client, year):
    for rows in ROWS:
        table, recount = shown(client, rows, year), recounted(rows, year)
        if rows == "quartier":
            recount.pop(WHOLE)  # the page has the total of the quarters instead
        yield f"argent par {rows}, {year}", differences(table, recount)


def people_differs(client, year):
    for rows, name in WITH_PEOPLE.items():
        for table, counted in zip(people_shown(client, name, year), people_recounted(rows, year), strict=True):
            # The page has the axes alone, and no row for whom nothing is expected.
            recount = {label: row for label, row in counted.items() if any(row) and (name != "axe" or label in table)}
            shown_rows = {label: row for label, row in table.items() if any(row) and label != WHOLE}
            yield f"personnes par {name}, {year}", differences(shown_rows, recount)


def coverage_differs(client, year):
    lines = lines_of(client, f"/couverture/export.csv?annee={year}&lignes=priorites")
    table = {line["code"]: int(line["tous"]) for line in lines if line["tous"] not in ("", "0")}
    yield f"couverture, {year}", differences(table, served_recounted(year))
    lines = lines_of(client, f"/territoires/export.csv?annee={year}")
    projects = {line["nom"]: int(line["projets"]) for line in lines if line["nature"] == "Commune"}
    towns = {label: row["Projets"] for label, row in recounted("commune", year).items() if label != WHOLE}
    yield f"territoires, {year}", differences({name: number for name, number in projects.items() if number}, towns)


def screen_differs(client, year):
    """The headline numbers of the year in one screen."""
    text = re.sub(r"<[^>]+>", " ", client.get(f"/tableau-de-bord/?annee={year}").text)
    text = re.sub(r"\s+", " ", text.replace("\u202f", "").replace("\xa0", " "))
    whole = recounted("nature", year)[WHOLE]
    served, objectives = objectives_recounted(year)
    expected = f"{served} / {objectives}", f"{whole['Projets']} projets"
    amounts = [f"{whole[item] // 100} €" for item in ("Accordé", "Cofinancements obtenus")]
    yield f"tableau de bord, {year}", [words for words in (*expected, *amounts) if words not in text]


def test_every_table_says_what_plain_sql_says(client):
    demo.seed()
    demo.add_programme()  # which no figure of the reference framework adds, but as a project without link
    client.force_login(User.objects.get(email="mission@demo.example"))
    parts = (money_differs, people_differs, coverage_differs, screen_differs)
    wrong = {where: rows for part in parts for year in YEARS for where, rows in part(client, year) if rows}
    assert wrong == {}
