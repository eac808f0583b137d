"""A form that is sent twice does its work once."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from partners.models import User


@contextmanager
def one_at_a_time(person: User) -> Iterator[None]:
    """Within the block no other such request of the same person runs: the second finds what the first has made."""
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=person.pk)
        yield
