"""How much is to happen in a run of chaos."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    """`speed` is in days of the product for each real second, all other times are in real seconds.

    All runs start within the `window`, unless the people around them are behind with what has begun. Shots fall due
    with the work that is done, so that they are spread over it on a slow machine too. `patience` is given to the
    workers at the end, to send what waits. Logs go to the folder `keep`.
    `database` is the address of one that is ready and empty, instead of one of our own.
    """

    runs: int = 500
    seed: int = 1
    kills: int = 32
    flushes: int = 3
    restarts: int = 1
    speed: float = 1.0
    tick: float = 15.0
    window: float = 260.0
    workers: int = 3
    people: int = 3
    limit: float = 630.0
    patience: float = 45.0
    keep: str = ""
    database: str = ""
