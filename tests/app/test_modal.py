"""The panel beside a video that is open in the App."""

from __future__ import annotations

import re

from tests.app.browser import MODAL


def test_the_panel_opens_beside_a_video(browser):
    """Protects the modal: the panel shows the video that is open, without its own way back to all videos."""
    browser.open_modal(1)
    browser.curve.wait_for()
    browser.says("seaside.mp4")
    assert browser.button("All videos").count() == 0
    browser.picture("modal")


def test_a_question_beside_the_player(browser):
    """Protects what people come for: a video, its player and a new question about it, side by side."""
    browser.open_modal(1).get_by_title("Split horizontally").click()
    browser.ask("a red ball")
    browser.panel.get_by_text("“a red ball”").first.wait_for()
    browser.pictures_are_there(re.compile("^a red ball, 0:0[678]"))
    # Without the sidebar, which shows where the video lies.
    sidebar = browser.page.locator(MODAL).locator('[data-cy="sidebar"]')
    browser.picture("question_in_modal", until=sidebar)


def test_a_failed_video_shows_its_reason(browser):
    """Protects bad input: a video that could not be read says why, where one looks for its summary."""
    # From the video before it: FiftyOne's own player closes the modal when it cannot read the file.
    browser.open_modal(2)
    browser.curve.wait_for()
    browser.page.keyboard.press("ArrowRight")
    browser.says("This video has no summary")
    browser.says("not a readable video")
    browser.picture("failed_video")


def test_a_segment_shows_in_the_player_beside_it(browser):
    """Protects “Show it in the App's player”: the modal's own player goes to the segment, whatever it is."""
    modal = browser.open_modal(1)
    modal.get_by_title("Split horizontally").click()
    modal.locator('[data-cy="modal-looker-container"] canvas').wait_for()
    browser.ask("a red ball")
    browser.panel.get_by_alt_text(re.compile("^a red ball, 0:0[678]")).wait_for()
    browser.button("Show it in the App's player").first.click()
    modal.get_by_text(re.compile(r"^0:0[678]\.\d\d / 0:15\.00$")).wait_for()


def test_the_clips_of_the_open_video(browser, drawn):
    """Protects “Show clips” beside the player: the modal closes, and the grid has this video's segments."""
    browser.open_modal(1)
    browser.curve.wait_for()
    browser.button("Show clips").click()
    browser.page.locator(MODAL).wait_for(state="detached")
    browser.page.get_by_text(re.compile(r"^1 clip$")).first.wait_for()
    browser.picture("clips_of_a_video")
