"""The bench of the engine works: at a size at which its figures say nothing, its rows are right."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engine.services.transition import transition
from tests.bench.closing import figures
from tests.bench.engine import Figures, main, measure
from tests.bench.rows import runs_of
from tests.bench.world import DUE_AT, due_rounds, make_world

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_three_ways_write_the_same_rows():
    found = measure(32, closing=lambda: figures(now=DUE_AT))
    assert found.wrong == []
    assert set(found.seconds) == {"engine", "naive", "sql"}
    assert found.memory_peak > 0


def test_a_batch_of_many_costs_as_many_queries_as_one_of_few():
    make_world(72)
    runs, counts = runs_of(due_rounds()), []
    for batch in (runs[:12], runs[12:72]):
        with CaptureQueriesContext(connection) as queries:
            assert transition(batch, now=DUE_AT).steps > len(batch)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_wrong_rows_fail_the_bench_and_a_missed_aim_does_not(monkeypatch, capsys):
    found = Figures(1000, seconds={"engine": 2.0, "naive": 3.0, "sql": 1.0})
    monkeypatch.setattr("tests.bench.engine.measure", lambda size: found)
    assert main([1000]) == 0
    assert "1.50   aim 10: MISSED" in capsys.readouterr().out
    found.wrong.append("a round is still open")
    assert main([1000]) == 1
    assert "WRONG  a round is still open" in capsys.readouterr().out
