"""Writes everything into one file."""

import os
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ekip.shared import clock
from engine.management.archives import programs, write_archive


class Command(BaseCommand):
    """`manage.py backup /var/backups/` or `manage.py backup - | …`: a file that only its owner can read."""

    help = "Back up the database into one file, with a manifest. The site goes on meanwhile."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to."""
        parser.add_argument("target", help="a file that is not there yet, a folder, or - for what goes out")
        parser.add_argument("--programs", default="", metavar="FOLDER", help="where pg_dump is, if it is not found")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write under another name first: a file with the right name is whole."""
        now = clock.now()
        tools = programs(options["programs"])
        if options["target"] == "-":
            write_archive(sys.stdout.buffer, tools, now=now)
            return
        target = Path(options["target"])
        if target.is_dir():
            target /= f"ekip-{now:%Y%m%dT%H%M%SZ}.tar"
        if target.exists():
            raise CommandError(f"{target} is there already.")
        unfinished = target.with_name(f"{target.name}.unfinished")
        try:
            with open(unfinished, "wb", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
                manifest = write_archive(file, tools, now=now, space=target.parent)
                file.flush()
                os.fsync(file.fileno())
            unfinished.rename(target)
        except OSError as error:
            raise CommandError(f"{target} cannot be written: {error}") from error
        finally:
            unfinished.unlink(missing_ok=True)
        rows = sum(manifest["tables"].values())
        self.stdout.write(f"{target}: {rows} rows of {len(manifest['tables'])} tables, {target.stat().st_size} bytes")
