"""Knowing what need not be done again: a stamp holds the fingerprint of what a step was made from."""

import hashlib
from collections.abc import Iterable
from pathlib import Path


def fingerprint(roots: Iterable[Path], *extra: str) -> str:
    """A hash over `extra` and the names and contents of all files in `roots` (files, folders, or missing)."""
    digest = hashlib.sha256("\0".join(extra).encode())
    for root in roots:
        for path in sorted(_files(root)):
            digest.update(f"\0{path.relative_to(root.parent)}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def is_fresh(stamp: Path, value: str) -> bool:
    """Whether the step behind `stamp` was done from exactly this."""
    return stamp.exists() and stamp.read_text() == value


def renew(stamp: Path, value: str) -> None:
    """Record that the step behind `stamp` was done from this."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(value)


def _files(root: Path) -> Iterable[Path]:
    if root.is_file():
        return [root]
    return (path for path in root.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
