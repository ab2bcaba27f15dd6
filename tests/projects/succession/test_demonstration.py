"""The demonstration changes framework, and each of its links is accounted for."""

import pytest
from django.urls import reverse
from django.utils import timezone

from axes import actions, adoption
from axes.models import Framework
from cohesion import demo
from projects.catalogue.models import Contribution, UncarriedLink
from projects.figures import figures
from tests.factories import (
    OfficerFactory,
    OrientationFactory,
)
from tests.projects.succession.cases import LEVEL, adopt_command, send
from tests.projects.succession.changes import adopt, rows_of
from tests.site.forms import filled

pytestmark = pytest.mark.django_db


def _lists_of(client):
    """What each page of figures opens: the codes of its rows, by its address."""
    addresses = ["/projets/", *(f"/projets/?axe={code}" for code in range(1, 9))]
    return {address: rows_of(client, address) for address in addresses}


def test_the_second_framework_of_the_demonstration_keeps_every_link(client):
    demo.seed()
    officer = OfficerFactory()
    former, successor = Framework.objects.in_force().get(), Framework.objects.get(status="draft")
    before, lists = Contribution.objects.of(former).count(), _lists_of(client)
    assert before > 100
    home = client.get("/").context["headlines"]
    adopt(successor, officer)
    assert Contribution.objects.of(former).count() == Contribution.objects.of(successor).count() == before
    assert not UncarriedLink.objects.exists()
    assert _lists_of(client) == lists
    after = client.get("/").context["headlines"]
    assert len(after.objectives_served) == len(home.objectives_served)
    archived = client.get(f"/cadre/{former.slug}/orientations/5/").context["tally"]
    assert archived == client.get("/orientations/5/?annee=toutes").context["tally"]


def test_the_demonstration_without_an_axis_accounts_for_each_link(client):
    demo.seed()
    officer = OfficerFactory()
    former, successor = Framework.objects.in_force().get(), Framework.objects.get(status="draft")
    actions.delete_orientation(orientation=successor.orientations.get(code="5"), by=officer)
    gone = Contribution.objects.of(former).filter(orientation__code__regex=r"^5(\.|$)").count()
    before = Contribution.objects.of(former).count()
    adopt(successor, officer)
    assert gone > 0
    assert (Contribution.objects.of(successor).count(), UncarriedLink.objects.count()) == (before - gone, gone)
    waiting = len(figures.waiting(Framework.objects.in_force().get()))
    assert rows_of(client, "/projets/?reprise=attendue&annee=toutes") == waiting > 0
    archived = client.get(f"/cadre/{former.slug}/orientations/5/").context["tally"].branch
    assert rows_of(client, f"/projets/?orientation=5&cadre={former.slug}&annee=toutes") == archived > 0


@pytest.mark.slow
@pytest.mark.parametrize("way", ["screens", "shell"])
def test_the_demonstration_changes_framework_and_each_link_is_accounted_for(officer_client, officer, client, way):
    """Split, merged, dropped and forgotten orientations; decided on the desk; adopted on screen or by the shell."""
    demo.seed()
    former, coming = Framework.objects.get(status="in_force"), Framework.objects.get(status="draft")
    before = set(Contribution.objects.of(former).values_list("pk", flat=True))
    archived = client.get("/orientations/5/?annee=toutes").context["tally"]
    for code in ("3.1.1", "5.2.1", "5.2.2", "7.1.1"):
        actions.delete_orientation(orientation=coming.orientations.get(code=code), by=officer)
    under = coming.orientations.get(code="5.2")
    parts = [OrientationFactory(parent=under, level=LEVEL, code=code) for code in ("5.2.8", "5.2.9")]
    old = {node.code: node for node in former.orientations.all()}
    desk = reverse("admin:axes_framework_succession", args=[coming.pk])
    send(officer_client, f"{desk}?choisir={old['5.2.1'].pk}", choose=old["5.2.1"].pk, successor=[n.pk for n in parts])
    send(officer_client, desk, take=f"{old['5.2.2'].pk}:{parts[0].pk}")
    send(officer_client, desk, how="abandonner", row=[old["7.1.1"].pk], note="Le contrat local de santé s’en charge")
    address = reverse("admin:projects_uncarriedlink_links", args=[coming.pk, old["5.2.1"].pk])
    links = list(Contribution.objects.filter(orientation=old["5.2.1"]).values_list("pk", flat=True))
    assert links
    send(officer_client, address, how=parts[1].pk, row=links)
    today = f"{timezone.localdate()}"
    if way == "shell":
        assert adopt_command(coming.slug, "--date", today, "--apply", "--user", officer.email)[0] == 0
    else:
        adopt = reverse("admin:axes_framework_adopt", args=[coming.pk])
        form = {**filled(officer_client.get(adopt)), "adopted_on": today, "deliberation": "D"}
        assert officer_client.post(adopt, form).status_code == 302
    assert set(Contribution.objects.of(former).values_list("pk", flat=True)) == before
    became = adoption.lineage(former, coming)
    noted = dict(UncarriedLink.objects.values_list("link", "settled_at"))
    for link in Contribution.objects.of(former):
        went = became[link.orientation_id] if link.pk not in links else (parts[1].pk,)
        carried = Contribution.objects.filter(project=link.project_id, orientation__in=went).exists()
        assert carried != (link.pk in noted), link
    dropped = set(Contribution.objects.filter(orientation=old["7.1.1"]).values_list("pk", flat=True))
    assert {pk for pk, settled in noted.items() if settled} == dropped
    assert client.get(f"/cadre/{former.slug}/orientations/5/").context["tally"] == archived
    waiting = client.get("/").context["waiting"]
    rows = client.get("/projets/?reprise=attendue&annee=toutes").context["page"].paginator.count
    assert rows == waiting > 0
    for page in ("/couverture/", "/projets/", "/tableau-de-bord/", "/tableau-de-bord/changements/"):
        assert client.get(page).status_code == 200
