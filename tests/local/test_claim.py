"""One supervisor per folder."""

import subprocess
import sys

import pytest

from ekip.local.claim import InUse, claimed, holder
from ekip.local.ground import CLONE

HOLD = """
import sys
from pathlib import Path
from ekip.local.claim import claimed
with claimed(Path(sys.argv[1]), "4711 http://127.0.0.1:8000"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def other_holder(tmp_path):
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    process = subprocess.Popen(command, cwd=CLONE, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"held\n"
    yield process
    process.kill()
    process.communicate()


def test_a_second_claim_is_refused_with_the_words_of_the_first(tmp_path, other_holder):
    with pytest.raises(InUse, match=r"4711 http://127\.0\.0\.1:8000"), claimed(tmp_path, "me"):
        pass

    assert holder(tmp_path) == "4711 http://127.0.0.1:8000"


def test_a_killed_holder_holds_nothing(tmp_path, other_holder):
    other_holder.kill()
    other_holder.wait()

    with claimed(tmp_path, "me"):
        pass
    assert holder(tmp_path) is None


def test_a_folder_that_nobody_ever_claimed_is_free(tmp_path):
    assert holder(tmp_path) is None
