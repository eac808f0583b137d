"""What must hold when everything is over. Each check gives its name, a figure, and a line for each fault."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.db import connection
from django.db.models import Count, F

from ekip.shared.clock import Haste
from engine.models import Decision, Event, Reminder, Round, Run, Timer, Visit
from engine.services.verification import access_differences, chain_faults, replay_differences
from partners.models import Delivery, Notification
from recommendations.models import Edition, Notice, Revision
from tests.chaos.sink import Mail

LATEST = 45.0
"""Seconds after its deadline, in real time, at which a round must have closed."""
ENDS = ("closed", "withdrawn")


@dataclass(frozen=True)
class Finding:
    """What one check found. It passed when there is no fault."""

    name: str
    figure: str
    faults: Sequence[str] = ()


@dataclass(frozen=True)
class Story:
    """What the rows cannot say: the clock, what arrived at the mail server, and what was done to the machines.

    Outages of the database are in real seconds since the epoch; `epoch` is that of the steady clock's zero.
    """

    mails: Sequence[Mail] = ()
    kills: int = 0
    haste: Haste | None = None
    epoch: float = 0.0
    outages: Sequence[tuple[float, float]] = ()
    lateness: list[float] = field(default_factory=list)

    def real(self, instant: datetime) -> float:
        """When an instant of the product's clock was, in real seconds since the epoch."""
        if self.haste is None:
            return instant.timestamp()
        return self.epoch + self.haste.steady + (instant - self.haste.began).total_seconds() / self.haste.speed

    def without_outages(self, since: float, until: float) -> float:
        """The seconds between two instants in which the database was there."""
        down = sum(max(0.0, min(until, end) - max(since, begin)) for begin, end in self.outages)
        return max(0.0, until - since - down)


def every_run_ended(_story: Story) -> Finding:
    """Each run stands at an end, and nowhere else; none is set aside."""
    runs = Run.objects.count()
    elsewhere = Visit.objects.filter(left_at=None).exclude(stage__in=ENDS).select_related("run")
    faults = [f"run {visit.run_id} stands at {visit.stage} since {visit.entered_at}" for visit in elsewhere]
    faults += [f"run {run.pk} is set aside: {run.set_aside_error}" for run in Run.objects.exclude(set_aside_at=None)]
    ended = Run.objects.filter(visits__left_at=None, visits__stage__in=ENDS).distinct().count()
    if ended != runs or not runs:
        faults.append(f"{ended} of {runs} runs have ended")
    return Finding("every run ended", f"{ended} of {runs}", faults)


def no_transition_twice(_story: Story) -> Finding:
    """As many moves are told as visits were left, by run, stage and way; what a move does was done as often."""
    told: Counter[tuple[int, str, str]] = Counter(
        (run, data["from"], data["transition"])
        for run, data in Event.objects.filter(kind__in=("moved", "branch-finished")).values_list("run_id", "data")
    )
    left = Visit.objects.exclude(left_at=None).exclude(left_by="").values_list("run_id", "stage", "left_by")
    stored = Counter(left)
    faults = [
        f"run {key[0]}: {key[2]} out of {key[1]} is told {told[key]} times and was done {stored[key]} times"
        for key in sorted(told.keys() | stored.keys())
        if told[key] != stored[key]
    ]
    faults += _once("round-closed", "round", Round.objects.exclude(closed_at=None).values_list("pk", flat=True))
    faults += _once("decided", "decision", Decision.objects.values_list("pk", flat=True))
    fired = Event.objects.filter(kind="timer-fired").count()
    for name, number, happened in (
        ("timers fired", Timer.objects.exclude(fired_at=None).count(), fired),
        ("editions", Edition.objects.count(), _told("edition-published", "edition-corrected")),
        ("notices", Notice.objects.count(), _told("edition-corrected", "edition-superseded", "edition-withdrawn")),
    ):
        if number != happened:
            faults.append(f"{name}: {number} rows, {happened} events")
    faults += _frozen_once()
    serials = sorted(
        [*Edition.objects.values_list("serial", flat=True), *Notice.objects.values_list("serial", flat=True)]
    )
    if serials != list(range(1, len(serials) + 1)):
        faults.append("the serials of the library have a gap or a double")
    return Finding("no transition twice", f"{sum(told.values())} moves", faults)


