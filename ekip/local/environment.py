"""The environment of the demonstration's processes: nothing of the user's own settings leaks into it."""

import os
from urllib.parse import urlsplit

from ekip.local.demo_folder import DemoFolder
from ekip.local.processes import MARK
from ekip.local.servers import Addresses

# Settings that a shell may carry for another installation, and what would slow down each start.
NOT_INHERITED = frozenset(
    {
        "ALLOWED_HOSTS",
        "DEBUG",
        "DEFAULT_FROM_EMAIL",
        "DJANGO_SETTINGS_MODULE",
        "EMAIL_URL",
        "LOG_FORMAT",
        "METRICS_TOKEN",
        "OPERATOR_ADDRESS",
        "OPERATOR_EMAIL",
        "OPERATOR_NAME",
        "PYTHONDONTWRITEBYTECODE",
        "PYTHONPATH",
    }
)


def demo_environment(folder: DemoFolder, addresses: Addresses, base_url: str) -> dict[str, str]:
    """The environment for web server, worker, beat and management commands."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name not in NOT_INHERITED and not name.startswith(("EKIP_", "CELERY_", "GRANIAN_"))
    }
    return inherited | {
        "ALLOWED_HOSTS": f"{urlsplit(base_url).hostname},localhost",
        "BASE_URL": base_url,
        "DATABASE_URL": addresses.database_url,
        "REDIS_URL": addresses.redis_url,
        "SECRET_KEY": folder.secret_key(),
        "EKIP_DEMO": "1",
        "EKIP_DEMO_FOLDER": str(folder.state),
        "STATIC_ROOT": str(folder.static),
        MARK: str(folder.state),
    }
