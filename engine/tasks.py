"""Celery tasks: thin doorbells, each calling one service."""

import logging
from dataclasses import asdict

from celery import shared_task

from ekip.shared import clock
from engine.services import checkpoints, clockwork

logger = logging.getLogger(__name__)


@shared_task(name="engine.tick")
def tick() -> str:
    """Take forward what is due."""
    done = clockwork.tick(now=clock.now())
    if done.runs or done.left:
        logger.info("%s", done, extra=asdict(done))
    return str(done)


@shared_task(name="engine.checkpoint")
def checkpoint() -> None:
    """Record where every chain ends, once a day."""
    checkpoints.checkpoint_when_due(now=clock.now())
