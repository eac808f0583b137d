"""Puts a backup in the place of the database, and verifies it."""

import sys
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from engine.management.archives import programs, read_archive, refuse_newer, restore_dump, row_counts
from engine.models import Checkpoint
from engine.services.checkpoints import checkpoint_faults
from engine.services.verification import access_differences, chain_faults, replay_differences


class Command(BaseCommand):
    """`manage.py restore FILE`: stop web, workers and beat first. It is all there afterwards, or all as before."""

    help = "Restore a backup into an empty database, bring it up to this version, and verify it."

    def add_arguments(self, parser: CommandParser) -> None:
        """From where, and whether what is there may go."""
        parser.add_argument("source", help="the file; - for what comes in")
        parser.add_argument("--force", action="store_true", help="remove everything that is in the database first")
        parser.add_argument("--programs", default="", metavar="FOLDER", help="where pg_restore is, if it is not found")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check the file before anything is touched, restore, migrate, verify."""
        tools = programs(options["programs"])
        try:
            source = sys.stdin.buffer if options["source"] == "-" else Path(options["source"]).open("rb")  # noqa: SIM115  the process ends with it
        except OSError as error:
            raise CommandError(f"{options['source']} cannot be read: {error}") from error
        with source, read_archive(source) as (manifest, dump):
            refuse_newer(manifest)
            if (tables := row_counts()) and not options["force"]:
                people = tables.get("partners_user", 0)
                raise CommandError(
                    f"The database is not empty: it has {len(tables)} tables and {people} accounts. "
                    "--force removes everything that is in it."
                )
            connection.close()
            restore_dump(dump, tools)
        if row_counts() != manifest["tables"]:
            raise CommandError("It was restored, but the tables do not have as many rows as the manifest says.")
        self.stdout.write(f"restored: {sum(manifest['tables'].values())} rows, as of {manifest['made_at']}")
        call_command("migrate", interactive=False, verbosity=0)
        self._verify(manifest["checkpoint"])

    def _verify(self, checkpoint: str | None) -> None:
        faults = [*chain_faults(), *checkpoint_faults(), *replay_differences(), *access_differences()]
        if checkpoint and not Checkpoint.objects.filter(hash=checkpoint).exists():
            faults.append(f"checkpoint {checkpoint} is not there")
        for line in faults:
            self.stdout.write(line)
        if faults:
            raise CommandError(f"It was restored, but {len(faults)} things do not fit; the first: {faults[0]}")
        self.stdout.write("every event chain and checkpoint verifies, replay and access agree")
