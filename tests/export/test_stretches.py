"""From segments to what is shown: padding, merging, growing, ordering."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fiftyone_clipit.export.options import ExportOptions
from fiftyone_clipit.export.stretches import plan_stretches
from fiftyone_clipit.media.timeline import Timeline
from tests.export.making import segments


def constant(n_frames: int, rate: Fraction | int = 25) -> Timeline:
    rate = Fraction(rate)
    ticks = np.arange(n_frames, dtype=np.int64) * rate.denominator
    return Timeline(ticks, Fraction(1, rate.numerator), n_frames / rate)


def frames(ranges: list[tuple[int, int]], timeline: Timeline, **options) -> list[tuple[int, int]]:
    plans = plan_stretches(segments(ranges, timeline), ExportOptions(**options))
    resolved = [plan.resolve(timeline) for plan in plans]
    return [(stretch.first_frame, stretch.last_frame) for stretch in resolved]


def test_without_options_segments_stay_as_they_are() -> None:
    """No rounding through seconds touches them."""
    timeline = constant(1000, Fraction(30_000, 1001))
    ranges = [(999, 1000), (1, 1), (500, 777)]
    assert frames(ranges, timeline) == ranges


def test_padding_stays_inside_the_video() -> None:
    """Seconds before and after, each its own; nothing before the first frame or after the last."""
    timeline = constant(100)
    assert frames([(50, 59)], timeline, padding=0.4) == [(40, 69)]
    assert frames([(50, 59)], timeline, padding=(0.0, 0.4)) == [(50, 69)]
    assert frames([(3, 98)], timeline, padding=1.0) == [(1, 100)]
    assert frames([(50, 59)], timeline, padding=(0.01, 0.01)) == [(49, 60)]


def test_near_segments_merge() -> None:
    """Gaps up to the limit close; the merged stretch has the best rank and keeps all its members."""
    timeline = constant(200)
    ranges = [(100, 109), (20, 29), (40, 49), (112, 120)]
    assert frames(ranges, timeline, merge_gap=0.1, order="time") == [(20, 29), (40, 49), (100, 120)]
    assert frames(ranges, timeline, merge_gap=0.4, order="time") == [(20, 49), (100, 120)]
    assert frames(ranges, timeline, merge_gap=0.0, padding=0.25, order="time") == [(13, 56), (93, 127)]
    plans = plan_stretches(segments(ranges, timeline), ExportOptions(merge_gap=0.4, order="rank"))
    merged = plans[0].resolve(timeline)
    assert (merged.numbers, merged.rank) == ((0, 3), 1)
    assert merged.importance == pytest.approx((0.9 * 10 + 0.6 * 9) / 19)
    assert merged.peak_frame == 104


def test_short_segments_grow_around_their_middle() -> None:
    """To the length asked for, at the edges to the side where there is room, and never beyond the video."""
    timeline = constant(100)
    assert frames([(50, 50)], timeline, min_length=0.2) == [(48, 52)]
    assert frames([(1, 1)], timeline, min_length=0.2) == [(1, 5)]
    assert frames([(100, 100)], timeline, min_length=0.2) == [(96, 100)]
    assert frames([(50, 50)], timeline, min_length=100.0) == [(1, 100)]
    assert frames([(20, 60)], timeline, min_length=0.2) == [(20, 60)]


@settings(max_examples=200, deadline=None)
@given(
    st.integers(1, 400),
    st.sampled_from([Fraction(24_000, 1001), Fraction(25), Fraction(60_000, 1001), Fraction(7, 2)]),
    st.data(),
)
def test_stretches_always_hold_their_segments(n_frames: int, rate: Fraction, data: st.DataObject) -> None:
    """Whatever is added: inside the video, at least as long as asked for if the video is, no segment lost."""
    timeline = constant(n_frames, rate)
    pairs = data.draw(st.lists(st.tuples(st.integers(1, n_frames), st.integers(1, n_frames)), min_size=1, max_size=6))
    ranges = [(min(pair), max(pair)) for pair in pairs]
    seconds = st.floats(0, 3).map(lambda value: round(value, 3))
    options = ExportOptions(
        padding=(data.draw(seconds), data.draw(seconds)),
        min_length=data.draw(seconds),
        merge_gap=data.draw(st.none() | seconds),
        order=data.draw(st.sampled_from(["given", "time", "rank"])),
    )
    stretches = [plan.resolve(timeline) for plan in plan_stretches(segments(ranges, timeline), options)]
    assert sorted(number for stretch in stretches for number in stretch.numbers) == list(range(len(ranges)))
    for stretch in stretches:
        assert 1 <= stretch.first_frame <= stretch.last_frame <= n_frames
        for number in stretch.numbers:
            assert stretch.first_frame <= ranges[number][0]
            assert ranges[number][1] <= stretch.last_frame
        length = timeline.end(stretch.last_frame) - timeline.start(stretch.first_frame)
        assert length >= min(Fraction(str(options.min_length)), timeline.duration)
        assert stretch.first_frame <= stretch.peak_frame <= stretch.last_frame
