"""A document read as a framework: the rates are held, nothing of it is lost, and what is proposed obeys the tree."""

import pytest

from tests.reading import rates

pytestmark = pytest.mark.once


def test_the_founding_text_is_read_in_each_of_its_forms():
    for rate in rates.same_document():
        assert rate.levels >= 0.95 * rate.nodes, rate.line()
        assert rate.parents >= 0.95 * rate.nodes, rate.line()
        assert rate.doubtful <= rate.nodes / 3, rate.line()


@pytest.mark.parametrize("aside", [False, True])
def test_other_documents_are_read(aside):
    for rate in rates.unseen(aside=aside):
        assert rate.levels >= 0.8 * rate.nodes, rate.line()
        assert rate.doubtful <= rate.nodes / 3, rate.line()