def _frozen_once() -> list[str]:
    """A text that did not change is frozen as the same revision again; a number stands for one text."""
    rows = Revision.objects.values_list("proposal__run", "number", "content_hash")
    told = Event.objects.filter(kind="revision-frozen").values_list("run_id", "data__revision", "data__content")
    return [f"run {run}: revision {number} is not what its events tell" for run, number, _hash in set(rows) ^ set(told)]


def _told(*kinds: str) -> int:
    return Event.objects.filter(kind__in=kinds).count()


def _once(kind: str, name: str, rows: Sequence[int]) -> list[str]:
    """A line for each row of which not exactly one event of the kind tells."""
    told = Counter(data[name] for data in Event.objects.filter(kind=kind).values_list("data", flat=True))
    stored = Counter(rows)
    return [
        f"{name} {pk}: {told[pk]} events {kind}, {stored[pk]} rows"
        for pk in sorted(told.keys() | stored.keys())
        if told[pk] != stored[pk]
    ]


def rounds_closed_in_time(story: Story) -> Finding:
    """Every round closed, and not later than 45 seconds after its deadline; outages of the database do not count."""
    faults, lateness = [], []
    early = set(Event.objects.filter(kind="round-closed-early").values_list("data__round", flat=True))
    committed = _commits()
    for round in Round.objects.filter(cancelled_at=None).order_by("pk"):
        if round.closed_at is None:
            faults.append(f"round {round.pk} never closed; its deadline was {round.closes_at}")
            continue
        if round.pk in early:
            continue
        if round.closed_at < round.closes_at:
            faults.append(f"round {round.pk} closed before its deadline")
        due, done = story.real(round.closes_at), committed.get(round.pk) or story.real(round.closed_at)
        seconds = story.without_outages(due, done)
        lateness.append(seconds)
        if seconds > LATEST:
            faults.append(f"round {round.pk} closed {seconds:.1f} s after its deadline")
    story.lateness[:] = sorted(lateness)
    worst = f"{max(lateness, default=0):.1f} s the latest"
    return Finding("no round closed more than 45 s after its deadline", f"{len(lateness)} rounds, {worst}", faults)


def _commits() -> dict[int, float]:
    """When the closing of each round was there for all to see, where the database keeps such instants."""
    with connection.cursor() as cursor:
        cursor.execute("show track_commit_timestamp")
        if cursor.fetchone()[0] != "on":
            return {}
        cursor.execute(
            "select (data->>'round')::bigint, extract(epoch from pg_xact_commit_timestamp(xmin))::float8"
            " from engine_event where kind = 'round-closed'"
        )
        return dict(cursor.fetchall())


def one_delivery_for_each_cause(_story: Story) -> Finding:
    """Nobody has two deliveries on one channel for one cause."""
    doubled = (
        Delivery.objects.order_by()
        .values("channel", who=F("notification__person"), why=F("notification__cause"))
        .annotate(n=Count("pk"))
        .filter(n__gt=1)
    )
    faults = [f"person {row['who']} has {row['n']} deliveries by {row['channel']} for {row['why']}" for row in doubled]
    return Finding("one delivery for each person and cause", f"{Delivery.objects.count()} deliveries", faults)


