"""What a shot adds to a summary that already shows better ones."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fiftyone_clipit.summary.novelty import REDUNDANCY_WEIGHT, shot_values

DOG, CAR, SNOW = np.eye(8)[:3] + 1


def test_of_two_equal_shots_the_second_is_worth_less():
    values = shot_values(np.array([0.9, 0.9, 0.8]), np.stack([DOG, DOG, CAR]))
    assert values[0] == 0.9
    assert values[2] > values[1]
    assert values[1] == pytest.approx(0.9 - REDUNDANCY_WEIGHT, abs=1e-5)


def test_what_matters_stays_ahead_of_what_is_merely_new():
    """Two shots of what was asked for come before a new one of something else."""
    values = shot_values(np.array([1.0, 1.0, 0.3]), np.stack([DOG, DOG, SNOW]))
    assert values[1] > values[2]


@settings(max_examples=100, deadline=None)
@given(n=st.integers(1, 30), seed=st.integers(0, 999), weight=st.floats(0, 1))
def test_values_never_exceed_importance_and_repeat_the_order_in_which_shots_were_taken(n, seed, weight):
    rng = np.random.default_rng(seed)
    importance, features = rng.random(n), rng.normal(size=(n, 6)) + 1
    values = shot_values(importance, features, weight=weight)
    assert (values <= importance).all()
    assert (values >= importance - weight - 1e-12).all()
    best = int(np.argmax(importance))
    assert values[best] == importance[best]
    assert np.argmax(values) == best


def test_shots_that_are_all_alike_keep_their_importance():
    importance = np.array([0.2, 0.9, 0.4])
    assert shot_values(importance, np.ones((3, 5))).tolist() == importance.tolist()


def test_many_shots_one_by_one_give_what_all_at_once_give(monkeypatch):
    from fiftyone_clipit.summary import novelty

    rng = np.random.default_rng(0)
    importance, features = rng.random(50), rng.normal(size=(50, 6)) + 1
    at_once = shot_values(importance, features)
    monkeypatch.setattr(novelty, "_AT_ONCE", 10)
    np.testing.assert_allclose(shot_values(importance, features), at_once, atol=1e-6)


def test_an_hour_of_shots_takes_milliseconds():
    rng = np.random.default_rng(0)
    importance, features = rng.random(700), rng.normal(size=(700, 512)).astype(np.float32) + 1
    start = time.perf_counter()
    shot_values(importance, features)
    assert time.perf_counter() - start < 1.0
