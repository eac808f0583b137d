"""The embedded PostgreSQL: a cluster of this clone's own, reached over a unix socket only.

`postgres` itself is our child, not `pg_ctl`'s: the supervisor sees it die and can start it again.
"""

import contextlib
import os
import shutil
import signal
import subprocess
from pathlib import Path
from urllib.parse import quote

import psycopg

from ekip.local.ground import Ground
from ekip.local.programs import postgres_programs
from ekip.local.service import Service

DATABASE = "ekip"
ONLY_OURSELVES = ("unix_socket_permissions=0700", "listen_addresses=")
UNSAFE_BUT_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class WrongVersion(Exception):
    """The data folder was made by another major version of PostgreSQL."""


class ClusterRefused(Exception):
    """`initdb` failed; the message ends with what it said."""


def postgres_service(ground: Ground, *, env: dict[str, str], log: Path, durable: bool) -> Service:
    """The service over the cluster in `ground`, which is made if there is none.

    `durable=False` is for throw-away data: nothing is forced to disk. Raises WrongVersion or ClusterRefused.
    """
    programs = postgres_programs(ground)
    cluster = ground.data / "postgres"
    if cluster.exists():
        _check_version(cluster, programs)
    else:
        _make_cluster(cluster, programs, ground)
    options = [
        f"unix_socket_directories={ground.sockets}",
        "unix_socket_permissions=0700",
        "listen_addresses=",
    ]
    options += [] if durable else UNSAFE_BUT_FAST
    return Service(
        name="postgres",
        command=[str(programs / "postgres"), "-D", str(cluster), *(f"--{option}" for option in options)],
        env=env,
        cwd=cluster,
        log=log,
        ready=lambda: answers(ground.sockets),
        account=ground.account,
        before_start=lambda: clear_stale_lock(cluster),
        stop_signal=signal.SIGINT,  # what PostgreSQL calls a fast shutdown: it does not wait for its clients
        patience=20,
        foundation=True,
    )


def database_url(sockets: Path, name: str = DATABASE) -> str:
    """The DATABASE_URL of a database behind the socket in `sockets`."""
    return f"postgres://{DATABASE}@{quote(str(sockets), safe='')}/{name}"


def answers(sockets: Path) -> bool:
    """Whether the server behind the socket in `sockets` takes connections."""
    try:
        _connect(sockets).close()
    except psycopg.OperationalError:
        return False
    return True


def make_database(sockets: Path, name: str = DATABASE) -> None:
    """Make the database `name` unless it is there."""
    with _connect(sockets) as connection, contextlib.suppress(psycopg.errors.DuplicateDatabase):
        connection.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name)))


def clear_stale_lock(cluster: Path) -> None:
    """Remove the `postmaster.pid` of a killed server when its number now belongs to some other process.

    PostgreSQL clears a dead server's file itself, but gives up when any process of
    its account has that number.
    """
    lock = cluster / "postmaster.pid"
    try:
        pid = int(lock.read_text().split("\n", 1)[0])
        serves = Path(f"/proc/{pid}/cwd").readlink() == cluster
    except FileNotFoundError:  # no file, or no such process: PostgreSQL copes with both
        return
    except ValueError:  # cut short while it was written
        serves = False
    if not serves:
        lock.unlink(missing_ok=True)


def _connect(sockets: Path) -> psycopg.Connection:
    return psycopg.connect(host=str(sockets), user=DATABASE, dbname="postgres", connect_timeout=2, autocommit=True)


def _check_version(cluster: Path, programs: Path) -> None:
    made_by = (cluster / "PG_VERSION").read_text().strip()
    command = [programs / "postgres", "--version"]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603  our own program
    ours = output.split()[-1].split(".")[0]
    if made_by != ours:
        raise WrongVersion(f"The data was made by PostgreSQL {made_by}, and this is {ours}.")


def _make_cluster(cluster: Path, programs: Path, ground: Ground) -> None:
    """Run `initdb` beside the final place: a cluster cut short has another name and is made anew."""
    unfinished = cluster.with_name("postgres.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    command = [
        programs / "initdb",
        "--pgdata",
        unfinished,
        "--username",
        DATABASE,
        "--auth=trust",
        "--no-sync",
    ]
    locale = ["--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8"]
    made = subprocess.run(  # noqa: S603  our own program
        [*command, *locale],
        capture_output=True,
        text=True,
        cwd=ground.data,
        env={"PATH": os.defpath, "LC_ALL": "C"},
        **ground.identity,
    )
    if made.returncode != 0:
        raise ClusterRefused(f"initdb could not make a cluster in {ground.data}:\n{made.stderr}")
    unfinished.rename(cluster)
