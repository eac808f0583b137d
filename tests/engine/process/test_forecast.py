"""The forecast of a publication: a range from the history of the process, or nothing."""

from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.process.forecast import MEDIAN_NEEDED, NEEDED, Forecast, History, Passage, Silence, Standing
from engine.process.values import Definition, definition_from

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)


def way(key, to, *, kind="advance", by="author", **more):
    return {"key": key, "kind": kind, "label": key, "to": to, "by": by, **more}


def process() -> Definition:
    """Drafting, then review and city test beside each other, then a decision that may send back or decline."""
    stages = [
        ("drafting", "draft", [way("submit", "review", beside=["test"])], {}),
        ("review", "review", [way("reviewed", "decision", by="system")], {}),
        ("test", "review", [way("tested", "decision", by="system")], {}),
        (
            "decision",
            "decide",
            [
                way("publish", "follow", by="decider", effects=["publish"]),
                way("again", "drafting", kind="return", by="decider", at_most=2),
                way("decline", "closed", kind="end", by="decider"),
            ],
            {"join": True},
        ),
        ("follow", "follow", [], {"open_ended": True}),
        ("closed", "end", [], {"end": True}),
    ]
    rows = [{"key": key, "kind": kind, "label": key, "transitions": ways, **more} for key, kind, ways, more in stages]
    return definition_from({"key": "example", "title": "Example", "stages": rows})


PROCESS = process()
MAIN_WAY = {"drafting": "submit", "review": "reviewed", "test": "tested", "decision": "publish"}
days = st.integers(1, 200).map(lambda n: timedelta(days=n))
histories = st.fixed_dictionaries({key: st.lists(days, min_size=NEEDED, max_size=25) for key in MAIN_WAY})


def history(lengths, more=()):
    rows = [
        Passage(run, stage, MAIN_WAY[stage], length) for stage, row in lengths.items() for run, length in enumerate(row)
    ]
    return History(PROCESS, [*rows, *more])


def even(n=NEEDED, length=10):
    return {key: [timedelta(days=length)] * n for key in MAIN_WAY}


@settings(max_examples=60)
@given(histories)
def test_the_range_is_ordered_and_within_what_is_possible(lengths):
    told = history(lengths).forecast([Standing("drafting", timedelta(0))], {}, now=NOW)
    assert isinstance(told, Forecast)
    assert NOW <= told.earliest <= told.latest

    def bound(pick):
        beside = max(pick(lengths["review"]), pick(lengths["test"]))
        return NOW + pick(lengths["drafting"]) + beside + pick(lengths["decision"])

    assert bound(min) <= told.earliest
    assert told.latest <= bound(max)


@settings(max_examples=60)
@given(histories, st.integers(0, 100), st.integers(0, 100))
def test_who_has_stood_longer_is_never_forecast_earlier(lengths, first, more):
    """The stay began at the same instant; the more of it has passed, the later the end of all."""
    known, began = history(lengths), NOW
    told = [
        known.forecast([Standing("decision", timedelta(days=age))], {}, now=began + timedelta(days=age))
        for age in (first, first + more)
    ]
    if all(isinstance(each, Forecast) for each in told):
        assert told[0].earliest <= told[1].earliest
        assert told[0].latest <= told[1].latest
    elif isinstance(told[0], Silence):
        assert isinstance(told[1], Silence)


@given(histories)
@settings(max_examples=20)
def test_the_same_history_gives_the_same_range_in_whatever_order(lengths):
    where = [Standing("review", timedelta(0)), Standing("test", timedelta(0))]
    turned = {key: row[::-1] for key, row in reversed(lengths.items())}
    assert history(lengths).forecast(where, {}, now=NOW) == history(turned).forecast(where, {}, now=NOW)


def test_with_one_passage_too_few_nothing_is_said():
    for stage in MAIN_WAY:
        lengths = even()
        lengths[stage] = lengths[stage][1:]
        told = history(lengths).forecast([Standing("drafting", timedelta(0))], {}, now=NOW)
        assert told == Silence(stage, NEEDED - 1, NEEDED)
    assert isinstance(history(even()).forecast([Standing("drafting", timedelta(0))], {}, now=NOW), Forecast)


