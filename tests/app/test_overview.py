"""The panel beside the grid: all videos of the view."""

from __future__ import annotations

import re


def test_the_overview_ranks_videos_and_says_why_one_failed(panel):
    """Protects the way in: every summarized video with picture and curve, and no video lost without a reason."""
    panel.says("3 videos by relevance, 1 without this summary")
    assert panel.panel.get_by_alt_text("importance over time").count() == 3
    panel.says("clipit-tiny was trained on drawn pictures only")
    panel.pictures_are_there()
    panel.picture("overview")
    panel.says("How it was made").click()
    panel.says("broken.mp4")
    panel.says("not a readable video")
    panel.picture("failures")


def test_the_summary_shows_as_clips(panel, drawn):
    """Protects “Show clips”: the App shows the chosen segments, and the panel goes on with the videos they are of."""
    segments = drawn.count("red_star.detections")
    panel.button("Show clips").click()
    panel.page.get_by_text(re.compile(rf"^{segments} clips?$")).first.wait_for()
    panel.says("3 videos by relevance")
    panel.picture("clips")
    panel.button("Export these clips").click()
    form = panel.form()
    form.says("Exports the clips of this view as they stand")
    panel.picture("export_clips")
    form.press("Cancel")
    form.gone()
