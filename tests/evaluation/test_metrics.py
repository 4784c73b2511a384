"""The measures: the published protocol bit for bit, and small cases that one can work out by hand."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.evaluation import (
    coverage,
    f_score,
    frame_scores,
    machine_summary,
    rank_correlation,
    redundancy,
    semantic_f1,
)

h5py = pytest.importorskip("h5py")

SHOTS = np.array([[0, 4], [5, 9], [10, 19]])


def test_the_published_evaluation_is_reproduced_bit_for_bit(shared_data):
    """Scores, summaries and F-scores of 21 SumMe videos, as the published code gave them."""
    with (
        h5py.File(shared_data / "benchmarks" / "golden_summe_csnet.h5") as golden,
        h5py.File(shared_data / "benchmarks" / "summe.h5") as summe,
    ):
        assert len(golden) == 21
        for key, expected in golden.items():
            video = summe[key]
            summary = machine_summary(
                expected["score_at_picks"][()],
                change_points=video["change_points"][()],
                n_frames=int(video["n_frames"][()]),
                picks=video["picks"][()],
            )
            np.testing.assert_array_equal(summary, expected["machine_summary"][()], err_msg=key)
            f1 = f_score(summary, video["user_summary"][()], reduction="max")
            assert f1 == pytest.approx(float(expected["fscore_max"][()]), abs=1e-6), key


def test_scores_are_held_until_the_next_pick():
    held = frame_scores(np.array([0.5, 0.25]), picks=np.array([2, 4]), n_frames=7)
    assert held.dtype == np.float32
    assert held.tolist() == [0, 0, 0.5, 0.5, 0.25, 0.25, 0.25]


def test_a_summary_is_the_best_set_of_shots_that_fits():
    summary = machine_summary(
        np.array([0.2, 0.9, 0.8]), change_points=SHOTS, n_frames=20, picks=np.array([0, 5, 10]), budget=0.5
    )
    assert summary.dtype == np.uint8
    assert summary.tolist() == [1] * 10 + [0] * 10


def test_a_shot_that_ends_after_the_video_ends_with_it():
    shots = np.array([[0, 4], [5, 10]])
    assert machine_summary(np.ones(10), change_points=shots, n_frames=10, picks=np.arange(10), budget=1.0).sum() == 10


def test_where_no_shot_fits_the_published_summary_is_empty_and_scores_nothing():
    summary = machine_summary(np.ones(20), change_points=[[0, 19]], n_frames=20, picks=np.arange(20))
    assert summary.sum() == 0
    assert f_score(summary, np.ones((2, 20))) == 0


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"scores": np.array([0.1, np.nan, 0.2])}, "1 NaN or infinite values of 3"),
        ({"scores": np.array([0.1, 0.2])}, "one score for each of the 3 picks"),
        ({"picks": np.array([0, 10, 5])}, "picks must increase"),
        ({"picks": np.array([0, 5, 20])}, "from 0 to 19"),
        ({"change_points": np.array([0, 5, 10])}, r"shape \(shots, 2\)"),
        ({"change_points": np.array([[0, 4], [20, 25]])}, "within the frames 0 to 19"),
        ({"change_points": np.array([[4, 0]])}, "first before last"),
    ],
)
def test_a_summary_needs_scores_picks_and_shots_that_fit(changed, message):
    arguments = {"scores": np.ones(3), "change_points": SHOTS, "n_frames": 20, "picks": np.array([0, 5, 10])} | changed
    with pytest.raises(UsageError, match=message):
        machine_summary(**arguments)


def test_f_scores_by_hand():
    machine = np.array([1, 1, 0, 0])
    users = np.array([[1, 1, 0, 0], [1, 0, 1, 0], [0, 0, 0, 1]])
    assert f_score(machine, users, reduction="max") == 100
    assert f_score(machine, users, reduction="mean") == 50
    assert f_score(machine, users[1]) == 50
    assert f_score(np.zeros(4), np.zeros((1, 4))) == 0


@pytest.mark.parametrize(
    ("machine", "users", "reduction", "message"),
    [
        ([1, 0], [[1, 0, 0]], "mean", r"\(users, 2\)"),
        ([0.3, 0.7], [[1, 0]], "mean", "0 and 1"),
        ([1, 0], [[1, np.nan]], "mean", "0 and 1"),
        ([1, 0], [[1, 0]], "median", '"mean" or "max"'),
        ([1, 0], np.zeros((0, 2)), "mean", "users"),
    ],
)
def test_f_scores_need_summaries_of_the_same_frames(machine, users, reduction, message):
    with pytest.raises(UsageError, match=message):
        f_score(np.array(machine), np.array(users), reduction=reduction)


def test_both_definitions_of_rank_correlation_differ():
    """Two persons who disagree: the scores follow the mean of both, but only in part each of them."""
    users = np.array([[3.0, 2.0, 1.0, 0.0, 0.5], [0.0, 2.5, 1.5, 1.0, 0.2]])
    result = rank_correlation(users.mean(axis=0), users)
    assert result.tau_with_mean_user == pytest.approx(1)
    assert result.rho_with_mean_user == pytest.approx(1)
    assert result.tau_mean_over_users < 0.8
    assert result.rho_mean_over_users < 0.9


@settings(deadline=None)
@given(scores=arrays(np.float64, 12, elements=st.integers(0, 6)), seed=st.integers(0, 99))
def test_rank_correlation_knows_only_the_order(scores, seed):
    users = np.random.default_rng(seed).random((3, 12))
    straight, reverse = rank_correlation(scores, users), rank_correlation(-scores, users)
    assert vars(rank_correlation(np.exp(scores), users)) == pytest.approx(vars(straight))
    for name, value in vars(straight).items():
        assert -1 <= value <= 1
        assert getattr(reverse, name) == pytest.approx(-value)


def test_tau_b_counts_ties():
    """Concordant 2, discordant 0, one tie in the scores: 2 / sqrt(3 * 2)."""
    result = rank_correlation(np.array([1.0, 1.0, 2.0]), np.array([1.0, 2.0, 3.0]))
    assert result.tau_mean_over_users == pytest.approx(2 / 6**0.5)


def test_constant_scores_order_nothing():
    assert set(vars(rank_correlation(np.ones(9), np.random.default_rng(0).random((2, 9)))).values()) == {0.0}


@pytest.mark.parametrize(
    ("scores", "users", "message"),
    [([1.0, 2.0], [[1.0, 2.0, 3.0]], r"\(users, 2\)"), ([1.0, np.nan], [[1.0, 2.0]], "NaN")],
)
def test_rank_correlation_needs_finite_scores_of_the_same_frames(scores, users, message):
    with pytest.raises(UsageError, match=message):
        rank_correlation(np.array(scores), np.array(users))


CONCEPTS = np.array([[1, 1, 0, 0], [1, 0, 0, 0], [0, 0, 1, 1], [0, 0, 0, 0], [1, 1, 0, 0]])


def test_semantic_f1_by_hand():
    """Shot 0 matches shot 4 fully; shot 1 matches nothing left: 1 of 2 and 1 of 1."""
    score = semantic_f1([0, 1], [4], CONCEPTS)
    assert (score.precision, score.recall) == (50, 100)
    assert score.f1 == pytest.approx(200 / 3)


def test_the_same_shots_agree_fully_and_nothing_agrees_with_nothing():
    assert semantic_f1([0, 1, 2], [2, 1, 0], CONCEPTS).f1 == pytest.approx(100)
    assert semantic_f1([], [0], CONCEPTS).f1 == 0
    assert semantic_f1([0], [2], CONCEPTS).f1 == 0
    assert semantic_f1([3], [3], CONCEPTS).f1 == 0


@settings(max_examples=60, deadline=None)
@given(
    concepts=arrays(np.int8, (7, 4), elements=st.integers(0, 1)),
    machine=st.sets(st.integers(0, 6), min_size=1, max_size=4),
    reference=st.sets(st.integers(0, 6), min_size=4, max_size=5),
)
def test_the_matching_is_the_best_of_all(concepts, machine, reference):
    def likeness(a: int, b: int) -> float:
        union = np.logical_or(concepts[a], concepts[b]).sum()
        return np.logical_and(concepts[a], concepts[b]).sum() / union if union else 0.0

    best = max(
        sum(likeness(a, b) for a, b in zip(sorted(machine), order, strict=True))
        for order in permutations(sorted(reference), len(machine))
    )
    assert semantic_f1(list(machine), list(reference), concepts).precision == pytest.approx(100 * best / len(machine))


def test_semantic_f1_needs_shots_of_the_video():
    with pytest.raises(UsageError, match=r"machine names shots 1 \.\.\. 5; the video has 0 \.\.\. 4"):
        semantic_f1([1, 5], [0], CONCEPTS)


def test_coverage_and_redundancy_by_hand():
    features = np.array([[1.0, 0.0], [2.0, 0.0], [0.0, 1.0], [0.0, 3.0]])
    assert coverage(features, np.array([1, 0, 1, 0])) == pytest.approx(1)
    assert coverage(features, np.array([1, 1, 0, 0])) == pytest.approx(0.5)
    assert coverage(features, np.zeros(4)) == 0
    assert redundancy(features, np.array([1, 1, 0, 0])) == pytest.approx(1)
    assert redundancy(features, np.array([1, 0, 1, 0])) == pytest.approx(0)
    assert redundancy(features, np.array([1, 1, 1, 0])) == pytest.approx(1 / 3)
    assert redundancy(features, np.array([1, 0, 0, 0])) == 0


def test_coverage_needs_finite_features_of_the_same_frames():
    for features, summary in ((np.full((3, 2), np.nan), np.ones(3)), (np.ones((3, 2)), np.ones(4))):
        with pytest.raises(UsageError, match="one 0 or 1 a frame"):
            coverage(features, summary)
