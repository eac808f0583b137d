"""The private file with the passwords of the example accounts: one line each, address and password."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings

NAME = "accounts.txt"
HEADING = (
    "# Example accounts of this demonstration. Sign in with one click on the sign-in page, or with these passwords."
)


def accounts_file() -> Path:
    """Where the passwords are kept: outside of version control, in the folder of this demonstration."""
    return Path(settings.DEMO_FOLDER) / NAME


def read_passwords() -> dict[str, str]:
    """Passwords by address; empty when there is no file."""
    path = accounts_file()
    if not path.exists():
        return {}
    lines = path.read_text(encoding="utf-8").splitlines()
    pairs = [line.split() for line in lines if line.strip() and not line.startswith("#")]
    return {pair[0]: pair[1] for pair in pairs if len(pair) == 2}


def write_passwords(passwords: Mapping[str, str]) -> None:
    """Store them in a file that only its owner can read, in one step."""
    path = accounts_file()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{NAME}.new")
    draft.unlink(missing_ok=True)
    width = max(map(len, passwords), default=0)
    lines = [HEADING, *(f"{address:<{width}}  {password}" for address, password in passwords.items())]
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    draft.replace(path)


def new_password() -> str:
    """Random, and without signs that are hard to tell apart in a terminal."""
    return "-".join(secrets.token_hex(3) for _ in range(3))
