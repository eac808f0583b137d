"""A mail server that writes down every mail: `python -m tests.chaos.sink FOLDER`. The port is in `FOLDER/port`."""

from __future__ import annotations

import asyncio
import hashlib
import sys
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path


@dataclass(frozen=True)
class Mail:
    """A mail that arrived: its Message-ID, whom it is for, and a hash over its bytes."""

    message_id: str
    to: str
    digest: str


def read_mails(folder: Path) -> list[Mail]:
    """The mails that have arrived, in their order."""
    file = folder / "mails"
    lines = file.read_text().splitlines() if file.exists() else []
    return [Mail(*line.split("\t")) for line in lines]


async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, folder: Path) -> None:
    """As much of SMTP as a sender needs. A mail is written down before it is acknowledged."""
    to = ""
    writer.write(b"220 sink\r\n")
    while line := await reader.readline():
        verb = line.strip().upper().split(b" ")[0].split(b":")[0]
        answer = b"250 fine\r\n"
        if verb == b"RCPT":
            to = line.decode().partition(":")[2].strip().strip("<>")
        elif verb == b"DATA":
            writer.write(b"354 go on\r\n")
            try:
                content = await reader.readuntil(b"\r\n.\r\n")
            except asyncio.IncompleteReadError:
                break
            _write_down(content, to, folder)
        elif verb == b"QUIT":
            break
        elif verb not in (b"EHLO", b"HELO", b"MAIL", b"RSET", b"NOOP"):
            answer = b"502 not here\r\n"
        writer.write(answer)
    writer.close()


def _write_down(content: bytes, to: str, folder: Path) -> None:
    mail = Mail(str(message_from_bytes(content)["Message-ID"]), to, hashlib.sha256(content).hexdigest())
    with (folder / "mails").open("a") as file:
        file.write(f"{mail.message_id}\t{mail.to}\t{mail.digest}\n")


async def serve(folder: Path) -> None:
    """Until told to stop."""
    server = await asyncio.start_server(lambda r, w: converse(r, w, folder), "127.0.0.1", 0, limit=2**20)
    (folder / "port").write_text(str(server.sockets[0].getsockname()[1]))
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
