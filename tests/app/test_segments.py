"""The segments of a video in the panel: opened, tagged, ordered; shots that were not chosen; what the keyboard does."""

from __future__ import annotations

import re

from tests.app.browser import MODAL
from tests.app.drawn import only, supports
from tests.app.waiting import until

STAR = [133, 180]  # the last four seconds of "seaside", and its summary for a red star


def test_a_segment_opens_as_a_clip_in_the_apps_own_player(panel, drawn):
    """Protects “Open as a clip”: the App opens that part of the video, which has the segment's own id."""
    (segment,) = only(drawn, "seaside").first().red_star.detections
    panel.watch("seaside")
    panel.button("Open as a clip").first.click()
    modal = panel.page.locator(MODAL)
    modal.wait_for()
    modal.get_by_text(segment.id).wait_for()
    panel.picture("segment_as_clip")


def test_a_tag_is_written_on_the_card_and_outlives_a_pin(panel, drawn):
    """Protects tags: Enter writes one, the card shows it, and deciding about the segment does not lose it."""
    panel.watch("seaside")
    panel.button("Tag this segment").first.click()
    field = panel.panel.get_by_placeholder("Tag, then Enter")
    field.fill("good")
    field.press("Enter")
    panel.says("Tags: good")
    panel.picture("tagged")
    panel.button("Pin: in every summary of this video, whatever the budget").first.click()
    panel.button("No longer pinned").first.wait_for()
    panel.says("Tags: good")
    drawn.reload()
    assert [segment.tags for segment in only(drawn, "seaside").first().red_star.detections] == [["good"]]


def test_a_shot_that_was_not_chosen_is_pinned_from_the_curve(panel, drawn):
    """Protects pinning by hand: any shot, also one that no selection has shown."""
    panel.watch("seaside")
    assert supports(drawn, "red_star", "seaside") == [STAR]
    panel.curve.click(position={"x": panel.curve.bounding_box()["width"] * 0.55, "y": 40})
    panel.says("Shot 0:06.0 - 0:11.0")
    panel.button("Pin: in every summary of this video, whatever the budget").first.click()
    until(lambda: [73, 132] in supports(drawn, "red_star", "seaside") or covers(drawn, 73, 132), "the pinned shot")


def covers(drawn, first: int, last: int) -> bool:
    """Whether a segment of "seaside" lies within some frames."""
    return any(first <= begin and end <= last for begin, end in supports(drawn, "red_star", "seaside"))


def test_segments_come_in_time_order_and_the_budget_in_seconds(browser):
    """Protects the two choices of the strip and the slider: they show the same segments otherwise."""
    browser.open_panel()
    browser.choose("gist", "the video itself")
    browser.watch("winter")
    browser.slide(0.75)
    browser.panel.get_by_label("Order of the segments").select_option("time")
    times = browser.panel.locator(".clipit-card p").all_inner_texts()
    begins = [float(re.search(r"0:(\d\d\.\d)", said)[1]) for said in times]
    assert len(begins) > 1
    assert begins == sorted(begins)
    browser.panel.get_by_label("Unit of the budget").select_option("seconds")
    slider = browser.panel.get_by_role("slider", name="Budget")
    assert abs(float(slider.get_attribute("aria-valuenow")) - 0.75 * 15) < 0.3
    slider.press("ArrowLeft")
    browser.says(re.compile(r"^Budget: 7\d % of the video, 1\d\.\d s \(not saved\)$"))
    browser.picture("seconds")


def test_the_keyboard_asks_and_moves_along_the_curve(panel):
    """Protects those who do not use a mouse: Enter asks, arrows move along the curve, Enter plays from there."""
    panel.watch("seaside")
    box = panel.panel.get_by_placeholder(re.compile("^Ask this video"))
    box.fill("a blue boat")
    box.press("Enter")
    panel.panel.get_by_text("“a blue boat”").first.wait_for()
    chart = panel.panel.locator(".clipit-chart")
    chart.focus()
    for _ in range(50):
        chart.press("ArrowRight")
    panel.says(re.compile(r"^0:07\.[05] · frame \d+ · importance"))
    chart.press("Enter")
    player = panel.panel.locator("video")
    player.wait_for()
    until(lambda: player.evaluate("video => video.currentTime") > 7.4, "the player plays from there")
