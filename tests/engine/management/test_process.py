"""`manage.py process`: what each task prints, and what it refuses."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from engine.definitions import content_hash, read_definition
from engine.models import ProcessVersion
from engine.services.definitions import publish_definition
from tests.engine.stories import load_reference

pytestmark = pytest.mark.django_db
SHIPPED = "engine/definitions/ekip-engine.yaml"
TEXT = Path(SHIPPED).read_text()
BROKEN = """format: ekip-process/1
key: broken
title: Broken
stages:
  - key: draft
    kind: dream
    label: Draft
    open_ended: true
    transitions:
      - {key: go, kind: advance, label: Go, to: nowhere, by: author}
      - {key: end, kind: advance, label: End, to: end, by: author}
  - key: end
    kind: end
    label: End
    end: true
"""


def run(*words: str) -> str:
    """What the command prints."""
    out = io.StringIO()
    call_command("process", *words, stdout=out)
    return out.getvalue()


@pytest.fixture
def file(tmp_path):
    """`file(text)` writes a definition and gives its name."""

    def write(text: str, name: str = "process.yaml") -> str:
        path = tmp_path / name
        path.write_text(text)
        return str(path)

    return write


def test_a_sound_definition_has_no_faults():
    assert run("check", SHIPPED) == "no faults\n"


def test_every_fault_is_printed_with_its_line_and_its_code(file):
    out = io.StringIO()
    with pytest.raises(CommandError, match="2 faults") as refusal:
        call_command("process", "check", file(BROKEN), stdout=out)
    first, second = out.getvalue().splitlines()
    assert first.startswith("line 6: ")
    assert first.endswith("(unknown)")
    assert second.startswith("line 10: ")
    assert second.endswith("(unknown-stage)")
    assert refusal.value.returncode == 1


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("a: &x 1\n", "line 1: Anchors"),
        ("a: " + "x" * 300_000, "larger than 256 KB"),
    ],
)
def test_what_cannot_be_read_is_refused(file, text, refusal):
    out = io.StringIO()
    with pytest.raises(CommandError, match=r"^1 fault$"):
        call_command("process", "check", file(text), stdout=out)
    assert refusal in out.getvalue()


@pytest.mark.parametrize("task", ["check", "publish"])
def test_a_file_that_is_not_there_is_refused(task):
    with pytest.raises(CommandError, match=r"nowhere\.yaml cannot be read"):
        run(task, "nowhere.yaml")


def test_bytes_that_are_no_text_are_refused(tmp_path):
    path = tmp_path / "image.yaml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CommandError, match="cannot be read"):
        run("check", str(path))


def test_show_tells_every_stage_in_words():
    told = run("show", SHIPPED)
    stages = read_definition(TEXT)[0]["stages"]
    headings = [line for line in told.splitlines() if line[:1].isdigit()]
    assert len(headings) == len(stages)
    assert "3. Community review, beside City prototyping" in headings
    assert "Reviewers: read and review the frozen text · 3 weeks" in told
    assert "→ Close the review, by itself, to Revision; when quorum (round: community-review)" in told
    assert "→ Send back to the authors, by a coordinator, to Policy lab; with a reason; at most 3 times" in told
    assert told.splitlines()[-1] == "No end is promised by: Investigation, Policy lab, Follow-up, Superseded."


def test_show_tells_what_cannot_be_run_yet():
    assert "This release does not run yet: labels for single audiences." in run(
        "show", "engine/definitions/strict.yaml"
    )


def test_diff_tells_what_changed(file):
    assert run("diff", SHIPPED, SHIPPED) == "both are the same\n"
    longer = file(TEXT.replace("period: P21D", "period: P28D"))
    assert run("diff", SHIPPED, longer) == "Stage “Community review”, round: period changed from 21 days to 28 days\n"
    assert run("diff", SHIPPED, file(TEXT.replace("period: P21D", "period: P3W"))).startswith("written differently")


def test_publish_says_version_and_hash_and_publishes_nothing_twice(file):
    digest = content_hash(read_definition(TEXT)[0])
    assert run("publish", SHIPPED) == f"ekip-engine@1: published\nsha256 {digest}\n"
    assert run("publish", SHIPPED).startswith("ekip-engine@1: unchanged")
    assert run("publish", file(TEXT.replace("period: P21D", "period: P28D"))).startswith("ekip-engine@2: published")
    assert ProcessVersion.objects.count() == 2


def test_publish_refuses_faults(file):
    with pytest.raises(CommandError, match="2 faults"):
        run("publish", file(BROKEN))
    assert not ProcessVersion.objects.exists()


def test_export_and_publish_give_the_identical_hash(file):
    load_reference()
    stored = ProcessVersion.objects.get(definition__key="ekip-engine")
    text = run("export", "ekip-engine")
    assert content_hash(read_definition(text)[0]) == stored.content_hash
    assert run("publish", file(text)).startswith("ekip-engine@1: unchanged")


def test_versions_are_named_by_key_and_number(file, now):
    load_reference()
    publish_definition(TEXT.replace("period: P21D", "period: P28D"), person=None, now=now)
    assert "period: P21D" in run("export", "ekip-engine@1")
    assert "period: P21D" not in run("export", "ekip-engine")
    assert run("diff", "ekip-engine@1", "ekip-engine").endswith("from 21 days to 28 days\n")
    assert run("diff", "ekip-engine@1", SHIPPED) == "both are the same\n"
    assert run("show", "ekip-engine@2").startswith("ekip Engine (ekip-engine)\n")


@pytest.mark.parametrize("name", ["nothing", "ekip-engine@9", "ekip-engine@x", "ekip-engine@-1"])
def test_a_name_under_which_nothing_is_published_is_refused(name):
    load_reference()
    with pytest.raises(CommandError, match="nothing is published"):
        run("export", name)


def test_simulate_says_what_it_assumes_and_repeats_itself():
    first = run("simulate", SHIPPED, "--runs", "40", "--seed", "5")
    assert run("simulate", SHIPPED, "--runs", "40", "--seed", "5") == first
    assert first.startswith("ekip Engine: 40 synthetic proposals, seed 5\n")
    assert "\nAssumed, not measured\n" in first
    assert "  Community review, for reviewers: " in first


@pytest.mark.parametrize("runs", ["0", "-1", "100001"])
def test_simulate_refuses_other_numbers_of_runs(runs):
    with pytest.raises(CommandError, match="from 1 to 100000"):
        run("simulate", SHIPPED, f"--runs={runs}")
