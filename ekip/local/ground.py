"""The folders that one clone's servers use. Two clones, or two runs of the tests, never share any of them."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ekip.local.account import Account

CLONE = Path(__file__).resolve().parents[2]
ROOT_STORE = Path("/var/lib/ekip-engine")
# The kernel's limit is 108 bytes with the closing zero; PostgreSQL's own file name is the longest one.
LONGEST_SOCKET_PATH = 107
LONGEST_SOCKET_NAME = ".s.PGSQL.5432"


@dataclass(frozen=True)
class Ground:
    """Where servers keep data and sockets, and the account that they run under (None: ours)."""

    data: Path
    sockets: Path
    programs: Path
    account: Account | None

    @property
    def identity(self) -> dict[str, Any]:
        """The arguments that make `subprocess` run a program as the account of the servers."""
        return self.account.as_subprocess_arguments() if self.account else {}

    def prepare(self) -> None:
        """Make the folders, private to the account of the servers."""
        for folder in (self.data, self.sockets):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            folder.chmod(0o700)
            if self.account:
                self.account.take(folder)


def mark_of(clone: Path) -> str:
    """Twelve hexadecimal digits that stand for the path of a clone."""
    return hashlib.sha256(os.fsencode(clone.resolve())).hexdigest()[:12]


def store_of(clone: Path, account: Account | None) -> Path:
    """The folder for what servers keep: in the clone, or as root where the servers' account can reach it."""
    return ROOT_STORE / mark_of(clone) if account else clone / ".local"


def short_parent() -> Path:
    """The folder for temporary folders with sockets: the usual one, unless TMPDIR makes paths too long."""
    parent = Path(tempfile.gettempdir())
    return parent if fits_socket(parent / "ekip-test-12345678" / "s") else Path("/tmp")  # noqa: S108  a private folder is made in it


def fits_socket(folder: Path) -> bool:
    """Whether the longest of our socket names in `folder` stays within the kernel's limit."""
    return len(os.fsencode(folder / LONGEST_SOCKET_NAME)) <= LONGEST_SOCKET_PATH
