"""PostgreSQL and Valkey together: what `make demo` keeps and what `make test` throws away."""

import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ekip.local import postgres, processes, valkey
from ekip.local.account import server_account
from ekip.local.claim import FILE_NAME, InUse, claimed
from ekip.local.ground import CLONE, Ground, short_parent, store_of
from ekip.local.supervisor import Supervisor

THROWAWAY = "ekip-test-"
OLD = 3600.0


@dataclass(frozen=True)
class Addresses:
    """Where the servers answer, in the form that the settings read."""

    database_url: str
    redis_url: str


def start_servers(supervisor: Supervisor, ground: Ground, *, mark: Path, logs: Path, durable: bool) -> Addresses:
    """Start both in the name of the folder `mark`, and wait until they answer and the database exists.

    Raises what the supervisor raises, postgres.WrongVersion and postgres.ClusterRefused.
    """
    ground.prepare()
    logs.mkdir(parents=True, exist_ok=True, mode=0o700)
    env = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", processes.MARK: str(mark)}
    store = valkey.valkey_service(ground, env=env, log=logs / "valkey.log", durable=durable)
    database = postgres.postgres_service(ground, env=env, log=logs / "postgres.log", durable=durable)
    for service in (store, database):
        supervisor.launch(service)
    for service in (store, database):
        supervisor.wait_for(service)
    postgres.make_database(ground.sockets)
    return Addresses(postgres.database_url(ground.sockets), valkey.redis_url(ground.sockets))


@contextlib.contextmanager
def throwaway_folder() -> Iterator[Path]:
    """A new folder with a short path, gone afterwards; those of killed runs go now, with their processes."""
    parent = short_parent()
    sweep(parent)
    folder = Path(tempfile.mkdtemp(prefix=THROWAWAY, dir=parent))
    folder.chmod(0o711)  # the servers' account passes through; what is inside is private
    try:
        with claimed(folder, f"process {os.getpid()}"):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def throwaway_ground(folder: Path) -> Ground:
    """The ground of throw-away servers inside `folder`."""
    account = server_account()
    return Ground(folder / "data", folder / "s", store_of(CLONE, account) / "programs", account)


def sweep(parent: Path) -> None:
    """Remove what killed runs left in `parent`."""
    for folder in parent.glob(f"{THROWAWAY}*"):
        status = folder.lstat()
        # A folder without a claim may be one that another run is making just now.
        unclaimed = not (folder / FILE_NAME).exists() and time.time() - status.st_mtime < OLD
        if status.st_uid != os.geteuid() or unclaimed:
            continue
        with contextlib.suppress(InUse), claimed(folder, "sweeping"):
            processes.end(lambda folder=folder: processes.marked(folder), patience=5)
            shutil.rmtree(folder, ignore_errors=True)
