"""Headless Chromium for tests marked `browser`: the system's package, found by name. Without it they are skipped."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
MISSING = "no Chromium on this machine; install it with: apt-get install --no-install-recommends chromium"
PATIENCE = 60_000  # milliseconds: a machine may be busy with something else
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find_chromium() -> str | None:
    """The path of the system's Chromium, or None."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip browser tests, saying what to install, where there is no Chromium."""
    if find_chromium():
        return
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason=MISSING))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests; each test opens a context of its own in it."""
    # Playwright keeps an event loop in this thread, which Django would take for an asynchronous caller.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        _be_patient(browser)
        yield browser
        browser.close()


def _be_patient(browser: Browser) -> None:
    """Every expectation and every context waits long; only a test that fails anyway takes the longer for it.

    Nothing moves: a colour that is half-way to another one has no contrast of its own.
    """
    expect.set_options(timeout=PATIENCE)
    new_context = browser.new_context

    def patient_context(**options: Any) -> BrowserContext:
        context = new_context(**{"reduced_motion": "reduce", **options})
        context.set_default_timeout(PATIENCE)
        return context

    browser.new_context = patient_context
