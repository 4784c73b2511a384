"""The panel "Summaries" as people use it: in the real App, in a real browser, on drawn videos."""

from __future__ import annotations

import re

import pytest

import fiftyone_clipit as clipit
from tests.app.browser import MODAL, PANEL, until

# One server and one browser at a time, whatever the number of workers.
pytestmark = pytest.mark.xdist_group("app")

CHOSEN = re.compile(r"\d+\.\d s of 15\.0 s in \d+ segment")


@pytest.fixture
def panel(browser):
    """The browser with the panel open beside the grid, on the summary that has a question."""
    browser.open_panel()
    choose(browser, "red_star")
    browser.overview()
    return browser


def choose(browser, key: str) -> None:
    """Chooses a summary in the panel's list."""
    browser.panel.get_by_role("combobox").first.click()
    browser.page.get_by_role("option", name=re.compile(f"^{key}")).click()
    until(lambda: key in browser.panel.get_by_role("combobox").first.inner_text(), f"summary {key!r}")


def watch(browser, name: str) -> None:
    """Looks at one of the videos of the overview."""
    browser.panel.get_by_alt_text(f"{name}.mp4").first.click()
    browser.says(CHOSEN)
    browser.panel.locator(".nsewdrag").wait_for()


def players(browser) -> list[dict]:
    """The panel's players."""
    script = "players => players.map(p => ({source: p.currentSrc, time: p.currentTime, paused: p.paused}))"
    return browser.panel.locator("video").evaluate_all(script)


def supports(dataset, key: str, name: str) -> list[list[int]]:
    """The segments that the dataset has for a video."""
    dataset.reload()
    sample = dataset.match(clipit_path(name)).first()
    return sorted(segment.support for segment in sample[key].detections)


def clipit_path(name: str):
    """Which video."""
    from fiftyone import ViewField

    return ViewField("filepath").ends_with(f"{name}.mp4")


def test_the_overview_ranks_videos_and_says_why_one_failed(panel):
    panel.says("3 videos by relevance, 1 without this summary")
    assert panel.panel.get_by_alt_text("importance over time").count() == 3
    panel.says("clipit-tiny was trained on drawn pictures only")
    panel.says("How it was made").click()
    panel.says("broken.mp4")
    panel.says("not a readable video")
    panel.picture("overview")
    assert panel.console == []


def test_a_click_on_the_curve_plays_from_there(panel):
    watch(panel, "seaside")
    panel.panel.locator(".nsewdrag").click(position={"x": 200, "y": 40})
    panel.panel.locator("video").wait_for()
    start = float(re.search(r"#t=([\d.]+)", panel.panel.locator("video").evaluate("v => v.src"))[1])
    assert 3 < start < 12
    until(lambda: players(panel)[0]["time"] > start, "the player plays on from where the curve was clicked")
    assert players(panel)[0]["time"] < start + 60
    panel.picture("player")
    assert panel.console == []


def test_a_question_gives_a_new_curve_at_once(panel):
    watch(panel, "seaside")
    panel.panel.get_by_placeholder(re.compile("^Ask this video")).fill("a blue boat")
    panel.button("Ask").click()
    panel.says(re.compile("The two selections share"))
    panel.button("Keep as a summary").wait_for()
    panel.picture("question")
    panel.button("Back to the summary").click()
    panel.button("Keep as a summary").wait_for(state="detached")
    assert panel.console == []


def test_pins_and_drops_survive_a_new_budget(panel, drawn):
    watch(panel, "winter")
    (first,) = supports(drawn, "red_star", "winter")[:1]
    panel.panel.get_by_role("button").filter(
        has=panel.page.locator('[data-testid="block"], :text("block")')
    ).first.click()
    until(lambda: first not in supports(drawn, "red_star", "winter"), "the dropped segment is out")
    clipit.resize(drawn.match(clipit_path("winter")), "red_star", 0.5)
    kept = supports(drawn, "red_star", "winter")
    assert all(last < first[0] or begin > first[1] for begin, last in kept)
    panel.says("Dropped:")
    panel.picture("dropped")
    assert panel.console == []


def test_the_summary_shows_as_clips(panel, drawn):
    panel.button("Show clips").click()
    panel.page.get_by_text(re.compile(r"^\d+ clips?$")).first.wait_for()
    panel.picture("clips")
    panel.says("3 videos by relevance")
    assert panel.console == []


def test_the_panel_opens_beside_a_video(browser):
    browser.page.locator('[data-cy="looker"]').first.click(position={"x": 100, "y": 50})
    modal = browser.page.locator(MODAL)
    modal.wait_for()
    if not modal.get_by_text("Summaries", exact=True).count():
        modal.locator('[data-cy="new-panel-btn"]').first.click()
        browser.page.get_by_text("Summaries", exact=True).last.click()
    else:
        modal.get_by_text("Summaries", exact=True).first.click()
    modal.locator(f"{PANEL} .nsewdrag").first.wait_for()
    browser.picture("modal")
    assert browser.console == []
