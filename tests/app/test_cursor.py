"""The cursor on the curve beside the App's own player: it follows the player, and a click moves the player."""

from __future__ import annotations

import contextlib
import re

import pytest

from tests.app.browser import MODAL
from tests.app.waiting import until

SECONDS = 15.0


@pytest.fixture
def modal(browser):
    """The page with a video's player and, beside it, the panel."""
    open_beside(browser)
    return browser


def open_beside(browser) -> None:
    """Opens the first video of the grid, and the panel beside its player."""
    browser.page.locator('[data-cy="looker"]').first.click(position={"x": 100, "y": 50})
    modal = browser.page.locator(MODAL)
    tab, other = modal.locator('[data-cy="panel-tab-summaries"]'), modal.locator('[data-cy="new-panel-btn"]')
    # The App opens a modal with a tab for every panel that it knows by then.
    tab.or_(other).first.wait_for()
    if not tab.count():
        other.click()
        browser.page.get_by_text("Summaries", exact=True).last.click()
    tab.click()
    modal.get_by_title("Split horizontally").click()
    modal.locator('[data-cy="modal-looker-container"] canvas').wait_for()
    browser.curve.wait_for()


def player(page) -> float:
    """Where the App says that its player is, in seconds."""
    said = page.locator(MODAL).get_by_text(re.compile(r"^0:\d\d\.\d\d / 0:15\.00$")).inner_text()
    return float(said[2:7])


def cursor(browser) -> float:
    """Where the cursor is, in seconds."""
    line = browser.page.locator('[data-cy="clipit-cursor"]')
    line.wait_for()
    curve, place = browser.curve.bounding_box(), line.bounding_box()
    return (place["x"] + place["width"] / 2 - curve["x"]) / curve["width"] * SECONDS


def click(browser, seconds: float) -> None:
    """Clicks the curve at a time."""
    browser.curve.click(position={"x": browser.curve.bounding_box()["width"] * seconds / SECONDS, "y": 40})


def test_a_click_on_the_curve_moves_the_player_and_the_cursor(modal):
    """Protects both directions while the player stands: to a later time, and back."""
    for seconds in (9.0, 3.0):
        click(modal, seconds)
        until(lambda to=seconds: abs(player(modal.page) - to) < 0.2, f"the player at {seconds} s")
        until(lambda to=seconds: abs(cursor(modal) - to) < 0.2, f"the cursor at {seconds} s")
    # The panel has no player of its own beside the App's.
    assert modal.panel.locator("video").count() == 0
    modal.picture("cursor")


def test_the_cursor_follows_the_player_that_plays(modal):
    """Protects the cursor while the player plays, and a click that moves the playing player."""
    modal.page.get_by_test_id("timeline-controls-play-pause").click()
    until(lambda: cursor(modal) > 1.0, "the cursor goes with the player")
    # FiftyOne's player may hang in “Buffering” after a seek, also after one of its own; the next one frees it.
    for seconds in (8.0, 9.0, 10.0):
        click(modal, seconds)
        with contextlib.suppress(AssertionError):
            until(lambda to=seconds: cursor(modal) > to + 0.3, "the player goes on from there", seconds=20)
            break
    assert cursor(modal) > 8.3
