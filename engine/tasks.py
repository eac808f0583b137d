"""Celery tasks: thin doorbells, each calling one service."""

from celery import shared_task

from ekip.shared import clock
from engine.services import checkpoints, clockwork


@shared_task(name="engine.tick")
def tick() -> str:
    """Take forward what is due."""
    return str(clockwork.tick(now=clock.now()))


@shared_task(name="engine.checkpoint")
def checkpoint() -> None:
    """Record where every chain ends, once a day."""
    checkpoints.checkpoint_when_due(now=clock.now())
