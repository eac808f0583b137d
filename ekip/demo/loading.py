"""Loading the whole demonstration: what is there already stays as it is, what is missing is added."""

from datetime import datetime

from django.core.management.base import CommandError
from django.db import transaction

from ekip.demo import areas, briefings, catalogue, people, post, proposals, register
from ekip.demo.schedule import BRIEFINGS_WRITTEN, REGISTER_OPENED, moment
from partners.models import User


class RealPeople(CommandError):
    """The database holds an account that is no example: this is somebody's installation."""


def load(*, now: datetime) -> dict[str, int]:
    """Load everything; what was added, by name. Loading twice adds nothing.

    Raises:
        RealPeople: an account that is no example exists; nothing was changed.
    """
    refuse_real_people()
    opened = moment(now, REGISTER_OPENED)
    with transaction.atomic():
        added = {
            "places and organisations": register.load_register(),
            "policy areas": areas.load_areas(now=opened),
            "accounts": people.load_people(now=opened),
            "research briefings": briefings.load_briefings(people.by_key(), now=moment(now, BRIEFINGS_WRITTEN)),
        }
    added["publications of the back catalogue"] = catalogue.load_catalogue(now=moment(now, REGISTER_OPENED + 1))
    added["proposals"] = proposals.load_proposals(today=now)
    added["mails"] = post.deliver_waiting(now=now)
    return added


def refuse_real_people() -> None:
    """Raise RealPeople when somebody real has an account here."""
    if User.objects.filter(is_example=False).exists():
        raise RealPeople("This database has accounts of real people. The demonstration is only loaded without any.")
