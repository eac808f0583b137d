"""Backup and restore: every row comes back, in one piece or not at all."""

import io
import json
import os
import re
import stat
import subprocess
import sys
import tarfile
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from engine.management import archives
from engine.models import Event
from engine.services.checkpoints import make_checkpoint

CLONE = Path(__file__).resolve().parents[3]


@pytest.fixture
def elsewhere():
    """A database of its own on the same server: its address; it is dropped afterwards."""
    params = connection.get_connection_params()
    name = f"{params['dbname']}_restored"
    reach = {key: params[key] for key in ("host", "port", "user", "password") if params.get(key)}
    drop = psycopg.sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(psycopg.sql.Identifier(name))
    with psycopg.connect(**reach, dbname="postgres", autocommit=True) as server:
        server.execute(drop)
        server.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name)))
        yield urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))
        server.execute(drop)


def manage(address: str, *words: str, given: bytes = b"") -> subprocess.CompletedProcess:
    """What a command does with another database."""
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=CLONE,
        env={**os.environ, "DATABASE_URL": address},
        input=given,
        capture_output=True,
        timeout=120,
    )


def fingerprints(cursor) -> dict[str, tuple[int, str]]:
    """Each table with its number of rows, and a hash of all of them."""
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    found = {}
    for (table,) in cursor.fetchall():
        cursor.execute(
            psycopg.sql.SQL(
                "SELECT count(*), md5(coalesce(string_agg(md5(r::text), '' ORDER BY r::text), '')) FROM {} r"
            )
            .format(psycopg.sql.Identifier(table))
            .as_string()
        )
        found[table] = cursor.fetchone()
    return found


def told(ended: subprocess.CompletedProcess) -> str:
    return (ended.stdout + ended.stderr).decode()


@pytest.mark.servers
@pytest.mark.django_db(transaction=True)
def test_every_row_comes_back_and_the_restored_site_verifies(story, reviewer, now, elsewhere, tmp_path):
    story.in_decision().decide()
    make_checkpoint(now=story.now)
    file = tmp_path / "backup.tar"
    out = io.StringIO()
    call_command("backup", str(file), stdout=out)
    assert str(file) in out.getvalue()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with tarfile.open(file) as archive:
        assert archive.getnames() == ["manifest.json", "database.dump"]
        manifest = json.load(archive.extractfile("manifest.json"))
    assert manifest["tables"]["engine_event"] == Event.objects.count()

    first = manage(elsewhere, "restore", str(file))
    assert first.returncode == 0, told(first)
    assert "every event chain and checkpoint verifies, replay and access agree" in told(first)
    with connection.cursor() as cursor:
        ours = fingerprints(cursor)
    with psycopg.connect(elsewhere) as there:
        theirs = fingerprints(there.cursor())
        (triggers,) = there.execute("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'pgtrigger%'").fetchone()
    assert theirs == ours
    assert len(ours) > 50
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'pgtrigger%'")
        assert cursor.fetchone() == (triggers,)

    # What is there is not overwritten unasked; and a failure leaves it as it was.
    again = manage(elsewhere, "restore", str(file))
    assert again.returncode == 1
    assert re.search(r"not empty: it has \d+ tables and \d+ accounts", told(again))
    with psycopg.connect(elsewhere) as there:
        there.execute("DELETE FROM django_session")
        there.execute("UPDATE partners_user SET name = 'Somebody Else'")
    forced = manage(elsewhere, "restore", "-", "--force", given=file.read_bytes())
    assert forced.returncode == 0, told(forced)
    with psycopg.connect(elsewhere) as there:
        assert fingerprints(there.cursor()) == ours
    refused = manage(elsewhere, "restore", str(_with_broken_dump(file, tmp_path)), "--force")
    assert refused.returncode == 1
    assert "Nothing was changed, because restoring failed." in told(refused)
    with psycopg.connect(elsewhere) as there:
        assert fingerprints(there.cursor()) == ours


def _with_broken_dump(file: Path, folder: Path) -> Path:
    """An archive that looks whole, with a dump that pg_restore cannot read."""
    with tarfile.open(file) as archive:
        manifest = json.load(archive.extractfile("manifest.json"))
        dump = archive.extractfile("database.dump").read()
    (folder / "database.dump").write_bytes(dump[: len(dump) // 2])
    manifest["dump"] = {"size": len(dump) // 2, "sha256": archives._digest(folder / "database.dump")}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    broken = folder / "broken.tar"
    with tarfile.open(broken, "w") as archive:
        for name in ("manifest.json", "database.dump"):
            archive.add(folder / name, arcname=name)
    return broken


def archive_of(manifest: dict, dump: bytes = b"nothing") -> io.BytesIO:
    """An archive with this manifest."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        for name, content in (("manifest.json", json.dumps(manifest).encode()), ("database.dump", dump)):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    target.seek(0)
    return target


@pytest.mark.parametrize(
    "source",
    [
        io.BytesIO(b""),
        io.BytesIO(b"no tar file at all" * 100),
        archive_of({}),
        archive_of({"format": "ekip-backup/2", "dump": {"size": 7, "sha256": ""}}),
        archive_of({"format": "ekip-backup/1", "dump": {"size": 7, "sha256": "0" * 64}}),
    ],
)
def test_what_is_no_whole_backup_is_refused(source):
    with pytest.raises(CommandError, match="This is no whole backup"), archives.read_archive(source):
        pass


def test_a_backup_of_a_newer_version_is_refused():
    with pytest.raises(CommandError, match=r"newer version, which has engine\.9999_next"):
        archives.refuse_newer({"migrations": [["engine", "0001_initial"], ["engine", "9999_next"]]})


@pytest.mark.django_db
def test_without_the_programs_it_says_what_to_install(tmp_path):
    with pytest.raises(CommandError, match=r"found: none\. Install postgresql-client-\d+"):
        call_command("backup", str(tmp_path / "x.tar"), programs=str(tmp_path))


@pytest.mark.django_db
def test_a_file_that_is_there_is_not_written_over(tmp_path):
    (tmp_path / "x.tar").write_text("mine")
    with pytest.raises(CommandError, match="is there already"):
        call_command("backup", str(tmp_path / "x.tar"))
    assert (tmp_path / "x.tar").read_text() == "mine"


def test_what_an_older_server_does_not_know_is_left_out_only_before_the_first_table():
    line = b"SET transaction_timeout = 0;\n"
    script = [b"SET x = 1;\n", line, b"CREATE SCHEMA public;\n", b"CREATE TABLE a (\n", line]
    assert list(archives._understood(script)) == [script[0], script[3], line]
