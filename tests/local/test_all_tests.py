"""All tests at once: two halves, each with what it said, and the worse of two ends."""

import sys

import pytest

from ekip.local import all_tests

HALF = """
import os
import sys
half = sys.argv[1]
print("ran", half, os.environ.get("DATABASE_URL", ""))
sys.exit(1 if half.startswith("-m=not") else 0)
"""


@pytest.fixture
def stand_in(monkeypatch):
    """A program that says what it was asked for stands in for pytest; the second half fails."""
    monkeypatch.setattr(all_tests, "PYTEST", (sys.executable, "-c", HALF))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)
    monkeypatch.delenv("OLDER_DATABASE_URL", raising=False)


def test_both_halves_run_and_the_worse_end_counts(stand_in, capfd):
    assert all_tests.main([]) == 1
    said = capfd.readouterr().out
    assert f"ran -m={all_tests.ALONE}" in said
    assert f"ran -m=not ({all_tests.ALONE})" in said


def test_the_rest_runs_on_an_older_server_where_one_is_named(stand_in, monkeypatch, capfd):
    monkeypatch.setenv("OLDER_DATABASE_URL", "postgres://older")
    all_tests.main([])
    said = capfd.readouterr().out
    assert f"ran -m={all_tests.ALONE} \n" in said
    assert f"ran -m=not ({all_tests.ALONE}) postgres://older\n" in said


def test_with_arguments_one_pytest_runs(stand_in, capfd):
    assert all_tests.main(["-k=library"]) == 0
    assert capfd.readouterr().out == "ran -k=library \n"


def test_on_given_servers_one_pytest_runs(stand_in, monkeypatch, capfd):
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1/1")
    assert all_tests.main(["tests"]) == 0
    assert capfd.readouterr().out == "ran tests \n"
