"""Curves over time: smoothing, importance, relevance."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from fiftyone_clipit.summary import relevance, smooth, to_importance

curves = arrays(np.float64, st.integers(1, 60), elements=st.floats(0, 1))


@settings(deadline=None)
@given(scores=curves, sigma=st.floats(0, 5), seed=st.integers(0, 99), even=st.booleans())
def test_a_smoothed_curve_stays_within_the_scores(scores, sigma, seed, even):
    steps = np.full(len(scores), 0.5) if even else np.random.default_rng(seed).random(len(scores)) + 0.05
    smoothed = smooth(scores, np.cumsum(steps), sigma)
    assert smoothed.shape == scores.shape
    assert scores.min() - 1e-9 <= smoothed.min()
    assert smoothed.max() <= scores.max() + 1e-9


def test_even_and_uneven_samples_are_smoothed_alike():
    times = np.arange(100) * 0.5
    scores = np.random.default_rng(0).random(100)
    nearly = times.copy()
    nearly[-1] += 0.4
    np.testing.assert_allclose(smooth(scores, times, 1.5)[:85], smooth(scores, nearly, 1.5)[:85], atol=2e-3)


def test_smoothing_goes_by_seconds_not_by_samples():
    """A sample a minute away does not count, however near it is in the list."""
    scores = np.array([0.0, 0.0, 1.0, 1.0])
    smoothed = smooth(scores, np.array([0.0, 0.5, 60.0, 60.5]), 1.0)
    np.testing.assert_allclose(smoothed, scores)


def test_no_smoothing_changes_nothing():
    scores = np.array([0.1, 0.9, 0.3])
    assert smooth(scores, np.arange(3.0), 0).tolist() == scores.tolist()
    assert smooth(np.array([0.7]), np.array([0.0]), 2.0).tolist() == [0.7]


@settings(deadline=None)
@given(scores=curves)
def test_importance_lies_between_0_and_1_and_keeps_the_order(scores):
    importance = to_importance(scores)
    assert importance.min() >= 0
    assert importance.max() <= 1
    order = np.argsort(scores, kind="stable")
    assert (np.diff(importance[order]) >= 0).all()


@pytest.mark.parametrize("value", [0.0, 0.3, 1.0])
def test_where_all_is_alike_importance_is_a_half(value):
    assert to_importance(np.full(7, value)).tolist() == [0.5] * 7


@pytest.mark.parametrize(("n", "top"), [(1, 1), (19, 1), (20, 1), (40, 2), (200, 10)])
def test_relevance_is_the_mean_of_the_highest_twentieth(n, top):
    scores = np.random.default_rng(n).random(n)
    assert relevance(scores) == pytest.approx(np.sort(scores)[-top:].mean())