def test_who_stands_longer_than_nearly_all_before_is_beyond_what_history_tells():
    told = history(even()).forecast([Standing("decision", timedelta(days=11))], {}, now=NOW)
    assert told == Silence("decision", 0, 3, is_late=True)


def test_it_says_from_how_many_runs_and_passages():
    lengths = even(12)
    lengths["decision"] = lengths["decision"][:9]
    told = history(lengths).forecast([Standing("decision", timedelta(0))], {}, now=NOW)
    assert (told.runs, told.passages) == (9, 9)
    assert told.earliest == told.latest == NOW + timedelta(days=10)


def test_an_open_round_is_waited_for():
    where = [Standing("review", timedelta(0), at_least=timedelta(days=40)), Standing("test", timedelta(0))]
    told = history(even()).forecast(where, {}, now=NOW)
    assert told.earliest == NOW + timedelta(days=50)


def test_a_branch_that_is_done_waits_for_the_other():
    told = history(even()).forecast([Standing("test", timedelta(days=4))], {}, now=NOW)
    assert told.earliest == told.latest == NOW + timedelta(days=16)


def test_returns_take_their_time_as_often_as_the_process_allows():
    sent_back = [Passage(100 + n, "decision", "again", timedelta(days=10)) for n in range(3 * NEEDED)]
    known = history(even(), sent_back)
    fresh = known.forecast([Standing("decision", timedelta(0))], {}, now=NOW)
    assert (fresh.earliest, fresh.latest) == (NOW + timedelta(days=10), NOW + timedelta(days=70))
    spent = known.forecast([Standing("decision", timedelta(0))], {("decision", "again"): 2}, now=NOW)
    assert spent.latest == NOW + timedelta(days=10)


def test_ways_that_end_without_publication_tell_nothing():
    declined = [Passage(100 + n, "decision", "decline", timedelta(days=300)) for n in range(50)]
    unknown = [Passage(200 + n, "decision", "gone", timedelta(days=300)) for n in range(50)]
    known = history(even(), [*declined, *unknown])
    told = known.forecast([Standing("decision", timedelta(0))], {}, now=NOW)
    assert told.latest == NOW + timedelta(days=10)
    assert told.passages == NEEDED
    nowhere = History(PROCESS, [Passage(n, "decision", "decline", timedelta(days=1)) for n in range(50)])
    assert nowhere.forecast([Standing("decision", timedelta(0))], {}, now=NOW) == Silence("decision", 0, NEEDED)


def test_the_median_counts_every_stay_and_is_silent_with_few():
    declined = [Passage(100 + n, "decision", "decline", timedelta(days=30)) for n in range(NEEDED + 1)]
    assert history(even(), declined).median("decision") == timedelta(days=30)
    few = History(PROCESS, [Passage(n, "review", "reviewed", timedelta(days=2)) for n in range(MEDIAN_NEEDED - 1)])
    assert few.median("review") is None
    assert few.median("nowhere") is None


def one_run(random: Random, run: int) -> tuple[list[Passage], timedelta]:
    """A made-up run: its passages, and how long it took from its start to publication."""

    def stay(stage, way, usual):
        length = timedelta(days=random.lognormvariate(0, 0.5) * usual)
        rows.append(Passage(run, stage, way, length))
        return length

    rows: list[Passage] = []
    took = timedelta()
    returns = 0
    while True:
        took += stay("drafting", "submit", 30)
        took += max(stay("review", "reviewed", 21), stay("test", "tested", 20))
        sends_back = returns < 2 and random.random() < 0.3
        took += stay("decision", "again" if sends_back else "publish", 12)
        if not sends_back:
            return rows, took
        returns += 1


def hit_rate(histories=60, earlier=40, later=20) -> float:
    """The share of later runs that are published within the range that was told at their start."""
    random = Random(5)
    hits = 0
    for _each in range(histories):
        rows = [row for run in range(earlier) for row in one_run(random, run)[0]]
        told = History(PROCESS, rows).forecast([Standing("drafting", timedelta(0))], {}, now=NOW)
        truths = [NOW + one_run(random, run)[1] for run in range(later)]
        hits += sum(told.earliest <= truth <= told.latest for truth in truths)
    return hits / (histories * later)


def test_about_sixty_of_a_hundred_runs_are_published_within_the_range():
    assert 0.52 <= hit_rate() <= 0.68
