"""Starting child processes that cannot outlive us unnoticed, and finding those that did.

Three nets, because each has a hole: every child leads a process group of its own; the kernel signals a child
when its supervisor dies (not its grandchildren); and every descendant carries MARK in its environment, which
a later start looks for (a server that rewrites its environment is known by its working directory instead).
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from ekip.local.account import Account

MARK = "SUPERVISED_IN"
SERVER_PROGRAMS = frozenset({"postgres", "valkey-server"})

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_libc = ctypes.CDLL(None, use_errno=True)


def adopt_orphans() -> None:
    """Become the parent of every orphaned descendant, so that none can slip out of our sight."""
    _libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def spawn(
    command: Sequence[str],
    *,
    env: Mapping[str, str],
    cwd: Path,
    output: IO[bytes] | int | None = None,
    account: Account | None = None,
    on_orphaned: signal.Signals = signal.SIGTERM,
    at_the_keyboard: bool = False,
) -> subprocess.Popen[bytes]:
    """Start `command` as the leader of a new session; it gets `on_orphaned` should this process die.

    With `at_the_keyboard` it stays in our session instead, reads our input and hears Ctrl-C itself. Call it
    the main thread only: the kernel takes the death of the starting *thread* for the death of the parent.
    """
    parent = os.getpid()

    def tie_to_parent() -> None:
        _libc.prctl(_PR_SET_PDEATHSIG, int(on_orphaned), 0, 0, 0)
        if os.getppid() != parent:  # it died before the line above
            os._exit(1)

    arguments: dict[str, Any] = account.as_subprocess_arguments() if account else {}
    return subprocess.Popen(  # noqa: S603  the commands are our own
        list(command),
        env=dict(env),
        cwd=cwd,
        stdin=None if at_the_keyboard else subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        start_new_session=not at_the_keyboard,
        preexec_fn=tie_to_parent,  # safe, as we have one thread
        **arguments,
    )


def signal_group(pid: int, number: signal.Signals) -> None:
    """Send a signal to the process group that `pid` leads; nothing happens when it is gone."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


def marked(folder: Path) -> set[int]:
    """The living processes, other than this one, that were started in the name of `folder`."""
    return {pid for pid in _all_pids() if pid != os.getpid() and (_has_mark(pid, folder) or _serves(pid, folder))}


def descendants() -> set[int]:
    """The living processes below this one."""
    parents = {pid: _parent(pid) for pid in _all_pids()}
    found = {os.getpid()}
    while grown := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= grown
    return found - {os.getpid()}


def end(find: Callable[[], Iterable[int]], *, patience: float) -> set[int]:
    """Ask what `find` names to end, kill what is left after `patience` seconds, and say which there were.

    `find` is asked again and again: a dying parent may leave children that nobody saw before.
    """
    seen: set[int] = set()
    give_up_at = time.monotonic() + patience
    while alive := set(find()):
        number = signal.SIGTERM if time.monotonic() < give_up_at else signal.SIGKILL
        for pid in alive if number is signal.SIGKILL else alive - seen:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
        seen |= alive
        reap_orphans(known=())
        time.sleep(0.05)
    return seen


def reap_orphans(known: Collection[int]) -> None:
    """Collect the adopted orphans that have ended; children in `known` are left to whoever waits for them."""
    with contextlib.suppress(ChildProcessError):
        while ended := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            if ended.si_pid in known:
                return
            os.waitpid(ended.si_pid, 0)


def _all_pids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _parent(pid: int) -> int:
    """The parent of a living process; 0 for one that is gone or a zombie."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return 0
    state, parent = status.rpartition(")")[2].split()[:2]
    return 0 if state == "Z" else int(parent)


def _has_mark(pid: int, folder: Path) -> bool:
    try:
        environment = Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:  # gone, or not ours
        return False
    return f"{MARK}={folder}".encode() in environment.split(b"\0")


def _serves(pid: int, folder: Path) -> bool:
    """Whether this is one of the servers (not, say, a shell) at work inside `folder`."""
    process = Path(f"/proc/{pid}")
    try:
        program = (process / "exe").readlink().name.split(" ")[0]  # " (deleted)" may follow
        return program in SERVER_PROGRAMS and (process / "cwd").readlink().is_relative_to(folder)
    except OSError:
        return False
