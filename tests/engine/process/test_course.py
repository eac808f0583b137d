"""The course of a process and its drawing, from definitions with branches, asides and ways back."""

from engine.process.course import aside, course
from engine.process.drawing import HEIGHT, MARGIN, WIDTH, drawing
from engine.process.values import definition_from


def stage(key, *ways, **more):
    """A stage as plain data; `ways` are transitions."""
    return {"key": key, "kind": "draft", "label": key.title(), "transitions": list(ways)} | more


def way(to, kind="advance", **more):
    """A transition as plain data."""
    return {"key": f"{kind}-{to}", "kind": kind, "label": to, "to": to, "by": "author"} | more


def process(*stages):
    """A definition of these stages."""
    return definition_from({"key": "example", "title": "Example", "stages": list(stages)})


BRANCHES = process(
    stage("draft", way("review", beside=["test"])),
    stage("review", way("join"), way("draft", "return")),
    stage("test", way("trial"), way("draft", "withdraw")),
    stage("trial", way("join")),
    stage("join", way("done"), way("review", "return"), way("closed", "end"), join=True),
    stage("done", way("mended", "return"), open_ended=True),
    stage("mended", way("done")),
    stage("closed", end=True),
)


def keys(steps):
    return [[each.key for each in step] for step in steps]


def test_branches_share_a_step_and_a_join_waits_for_the_longest():
    assert keys(course(BRANCHES)) == [["draft"], ["review", "test"], ["trial"], ["join"], ["done"]]


def test_what_nothing_leads_on_to_lies_aside():
    assert [each.key for each in aside(BRANCHES)] == ["mended", "closed"]


def test_the_course_ends_where_the_published_text_is_followed():
    followed = process(
        stage("out", way("follow")),
        stage("follow", way("superseded"), kind="follow"),
        stage("superseded", way("gone", "end"), kind="follow"),
        stage("gone", end=True),
    )
    assert keys(course(followed)) == [["out"], ["follow"]]
    assert [each.key for each in aside(followed)] == ["superseded", "gone"]


def test_a_process_that_leads_back_on_itself_is_passed_once():
    assert keys(course(process(stage("a", way("b")), stage("b", way("a"))))) == [["a"], ["b"]]


def test_every_way_is_drawn_once_and_nothing_leaves_the_picture():
    picture = drawing(BRANCHES)
    ways = sum(1 + len(each.beside) for box in picture.boxes for each in box.stage.transitions)
    assert len(picture.ways) + len(picture.arcs) == ways
    for box in picture.boxes:
        assert box.x >= MARGIN
        assert box.x + box.width <= WIDTH - MARGIN
        assert box.bottom <= picture.height
    for number, box in enumerate(picture.boxes):
        for other in picture.boxes[number + 1 :]:
            assert box.y + HEIGHT <= other.y or box.x + box.width < other.x


def test_what_a_timer_takes_is_drawn_only_where_nothing_else_leads():
    lapsing = process(
        stage("a", way("b"), way("lapsed", "end", by="timer")),
        stage("b", way("done"), way("lapsed", "end", by="timer") | {"to": "done"}),
        stage("done", end=True),
        stage("lapsed", end=True),
    )
    picture = drawing(lapsing)
    assert (len(picture.ways), [arc.kind for arc in picture.arcs]) == (2, ["end"])
