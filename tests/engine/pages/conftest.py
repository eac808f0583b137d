"""Opening the engine's pages as one of the people of the story, at the story's instant."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from ekip.shared import clock
from partners.models import User
from tests.engine.stories import Story
from tests.people import sign_in


class Visitor:
    """A signed-in person (or nobody) who opens pages of the engine by name."""

    def __init__(self, story: Story, person: User | None) -> None:
        self.story = story
        self.client = sign_in(person) if person else Client()

    def get(self, name: str, *args: Any, **query: Any) -> HttpResponse:
        """The page of that name."""
        with clock.at(self.story.now):
            return self.client.get(reverse(f"engine:{name}", args=args), query)

    def post(self, name: str, *args: Any, **data: Any) -> HttpResponse:
        """What the page answers to a form."""
        with clock.at(self.story.now):
            return self.client.post(reverse(f"engine:{name}", args=args), data)

    def command(self, name: str, *args: Any, **data: Any) -> HttpResponse:
        """Open a form, and send it with the hidden values that it came with."""
        form = self.get(name, *args).context["form"]
        hidden = {field.html_name: field.value() for field in form.hidden_fields() if field.value() is not None}
        return self.post(name, *args, **(hidden | data))


@pytest.fixture
def visit(story) -> Callable[[User | None], Visitor]:
    """`visit(person)` opens pages as that person."""
    return lambda person: Visitor(story, person)
