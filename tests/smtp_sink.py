"""A mail server for tests: it takes every mail and remembers its Message-ID and recipient. It can misbehave too."""

import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes


class _Conversation(socketserver.StreamRequestHandler):
    """As much of SMTP as a sender needs."""

    def handle(self) -> None:
        self.server.connections += 1
        self._say("220 sink")
        for line in self.rfile:
            match line.strip().upper().split(b" ")[0].split(b":")[0]:
                case b"RCPT" if self._is_one_of(self.server.refuses, line):
                    self._say("550 no such person")
                case b"RCPT" if self._is_one_of(self.server.hangs_on, line):
                    self.server.hangs.set()
                    self.server.let_go.wait(60)
                    return
                case b"RCPT":
                    self._recipient = line
                    self._say("250 fine")
                case b"EHLO" | b"HELO" | b"MAIL" | b"RSET" | b"NOOP":
                    self._say("250 fine")
                case b"DATA":
                    self._say("354 go on")
                    if self._is_one_of(self.server.drops, self._recipient):
                        self.rfile.readline()
                        return
                    self._take()
                    self._say("250 taken")
                case b"QUIT":
                    self._say("221 bye")
                    return
                case _:
                    self._say("502 not here")

    def _say(self, text: str) -> None:
        time.sleep(self.server.delay)
        self.wfile.write(f"{text}\r\n".encode())

    def _take(self) -> None:
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append(line)
        mail = message_from_bytes(b"".join(lines))
        self.server.mails.append((mail["Message-ID"], mail["To"]))

    @staticmethod
    def _is_one_of(addresses: frozenset[str], line: bytes) -> bool:
        return any(address.encode() in line for address in addresses)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.mails: list[tuple[str, str]] = []
        self.connections = 0
        # Addresses that are refused, over whose mail the connection breaks, and at which the server falls silent.
        self.refuses: frozenset[str] = frozenset()
        self.drops: frozenset[str] = frozenset()
        self.hangs_on: frozenset[str] = frozenset()
        # Seconds before every answer: a tarpit.
        self.delay = 0.0
        self.hangs = threading.Event()
        self.let_go = threading.Event()


@contextmanager
def smtp_sink() -> Iterator[_Server]:
    """A running sink; `.mails` lists (Message-ID, recipient), `.server_address[1]` is the port."""
    with _Server() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.let_go.set()
            server.shutdown()
            thread.join()
