"""One video in the panel: its curve, its player, a question, a second summary."""

from __future__ import annotations

import re

from tests.app.drawn import summaries
from tests.app.waiting import until


def test_a_click_on_the_curve_plays_from_there(panel):
    """Protects that a click starts the panel's player at the time that was clicked."""
    panel.watch("seaside")
    width = panel.curve.bounding_box()["width"]
    panel.curve.click(position={"x": width / 2, "y": 40})
    player = panel.panel.locator("video")
    player.wait_for()
    until(lambda: player.evaluate("video => video.currentTime") > 7.5, "the player goes on from there")
    assert not any(start + 0.3 < min(end, 6.5) for start, end in played(player))
    panel.picture("player")


def test_all_segments_play_one_after_the_other(panel):
    """Protects “Play all”: only segments play, the next one follows by itself, and the player stops after the last."""
    panel.choose("gist", "the video itself")
    panel.watch("seaside")
    panel.slide(0.7)
    panel.button("Play all").click()
    player = panel.panel.locator("video")
    player.wait_for()
    player.evaluate("video => { video.playbackRate = 4; video.muted = true; }")
    panel.says("Segment 1 of 2: 0:00.0 - 0:06.0")
    panel.says("Segment 2 of 2: 0:11.0 - 0:15.0")
    panel.picture("play_all")
    until(lambda: player.evaluate("video => video.paused"), "the end of the last segment")
    assert not any(start < 8.5 < end for start, end in played(player))
    panel.button("Close the player").click()
    player.wait_for(state="detached")


def test_a_question_gives_a_new_curve_at_once(panel):
    """Protects the question box: a new curve and segments, and back to the summary without a trace."""
    panel.watch("seaside")
    stored = panel.selection()
    panel.ask("a blue boat")
    panel.says(re.compile(r"The two selections share 0 %"))
    panel.panel.get_by_text("“a blue boat”").first.wait_for()
    panel.panel.get_by_alt_text("a blue boat, 0:00.0 - 0:04.0").wait_for()
    panel.picture("question")
    panel.button("Back to the summary").click()
    panel.button("Keep as a summary").wait_for(state="detached")
    until(lambda: panel.selection() == stored, "the summary as it was")


def test_a_question_is_kept_as_a_summary_of_all_videos(panel, drawn):
    """Protects “Keep as a summary”: the form comes filled in, and makes what was asked."""
    panel.watch("journey")
    panel.ask("a white moon")
    panel.button("Keep as a summary").click()
    form = panel.form()
    form.says("a white moon")
    form.execute()
    form.press("Close")
    form.gone()
    assert summaries(drawn)["a_white_moon"] == "done"
    panel.panel.locator("strong").get_by_text("a white moon", exact=True).wait_for()


def test_two_summaries_are_compared(panel):
    """Protects the comparison: two curves over each other, and how much their selections share."""
    panel.watch("winter")
    panel.panel.get_by_role("combobox").nth(1).click()
    panel.page.get_by_role("option", name=re.compile("^with gist")).click()
    panel.says(re.compile(r"The two selections share \d+ %"))
    until(lambda: panel.panel.locator(".clipit-path").count() == 2, "two curves")
    panel.picture("compare")


def played(player) -> list[tuple[float, float]]:
    """Which parts of its video a player has played, in seconds."""
    return player.evaluate("({played: p}) => Array.from(p, (_, i) => [p.start(i), p.end(i)])")
