"""One budget over many videos: the best shots whatever video they are in, each footage once, always the same."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.summary.across import Grant, segments_of, spend_across
from fiftyone_clipit.summary.looks import with_looks
from fiftyone_clipit.summary.types import Shot

RATE = 10


def make_shots(scores, seconds, **more) -> list[Shot]:
    """Shots one after the other, 10 frames a second."""
    ends = np.cumsum([0, *(round(s * RATE) for s in seconds)])
    return [
        Shot(int(a) + 1, int(b), a / RATE, b / RATE, importance=0.5, score=float(score), **more)
        for score, (a, b) in zip(scores, pairwise(ends), strict=True)
    ]


collections = st.lists(
    st.lists(st.tuples(st.floats(0, 1), st.integers(1, 90)), min_size=0, max_size=8), min_size=1, max_size=6
).map(lambda videos: [make_shots([s for s, _ in v], [n / RATE for _, n in v]) for v in videos])


def _taken(videos, grants):
    return [(v, i) for v, grant in enumerate(grants) for i in grant.shots]


@settings(deadline=None)
@given(collections, st.floats(0.1, 80))
def test_the_budget_is_kept_and_used(videos, budget):
    grants = spend_across(videos, budget)
    total = sum(shot.end - shot.start for shots in videos for shot in shots)
    assert sum(grant.seconds for grant in grants) == pytest.approx(min(budget, total))
    for shots, grant in zip(videos, grants, strict=True):
        assert grant.seconds <= sum(shots[i].end - shots[i].start for i in grant.shots) + 1e-6
        assert grant.frames <= grant.seconds * RATE + 1e-3


@settings(deadline=None)
@given(collections, st.floats(0.1, 80))
def test_no_shot_that_is_left_out_is_better_than_one_that_is_shown(videos, budget):
    """With parts allowed this makes the total of score times length the greatest there is."""
    taken = set(_taken(videos, spend_across(videos, budget)))
    every = {(v, i) for v, shots in enumerate(videos) for i in range(len(shots))}
    if taken and every - taken:
        assert max(videos[v][i].score for v, i in every - taken) <= min(videos[v][i].score for v, i in taken)


@settings(deadline=None)
@given(collections, st.floats(0.1, 80), st.floats(0, 10))
def test_a_short_rest_goes_to_whole_shots(videos, budget, least):
    grants = spend_across(videos, budget, min_seconds=least)
    assert sum(grant.seconds for grant in grants) <= budget + 1e-6
    for shots, grant in zip(videos, grants, strict=True):
        whole = sum(shots[i].end - shots[i].start for i in grant.shots)
        part = whole - grant.seconds > 1e-6
        assert not part or grant.seconds >= min(least, budget) - 1e-6


@settings(deadline=None)
@given(collections, st.floats(0.5, 80))
def test_segments_stay_within_their_grant(videos, budget):
    for shots, grant in zip(videos, spend_across(videos, budget), strict=True):
        if not shots:
            continue
        numbers = np.arange(1, shots[-1].last_frame + 1, 5)
        segments = segments_of(shots, grant, numbers, np.linspace(0, 1, len(numbers)))
        assert sum(segment.n_frames for segment in segments) <= max(1, grant.frames)
        for segment in segments:
            assert any(
                shots[i].first_frame <= segment.first_frame <= segment.last_frame <= shots[i].last_frame
                for i in grant.shots
            )


def test_the_best_minutes_come_from_whatever_video_has_them():
    videos = [make_shots([0.1] * 30, [10] * 30) for _ in range(50)]
    for v, place in ((7, 3), (31, 20), (32, 0)):
        videos[v][place] = make_shots([0.1] * place + [0.9], [10] * (place + 1))[place]
    assert _taken(videos, spend_across(videos, 30)) == [(7, 3), (31, 20), (32, 0)]


def test_the_last_shot_is_shown_in_part_by_its_best_window():
    videos = [make_shots([0.9], [10]), make_shots([0.2, 0.8], [5, 20])]
    grants = spend_across(videos, 16)
    assert grants == [Grant((0,), 10.0, 100), Grant((1,), pytest.approx(6.0), 60)]
    numbers = np.arange(1, 251, 5)
    importance = np.where((numbers > 120) & (numbers <= 190), 1.0, 0.1)
    (segment,) = segments_of(videos[1], grants[1], numbers, importance)
    assert 120 < segment.first_frame <= segment.last_frame <= 190
    assert segment.n_frames == 60


def with_footage(shots, vectors) -> list[Shot]:
    """Gives each shot the look of a vector, which all its samples have."""
    numbers = np.array([shot.first_frame for shot in shots])
    return with_looks(shots, np.asarray(vectors), numbers)


def test_the_same_footage_in_two_videos_is_shown_once():
    axes = np.random.default_rng(0).normal(size=(4, 64))
    videos = [
        with_footage(make_shots([0.8, 0.3], [5, 5]), [axes[0], axes[1]]),
        with_footage(make_shots([0.4, 0.9], [5, 5]), [axes[1], axes[2]]),
        with_footage(make_shots([0.85], [5]), [axes[0] + 0.02]),
    ]
    assert _taken(videos, spend_across(videos, 15)) == [(1, 0), (1, 1), (2, 0)]
    assert _taken(videos, spend_across(videos, 15, deduplicate=False)) == [(0, 0), (1, 1), (2, 0)]


def test_alike_shots_of_one_video_are_no_duplicates():
    """An event that lasts for several shots is one event, not several copies of it."""
    videos = [with_footage(make_shots([0.9, 0.8, 0.1], [5, 5, 5]), np.ones((3, 8)))]
    assert _taken(videos, spend_across(videos, 10)) == [(0, 0), (0, 1)]


def test_shots_without_looks_are_no_duplicates():
    videos = [make_shots([0.9], [5]), make_shots([0.8], [5])]
    assert _taken(videos, spend_across(videos, 10)) == [(0, 0), (1, 0)]


def test_duplicates_are_found_across_blocks_of_candidates():
    count = 700
    vectors = np.random.default_rng(0).normal(size=(count, 64))
    first = with_footage(make_shots(np.linspace(1, 0.5, count), [1] * count), vectors)
    copy = with_footage(make_shots(np.linspace(0.999, 0.499, count), [1] * count), vectors)
    grants = spend_across([first, copy], 650)
    assert len(grants[0].shots) == 650
    assert grants[1].shots == ()


def test_pinned_shots_come_first_and_dropped_ones_never():
    pinned, dropped = make_shots([0.1], [5], pinned=True), make_shots([0.9], [5], dropped=True)
    videos = [dropped, make_shots([0.5, 0.6], [5, 5]), pinned]
    assert _taken(videos, spend_across(videos, 10)) == [(1, 1), (2, 0)]
    assert spend_across([dropped], 10) == [Grant()]


def test_ties_go_to_the_earlier_video_and_shot():
    videos = [make_shots([0.5] * 3, [5] * 3) for _ in range(3)]
    assert _taken(videos, spend_across(videos, 20)) == [(0, 0), (0, 1), (0, 2), (1, 0)]


def test_a_budget_below_the_least_length_still_shows_something():
    grants = spend_across([make_shots([0.5], [5])], 0.5, min_seconds=2)
    assert grants == [Grant((0,), 0.5, 5)]


def test_no_videos_and_videos_without_shots():
    assert spend_across([], 5) == []
    assert spend_across([[], []], 5) == [Grant(), Grant()]
    assert segments_of([], Grant(), np.zeros(0), np.zeros(0)) == []


@pytest.mark.parametrize("budget", [0, -1, float("nan")])
def test_a_budget_must_be_positive(budget):
    with pytest.raises(UsageError, match="budget must be above 0 seconds"):
        spend_across([make_shots([0.5], [5])], budget)


def test_what_has_nothing_to_do_with_the_question_stays_out():
    videos = [make_shots([0.9, 0.02], [5, 5], label="a dog"), make_shots([0.05, 0.3], [5, 5], label="a dog")]
    assert _taken(videos, spend_across(videos, 20)) == [(0, 0), (1, 1)]
    unasked = [[replace(shot, label="summary") for shot in shots] for shots in videos]
    assert len(_taken(unasked, spend_across(unasked, 20))) == 4


def test_segments_are_named_after_what_their_shots_answer():
    shots = [*make_shots([0.9], [5], label="a dog"), *make_shots([0, 0.5], [5, 5], label="a ball")[1:]]
    numbers = np.arange(1, 101, 5)
    segments = segments_of(shots, Grant((0, 1), 10.0, 100), numbers, np.ones(len(numbers)))
    assert [segment.label for segment in segments] == ["a dog", "a ball"]


def test_a_hundred_hours_take_seconds():
    """50,000 shots of 7 s, a hundred videos; a tenth of it all to be shown without duplicates."""
    generator = np.random.default_rng(0)
    videos = [
        with_footage(make_shots(generator.random(500), [7.2] * 500), generator.normal(size=(500, 512)))
        for _ in range(100)
    ]
    started = time.monotonic()
    grants = spend_across(videos, 36_000)
    assert time.monotonic() - started < 20
    assert sum(grant.seconds for grant in grants) == pytest.approx(36_000)
