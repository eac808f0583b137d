"""The embedded Valkey: broker and cache of this clone, reached over a unix socket only."""

import socket
from pathlib import Path

from ekip.local.ground import Ground
from ekip.local.programs import valkey_program
from ekip.local.service import Service

SOCKET_NAME = "valkey.sock"


def valkey_service(ground: Ground, *, env: dict[str, str], log: Path, durable: bool) -> Service:
    """The service over the data in `ground`; `durable=False` keeps nothing on disk."""
    folder = ground.data / "valkey"
    folder.mkdir(mode=0o700, exist_ok=True)
    if ground.account:
        ground.account.take(folder)
    where = ["--port", "0", "--unixsocket", str(ground.sockets / SOCKET_NAME), "--unixsocketperm", "700"]
    keeping = ["--dir", str(folder), "--save", "", "--appendonly", "yes" if durable else "no"]
    return Service(
        name="valkey",
        command=[str(valkey_program(ground)), *where, *keeping, "--daemonize", "no"],
        env=env,
        cwd=folder,
        log=log,
        ready=lambda: answers(ground.sockets / SOCKET_NAME),
        account=ground.account,
        foundation=True,
    )


def redis_url(sockets: Path) -> str:
    """The REDIS_URL of the server behind the socket in `sockets`."""
    return f"unix://{sockets / SOCKET_NAME}"


def answers(path: Path) -> bool:
    """Whether the server at this socket answers; it says LOADING while it reads its file back."""
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(2)
            connection.connect(str(path))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False
