"""After every test that reached the database, what is derived agrees with what happened in every run."""

from collections.abc import Iterator

import pytest

from engine.models import Run
from engine.services.verification import access_differences, chain_faults, replay_differences


@pytest.fixture(autouse=True)
def every_run_agrees(request: pytest.FixtureRequest) -> Iterator[None]:
    """Access rows, event chains and replay of every run; a test that changes rows on purpose is marked `tampers`."""
    if request.node.get_closest_marker("database") is None:
        yield
        return
    request.getfixturevalue("db")  # set up first, so that its rows are still there afterwards
    yield
    if request.node.get_closest_marker("tampers") is None and Run.objects.exists():
        assert [*access_differences(), *chain_faults(), *replay_differences()] == []
