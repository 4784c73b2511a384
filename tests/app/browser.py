"""A page of the App, and how to find one's way in it."""

from __future__ import annotations

import re
from pathlib import Path

from tests.app import console
from tests.app.form import Form
from tests.app.waiting import PATIENCE, until

PANEL = '[data-cy="panel-content-summaries"]'
MODAL = '[data-cy="modal"]'
SIZE = {"width": 1500, "height": 1150}


class Browser:
    """A page of the App on one dataset, with what its console said.

    Args:
        chromium: Playwright's browser.
        address: where the App is served.
        pictures: where pictures of the page go.

    Attributes:
        console: what the page's console said, line by line.
        expected: patterns of what it may say in this test, beside what FiftyOne always prints.
    """

    def __init__(self, chromium, address: str, pictures: Path) -> None:
        self.address = address
        self.console: list[str] = []
        self.expected: list[str] = []
        self._pictures = pictures
        # A context of its own: the App keeps what is open beside what in the browser.
        self.page = chromium.new_page(viewport=SIZE)
        self.page.set_default_timeout(PATIENCE * 1000)
        self.page.on("console", lambda said: self._heard(said.type, said.text, said.location.get("url", "")))
        self.page.on("pageerror", lambda error: self._heard("uncaught", str(error), ""))

    def _heard(self, kind: str, text: str, url: str) -> None:
        self.console.append(console.line(kind, text, url))

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
        """Opens the panel beside the grid."""
        self.page.locator('[data-cy="new-panel-btn"]').first.click()
        self.page.get_by_text("Summaries", exact=True).first.click()
        self.panel.wait_for()

    def close_panel(self) -> None:
        """Closes the panel beside the grid."""
        self.page.locator('[data-cy="panel-tab-summaries"]').get_by_title("Close").click()
        self.panel.wait_for(state="detached")

    def open_modal(self, place: int = 0):
        """Opens a video of the grid in the App, with the panel beside it; gives the modal."""
        self.page.locator('[data-cy="looker"]').nth(place).click(position={"x": 100, "y": 50})
        modal = self.page.locator(MODAL)
        modal.wait_for()
        modal.locator('[data-cy="panel-tab-summaries"]').click()
        return modal

    def operator(self, label: str) -> Form:
        """Opens an operator's form from the operator browser."""
        self.page.locator('[data-cy="action-browse-operations"]').first.click()
        self.page.get_by_placeholder("Search operations by name...").fill(label)
        self.page.get_by_text(label, exact=True).last.click()
        return self.form()

    def form(self) -> Form:
        """The operator's form that is open, or about to be."""
        return Form(self.page)

    def choose(self, key: str, asked: str) -> None:
        """Chooses a summary in the panel's list, and waits until the panel shows it."""
        self.panel.get_by_role("combobox").first.click()
        self.page.get_by_role("option", name=re.compile(f"^{key}")).click()
        self.panel.locator("strong").get_by_text(asked, exact=True).wait_for()

    def watch(self, video: str) -> None:
        """Looks at one of the videos of the overview."""
        self.panel.get_by_alt_text(f"{video}.mp4").first.click()
        self.curve.wait_for()

    @property
    def curve(self):
        """The curve's own area."""
        return self.panel.locator('[data-cy="clipit-curve"]').first

    def selection(self) -> str:
        """What the panel says about the length of the video's summary."""
        return self.says(re.compile(r"[\d.]+ s of 15\.0 s in \d+ segment")).inner_text()

    def ask(self, question: str) -> None:
        """Asks a question about the video."""
        self.panel.get_by_placeholder(re.compile("^Ask this video")).fill(question)
        self.button("Ask").click()

    def slide(self, share: float) -> None:
        """Moves the budget's slider to a share of the video, in [0, 1]."""
        rail = self.panel.locator(".MuiSlider-root").first
        rail.click(position={"x": rail.bounding_box()["width"] * share, "y": 8})
        self.says("(not saved)")

    def save(self) -> None:
        """Saves the budget that the slider shows."""
        self.button("Save for this video").click()
        self.says("This video's summary now takes")

    def button(self, name: str):
        """A button of the panel by its label, or by the tooltip of a small one."""
        return self.panel.get_by_role("button", name=name, exact=True).or_(self.panel.get_by_label(name, exact=True))

    def says(self, text: str | re.Pattern[str]):
        """Waits until the panel says something."""
        found = self.panel.get_by_text(text).first
        found.wait_for()
        return found

    def pictures_are_there(self, of: str | re.Pattern[str] = re.compile(r"\.mp4$")) -> None:
        """Waits until the panel shows pictures of something, by default of videos, and not what stands in for them."""
        found = self.panel.get_by_alt_text(of)
        found.first.wait_for()
        script = "all => all.every(one => one.complete && one.naturalWidth && !one.src.startsWith('data:'))"
        until(lambda: found.evaluate_all(script), "the panel's pictures")

    def picture(self, name: str, *, until=None) -> None:
        """Keeps a picture of the page, or of what is left of something."""
        self._pictures.mkdir(parents=True, exist_ok=True)
        width = until.bounding_box()["x"] if until else SIZE["width"]
        clip = {"x": 0, "y": 0, "width": width, "height": SIZE["height"]}
        self.page.screenshot(path=str(self._pictures / f"{name}.png"), clip=clip)

    def close(self) -> None:
        """Closes the page."""
        self.page.close()
