"""The small form of chaos: some runs, a few kills. `make chaos` is the large one."""

import os
import subprocess
import sys

import pytest

from tests.processes import environment

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.servers]

# With this seed a worker's process, the broker and beat are killed.
SMALL = {
    "runs": 20,
    "seed": 60,
    "kills": 3,
    "flushes": 1,
    "restarts": 0,
    "speed": 4,
    "tick": 2,
    "window": 5,
    "workers": 2,
}
LIMITS = {"people": 2, "limit": 150, "patience": 2}


def test_nothing_is_lost_and_nothing_happens_twice():
    env = environment()
    options = [f"--{name}={value}" for name, value in (SMALL | LIMITS | {"database": env["DATABASE_URL"]}).items()]
    command = [sys.executable, "-m", "tests.chaos", *options]
    chaos = subprocess.run(command, env=os.environ, capture_output=True, text=True, timeout=240)
    print(chaos.stdout)
    assert chaos.returncode == 0, chaos.stdout + chaos.stderr
    assert "ok      every run ended: 20 of 20" in chaos.stdout
    assert "kills                           3 (beat 1, broker 1, worker 1)" in chaos.stdout
