"""The rules of the register."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommendations.areas.eligibility import is_eligible, is_open_to_proposals, sources_lacking, state

NOW = datetime(2027, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(("sources", "eligible"), [(0, False), (9, False), (10, True), (11, True)])
def test_ten_sources_make_an_area_eligible(sources, eligible):
    assert is_eligible(sources) is eligible


@given(st.integers(0, 1000))
def test_an_area_is_eligible_exactly_when_no_source_is_lacking(sources):
    assert is_eligible(sources) == (sources_lacking(sources) == 0)
    assert is_eligible(sources + sources_lacking(sources))


@given(st.integers(0, 1000))
def test_one_more_source_never_takes_eligibility_away(sources):
    assert not is_eligible(sources) or is_eligible(sources + 1)


@given(st.integers(0, 20), st.booleans())
def test_proposals_need_selection_and_sources(sources, selected):
    assert is_open_to_proposals(NOW if selected else None, sources=sources) == (selected and sources >= 10)


def test_an_area_is_in_one_state():
    assert state(selected_at=None, declined_at=None) == "identified"
    assert state(selected_at=NOW, declined_at=None) == "selected"
    assert state(selected_at=None, declined_at=NOW) == "declined"
    with pytest.raises(ValueError, match="not both"):
        state(selected_at=NOW, declined_at=NOW)
