"""Ringing the worker. A doorbell only saves waiting: the rows are the queue and `tick` finds them anyway."""

import logging
from typing import Any

from django.db import transaction

logger = logging.getLogger(__name__)


def ring(task: Any, **arguments: Any) -> None:
    """After the present transaction commits, ask for Celery `task` with keyword primitives.

    A broker that does not answer is logged and forgotten; the request goes on.
    """
    transaction.on_commit(lambda: _send(task, arguments), robust=True)


def _send(task: Any, arguments: dict[str, Any]) -> None:
    try:
        task.apply_async(kwargs=arguments, retry=False)
    except Exception as error:  # any transport may raise its own classes
        logger.warning("the broker did not take %s: %s", task.name, error)
