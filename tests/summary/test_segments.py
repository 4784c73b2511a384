"""The segments of a summary: what must hold for every video and budget, and what a good choice is."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.summary import Segment, Shot, choose_segments


@dataclass(frozen=True)
class UnevenClock:
    """Times of frames that last unequally long."""

    starts: np.ndarray

    def start(self, frame_number: int) -> float:
        return float(self.starts[frame_number - 1])

    def end(self, frame_number: int) -> float:
        return float(self.starts[frame_number])


def make_shots(lengths: list[int], importance: list[float], *, rate: float = 25.0) -> list[Shot]:
    shots, first = [], 1
    for length, value in zip(lengths, importance, strict=True):
        last = first + length - 1
        shots.append(Shot(first, last, (first - 1) / rate, last / rate, value))
        first = last + 1
    return shots


def flat(shots: list[Shot], every: int = 12) -> tuple[np.ndarray, np.ndarray]:
    """Samples that carry the importance of their shots."""
    numbers = np.arange(1, shots[-1].last_frame + 1, every)
    lasts = [shot.last_frame for shot in shots]
    return numbers, np.array([shots[i].importance for i in np.searchsorted(lasts, numbers)])


def parts(segments: list[Segment]) -> list[tuple[int, int]]:
    return [(segment.first_frame, segment.last_frame) for segment in segments]


shot_lists = st.lists(
    st.tuples(
        st.integers(1, 60), st.floats(0, 1), st.floats(-0.3, 1), st.sampled_from(["", "", "", "pinned", "dropped"])
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=300, deadline=None)
@given(
    drawn=shot_lists,
    share=st.floats(0.001, 1),
    seconds_share=st.none() | st.floats(0.001, 1),
    min_frames=st.integers(1, 30),
    every=st.integers(1, 25),
    seed=st.integers(0, 999),
)
def test_what_must_always_hold(drawn, share, seconds_share, min_frames, every, seed):
    rng = np.random.default_rng(seed)
    shots = make_shots([d[0] for d in drawn], [d[1] for d in drawn])
    shots = [
        replace(shot, value=d[2], pinned=d[3] == "pinned", dropped=d[3] == "dropped")
        for shot, d in zip(shots, drawn, strict=True)
    ]
    n = shots[-1].last_frame
    numbers = np.arange(1, n + 1, every)
    importance = rng.random(len(numbers))
    clock = UnevenClock(np.concatenate([[0.0], np.cumsum(rng.random(n) + 0.01)]))
    budget = max(1, int(share * n))
    seconds = None if seconds_share is None else seconds_share * clock.end(n)
    options = {"budget_frames": budget, "budget_seconds": seconds, "min_frames": min_frames, "clock": clock}

    segments, notes = choose_segments(shots, numbers, importance, **options)

    assert choose_segments(shots, numbers, importance, **options) == (segments, notes), "same input, same result"
    if all(shot.dropped for shot in shots):
        assert segments == []
        assert "dropped" in notes[0]
        return
    assert segments, "never empty"
    frames = [f for s in segments for f in range(s.first_frame, s.last_frame + 1)]
    assert frames == sorted(set(frames)), "in time order, never overlapping"
    assert frames[0] >= 1
    assert frames[-1] <= n
    assert len(frames) <= budget
    length = sum(s.end - s.start for s in segments)
    assert seconds is None or length <= seconds + 1e-6 or len(frames) == 1
    for s in segments:
        (shot,) = [shot for shot in shots if shot.first_frame <= s.first_frame <= shot.last_frame]
        assert s.last_frame <= shot.last_frame, "within one shot"
        assert not shot.dropped
        assert s.first_frame <= s.peak_frame <= s.last_frame
        assert 0 <= s.importance <= 1
        assert (s.start, s.end) == (clock.start(s.first_frame), clock.end(s.last_frame))
    ranks = [s.rank for s in sorted(segments, key=lambda s: (-s.importance, s.first_frame))]
    assert ranks == list(range(1, len(segments) + 1))
    pinned = [shot for shot in shots if shot.pinned and not shot.dropped]
    pins_fit = sum(shot.n_frames for shot in pinned) <= budget and (
        seconds is None or sum(clock.end(p.last_frame) - clock.start(p.first_frame) for p in pinned) <= seconds
    )
    if pins_fit:
        assert {(p.first_frame, p.last_frame) for p in pinned} <= set(parts(segments)), "pins are shown whole"
    elif len(frames) > 1:
        assert any("pinned" in note for note in notes)


@settings(max_examples=200, deadline=None)
@given(drawn=shot_lists, share=st.floats(0.01, 1), min_frames=st.integers(1, 20))
def test_only_a_budget_below_it_makes_clips_shorter_than_the_minimum(drawn, share, min_frames):
    shots = make_shots([d[0] for d in drawn], [d[1] for d in drawn])
    budget = max(1, int(share * shots[-1].last_frame))
    segments, _ = choose_segments(shots, *flat(shots, 5), budget_frames=budget, min_frames=min_frames)
    whole = {(shot.first_frame, shot.last_frame) for shot in shots}
    for first, last in parts(segments):
        assert last - first + 1 >= min(min_frames, budget) or (first, last) in whole


@settings(max_examples=200, deadline=None)
@given(drawn=shot_lists, share=st.floats(0.05, 0.9))
def test_no_choice_of_whole_shots_is_worth_more(drawn, share):
    """Against the knapsack's optimum of whole shots, by value times frames."""
    from fiftyone_clipit.summary import select_shots

    shots = make_shots([d[0] for d in drawn], [d[1] for d in drawn])
    budget = max(1, int(share * shots[-1].last_frame))
    segments, _ = choose_segments(shots, *flat(shots, 1), budget_frames=budget)
    lengths = np.array([shot.n_frames for shot in shots])
    total = np.array([shot.importance for shot in shots]) * lengths
    assert sum(s.importance * s.n_frames for s in segments) >= total[select_shots(total, lengths, budget)].sum() - 1e-6


