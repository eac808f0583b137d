"""Reading the environment: one reader, strict, with a hint when a name looks misspelt."""

import difflib
import os

from django.core.exceptions import ImproperlyConfigured
from environs import Env

env = Env()

NAMES = {
    "ALLOWED_HOSTS",
    "BASE_URL",
    "DATABASE_URL",
    "DEBUG",
    "DEFAULT_FROM_EMAIL",
    "EKIP_CLOCK",
    "EKIP_DEMO",
    "EKIP_DEMO_FOLDER",
    "EKIP_TEST",
    "EKIP_TICK",
    "EMAIL_URL",
    "LOG_FORMAT",
    "METRICS_TOKEN",
    "OPERATOR_ADDRESS",
    "OPERATOR_EMAIL",
    "OPERATOR_NAME",
    "REDIS_URL",
    "SECRET_KEY",
    "STATIC_ROOT",
}


def refuse_misspelt_names() -> None:
    """Raise ImproperlyConfigured for an EKIP_* variable that we do not know, naming the nearest one that we do."""
    for name in os.environ:
        if name.startswith("EKIP_") and name not in NAMES:
            near = difflib.get_close_matches(name, NAMES, n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise ImproperlyConfigured(f"Unknown setting {name} in the environment.{hint}")


def required(name: str, example: str) -> str:
    """The value of `name`, or ImproperlyConfigured with an example of what is wanted."""
    value = env.str(name, "")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. It wants something like {example}")
    return value
