"""What people decide by hand in the panel: another budget, pinned and dropped segments."""

from __future__ import annotations

import pytest

from tests.app.drawn import supports
from tests.app.waiting import until

# Two scenes of "seaside": six seconds, the best of them for a summary without a question, and the last four.
BOAT, STAR = [1, 72], [133, 180]


@pytest.fixture
def gist(browser):
    """The page with the panel beside the grid, on the summary in which every scene is worth something."""
    browser.open_panel()
    browser.choose("gist", "the video itself")
    return browser


def test_another_budget_selects_at_once_and_is_written_only_when_saved(gist, drawn):
    """Protects the slider: new segments without new scores, nothing stored before “Save”."""
    before = supports(drawn, "gist", "seaside")
    gist.watch("seaside")
    stored = gist.selection()
    gist.slide(0.8)
    until(lambda: gist.selection() != stored, "other segments")
    assert supports(drawn, "gist", "seaside") == before
    gist.picture("budget")
    gist.save()
    assert frames(supports(drawn, "gist", "seaside")) > frames(before)


def test_a_dropped_segment_stays_away_with_a_new_budget(gist, drawn):
    """Protects decisions: what was dropped does not come back when the budget grows, until it is taken back."""
    gist.watch("seaside")
    gist.slide(0.45)
    gist.save()
    assert BOAT in supports(drawn, "gist", "seaside")
    gist.button("Drop: in no summary of this video").first.click()
    gist.says("Dropped:")
    gist.slide(0.75)
    gist.save()
    kept = supports(drawn, "gist", "seaside")
    assert frames(kept) > frames([BOAT])
    assert BOAT not in kept
    assert kept[0][0] > BOAT[1]
    gist.picture("dropped")
    gist.button("Let it count again").first.click()
    gist.panel.get_by_text("Dropped:").wait_for(state="detached")
    until(lambda: BOAT in supports(drawn, "gist", "seaside"), "the segment is back")


def test_a_pinned_segment_stays_with_a_new_budget(gist, drawn):
    """Protects decisions: what was pinned stays when the budget shrinks, and takes the place of a better one."""
    gist.watch("seaside")
    gist.slide(0.7)
    gist.save()
    assert supports(drawn, "gist", "seaside") == [BOAT, STAR]
    gist.button("Pin: in every summary of this video, whatever the budget").nth(1).click()
    gist.button("No longer pinned").wait_for()
    gist.picture("pinned")
    gist.slide(0.3)
    gist.save()
    assert supports(drawn, "gist", "seaside") == [STAR]


def frames(supports: list[list[int]]) -> int:
    """How many frames segments have."""
    return sum(last - first + 1 for first, last in supports)
