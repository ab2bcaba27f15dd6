"""The numbers that the page of envelopes shows, beside those that plain SQL and a loop make of the same rows."""

import datetime
import random
import re
from collections import defaultdict
from decimal import Decimal

import pytest
from django.db import connection
from justhtml import JustHTML

from projects.choices import ProjectStatus
from projects.models import BudgetEnvelope, EnvelopeChoice, Scheme
from tests.factories import (
    CampaignFactory,
    DeclarationFactory,
    GrantFactory,
    OfficerFactory,
    PaymentFactory,
    ProjectFactory,
)

pytestmark = pytest.mark.django_db
YEAR = 2027
WITHIN = {"starts_on": datetime.date(YEAR, 1, 1), "ends_on": datetime.date(YEAR + 1, 6, 30)}
GRANTED = "('retained', 'partly_retained', 'running', 'report_due', 'report_received', 'closed')"


@pytest.fixture
def mixed(node):
    """A hundred actions of all sorts: schemes, calls, orientations, by hand, refunded, given up, in cents."""
    draw, officer = random.Random(16), OfficerFactory()
    schemes = [Scheme.objects.create(code=code) for code in ("ASV", "CPO")]
    call = CampaignFactory(year=YEAR)
    axes = [node("1"), node("5")]
    delegated = {"is_delegated": True, "scheme": schemes[1]}
    asked = ({"scheme": schemes[0]}, {"orientation": axes[0]}, {"campaign": call}, delegated)
    states = [ProjectStatus.RUNNING, ProjectStatus.CLOSED, ProjectStatus.ABANDONED, ProjectStatus.REFUSED]
    made = [
        BudgetEnvelope.objects.create(
            year=YEAR, label=f"Env. {rank}", voted=Decimal(draw.randint(1, 9_000_000)) / 100, **values
        )
        for rank, values in enumerate(asked)
    ]
    for rank in range(100):
        status = draw.choice(states)
        amount = Decimal(draw.randint(1, 500_000)) / 100
        project = ProjectFactory(granted=amount, status=status, serves=draw.sample(axes, draw.randint(0, 2)), **WITHIN)
        project.schemes.set(draw.sample(schemes, draw.randint(0, 2)))
        if draw.random() < 0.3:
            DeclarationFactory(project=project, campaign=call)
        if draw.random() < 0.7:
            grant = GrantFactory(
                project=project, year=draw.choice([YEAR, YEAR, YEAR + 1]), scheme=draw.choice([None, *schemes])
            )
            PaymentFactory(grant=grant, amount=amount)
            if draw.random() < 0.4:
                PaymentFactory(grant=grant, amount=amount / 2 if rank % 2 else amount, kind="refund")
        if draw.random() < 0.15:
            EnvelopeChoice.objects.create(project=project, envelope=draw.choice(made), by=officer)


def rows(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def by_hand():
    """By label: engaged and paid, in cents."""
    envelopes = rows(
        "SELECT e.id, e.label, e.scheme_id, e.campaign_id, e.is_delegated, o.tree_id FROM projects_budgetenvelope e "
        f"LEFT JOIN axes_orientation o ON o.id = e.orientation_id WHERE e.year = {YEAR} ORDER BY e.id"
    )
    projects = rows(
        "SELECT p.id, p.granted, p.starts_on, g.id AS grant_id, g.year, g.scheme_id, d.campaign_id, k.envelope_id, "
        "c.year AS call_year "
        "FROM projects_project p LEFT JOIN projects_grant g ON g.project_id = p.id "
        "LEFT JOIN projects_declaration d ON d.project_id = p.id LEFT JOIN projects_campaign c ON c.id = d.campaign_id "
        f"LEFT JOIN projects_envelopechoice k ON k.project_id = p.id WHERE p.status IN {GRANTED} AND p.granted > 0"
    )
    schemes, trees, paid, sums = defaultdict(list), defaultdict(set), defaultdict(int), defaultdict(lambda: [0, 0])
    for row in rows("SELECT project_id, scheme_id FROM projects_project_schemes"):
        schemes[row["project_id"]].append(row["scheme_id"])
    for row in rows(
        "SELECT c.project_id, o.tree_id FROM projects_contribution c JOIN axes_orientation o "
        f"ON o.id = c.orientation_id WHERE c.is_main = {'true' if connection.vendor == 'postgresql' else 1}"
    ):
        trees[row["project_id"]].add(row["tree_id"])
    for row in rows("SELECT grant_id, kind, amount FROM projects_payment"):
        paid[row["grant_id"]] += round(row["amount"] * 100) * (-1 if row["kind"] == "refund" else 1)
    labels = {row["id"]: row["label"] for row in envelopes}
    for project in projects:
        if (project["year"] or project["call_year"] or int(str(project["starts_on"])[:4])) != YEAR:
            continue
        own = schemes[project["id"]]
        scheme = project["scheme_id"] or (own[0] if len(own) == 1 else None)
        fit = [
            (_telling(row), not row["is_delegated"], -row["id"])
            for row in envelopes
            if row["scheme_id"] in (None, scheme)
            and row["campaign_id"] in (None, project["campaign_id"])
            and (row["tree_id"] is None or row["tree_id"] in trees[project["id"]])
        ]
        chosen = project["envelope_id"] or (-max(fit)[2] if fit else None)
        sums[labels.get(chosen, "Hors enveloppe")][0] += round(project["granted"] * 100)
        sums[labels.get(chosen, "Hors enveloppe")][1] += paid[project["grant_id"]]
    return dict(sums)


def _telling(row):
    return 4 * bool(row["scheme_id"]) + 2 * bool(row["tree_id"]) + bool(row["campaign_id"])


def cents(cell):
    """« 1 234,50 € », « 0 € » or « –12 € », in cents."""
    text = re.sub(r"[^0-9,–−-]", "", cell.to_text())
    sign = -1 if text[:1] in "–−-" and len(text) > 1 else 1
    return sign * round(Decimal(text.strip("–−-").replace(",", ".") or 0) * 100)


def as_shown(html):
    page, shown = JustHTML(html), {}
    for row in page.query("table.envelopes tr"):
        cells = row.query("td.num")
        if len(cells) == 5:
            label = row.query("th")[0].query("a")
            name = label[0].to_text().strip() if label else "ensemble" if row.parent.name == "tfoot" else ""
            shown[name] = (cents(cells[1]), cents(cells[2]))
    return shown


def test_what_the_page_shows_is_what_sql_and_a_loop_make(mixed, officer_client):
    shown = as_shown(officer_client.get(f"/instruction/enveloppes/?annee={YEAR}").text)
    expected = by_hand()
    assert len(expected) >= 5
    for label, (engaged, paid) in expected.items():
        assert shown[label] == (engaged, paid), label
    whole = tuple(sum(amounts) for amounts in zip(*expected.values(), strict=True))
    assert shown["ensemble"] == whole
