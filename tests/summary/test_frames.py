"""From samples to frames: shots cover every frame once, and begin where their first sample lies."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.media.timeline import Timeline
from fiftyone_clipit.summary import shots_from_boundaries


def timeline(n: int) -> Timeline:
    return Timeline(np.arange(n), Fraction(1, 25), Fraction(n, 25))


def shots_of(boundaries, numbers, n, *, first=1, features=None, importance=None):
    numbers = np.asarray(numbers)
    importance = np.linspace(0, 1, len(numbers)) if importance is None else np.asarray(importance)
    return shots_from_boundaries(
        boundaries,
        frame_numbers=numbers,
        importance=importance,
        scores=importance / 2,
        features=features,
        timeline=timeline(n),
        first_frame=first,
        last_frame=n,
    )


@settings(deadline=None)
@given(n=st.integers(1, 400), every=st.integers(1, 30), data=st.data())
def test_shots_cover_every_frame_once(n, every, data):
    numbers = np.arange(1, n + 1, every)
    boundaries = sorted(data.draw(st.sets(st.integers(1, len(numbers) - 1)))) if len(numbers) > 1 else []
    shots = shots_of(boundaries, numbers, n)
    frames = [f for shot in shots for f in range(shot.first_frame, shot.last_frame + 1)]
    assert frames == list(range(1, n + 1))
    assert shots[0].start == 0
    assert shots[-1].end == pytest.approx(n / 25)
    assert all(a.end == b.start for a, b in pairwise(shots))


def test_a_boundary_lies_at_the_frame_of_its_sample():
    shots = shots_of([2, 3], [1, 14, 26, 39], 50)
    assert [(shot.first_frame, shot.last_frame) for shot in shots] == [(1, 25), (26, 38), (39, 50)]
    assert [(shot.start, shot.end) for shot in shots] == [(0.0, 1.0), (1.0, 1.52), (1.52, 2.0)]


def test_a_shot_has_the_mean_importance_and_score_of_its_samples():
    shots = shots_of([2], [1, 14, 26, 39], 50, importance=[0.0, 0.4, 0.8, 1.0])
    assert [shot.importance for shot in shots] == pytest.approx([0.2, 0.9])
    assert [shot.score for shot in shots] == pytest.approx([0.1, 0.45])
    assert [shot.value for shot in shots] == pytest.approx([0.2, 0.9])


def test_a_shot_that_repeats_a_better_one_is_worth_less():
    dog, car = [1.0, 2.0, 1.0], [2.0, 1.0, 1.0]
    shots = shots_of([1, 2], [1, 26, 51], 75, features=np.array([dog, dog, car]), importance=[0.9, 0.8, 0.7])
    assert shots[0].value == shots[0].importance
    assert shots[1].value < shots[2].value <= shots[2].importance


def test_a_part_of_a_video_begins_where_the_part_begins():
    shots = shots_of([1], [30, 43], 60, first=25)
    assert [(shot.first_frame, shot.last_frame) for shot in shots] == [(25, 42), (43, 60)]


@pytest.mark.parametrize("boundaries", [[0], [3, 2], [2, 2], [4]])
def test_boundaries_must_be_samples_in_order(boundaries):
    with pytest.raises(UsageError, match="ascend from 1 to 3"):
        shots_of(boundaries, [1, 14, 26, 39], 50)
