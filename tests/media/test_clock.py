"""Time stamps that cannot be relied on."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from fiftyone_clipit.media.clock import Clock, is_exact

UNIT = Fraction(1, 1000)
stamps = st.lists(st.one_of(st.none(), st.integers(-(10**9), 10**9)), min_size=1, max_size=60)


def run(stamps: list[int | None], duration: int = 40) -> Clock:
    clock = Clock(UNIT, Fraction(25))
    for stamp in stamps:
        clock.add(stamp, duration)
    return clock


@given(stamps, st.sampled_from([0, 1, 40]))
def test_times_always_increase(stamps: list[int | None], duration: int) -> None:
    """Whatever the stamps: every frame has a time, the first 0, each later than the one before."""
    timeline = run(stamps, duration).timeline()
    assert timeline.n_frames == len(stamps)
    assert timeline.ticks[0] == 0
    assert np.all(np.diff(timeline.ticks) > 0)
    assert timeline.duration > timeline.start(len(stamps))


@given(st.lists(st.integers(1, 10**6), max_size=50), st.integers(-(10**9), 10**9))
def test_good_stamps_stay_as_they_are(gaps: list[int], start: int) -> None:
    """Increasing stamps only lose their offset; the timeline says that its ticks are the stream's own."""
    stamps = np.cumsum([start, *gaps]).tolist()
    timeline = run(stamps).timeline()
    assert timeline.ticks.tolist() == [stamp - start for stamp in stamps]
    assert is_exact(timeline, UNIT)


def seconds(stamps: list[int | None]) -> list[float]:
    timeline = run(stamps).timeline()
    assert not is_exact(timeline, UNIT)
    return [float(timeline.start(i)) for i in range(1, timeline.n_frames + 1)]


def test_missing_stamps_are_filled_in() -> None:
    """A frame without a stamp comes one frame's duration after the one before."""
    assert seconds([0, None, None, 120]) == [0, 0.04, 0.08, 0.12]
    assert seconds([None, None, None]) == [0, 0.04, 0.08]


def test_a_clock_that_stands_still_ticks_on() -> None:
    """All frames at the same stamp: the nominal rate."""
    assert seconds([5, 5, 5, 5]) == [0, 0.04, 0.08, 0.12]


def test_a_clock_that_jumps_back_goes_on() -> None:
    """Two recordings joined: the second keeps its own distances."""
    assert seconds([1000, 1040, 0, 100, 200]) == [0, 0.04, 0.08, 0.18, 0.28]


def test_without_durations_or_a_rate() -> None:
    """25 frames per second where nothing is known; the last frame lasts as long as the one before."""
    clock = Clock(UNIT, None)
    for stamp in (None, None):
        clock.add(stamp, None)
    assert clock.timeline().duration == Fraction(80, 1000)
    clock = Clock(UNIT, Fraction(25))
    for stamp in (0, 300):
        clock.add(stamp, 0)
    assert clock.timeline().duration == Fraction(600, 1000)


def test_forgets_frames_that_were_lost() -> None:
    """A frame that was counted and could not be decoded leaves no trace."""
    clock = run([0, 40, 80])
    clock.remove(2)
    assert clock.timeline().ticks.tolist() == [0, 80]
    clock.remove(2)
    assert clock.timeline().ticks.tolist() == [0]
