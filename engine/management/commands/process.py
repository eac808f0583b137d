"""Process definitions on the command line: check, show, compare, publish, export, simulate, migrate runs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ekip.shared import clock
from ekip.shared.errors import Refusal
from engine.models import ProcessVersion
from engine.process.simulation import Behaviour, simulate
from engine.process.values import Definition, definition_from
from engine.selectors.differences import told_differences
from engine.selectors.migrations import told_changes, told_obstacles
from engine.selectors.outline import limits, outline
from engine.selectors.simulations import assumptions, outcome, wait_line
from engine.selectors.versions import live_runs, version_named
from engine.services.definitions import Unsound, publish_definition, sound_definition
from engine.services.migration import dry_run, migrate
from partners.models import User

NAMED = "a YAML file, or KEY or KEY@VERSION of what is published"
BY = "mail address of the person who decided it"
MOST_RUNS = 100_000


class Command(BaseCommand):
    """`manage.py process check my-process.yaml` and so on: exits with an error when a definition has faults."""

    help = "Check, show, compare, publish, export or simulate process definitions, and take runs over to a version."

    def add_arguments(self, parser: CommandParser) -> None:
        """One sub-command for each thing to do."""
        tasks = parser.add_subparsers(dest="task", required=True, metavar="TASK")
        tasks.add_parser("check", help="print every fault with its line").add_argument("file", help="a YAML file")
        tasks.add_parser("show", help="tell the stages in words").add_argument("definition", help=NAMED)
        diff = tasks.add_parser("diff", help="tell in words what changed")
        diff.add_argument("old", help=NAMED)
        diff.add_argument("new", help=NAMED)
        published = tasks.add_parser("publish", help="publish as the next version")
        published.add_argument("file", help="a YAML file")
        published.add_argument("--by", default="", help=BY)
        tasks.add_parser("export", help="print a version as YAML").add_argument("version", help="KEY or KEY@VERSION")
        simulated = tasks.add_parser("simulate", help="send synthetic proposals through")
        simulated.add_argument("definition", help=NAMED)
        simulated.add_argument("--runs", type=int, default=500, help="how many proposals (500)")
        simulated.add_argument("--seed", type=int, default=1, help="the same seed gives the same result (1)")

        migrated = tasks.add_parser("migrate", help="tell what another version would mean for runs, and take them over")
        migrated.add_argument("--from", dest="old", required=True, help="KEY@VERSION on which the runs stand")
        migrated.add_argument("--to", dest="new", required=True, help="KEY@VERSION to which they go over")
        migrated.add_argument("--run", type=int, action="append", help="only this run; can be repeated")
        migrated.add_argument("--apply", action="store_true", help="take them over; else it is only told what would be")
        migrated.add_argument("--reason", default="", help="why; the people concerned read it")
        migrated.add_argument("--by", default="", help=BY)

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what is asked for."""
        match options["task"]:
            case "check":
                self._sound(_text(options["file"]))
                self.stdout.write("no faults")
            case "show":
                self._show(definition_from(self._content(options["definition"])))
            case "diff":
                self._diff(self._content(options["old"]), self._content(options["new"]))
            case "publish":
                self._publish(_text(options["file"]), _person(options["by"]))
            case "export":
                self.stdout.write(_version(options["version"]).text, ending="")
            case "simulate":
                definition = definition_from(self._content(options["definition"]))
                self._simulate(definition, runs=options["runs"], seed=options["seed"])
            case "migrate":
                self._migrate(_version(options["old"]), _version(options["new"]), options)

    def _show(self, definition: Definition) -> None:
        self.stdout.write(f"{definition.title} ({definition.key})")
        for number, stage in enumerate(outline(definition), start=1):
            self.stdout.write(f"\n{number}. {stage.heading}")
            for sentence in stage.sentences:
                self.stdout.write(f"   {sentence}")
        self.stdout.write("")
        for sentence in limits(definition):
            self.stdout.write(sentence)

    def _diff(self, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
        found = told_differences(old, new)
        for each in found:
            self.stdout.write(each.text)
        if not found:
            self.stdout.write("both are the same" if old == new else "written differently, but the same in meaning")

    def _publish(self, text: str, person: User | None) -> None:
        try:
            version, is_new = publish_definition(text, person=person, now=clock.now())
        except Unsound as error:
            raise self._refused(error) from error
        state = "published" if is_new else "unchanged, this content is already published"
        self.stdout.write(f"{version.definition.key}@{version.number}: {state}")
        self.stdout.write(f"sha256 {version.content_hash}")

    def _simulate(self, definition: Definition, *, runs: int, seed: int) -> None:
        if not 1 <= runs <= MOST_RUNS:
            raise CommandError(f"--runs takes a number from 1 to {MOST_RUNS}.")
        result = simulate(definition, Behaviour(), proposals=runs, seed=seed)
        self.stdout.write(f"{definition.title}: {runs} synthetic proposals, seed {seed}\n")
        for heading, lines in (
            ("What came of them", outcome(result)),
            ("Where they waited", [wait_line(wait) for wait in result.waits]),
            ("Assumed, not measured", assumptions(result.behaviour)),
        ):
            self.stdout.write(f"\n{heading}")
            for line in lines:
                self.stdout.write(f"  {line}")

    def _migrate(self, old: ProcessVersion, new: ProcessVersion, options: Mapping[str, Any]) -> None:
        standing = {run.pk for run in live_runs(old)}
        chosen = set(options["run"] or standing)
        if strangers := sorted(chosen - standing):
            raise CommandError(f"These are no live runs on {options['old']}: {', '.join(map(str, strangers))}")
        now = clock.now()
        try:
            for each in dry_run(run_ids=chosen, version_id=new.pk, now=now):
                self.stdout.write(f"run {each.run.pk}, {each.run.proposal}")
                for line in told_obstacles(each.fit, old.process, new.process):
                    self.stdout.write(f"  does not fit: {line}")
                for line in told_changes(each.fit, old.process, new.process):
                    self.stdout.write(f"  {line}")
            if not options["apply"]:
                self.stdout.write(f"{len(chosen)} runs looked at; nothing was changed (--apply and --reason change it)")
                return
            person = _person(options["by"])
            migrate(run_ids=chosen, version_id=new.pk, person=person, reason=options["reason"], now=now)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{len(chosen)} runs went over to {new}")

    def _content(self, name: str) -> Mapping[str, Any]:
        """Plain data without faults, from a file or from what is published."""
        if Path(name).is_file():
            return self._sound(_text(name))
        return _version(name).content

    def _sound(self, text: str) -> Mapping[str, Any]:
        try:
            return sound_definition(text)
        except Unsound as error:
            raise self._refused(error) from error

    def _refused(self, error: Unsound) -> CommandError:
        """Print each fault; the refusal counts them."""
        self.stdout.write(str(error))
        return CommandError("1 fault" if len(error.found) == 1 else f"{len(error.found)} faults")


def _text(file: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{file} cannot be read: {error}") from error


def _person(email: str) -> User | None:
    person = User.objects.filter(email=email.lower()).first() if email else None
    if email and person is None:
        raise CommandError("Nobody has an account under this address.")
    return person


def _version(name: str) -> ProcessVersion:
    version = version_named(name)
    if version is None:
        raise CommandError(f"There is no file {name}, and nothing is published under this name.")
    return version
