"""What is in preparation is nobody's business: no page, file, search or calendar that anybody gets names any of it."""

import datetime

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from axes import actions
from axes.adoption import descend
from axes.models import DraftLink, Framework, NodeNote, Orientation
from axes.preparing.links import make_link
from cohesion.roles import ELECTED
from projects.models import Contribution, Need, Perimeter, Project, ReferenceDocument
from tests.factories import (
    FrameworkFactory,
    MembershipFactory,
    OrientationFactory,
    ProgrammeFactory,
    ProjectFactory,
    TerritoryFactory,
    UserFactory,
)
from tests.pdf import text_of

pytestmark = pytest.mark.django_db
SECRET = "Zorglub"
SECRET_CODE = "9.9.9z"


@pytest.fixture
def drafts(founding, officer, node):
    """A next version and a framework of another programme in preparation, with all that may hang on them."""
    draft = actions.prepare_next_version(framework=founding, by=officer)
    Framework.objects.filter(pk=draft.pk).update(name=f"{SECRET} 2032", slug="zorglub-2032", origin=SECRET)
    draft.refresh_from_db()
    for orientation in Orientation.objects.filter(framework=draft):
        orientation.title = f"{SECRET} {orientation.title}"
        orientation.save()
    drafted = Orientation.objects.get(framework=draft, code="2.1.2")
    drafted.code = SECRET_CODE
    drafted.save()
    descend(former=node("5.2.2"), successors=[drafted], framework=draft, by=officer, note=SECRET)
    NodeNote.objects.create(framework=draft, orientation=drafted, text=SECRET, author=officer)
    link = DraftLink(framework=draft, purpose=SECRET, expires_at=timezone.now() + datetime.timedelta(days=3))
    make_link(link=link, by=officer)
    beside = FrameworkFactory(
        name=f"{SECRET} de ville", slug="zorglub-ville", programme=ProgrammeFactory(name=SECRET, slug="zorglub")
    )
    OrientationFactory(framework=beside, title=SECRET)
    commune = TerritoryFactory(name="Commune lue", code="C-LUE")
    project = ProjectFactory(serves=[node("2.1.2")], located_in=[commune], title="Action lue")
    Contribution.objects.create(project=project, orientation=drafted, is_main=True, rationale=SECRET)
    Need.objects.create(
        wording="Besoin lu", heard_on=timezone.localdate(), territory=commune, orientation=drafted, is_published=True
    )
    perimeter = Perimeter.objects.create(orientation=drafted, source=SECRET)
    perimeter.territories.add(commune)
    ReferenceDocument.objects.create(title="PLH").orientations.add(drafted)
    return [draft, beside]


ASKED = (
    *("/", "/cadre/", "/plan-du-site/", "/cadre/comparer/", "/orientations/2.1.2/", "/territoires/C-LUE/", "/besoins/"),
    *("/projets/?q=zorglub", "/projets/?cadre=zorglub-2032", f"/projets/?orientation={SECRET_CODE}", "/sitemap.xml"),
    *("/couverture/?cadre=zorglub-2032", "/couverture/?cadre=zorglub-ville", "/recherche/?q=zorglub"),
    *("/cadre/zorglub-2032/", "/cadre/zorglub-2032/au/", "/cadre/zorglub-2032/export.json", "/projets/export.csv"),
    *(f"/orientations/{SECRET_CODE}/", f"/cadre/zorglub-2032/orientations/{SECRET_CODE}/", "/projets/export.csv"),
    *("/cadre/comparer/?de=cadre-inconnu&a=zorglub-2032", "/cadre/comparer/export.csv?de=zorglub-2032&a=zorglub-ville"),
    *("/couverture/export.csv", "/cadre/export.json"),
)


@pytest.mark.parametrize("is_lead", [False, True])
def test_nothing_that_anybody_reads_names_what_is_in_preparation(client, drafts, is_lead):
    """Beyond the words of the question, which a page says again."""
    if is_lead:
        client.force_login(MembershipFactory().user)
    project = Project.objects.get(title="Action lue")
    naming = []
    for address in (
        *ASKED,
        reverse("projects:detail", args=[project.code]),
        reverse("projects:project_paper", args=[project.code]),
    ):
        response = client.get(address)
        assert response.status_code in (200, 404), address
        content = response.getvalue()
        text = text_of(content) if content.startswith(b"%PDF") else content.decode()
        if SECRET in text:
            naming.append(address)
    assert naming == []


def test_the_elected_and_officers_compare_what_is_in_preparation_and_nobody_keeps_it(client, drafts, founding):
    address = f"{reverse('axes:compare')}?de={founding.slug}&a=zorglub-2032"
    assert "ne désigne aucune version" in client.get(address).content.decode()
    elected = UserFactory(is_staff=True)
    elected.groups.add(Group.objects.get(name=ELECTED.name))
    client.force_login(elected)
    answer = client.get(address)
    assert SECRET in answer.content.decode()
    assert answer.headers["Cache-Control"] == "no-store, private"
