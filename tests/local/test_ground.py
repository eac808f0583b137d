"""Where servers keep data and sockets."""

from pathlib import Path

import pytest

from ekip.local import ground
from ekip.local.account import Account


def test_an_ordinary_user_keeps_data_in_the_clone():
    assert ground.store_of(Path("/home/ada/ekip"), None) == Path("/home/ada/ekip/.local")


def test_root_keeps_the_data_of_two_clones_apart():
    account = Account("postgres", 101, 104)

    assert ground.store_of(Path("/srv/one"), account) != ground.store_of(Path("/srv/two"), account)


def test_two_names_of_one_clone_are_one(tmp_path):
    (tmp_path / "clone").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "clone")

    assert ground.mark_of(tmp_path / "link") == ground.mark_of(tmp_path / "clone")


@pytest.mark.parametrize(("length", "fits"), [(92, True), (93, True), (94, False)])
def test_a_socket_path_ends_at_107_bytes(length, fits):
    assert ground.fits_socket(Path("/" + "x" * (length - 1))) is fits


def test_bytes_are_counted_not_letters():
    assert not ground.fits_socket(Path("/" + "é" * 60))


def test_a_long_temporary_folder_is_avoided(monkeypatch, tmp_path):
    long = tmp_path / ("x" * 100)
    long.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(long))

    assert ground.short_parent() == Path("/tmp")
