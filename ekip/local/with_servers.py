"""Runs a command with throw-away servers: `python -m ekip.local.with_servers COMMAND …`. `make test` runs pytest so.

A server whose address is given in DATABASE_URL or REDIS_URL is used as it is.
"""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from ekip.local import processes
from ekip.local.ground import CLONE
from ekip.local.postgres import ClusterRefused
from ekip.local.servers import start_servers, throwaway_folder, throwaway_ground
from ekip.local.steps import say
from ekip.local.supervisor import StartFailed, StopRequested, Supervisor

INTERRUPTED = 130
LAST_WORDS = 10.0


def main(command: Sequence[str]) -> int:
    """Run `command` and give its exit status."""
    os.umask(0o022)  # the servers' account reads programs that we copy
    try:
        with throwaway_folder() as folder, Supervisor(say) as supervisor:
            addresses = _missing_addresses(supervisor, folder)
            env = {"SECRET_KEY": "for tests", **os.environ, **addresses}
            env |= {"EKIP_TEST": "1", processes.MARK: str(folder)}
            process = processes.spawn(command, env=env, cwd=CLONE, at_the_keyboard=True)
            try:
                status = supervisor.wait_for_end(process)
                return status if status >= 0 else 128 - status  # killed: as a shell says it
            except StopRequested as request:
                _let_finish(process, request)
                raise
    except StopRequested:
        return INTERRUPTED
    except (StartFailed, ClusterRefused) as failure:
        say(str(failure))
        return 1


def _let_finish(process: subprocess.Popen[bytes], request: StopRequested) -> None:
    """Give the command time for its last words; Ctrl-C reached it already, other signals did not."""
    if request.number is not signal.SIGINT:
        process.send_signal(signal.SIGINT)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(LAST_WORDS)


def _missing_addresses(supervisor: Supervisor, folder: Path) -> Mapping[str, str]:
    """The addresses that were not given, of servers started for this run."""
    given = {name for name in ("DATABASE_URL", "REDIS_URL") if os.environ.get(name)}
    if len(given) == 2:
        return {}
    ground = throwaway_ground(folder)
    started = start_servers(supervisor, ground, mark=folder, logs=folder / "log", durable=False)
    ours = {"DATABASE_URL": started.database_url, "REDIS_URL": started.redis_url}
    return {name: address for name, address in ours.items() if name not in given}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
