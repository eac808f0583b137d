"""The examples in docs/api.md are true."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings

from tests.recommendations import shelf

pytestmark = pytest.mark.django_db

TEXT = Path(settings.BASE_DIR, "docs/api.md").read_text()
COMMAND = re.compile(r"^curl .*?'?http://127\.0\.0\.1:8000(/[^'\s]*)'?$", re.MULTILINE)


@pytest.fixture(autouse=True)
def _shelf(db):
    key = "common-strategy"
    blocks = ["skills-competences", "investment-funding"]
    slug = "crafts-led-innovation"
    shelf.place(
        slug, title="Crafts", area_slug=slug, recommendations=[shelf.recommendation(key, building_blocks=blocks)]
    )


@pytest.mark.parametrize("path", sorted(set(COMMAND.findall(TEXT))))
def test_every_command_gets_what_it_promises(client, path):
    response = client.get(path)
    assert response.status_code == (400 if "galactic" in path else 200)
    if "results" in response.json():
        assert response.json()["count"] == 1


def test_problem_in_the_text_is_the_real_one(client):
    shown = json.loads(re.search(r"```json\n(.*?)```", TEXT, re.DOTALL)[1])
    assert client.get("/api/v1/publications/?level=galactic").json() == shown


def test_commands_are_found():
    assert len(COMMAND.findall(TEXT)) >= 10
