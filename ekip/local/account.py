"""The account that the embedded servers run under: PostgreSQL refuses to run as root."""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CANDIDATES = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """An unprivileged account of this machine."""

    name: str
    uid: int
    gid: int

    def as_subprocess_arguments(self) -> dict[str, Any]:
        """The arguments that make `subprocess` start a program under this account and in no other group."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def take(self, folder: Path) -> None:
        """Give `folder` itself, not what is in it, to this account."""
        os.chown(folder, self.uid, self.gid)


def server_account() -> Account | None:
    """The account to drop to when we are root; None when we are an ordinary user and stay who we are.

    Raises LookupError when we are root on a machine that has none of the usual accounts.
    """
    if os.geteuid() != 0:
        return None
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise LookupError(f"PostgreSQL does not run as root, and this machine has none of: {', '.join(CANDIDATES)}")
