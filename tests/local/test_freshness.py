"""A step is skipped only when nothing that it was made from has changed."""

from pathlib import Path

import pytest

from ekip.local.freshness import fingerprint, is_fresh, renew


@pytest.fixture
def source(tmp_path: Path) -> Path:
    source = tmp_path / "source"
    (source / "part").mkdir(parents=True)
    (source / "part" / "one.py").write_text("one = 1\n")
    return source


def test_nothing_is_fresh_before_it_was_made(tmp_path, source):
    assert not is_fresh(tmp_path / "stamp", fingerprint([source]))


def test_what_was_made_from_the_same_is_fresh(tmp_path, source):
    renew(tmp_path / "kept" / "stamp", fingerprint([source]))

    assert is_fresh(tmp_path / "kept" / "stamp", fingerprint([source]))


@pytest.mark.parametrize("change", ["edit", "add", "remove", "rename"])
def test_any_change_counts(source, change):
    before = fingerprint([source])
    one = source / "part" / "one.py"
    match change:
        case "edit":
            one.write_text("one = 2\n")
        case "add":
            (source / "two.py").touch()
        case "remove":
            one.unlink()
        case "rename":
            one.rename(source / "part" / "two.py")

    assert fingerprint([source]) != before


def test_what_python_compiles_does_not_count(source):
    before = fingerprint([source])
    (source / "__pycache__").mkdir()
    (source / "__pycache__" / "one.pyc").write_bytes(b"compiled")

    assert fingerprint([source]) == before


def test_a_missing_source_and_further_words_are_taken_as_they_are(tmp_path, source):
    assert fingerprint([source, tmp_path / "missing"]) == fingerprint([source])
    assert fingerprint([source], "3.11") != fingerprint([source], "3.12")
