"""An export of orientations comes back untouched: it changes what was changed since, and nothing else."""

import datetime

import pytest

from axes import actions, tree
from axes.exchange.export import export
from axes.models import Framework, Orientation
from projects.housekeeping.merging import merge_organizations
from tests.axes.exchange.jobs import apply_job, create_job, examine
from tests.factories import OrganizationFactory

pytestmark = pytest.mark.django_db
NOTHING = {"created": 0, "changed": 0, "moved": 0, "missing": 0, "unchanged": 64}


def nothing(founding, officer):
    pass


def adopted(founding, officer):
    """The next version comes into force: the founding one is archived."""
    framework = actions.prepare_next_version(framework=founding, by=officer)
    day = datetime.date(2027, 1, 15)
    actions.put_in_force(framework=framework, adopted_on=day, deliberation="D-1", by=officer)


def structures_merged(founding, officer):
    keep, other = OrganizationFactory(), OrganizationFactory()
    merge_organizations(keep=keep, merged=other, by=officer)


def renumbered(founding, officer):
    """Every code is another, and two orientations have taken each other’s."""
    codes = {one.pk: f"R{one.code}" for one in founding.orientations.all()}
    codes |= {founding.orientations.get(code="8").pk: "4.1", founding.orientations.get(code="4.1").pk: "8"}
    tree.recode(founding, codes, by=officer, reason="Renumérotation")


def renamed_then_restored(founding, officer):
    node = founding.orientations.get(code="5.2.1-b")
    first = node.history.order_by("history_id").first()
    node.title = "Un tout autre texte"
    actions.save_orientation(orientation=node, by=officer, reason="Correction")
    node = founding.orientations.get(code="5.2.1-b")
    actions.restore_orientation(orientation=node, record=first, by=officer, reason="Erreur")


HAPPENED = [nothing, adopted, structures_merged, renumbered, renamed_then_restored]


@pytest.mark.parametrize("format", ["csv", "xlsx", "json"])
@pytest.mark.parametrize("happened", HAPPENED)
def test_an_untouched_export_changes_nothing_whatever_happened(founding, officer, happened, format):
    """Exported before what happened, and exported after it."""
    before = export(founding, format)
    happened(founding, officer)
    founding = Framework.objects.get(pk=founding.pk)
    for content, _, name in (before, export(founding, format)):
        plan, _ = examine(content, name, founding)
        assert (plan.problems, plan.counts) == ([], NOTHING)


def test_an_export_of_the_former_version_is_read_in_the_next_one_renumbered(founding, officer):
    content, _, name = export(founding, "csv")
    successor = actions.prepare_next_version(framework=founding, by=officer)
    renumbered(successor, officer)
    plan, _ = examine(content, name, successor)
    assert plan.counts == NOTHING


def test_the_codes_of_before_are_said_and_what_is_written_anew_beside_them_is_done(founding, officer):
    content, _, name = export(founding, "csv")
    renumbered(founding, officer)
    founding.refresh_from_db()
    node = founding.orientations.get(code="R1.1.3-a")
    text = content.decode("utf-8-sig").replace(node.title, f"{node.title}, et après")
    plan, _ = examine(text.encode(), name, founding)
    assert "«\u00a01\u00a0» est devenu «\u00a0R1\u00a0»" in plan.warnings[0]
    assert plan.counts == NOTHING | {"changed": 1, "unchanged": 63}
    job = create_job(content, name, founding, officer)
    assert apply_job(job, officer) == 0
    assert Orientation.objects.filter(framework=founding).count() == 64


def test_a_renamed_orientation_takes_the_words_of_the_file_and_no_other_does(founding, officer):
    content, _, name = export(founding, "csv")
    node = founding.orientations.get(code="5.2.1-b")
    node.title = "Un tout autre texte"
    actions.save_orientation(orientation=node, by=officer, reason="Correction")
    plan, _ = examine(content, name, founding)
    assert plan.counts == NOTHING | {"changed": 1, "unchanged": 63}
