"""`make chaos`: many runs while machines are killed, then the checks. `--help` names the options."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from random import Random

from ekip.local.servers import throwaway_folder, throwaway_ground
from ekip.local.steps import say
from ekip.local.supervisor import StartFailed, StopRequested, Supervisor
from ekip.shared.clock import Haste
from tests.chaos.machines import Machines
from tests.chaos.plan import Plan

BEGAN = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
DAY = 86400.0


def main(arguments: Sequence[str]) -> int:
    """Run it and give the exit status: 1 when a check failed."""
    os.umask(0o022)  # the servers' account reads programs that we copy
    plan = _plan(arguments)
    try:
        with throwaway_folder() as folder:
            deaths: list[str] = []
            with Supervisor(deaths.append) as supervisor:
                machines = Machines(supervisor, throwaway_ground(folder), folder, Random(plan.seed))
                status = _run(plan, machines)
            if plan.keep:
                shutil.copytree(machines.logs, plan.keep, dirs_exist_ok=True)
            broken = [line for line in deaths if line.strip().startswith(("people", "mail"))]
            for line in broken:
                say(f"FAILED  not shot, and yet{line}")
            return max(status, int(bool(broken)))
    except StopRequested:
        return 130
    except StartFailed as failure:
        say(str(failure))
        return 1


def _plan(arguments: Sequence[str]) -> Plan:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description="Runs are shot at, then checked.")
    for name, default in vars(Plan()).items():
        parser.add_argument(f"--{name}", type=type(default), default=default, help=f"({default})")
    return Plan(**vars(parser.parse_args(arguments)))


def _run(plan: Plan, machines: Machines) -> int:
    """Start the machines, let the people loose, shoot, and look at everything."""
    say(f"{plan.runs} runs, seed {plan.seed}; a second is {plan.speed:g} days, and beat rings every {plan.tick:g} s.")
    machines.ground.prepare()
    haste = Haste(BEGAN, time.monotonic(), plan.speed * DAY)
    env = {
        "DJANGO_SETTINGS_MODULE": "ekip.settings",
        "DATABASE_URL": plan.database or machines.start_database(),
        "REDIS_URL": machines.start_broker(),
        "EMAIL_URL": machines.start_mail_server(),
        "SECRET_KEY": "for tests",
        "BASE_URL": "http://chaos.example.org",
        "EKIP_TEST": "1",
        "EKIP_CLOCK": str(haste),
        "EKIP_TICK": str(plan.tick),
    }
    os.environ.update(env)
    import django  # once the addresses are known

    django.setup()
    from tests.chaos.shooting import Shooting

    return Shooting(plan, machines, haste).run(env)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
