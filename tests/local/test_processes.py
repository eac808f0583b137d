"""Finding and ending what was left behind."""

import os
import subprocess
from pathlib import Path

import pytest

from ekip.local import processes
from tests.local.conftest import eventually

pytestmark = pytest.mark.servers


def _start(folder: Path, script: str) -> subprocess.Popen[bytes]:
    env = {"PATH": os.environ["PATH"], processes.MARK: str(folder)}
    return subprocess.Popen(["sh", "-c", script], env=env, start_new_session=True)


def test_grandchildren_are_found_when_their_parent_is_gone(tmp_path):
    parent = _start(tmp_path, "sleep 60 & sleep 60 & exec true")
    parent.wait()

    assert len(processes.marked(tmp_path)) == 2
    processes.end(lambda: processes.marked(tmp_path), patience=2)
    assert processes.marked(tmp_path) == set()


def test_what_does_not_listen_is_killed(tmp_path):
    stubborn = _start(tmp_path, "trap '' TERM; while true; do sleep 0.1; done")
    assert eventually(lambda: bool(processes.marked(tmp_path)))

    assert stubborn.pid in processes.end(lambda: processes.marked(tmp_path), patience=0.5)
    assert processes.marked(tmp_path) == set()


def test_the_mark_of_another_folder_is_not_ours(tmp_path):
    (tmp_path / "clone").mkdir()
    other = _start(tmp_path / "clone-2", "exec sleep 60")
    assert eventually(lambda: processes.marked(tmp_path / "clone-2") == {other.pid})

    assert processes.marked(tmp_path / "clone") == set()
    other.kill()
    other.wait()


def test_a_shell_that_stands_in_the_folder_is_left_alone(tmp_path):
    shell = subprocess.Popen(["sleep", "60"], cwd=tmp_path)

    assert processes.marked(tmp_path) == set()
    shell.kill()
    shell.wait()
