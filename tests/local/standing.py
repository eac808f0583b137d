"""Run as a program: servers in the folder given, under a supervisor, until it is told to stop.

The tests need it as a process of its own: a supervisor takes over the signals of its process and ends its children.
"""

import json
import os
import sys
from pathlib import Path

from ekip.local.account import server_account
from ekip.local.ground import Ground
from ekip.local.servers import start_servers
from ekip.local.steps import say
from ekip.local.supervisor import StopRequested, Supervisor


def main(folder: Path) -> None:
    """Print the addresses as one line of JSON, then keep the servers running."""
    account = server_account()
    os.umask(0o022)
    ground = Ground(folder / "data", folder / "s", folder / "programs", account)
    with Supervisor(lambda line: print(line, file=sys.stderr, flush=True)) as supervisor:
        addresses = start_servers(supervisor, ground, mark=folder, logs=folder / "log", durable=True)
        say(json.dumps({"database_url": addresses.database_url, "redis_url": addresses.redis_url}))
        try:
            supervisor.watch()
        except StopRequested:
            return


if __name__ == "__main__":
    main(Path(sys.argv[1]))