def every_mail_arrived(story: Story) -> Finding:
    """Every delivery was sent and its mail is at the mail server; nothing else is there."""
    states = Counter(Delivery.objects.values_list("state", flat=True))
    faults = [
        f"delivery {pk} is {state} after {attempts} attempts: {error}"
        for pk, state, attempts, error in Delivery.objects.exclude(
            state__in=(Delivery.State.SENT, Delivery.State.DROPPED)
        ).values_list("pk", "state", "attempts", "last_error")
    ]
    arrived = {mail.message_id for mail in story.mails}
    mails = Delivery.objects.filter(channel=Delivery.Channel.MAIL)
    sent = set(mails.filter(state=Delivery.State.SENT).values_list("message_id", flat=True))
    faults += [f"the mail {each} is marked as sent and never arrived" for each in sorted(sent - arrived)]
    known = set(mails.values_list("message_id", flat=True))
    faults += [f"the mail {each} belongs to no delivery" for each in sorted(arrived - known)]
    figure = f"{len(arrived)} mails, " + ", ".join(f"{number} {state}" for state, number in sorted(states.items()))
    return Finding("every mail arrived", figure, faults)


def repeats_are_the_same_mail(story: Story) -> Finding:
    """A mail that came twice has the same Message-ID, recipient and bytes; it came so no more often than we killed."""
    by_id: dict[str, list[Mail]] = defaultdict(list)
    for mail in story.mails:
        by_id[mail.message_id].append(mail)
    repeats = len(story.mails) - len(by_id)
    faults = [f"the mail {name} came in two forms" for name, mails in by_id.items() if len(set(mails)) > 1]
    if repeats > story.kills:
        faults.append(f"{repeats} repeats, {story.kills} kills")
    return Finding("no more repeated mails than kills, each the same", f"{repeats} repeats", faults)


def every_chain_verifies(_story: Story) -> Finding:
    """The events of every run hang together, and the words beside them are those that were said."""
    return Finding("every chain verifies", f"{Event.objects.count()} events", chain_faults())


def replay_agrees(_story: Story) -> Finding:
    """The events of every run tell of the visits that are stored."""
    return Finding("every replay agrees", f"{Visit.objects.count()} visits", replay_differences())


def access_agrees(_story: Story) -> Finding:
    """What may be read and done is what the positions of the runs say."""
    return Finding("every access row agrees", f"{Run.objects.count()} runs", access_differences())


def no_reminder_twice(_story: Story) -> Finding:
    """One ledger row for each rule, thing, recipient and due instant; each that was sent was told once."""
    doubled = Reminder.objects.order_by().values("rule", "about", "recipient", "due_at").annotate(n=Count("pk"))
    faults = [
        f"person {row['recipient']} is owed {row['rule']} of {row['about']} {row['n']} times"
        for row in doubled.filter(n__gt=1)
    ]
    told = Counter(Notification.objects.filter(cause__startswith="reminder:").values_list("cause", flat=True))
    faults += [f"{cause} was told {number} times" for cause, number in told.items() if number > 1]
    sent = {f"reminder:{pk}" for pk in Reminder.objects.exclude(sent_at=None).values_list("pk", flat=True)}
    faults += [f"{cause} counts as sent and nobody was told" for cause in sorted(sent - told.keys())]
    faults += [f"{cause} was told and does not count as sent" for cause in sorted(told.keys() - sent)]
    return Finding("no reminder twice, none lost", f"{len(sent)} of {Reminder.objects.count()} sent", faults)


CHECKS: Sequence[Callable[[Story], Finding]] = (
    every_run_ended,
    no_transition_twice,
    rounds_closed_in_time,
    one_delivery_for_each_cause,
    every_mail_arrived,
    repeats_are_the_same_mail,
    every_chain_verifies,
    replay_agrees,
    access_agrees,
    no_reminder_twice,
)


def look_at_everything(story: Story) -> list[Finding]:
    """Every finding, in the order in which they are printed."""
    return [check(story) for check in CHECKS]


def percentile(values: Sequence[float], part: float) -> float:
    """The value that so large a part of the sorted `values` does not exceed; nought when there are none."""
    return values[min(len(values) - 1, int(len(values) * part))] if values else 0.0


def instant(seconds: float) -> str:
    """A real instant, for the report."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%H:%M:%S")
