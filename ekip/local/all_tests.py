"""Runs the tests: `python -m ekip.local.all_tests ARGUMENT …`. `make test` does.

Without arguments all of them run, in two halves beside each other, each on throw-away servers of its own: the tests
that mostly wait, for browsers and for whole processes, and the rest, which gives way to them. OLDER_DATABASE_URL names
another database for the rest. With arguments, or on servers whose addresses are given, one pytest runs.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from typing import IO

from ekip.local import processes
from ekip.local.ground import CLONE
from ekip.local.steps import say

ALONE = "browser or servers or broker"
PYTEST = (sys.executable, "-m", "ekip.local.with_servers", sys.executable, "-m", "pytest")


def main(arguments: Sequence[str]) -> int:
    """Run the tests and give the exit status, the worse one of two halves."""
    if arguments or os.environ.get("DATABASE_URL") or os.environ.get("REDIS_URL"):
        return _finished(_start(arguments))
    with tempfile.TemporaryFile() as words:
        say(f"Two halves beside each other; first the tests marked {ALONE}.")
        first = _start([f"-m={ALONE}", "--durations=10"])
        older = {"DATABASE_URL": url} if (url := os.environ.get("OLDER_DATABASE_URL")) else {}
        second = _start([f"-m=not ({ALONE})", "--durations=10"], further=older, output=words, gives_way=True)
        statuses = _finished(first), _finished(second)
        say("The other half:")
        words.seek(0)
        shutil.copyfileobj(words, sys.stdout.buffer)
        sys.stdout.flush()
    return max(statuses)


def _start(
    arguments: Sequence[str],
    *,
    further: Mapping[str, str] | None = None,
    output: IO[bytes] | None = None,
    gives_way: bool = False,
) -> subprocess.Popen[bytes]:
    command = [*(["nice"] if gives_way else []), *PYTEST, *arguments]
    env = {**os.environ, **(further or {})}
    return processes.spawn(command, env=env, cwd=CLONE, output=output, at_the_keyboard=True)


def _finished(process: subprocess.Popen[bytes]) -> int:
    """Its exit status; Ctrl-C reached it too, and it is given the time to stop its servers."""
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
