"""People at their browsers. What a browser complains about is remembered, and fails the test that opened it."""

import time
from dataclasses import dataclass, field

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response

from partners.models import User

WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}


@dataclass
class Visitor:
    """One browser of one person, and its complaints."""

    address: str
    context: BrowserContext
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Listen to everything that goes wrong in the browser."""
        self.context.on("console", self._hear)
        self.context.on("weberror", lambda error: self.complaints.append(f"{error.page.url}: {error.error}"))
        self.context.on("response", self._see)

    def open(self, path: str = "/") -> Page:
        """A new tab on a page of the site."""
        page = self.context.new_page()
        page.goto(self.address + path)
        return page

    def become(self, person: User) -> None:
        """Sign the person in, as if by password just now; faster than the page."""
        client = Client()
        client.force_login(person)
        session = client.session
        # It counts for five minutes; a walk on a busy machine takes longer.
        proof = {"method": "password", "at": time.time() + 3600, "reauthenticated": True}
        session[AUTHENTICATION_METHODS_SESSION_KEY] = [proof]
        session[f"{AUTHENTICATION_METHODS_SESSION_KEY}_user"] = str(person.pk)
        session.save()
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": self.address}])

    def last_words(self) -> str:
        """What stands on the pages that are still open."""
        return "\n".join(f"{tab.url}\n{tab.locator('main').inner_text()[:1500]}\n" for tab in self.context.pages)

    def _hear(self, message: ConsoleMessage) -> None:
        # A page that is refused is no complaint; what a page needs and does not get is seen in `_see`.
        is_loading = message.text.startswith("Failed to load resource")
        if message.type in {"error", "warning"} and not is_loading:
            self.complaints.append(f"{message.location['url']}: {message.text}")

    def _see(self, response: Response) -> None:
        if response.status >= 400 and not response.request.is_navigation_request():
            self.complaints.append(f"{response.url}: {response.status}")


def arrive(chromium: Browser, address: str, *, viewport: dict[str, int]) -> Visitor:
    """Open a browser in which nothing has happened yet."""
    return Visitor(address, chromium.new_context(viewport=viewport, locale="en-GB", timezone_id="Europe/Amsterdam"))
