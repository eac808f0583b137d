"""Several publishers at once: a puller that asks "after N" misses nothing."""

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from django.db import connection, transaction

from recommendations.models import Edition
from recommendations.publishing import publish
from recommendations.publishing.serial import next_serial

PUBLISHERS, EDITIONS = 4, 6


class GivenUpError(Exception):
    """A publisher that does not commit."""


@pytest.mark.django_db(transaction=True)
def test_serials_become_visible_in_their_order_without_a_gap(draft, now):
    done = threading.Event()

    def publish_several(number: int) -> None:
        chance = random.Random(number)
        try:
            for turn in range(EDITIONS):
                with transaction.atomic():
                    publish(replace(draft, slug=f"publisher-{number}"), now=now)
                    time.sleep(chance.random() / 50)  # a slow publisher: the row is written, not yet visible
                try:
                    with transaction.atomic():
                        publish(replace(draft, slug=f"given-up-{number}-{turn}"), now=now)
                        raise GivenUpError
                except GivenUpError:
                    pass
        finally:
            connection.close()

    def pull() -> list[list[int]]:
        pulled = []
        try:
            while not done.is_set():
                pulled.append(sorted(Edition.objects.values_list("serial", flat=True)))
        finally:
            connection.close()
        return pulled

    with ThreadPoolExecutor(PUBLISHERS + 1) as pool:
        puller = pool.submit(pull)
        publishers = [pool.submit(publish_several, number) for number in range(PUBLISHERS)]
        try:
            for publisher in publishers:
                publisher.result(timeout=60)
        finally:
            done.set()
        pulled = puller.result(timeout=60)

    assert all(serials == list(range(1, len(serials) + 1)) for serials in pulled)
    assert len({len(serials) for serials in pulled}) > 1  # the puller did look in between
    assert Edition.objects.count() == PUBLISHERS * EDITIONS
    numbers = Edition.objects.filter(publication__slug="publisher-0").values_list("number", flat=True)
    assert sorted(numbers) == list(range(1, EDITIONS + 1))


@pytest.mark.django_db(transaction=True)
def test_a_serial_is_not_taken_outside_a_transaction():
    with pytest.raises(RuntimeError):
        next_serial()