@settings(max_examples=200, deadline=None)
@given(drawn=shot_lists, small=st.floats(0.01, 1), large=st.floats(0.01, 1))
def test_a_greater_budget_only_adds(drawn, small, large):
    assume(small < large)
    shots = make_shots([d[0] for d in drawn], [d[1] for d in drawn])
    n = shots[-1].last_frame
    shown = [
        {
            f
            for s in choose_segments(shots, *flat(shots, 1), budget_frames=max(1, int(share * n)))[0]
            for f in range(s.first_frame, s.last_frame + 1)
        }
        for share in (small, large)
    ]
    assert shown[0] <= shown[1]


def test_the_scene_that_matters_wins_over_many_short_ones():
    """The usual sum of one value a shot would take the three dull shots: 0.5 + 0.5 + 0.5 > 1."""
    shots = make_shots([50, 150, 50, 50], [0.5, 1.0, 0.5, 0.5])
    segments, _ = choose_segments(shots, *flat(shots), budget_frames=150)
    assert parts(segments) == [(51, 200)]
    assert segments[0].rank == 1


def test_the_best_part_of_a_long_shot_beats_dull_short_shots():
    shots = make_shots([60, 200, 60], [0.2, 0.8, 0.2])
    numbers = np.arange(1, 321, 10)
    importance = np.where((numbers > 150) & (numbers < 200), 1.0, 0.3)
    segments, _ = choose_segments(shots, numbers, importance, budget_frames=48, min_frames=25)
    assert len(segments) == 1
    assert segments[0].n_frames == 48
    assert segments[0].first_frame >= 145
    assert segments[0].last_frame <= 202


def test_a_shot_is_worth_its_value_where_values_are_known():
    """Equal importance, but the second shot only shows again what the first one shows."""
    shots = make_shots([50, 50, 50], [0.9, 0.9, 0.8])
    shots = [replace(shot, value=value) for shot, value in zip(shots, [0.9, 0.6, 0.8], strict=True)]
    assert parts(choose_segments(shots, *flat(shots), budget_frames=100)[0]) == [(1, 50), (101, 150)]


