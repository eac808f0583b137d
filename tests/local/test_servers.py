"""The embedded servers: data survives, whatever is killed, and nothing is left running."""

import os
import signal
import socket
import subprocess
import time

import psycopg
import pytest

from ekip.local import processes, valkey
from ekip.local.account import server_account
from ekip.local.servers import sweep
from tests.local.conftest import Standing, eventually, program_of

pytestmark = pytest.mark.servers


def _write(standing: Standing) -> None:
    with psycopg.connect(standing.database_url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 'words' AS words")


def _reads(standing: Standing) -> bool:
    try:
        with psycopg.connect(standing.database_url, connect_timeout=2) as connection:
            return connection.execute("SELECT words FROM kept").fetchone() == ("words",)
    except psycopg.OperationalError:
        return False


def _valkey_answers(standing: Standing) -> bool:
    return valkey.answers(standing.folder / "s" / valkey.SOCKET_NAME)


def test_they_listen_on_private_sockets_only(stand_servers):
    standing = stand_servers()

    with psycopg.connect(standing.database_url) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        locale = "SELECT datlocprovider, datlocale FROM pg_database WHERE datname = current_database()"
        assert connection.execute(locale).fetchone() == ("b", "C.UTF-8")
    assert (standing.folder / "s").stat().st_mode & 0o777 == 0o700


def test_a_stop_leaves_no_process_and_a_start_finds_the_data(stand_servers):
    standing = stand_servers()
    _write(standing)

    standing.end()

    assert processes.marked(standing.folder) == set()
    assert _reads(stand_servers())


def test_postgres_comes_back_after_kill_9(stand_servers):
    standing = stand_servers()
    _write(standing)
    killed = standing.postmaster

    os.kill(killed, signal.SIGKILL)

    assert eventually(lambda: _reads(standing))
    assert standing.postmaster not in (0, killed)


def test_valkey_comes_back_after_kill_9_with_what_it_had(stand_servers):
    standing = stand_servers()
    path = standing.redis_url.removeprefix("unix://")
    assert _ask(path, "SET kept words") == "+OK"
    time.sleep(1.1)  # it is forced to disk once a second

    killed = standing.valkey

    os.kill(killed, signal.SIGKILL)

    assert eventually(lambda: killed not in processes.marked(standing.folder))
    assert eventually(lambda: _valkey_answers(standing))
    assert _ask(path, "GET kept").endswith("words")


def test_both_end_with_a_killed_supervisor_and_start_again(stand_servers):
    standing = stand_servers()
    _write(standing)

    standing.end(signal.SIGKILL)

    assert eventually(lambda: processes.marked(standing.folder) == set())
    assert _reads(stand_servers())


def test_a_killed_server_whose_number_was_given_to_another_process(stand_servers):
    standing = stand_servers()
    _write(standing)
    lock = standing.folder / "data" / "postgres" / "postmaster.pid"
    before = lock.read_text().split("\n")
    standing.end()
    account = server_account()
    stranger = subprocess.Popen(["sleep", "60"], **(account.as_subprocess_arguments() if account else {}))
    lock.write_text("\n".join([str(stranger.pid), *before[1:]]))

    assert _reads(stand_servers())
    stranger.kill()
    stranger.wait()


def test_a_lock_file_cut_short_is_no_obstacle(stand_servers):
    standing = stand_servers()
    _write(standing)
    standing.end()
    (standing.folder / "data" / "postgres" / "postmaster.pid").write_text("")

    assert _reads(stand_servers())


def test_the_next_run_sweeps_what_a_killed_one_left(short_folder):
    abandoned = short_folder / "ekip-test-abandoned"
    abandoned.mkdir()
    (abandoned / "claim").write_text("process 4711")
    left = subprocess.Popen(["sleep", "60"], env={"PATH": os.environ["PATH"], processes.MARK: str(abandoned)})
    (short_folder / "ekip-test-being-made").mkdir()
    assert eventually(lambda: program_of(left.pid) == "sleep")

    sweep(short_folder)

    assert sorted(path.name for path in short_folder.iterdir()) == ["ekip-test-being-made"]
    assert processes.marked(abandoned) == set()


def _ask(path: str, command: str) -> str:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(5)
        connection.connect(path)
        connection.sendall(f"{command}\r\n".encode())
        return connection.recv(200).decode().strip()
