"""Makes `.venv` from the hashed lock files. Runs under the system's Python: standard library only.

uv itself comes from a hashed file into an environment of its own, so that `.venv` holds what the lock names
and nothing else. Package caches and index settings of the machine (UV_*, PIP_*) are respected.
"""

import importlib.util
import os
import shutil
import sys
from pathlib import Path

from ekip.local.freshness import fingerprint, is_fresh, renew
from ekip.local.ground import CLONE
from ekip.local.steps import say, step, unchanged
from ekip.local.supervisor import StartFailed, StopRequested, Supervisor

BOOTSTRAP = CLONE / ".local" / "bootstrap"
BOOTSTRAP_LOCK = CLONE / "requirements-bootstrap.lock"
ENVIRONMENT = CLONE / ".venv"
LOCK = CLONE / "requirements-dev.lock"
LOG = CLONE / ".local" / "install.log"


def main() -> int:
    """Bring `.venv` in line with the lock files; nothing is touched when it already is."""
    made_from = fingerprint([BOOTSTRAP_LOCK, LOCK], sys.version, sys.executable, str(CLONE))
    stamp = ENVIRONMENT / ".made-from"
    if is_fresh(stamp, made_from) and (ENVIRONMENT / "bin" / "python").exists():
        unchanged("Python packages")
        return 0
    if importlib.util.find_spec("ensurepip") is None:
        say("This Python has no venv module. On Debian and Ubuntu: apt install python3-venv")
        return 1
    LOG.parent.mkdir(exist_ok=True)
    try:
        with Supervisor(say) as supervisor:
            with step("Installer (uv)"):
                _install_uv(supervisor)
            with step("Python packages"):
                _sync(supervisor)
    except StopRequested:
        return 130
    except StartFailed as failure:
        say(str(failure))
        return 1
    renew(stamp, made_from)
    return 0


def _install_uv(supervisor: Supervisor) -> None:
    made_from = fingerprint([BOOTSTRAP_LOCK], sys.version, sys.executable, str(CLONE))
    if is_fresh(BOOTSTRAP / ".made-from", made_from):
        return
    shutil.rmtree(BOOTSTRAP, ignore_errors=True)
    python = str(BOOTSTRAP / "bin" / "python")
    pip = [python, "-m", "pip", "install", "--require-hashes", "-r", str(BOOTSTRAP_LOCK)]
    for command in ([sys.executable, "-m", "venv", str(BOOTSTRAP)], pip):
        supervisor.run(command, env=os.environ, cwd=CLONE, log=LOG)
    renew(BOOTSTRAP / ".made-from", made_from)


def _sync(supervisor: Supervisor) -> None:
    uv = str(BOOTSTRAP / "bin" / "uv")
    # The system's certificates, as pip and the browser use them: company networks have some of their own.
    env = {"UV_SYSTEM_CERTS": "1", **os.environ}
    if not _matches_python():
        make = [uv, "venv", "--clear", "--python", sys.executable, str(ENVIRONMENT)]
        supervisor.run(make, env=env, cwd=CLONE, log=LOG)
    python = str(ENVIRONMENT / "bin" / "python")
    # Compiled now, the packages cost nothing at each start.
    sync = [uv, "pip", "sync", "--require-hashes", "--compile-bytecode", "--python", python, str(LOCK)]
    supervisor.run(sync, env=env, cwd=CLONE, log=LOG)


def _matches_python() -> bool:
    """Whether `.venv` exists and was made from the Python that runs this."""
    python = ENVIRONMENT / "bin" / "python"
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    same = python.exists() and python.resolve() == Path(sys.executable).resolve()
    return same and (ENVIRONMENT / "lib" / version).is_dir()


if __name__ == "__main__":
    sys.exit(main())
