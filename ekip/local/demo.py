"""What `make demo` runs: prepare what changed, start everything, say where it is, stop it all at the end."""

import os
import signal
import socket
import sys
import time

from ekip.local import preparation
from ekip.local.account import server_account
from ekip.local.applications import beat_service, web_service, worker_service
from ekip.local.claim import InUse, claimed, holder
from ekip.local.demo_folder import DemoFolder, open_demo_folder
from ekip.local.environment import demo_environment
from ekip.local.ground import CLONE
from ekip.local.postgres import ClusterRefused, WrongVersion
from ekip.local.servers import start_servers
from ekip.local.steps import say, step
from ekip.local.supervisor import StartFailed, StopRequested, Supervisor


class PortRefused(Exception):
    """The port is not a number that we may use, or another program listens on it."""


def main(arguments: list[str]) -> int:
    """Run the demonstration until told to stop, and give the exit status. For `reset`, `stop`: Makefile."""
    os.umask(0o022)  # the servers' account reads programs that we copy; what is private says so
    folder = open_demo_folder(CLONE, server_account())
    if "stop" in arguments:
        return _stop_other(folder)
    try:
        port = _port(os.environ.get("PORT", "8000"))
        address = f"http://127.0.0.1:{port}"
        with claimed(folder.state, f"{os.getpid()} {address}"):
            if "reset" in arguments:
                if not _may_reset():
                    say("Nothing was changed.")
                    return 1
                folder.end_leftovers()
                folder.forget()
            _run(folder, port, address)
    except InUse as present:
        pid, _, address = str(present).partition(" ")
        say(f"The demonstration of this clone is already running at {address} (process {pid}).")
        say("Stop it with: make demo-stop")
        return 1
    except (PortRefused, StartFailed, ClusterRefused, WrongVersion) as failure:
        say(str(failure))
        if isinstance(failure, WrongVersion):
            say("Begin anew with: make demo-reset")
        return 1
    except (StopRequested, KeyboardInterrupt):
        pass
    say("Stopped; the data is kept.")
    return 0


def _run(folder: DemoFolder, port: int, address: str) -> None:
    """Everything from the leftovers of the last run to the end of this one."""
    with Supervisor(say) as supervisor:
        if ended := folder.end_leftovers():
            say(f"  Stopped {len(ended)} processes that a killed run had left.")
        if folder.drop_strangers():
            say("  Removed the data of an earlier clone at this path.")
        _check_free(port)
        try:
            with step("PostgreSQL and Valkey"):
                addresses = start_servers(
                    supervisor, folder.new_ground(), mark=folder.state, logs=folder.logs, durable=True
                )
            env = demo_environment(folder, addresses, address)
            preparation.prepare(supervisor, folder, env)
            with step("Web server, worker and beat"):
                services = [
                    worker_service(env=env, logs=folder.logs),
                    beat_service(env=env, logs=folder.logs),
                    web_service(port=port, env=env, logs=folder.logs),
                ]
                for service in services:
                    supervisor.launch(service)
                for service in services:
                    supervisor.wait_for(service)
            _announce(folder, address)
            supervisor.watch()
        finally:
            say("Stopping …")
            supervisor.stop()
            folder.end_leftovers()


def _stop_other(folder: DemoFolder) -> int:
    """Stop the demonstration of this clone that another process runs."""
    said = holder(folder.state)
    if not said:
        say("The demonstration of this clone is not running.")
        return 0
    pid = int(said.split()[0])
    os.kill(pid, signal.SIGTERM)
    while holder(folder.state):
        time.sleep(0.1)
    say("Stopped.")
    return 0


def _announce(folder: DemoFolder, address: str) -> None:
    accounts = folder.state.relative_to(CLONE)
    say()
    say(f"  The ekip Engine is at {address}/")
    say("  Sign in as any of the example people with one click on its sign-in page;")
    say(f"  their passwords are in {accounts / preparation.ACCOUNTS_FILE}, the logs in {accounts / 'log'}/")
    say("  Ctrl-C stops everything and keeps the data.")
    say()


def _may_reset() -> bool:
    if os.environ.get("FORCE") == "1":
        return True
    say("This removes all data of this clone's demonstration. Begin anew? [y/N] ")
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


def _port(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise PortRefused(f"PORT is to be a number from 1 to 65535, not {text!r}.")
    return int(text)


def _check_free(port: int) -> None:
    """Raise PortRefused when the port cannot be listened on."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise PortRefused(f"Port {port} cannot be used ({error.strerror}). Try: make demo PORT=8123") from None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