def test_ties_go_to_the_earlier_shot():
    shots = make_shots([50] * 4, [0.5] * 4)
    assert parts(choose_segments(shots, *flat(shots), budget_frames=100)[0]) == [(1, 50), (51, 100)]


def test_without_a_difference_the_window_is_the_middle_of_the_shot():
    shots = make_shots([101], [0.5])
    assert parts(choose_segments(shots, *flat(shots), budget_frames=21)[0]) == [(41, 61)]


def test_pins_beyond_the_budget_are_reported():
    shots = [replace(shot, pinned=True) for shot in make_shots([50] * 3, [0.1, 0.9, 0.5])]
    segments, notes = choose_segments(shots, *flat(shots), budget_frames=70, min_frames=25)
    assert parts(segments) == [(51, 100)]
    assert notes == ["the 3 pinned shots are longer than the budget: 1 shown whole, 0 in part, 2 left out"]


def test_pins_come_first_and_dropped_shots_never():
    shots = make_shots([50] * 4, [0.9, 0.1, 0.8, 0.7])
    shots[1], shots[0] = replace(shots[1], pinned=True), replace(shots[0], dropped=True)
    segments, notes = choose_segments(shots, *flat(shots), budget_frames=100)
    assert parts(segments) == [(51, 100), (101, 150)]
    assert notes == []


def test_seconds_limit_frames_that_stay_long():
    """30 frames a second, then 2: half of the frames are most of the time."""
    shots = make_shots([60, 60], [0.1, 1.0])
    clock = UnevenClock(np.concatenate([[0], np.cumsum([1 / 30] * 60 + [1 / 2] * 60)]))
    segments, _ = choose_segments(shots, *flat(shots), budget_frames=60, budget_seconds=5.0, clock=clock)
    assert sum(s.end - s.start for s in segments) <= 5.0 + 1e-6
    assert segments[0].first_frame > 60


def test_one_frame_is_the_least():
    shots = make_shots([1, 1, 1], [0.2, 0.9, 0.3], rate=0.1)
    segments, _ = choose_segments(shots, *flat(shots, 1), budget_frames=1, budget_seconds=1.0)
    assert parts(segments) == [(2, 2)]


def test_segments_carry_the_labels_of_their_shots():
    shots = make_shots([50, 50], [0.4, 0.6])
    segments, _ = choose_segments(shots, *flat(shots), budget_frames=100, labels=["a dog", "a car"])
    assert [(s.label, s.rank) for s in segments] == [("a dog", 2), ("a car", 1)]


def test_wrong_use_says_what_is_wrong():
    shots = make_shots([50], [0.5])
    with pytest.raises(UsageError, match="at least one frame"):
        choose_segments(shots, *flat(shots), budget_frames=0)
    with pytest.raises(UsageError, match="at least one frame"):
        choose_segments(shots, *flat(shots), budget_frames=5, budget_seconds=0.0)
    with pytest.raises(UsageError, match="one label each"):
        choose_segments(shots, *flat(shots), budget_frames=5, labels=["a", "b"])
    with pytest.raises(UsageError, match="one importance each"):
        choose_segments(shots, np.array([1, 2]), np.array([0.5]), budget_frames=5)


def test_what_has_nothing_to_do_with_the_question_does_not_fill_the_budget():
    shots = make_shots([50] * 4, [0.02, 0.9, 0.0, 0.05])
    asked, _ = choose_segments(shots, *flat(shots), budget_frames=150, labels=["a dog"] * 4)
    assert parts(asked) == [(51, 100)]
    whole, _ = choose_segments(shots, *flat(shots), budget_frames=200, labels=["a dog"] * 4)
    assert len(whole) == 4
    generic, _ = choose_segments(shots, *flat(shots), budget_frames=150)
    assert len(generic) == 3
