"""What `make test` runs: pytest, with throw-away servers unless DATABASE_URL and REDIS_URL are given."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from ekip.local import processes
from ekip.local.ground import CLONE
from ekip.local.servers import start_servers, throwaway_folder, throwaway_ground
from ekip.local.steps import say
from ekip.local.supervisor import StartFailed, StopRequested, Supervisor

INTERRUPTED = 130


def main(arguments: Sequence[str]) -> int:
    """Run pytest with `arguments` and give its exit status."""
    try:
        with throwaway_folder() as folder, Supervisor(say) as supervisor:
            env = {"SECRET_KEY": "for tests", **os.environ, "EKIP_TEST": "1", processes.MARK: str(folder)}
            for name, value in _missing_addresses(supervisor, folder).items():
                env.setdefault(name, value)
            command = [sys.executable, "-m", "pytest", *arguments]
            process = processes.spawn(command, env=env, cwd=CLONE, at_the_keyboard=True)
            return supervisor.wait_for_end(process)
    except StopRequested:
        return INTERRUPTED
    except StartFailed as failure:
        say(str(failure))
        return 1


def _missing_addresses(supervisor: Supervisor, folder: Path) -> dict[str, str]:
    """Addresses of servers started for this run; none when both were given."""
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        return {}
    addresses = start_servers(supervisor, throwaway_ground(folder), mark=folder, logs=folder / "log", durable=False)
    return {"DATABASE_URL": addresses.database_url, "REDIS_URL": addresses.redis_url}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
