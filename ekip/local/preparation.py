"""Bringing database and static files up to date before the demonstration starts; what is fresh is skipped."""

import sys
from collections.abc import Mapping, Sequence

from ekip.local.demo_folder import DemoFolder
from ekip.local.freshness import fingerprint, is_fresh, renew
from ekip.local.ground import CLONE
from ekip.local.steps import step, unchanged
from ekip.local.supervisor import Supervisor

ACCOUNTS_FILE = "accounts.txt"
SOURCES = [CLONE / name for name in ("ekip", "engine", "recommendations", "partners", "requirements-dev.lock")]
STATIC_SOURCES = [CLONE / "static", CLONE / "ekip" / "settings.py", CLONE / "requirements-dev.lock"]
STEPS: Sequence[tuple[str, str]] = (
    ("Database schema", "migrate"),
    ("Reference data", "load_reference"),
    ("Demonstration data", "load_demo"),
)


def prepare(supervisor: Supervisor, folder: DemoFolder, env: Mapping[str, str]) -> None:
    """Run the commands whose sources changed since they last passed. Raises what the supervisor raises."""
    _collect_static(supervisor, folder, env)
    made_from = fingerprint(SOURCES)
    stamp = folder.stamps / "data"
    if is_fresh(stamp, made_from) and (folder.state / ACCOUNTS_FILE).exists():
        unchanged("Database schema and content")
        return
    for name, command in STEPS:
        with step(name):
            _manage(supervisor, folder, env, command)
    renew(stamp, made_from)


def _collect_static(supervisor: Supervisor, folder: DemoFolder, env: Mapping[str, str]) -> None:
    made_from = fingerprint(STATIC_SOURCES)
    stamp = folder.state / "static-made-from"
    if is_fresh(stamp, made_from) and folder.static.is_dir():
        unchanged("Static files")
        return
    with step("Static files"):
        _manage(supervisor, folder, env, "collectstatic", "--noinput", "--clear")
    renew(stamp, made_from)


def _manage(supervisor: Supervisor, folder: DemoFolder, env: Mapping[str, str], command: str, *options: str) -> None:
    supervisor.run(
        [sys.executable, "manage.py", command, *options],
        env=env,
        cwd=CLONE,
        log=folder.logs / f"{command}.log",
    )
