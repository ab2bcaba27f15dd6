"""The same file out and in again changes nothing; a tree that goes out comes back whole."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from axes import tree
from axes.exchange.export import export
from axes.exchange.resource import ORIENTATIONS
from axes.exchange.state import states
from axes.levels import Level
from axes.models import Framework, ImportJob, Orientation
from cohesion.lib import spreadsheets
from cohesion.lib.spreadsheets.damage import is_error_word, is_placeholder, meant
from tests.axes.exchange.jobs import apply_job, create_job, examine
from tests.factories import FrameworkFactory

pytestmark = pytest.mark.django_db
FORMATS = ("csv", "xlsx", "ods")


def fingerprint() -> tuple:
    """All that an import may write."""
    return (
        list(Orientation.objects.order_by("pk").values_list("pk", "code", "title", "parent", "lft", "version")),
        list(Framework.objects.order_by("pk").values_list("pk", "revision")),
        Orientation.history.count(),
    )


def rows(framework: Framework, format: str) -> bytes:
    """Its file, without the name of whom it is."""
    return spreadsheets.write(format, [ORIENTATIONS.table(states(framework).values())])


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_file_in_again_changes_nothing(founding, officer, format):
    content, _, name = export(founding, format)
    before = fingerprint()
    job = create_job(content, name, founding, officer)
    assert job.state == ImportJob.State.READY, job.report
    assert job.report["counts"] == {"created": 0, "changed": 0, "moved": 0, "missing": 0, "unchanged": 64}
    assert apply_job(job, officer) == 0
    assert fingerprint() == before
    assert export(founding, format)[0] == content


@pytest.mark.parametrize("format", FORMATS)
def test_a_framework_comes_back_whole_into_an_empty_one(founding, officer, format):
    empty = FrameworkFactory()
    content, _, name = export(founding, format)
    assert apply_job(create_job(content, name, empty, officer), officer) == 64
    assert states(empty) == states(founding)
    assert list(states(empty)) == list(states(founding))
    assert tree.check() == []
    assert rows(empty, format) == rows(founding, format)


codes = st.from_regex(r"[0-9A-Za-z][0-9A-Za-z.\-]{0,5}", fullmatch=True)
words = (
    st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=30)
    .map(lambda text: " ".join(text.split()))
    # What nothing has damaged.
    .filter(lambda text: meant(text) == text and not is_placeholder(text) and not is_error_word(text))
)


@st.composite
def forests(draw):
    """Random legal trees, parents anywhere above, all columns used."""
    found: list[tuple[tree.NewNode, Level]] = []
    roots = []
    for code in draw(st.lists(codes, min_size=1, max_size=12, unique=True)):
        level = draw(st.sampled_from(list(Level)))
        bearers = [(node, above) for node, above in found if above.rank < level.rank]
        if not bearers:
            level = Level.AXIS
        values = {
            "code": code,
            "level": level.value,
            "title": draw(words),
            "corrected_title": draw(st.just("") | words),
            "label": draw(st.just("") | words),
            "source_line": draw(st.none() | st.integers(0, 2_147_483_647)),
            "priority_type": draw(st.sampled_from(["", "thematic", "reference"])) if level == Level.PRIORITY else "",
        }
        node = tree.NewNode(values)
        if level == Level.AXIS:
            roots.append(node)
        else:
            draw(st.sampled_from(bearers))[0].children.append(node)
            node.applies_to = [n.values["code"] for n, _ in draw(st.lists(st.sampled_from(bearers), max_size=2))]
            node.applies_to = list(dict.fromkeys(node.applies_to))
        found.append((node, level))
    return roots


@pytest.mark.parametrize("format", FORMATS)
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(forest=forests())
def test_any_tree_comes_back_whole(db, officer, format, forest):
    source, target = FrameworkFactory(), FrameworkFactory()
    tree.load(source, forest)
    content, _, name = export(source, format)
    plan, _ = examine(content, name, source)
    assert plan.problems == []
    assert not plan.writes, plan.report()
    apply_job(create_job(content, name, target, officer), officer)
    assert states(target) == states(source)
    assert list(states(target)) == list(states(source))
    assert rows(target, format) == rows(source, format)


@given(st.text())
def test_a_text_made_harmless_is_found_again(text):
    harmless = spreadsheets.defuse(text)
    assert not harmless.lstrip().startswith(("=", "+", "-", "@", "\t", "\r"))
    assert spreadsheets.undo_defuse(harmless) == text
