"""On the demonstration: what leaves comes back unchanged, and another framework makes no page say what is false."""

import datetime
import re

import pytest

from axes import actions, document
from axes.models import Framework
from cohesion import demo
from projects.figures import figures
from projects.models import Contribution, Project, UncarriedLink
from tests.factories import OfficerFactory
from tests.projects.exchange import jobs

pytestmark = pytest.mark.django_db
# What pages say when nothing is linked.
FALSE = ("personne n’a encore", "Aucun projet n’y répond encore", "aucune orientation du cadre en vigueur")


def files(officer_client):
    """The public exports, and those of officers, by their names."""
    found = {}
    for format in ("csv", "xlsx", "ods"):
        found[f"public.{format}"] = officer_client.get(f"/projets/export.{format}?annee=toutes").getvalue()
        for kind in ("pst", "prh", "action"):
            answer = officer_client.get(f"/admin/projects/{kind}/exporter/{format}/")
            assert answer.status_code == 200, kind
            found[f"{kind}.{format}"] = answer.getvalue()
    return found


def unchanged(files):
    for name, data in files.items():
        plan, _ = jobs.examine(data, name)
        told = ([str(one) for one in plan.refusals()], plan.created, plan.changed, plan.organizations)
        assert told == ([], [], [], []), name
        assert len(plan.unchanged) > (40 if name.startswith("public") else 0), name


def numbers(client):
    """Each figure that a link opens on the pages of the framework: its address, its number."""
    found = {}
    for page in ("/", "/couverture/?annee=toutes", "/cadre/?annee=toutes", "/orientations/4/?annee=toutes"):
        text = client.get(page).text
        for address, number in re.findall(r'href="(/projets/\?[^"]+)"[^>]*>(?:<[^>]+>)?\s*(\d+)(?!\d)', text):
            found[page, address.replace("&amp;", "&")] = int(number)
    return found


def total(client, address):
    return client.get(address).context["page"].paginator.count


@pytest.mark.once
def test_the_demonstration_changes_its_framework_and_nothing_false_is_said(client):
    demo.seed()
    officer = OfficerFactory()
    client.force_login(officer)
    before, former = files(client), Framework.objects.in_force().get()
    unchanged(before)
    successor = Framework.objects.get(status="draft")
    client.logout()
    was, shown = Contribution.objects.of(former).count(), numbers(client)
    assert len(shown) > 30
    archived = figures.published(former, document.kept(former)).tallies
    actions.put_in_force(framework=successor, adopted_on=datetime.date(2027, 1, 15), deliberation="D-1", by=officer)
    assert Contribution.objects.of(successor).count() + UncarriedLink.objects.count() == was
    now = numbers(client)
    assert len(now) == len(shown)
    wrong = {key: (number, total(client, key[1])) for key, number in now.items() if number != total(client, key[1])}
    assert wrong == {}
    assert sorted(now.values()) == sorted(shown.values())
    served = figures.published(Framework.objects.in_force().get(), document.kept(successor)).branch
    axes = [one for one in successor.orientations.filter(parent=None) if served[one.pk]]
    for address in ("/", "/couverture/", "/projets/", *(f"/orientations/{one.code}/" for one in axes)):
        page = client.get(address).text
        assert [words for words in FALSE if words in page] == [], address
    for one in former.orientations.filter(parent=None):
        page = client.get(f"/cadre/{former.slug}/orientations/{one.code}/?annee=2024")
        assert page.context["tally"] == archived[one.pk], one.code
        assert (
            total(client, f"/projets/?orientation={one.code}&cadre={former.slug}&annee=toutes")
            == archived[one.pk].branch
        )
    client.force_login(officer)
    unchanged(before)
    unchanged(files(client))
    assert Project.objects.waiting_for_link().count() == 0
