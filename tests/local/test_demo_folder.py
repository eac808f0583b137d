"""What one demonstration keeps, and what its processes get to know."""

import pytest

from ekip.local.demo_folder import DemoFolder, open_demo_folder
from ekip.local.environment import demo_environment
from ekip.local.servers import Addresses
from ekip.shared.env import NAMES


@pytest.fixture
def folder(tmp_path) -> DemoFolder:
    return open_demo_folder(tmp_path / "clone", None)


def test_it_is_private_and_so_is_its_key(folder):
    folder.secret_key()

    assert folder.state.stat().st_mode & 0o777 == 0o700
    assert (folder.state / "secret-key").stat().st_mode & 0o777 == 0o600


def test_the_key_stays_until_it_is_forgotten(folder):
    first = folder.secret_key()
    assert folder.secret_key() == first

    folder.drop_strangers()
    folder.forget()

    assert folder.secret_key() != first


def test_its_own_data_is_never_taken_for_that_of_another_clone(folder):
    assert folder.drop_strangers() is False
    (folder.store / "data").mkdir()

    assert folder.drop_strangers() is False
    assert (folder.store / "data").exists()


def test_data_of_a_deleted_clone_at_the_same_path_is_removed(folder):
    folder.drop_strangers()
    (folder.store / "data").mkdir()
    (folder.state / "identity").unlink()

    assert folder.drop_strangers() is True
    assert not (folder.store / "data").exists()


def test_settings_of_the_shell_do_not_reach_the_demonstration(folder, monkeypatch):
    for name in NAMES | {"DJANGO_SETTINGS_MODULE"}:
        monkeypatch.setenv(name, "from the shell")
    addresses = Addresses("postgres://ekip@%2Ftmp%2Fs/ekip", "unix:///tmp/s/valkey.sock")

    environment = demo_environment(folder, addresses, "http://127.0.0.1:8123")

    assert "from the shell" not in environment.values()
    assert environment["DATABASE_URL"] == addresses.database_url
    assert environment["EKIP_DEMO"] == "1"
