"""The private folder of this clone's demonstration: identity, secret key, logs, and its servers' ground."""

import secrets
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ekip.local import processes
from ekip.local.account import Account
from ekip.local.ground import Ground, short_parent, store_of


@dataclass(frozen=True)
class DemoFolder:
    """Paths of one demonstration. `state` is ours and private; `store` may belong to the servers' account."""

    state: Path
    store: Path
    programs: Path
    account: Account | None

    @property
    def logs(self) -> Path:
        return self.state / "log"

    @property
    def static(self) -> Path:
        return self.state / "static"

    @property
    def stamps(self) -> Path:
        """Beside the data that they speak of, so that they go with it."""
        return self.store / "stamps"

    def end_leftovers(self) -> set[int]:
        """End what a killed supervisor left, remove its sockets, and say which processes there were."""
        ended = processes.end(lambda: processes.marked(self.state) | processes.marked(self.store), patience=10)
        note = self.state / "sockets"
        if note.exists():
            shutil.rmtree(note.read_text(), ignore_errors=True)
            note.unlink()
        return ended

    def new_ground(self) -> Ground:
        """The data of this clone with a new folder for sockets, which the next start removes if we cannot."""
        sockets = Path(tempfile.mkdtemp(prefix="ekip-", dir=short_parent()))
        (self.state / "sockets").write_text(str(sockets))
        return Ground(self.store / "data", sockets, self.programs, self.account)

    def secret_key(self) -> str:
        """The secret key of this demonstration, made at its first start."""
        return self._kept("secret-key", lambda: secrets.token_urlsafe(50))

    def forget(self) -> None:
        """Remove all data, keys and accounts; the next start begins anew."""
        for folder in (self.store, self.state):
            for path in folder.iterdir():
                if path.is_dir():
                    shutil.rmtree(path)
                elif path.name != "claim":  # we hold it
                    path.unlink()

    def drop_strangers(self) -> bool:
        """Remove what another, deleted clone at this path left in the store; says whether there was any."""
        ours = self._kept("identity", lambda: secrets.token_hex(16))
        note = self.store / "identity"
        stranger = note.exists() and note.read_text() != ours
        if stranger:
            shutil.rmtree(self.store)
        self.store.mkdir(parents=True, exist_ok=True, mode=0o711)
        note.write_text(ours)
        return stranger

    def _kept(self, name: str, make: Callable[[], str]) -> str:
        path = self.state / name
        if not path.exists():
            path.write_text(make())
            path.chmod(0o600)
        return path.read_text()


def open_demo_folder(clone: Path, account: Account | None) -> DemoFolder:
    """The folder of `clone`'s demonstration, made if it is missing."""
    state = clone / ".local" / "demo"
    state.mkdir(parents=True, exist_ok=True, mode=0o700)
    state.chmod(0o700)
    store = store_of(clone, account)
    store.mkdir(parents=True, exist_ok=True, mode=0o711 if account else 0o755)
    return DemoFolder(state, store / ("demo" if account else "demo/store"), store / "programs", account)
