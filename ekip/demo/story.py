"""One example proposal while it is played: its file, its people, its days, and what of it is stored by now."""

from dataclasses import dataclass
from datetime import datetime

from ekip.demo.data_files import Row, rows
from ekip.demo.schedule import SCHEDULES, Schedule, moment
from engine.models import Visit
from partners.models import RoleGrant, User
from recommendations.models import Proposal


@dataclass(frozen=True)
class Story:
    """What the steps of one proposal need to know; `people` are the example people by their key."""

    row: Row
    people: dict[str, User]
    today: datetime

    @property
    def schedule(self) -> Schedule:
        """The days of this proposal."""
        return SCHEDULES[self.row["slug"]]

    @property
    def author(self) -> User:
        """Who leads the writing."""
        return self.people[self.row["author"]]

    @property
    def coordinator(self) -> User:
        """Who opens rounds."""
        [key] = [row["key"] for row in rows("people") if RoleGrant.Role.COORDINATOR in row["grants"]]
        return self.people[key]

    @property
    def proposal(self) -> Proposal:
        """The proposal as it is stored; once it was started."""
        return Proposal.objects.get(is_example=True, title=self.row["title"])

    def at(self, day: int, hour: int = 9, minute: int = 0) -> datetime:
        """The instant `day` days from the day of loading (UTC)."""
        return moment(self.today, day, hour, minute)

    def visit(self, stage: str) -> Visit:
        """The open visit to a stage, which a page would name in every command."""
        return Visit.objects.get(run__proposal__title=self.row["title"], stage=stage, left_at=None)
