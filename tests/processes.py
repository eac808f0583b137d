"""What tests need that start processes of the product: its environment, and waiting for what the processes do."""

import os
import time
from collections.abc import Callable
from urllib.parse import quote

from django.conf import settings
from django.db import connection


def environment(**more: str) -> dict[str, str]:
    """The environment in which a process sees the test's database and broker, and `more`."""
    stored = connection.settings_dict
    assert stored["NAME"].startswith("test_"), "no test database: is the test marked `django_db`?"
    host = stored["HOST"] or "127.0.0.1"
    password = f":{quote(stored['PASSWORD'])}" if stored["PASSWORD"] else ""
    where = quote(host, safe="") if host.startswith("/") else f"{host}:{stored['PORT'] or 5432}"
    url = f"postgres://{stored['USER']}{password}@{where}/{stored['NAME']}"
    return {**os.environ, "DATABASE_URL": url, "REDIS_URL": settings.REDIS_URL, **more}


def wait_for(question: Callable[[], object], *, seconds: float = 120) -> None:
    """Ask until the answer is yes; fail when it does not come."""
    end = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < end, f"waited {seconds} s in vain for {question}"
        time.sleep(0.1)
