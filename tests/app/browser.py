"""The App in a real browser: opening it, finding things in the panel, pictures of what it looks like."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

PANEL = '[data-cy="panel-content-summaries"]'
MODAL = '[data-cy="modal"]'
# Generous: other work may keep the machine's processors busy.
PATIENCE = 90
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
)


def chromium() -> str:
    """The browser's path, where CLIPIT_REQUIRE_BROWSER=1: these tests want the machine for themselves."""
    if os.environ.get("CLIPIT_REQUIRE_BROWSER") != "1":
        pytest.skip("browser tests run with CLIPIT_REQUIRE_BROWSER=1")
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found:
        pytest.fail("no chromium on the PATH (on Debian: apt install chromium)")
    return found


class Browser:
    """A page of the App, with what its console said.

    Args:
        playwright: Playwright's own entry.
        address: where the App is served.
        pictures: where pictures of the page go.
    """

    def __init__(self, playwright, address: str, pictures: Path) -> None:
        self.address = address
        self.pictures = pictures
        self.console: list[str] = []
        self._chromium = playwright.chromium.launch(executable_path=chromium(), args=list(_FLAGS))
        self.page = self._chromium.new_page(viewport={"width": 1500, "height": 1150})
        self.page.set_default_timeout(PATIENCE * 1000)
        self.page.on("console", lambda message: self._heard(message.type, message.text, message.location))
        self.page.route("**/*", self._stay_home)

    def _stay_home(self, route) -> None:
        """Lets nothing out of this machine."""
        url = route.request.url
        if url.startswith((self.address, "data:", "blob:")):
            route.continue_()
        else:
            route.abort()

    def _heard(self, kind: str, text: str, location: dict) -> None:
        # What may not leave this machine (fonts, statistics) fails to load; that is FiftyOne's own.
        if kind == "error" and "ERR_FAILED" not in text:
            self.console.append(f"{text} ({location.get('url', '')})")

    def close(self) -> None:
        """Closes the browser."""
        self._chromium.close()

    def open(self, dataset: str) -> None:
        """Opens a dataset, and waits until its grid is there."""
        self.page.goto(f"{self.address}/datasets/{dataset}")
        self.page.locator('[data-cy="looker"]').first.wait_for()
        dismiss = self.page.get_by_role("button", name="Dismiss")
        if dismiss.count():
            dismiss.first.click()

    @property
    def panel(self):
        """The panel, wherever it is open."""
        return self.page.locator(PANEL).first

    def open_panel(self) -> None:
        """Opens the panel beside the grid, where it is not open yet."""
        if not self.page.locator(PANEL).count():
            self.page.locator('[data-cy="new-panel-btn"]').first.click()
            self.page.get_by_text("Summaries", exact=True).first.click()
        self.button("New summary").first.wait_for()

    def overview(self) -> None:
        """Goes back to all videos: the server keeps a panel's state for the next page."""
        if self.button("All videos").count():
            self.button("All videos").first.click()
        self.says(re.compile(r"by relevance"))

    def button(self, name: str):
        """A button of the panel by its label, or by the tooltip of a small one."""
        return self.panel.get_by_role("button", name=name, exact=True).or_(self.panel.get_by_label(name, exact=True))

    def says(self, text: str):
        """Waits until the panel says something."""
        found = self.panel.get_by_text(text).first
        found.wait_for()
        return found

    def picture(self, name: str) -> None:
        """Keeps a picture of the page."""
        self.pictures.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=str(self.pictures / f"{name}.png"))


def until(condition: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
    """Waits for something that the page itself does not tell."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"waited {seconds:.0f} s in vain: {what}"
        time.sleep(0.25)
