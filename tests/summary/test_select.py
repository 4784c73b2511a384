"""Selection by knapsack: the optimum, ties, the published evaluation's habits, and datasets as one problem."""

from __future__ import annotations

import time
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.summary import knapsack, select_shots

items = st.lists(st.tuples(st.integers(-3, 9), st.integers(1, 12)), min_size=0, max_size=9)


def optimum(values: list[float], lengths: list[int], capacity: int) -> float:
    subsets = (c for size in range(len(values) + 1) for c in combinations(range(len(values)), size))
    return max(sum(values[i] for i in c) for c in subsets if sum(lengths[i] for i in c) <= capacity)


@settings(max_examples=300, deadline=None)
@given(items=items, capacity=st.integers(0, 40), compatible=st.booleans())
def test_no_choice_that_fits_is_worth_more(items, capacity, compatible):
    values, lengths = [float(v) for v, _ in items], [n for _, n in items]
    chosen = select_shots(values, lengths, capacity, compatible=compatible)
    assert chosen.dtype == np.int64
    assert sorted(set(chosen.tolist())) == chosen.tolist()
    assert sum(lengths[i] for i in chosen) <= capacity
    best = optimum(values, lengths, capacity)
    if best > 0 or compatible:
        assert sum(values[i] for i in chosen) == best


@settings(max_examples=200, deadline=None)
@given(items=items, capacity=st.integers(1, 40))
def test_where_a_shot_fits_something_is_chosen(items, capacity):
    values, lengths = [float(v) for v, _ in items], [n for _, n in items]
    chosen = select_shots(values, lengths, capacity)
    assert (len(chosen) > 0) == any(length <= capacity for length in lengths)


def test_all_negative_values_give_the_least_bad_shot_but_nothing_in_the_published_way():
    assert select_shots([-3.0, -1.0, -2.0], [5, 5, 5], 12).tolist() == [1]
    assert select_shots([-3.0, -1.0, -2.0], [5, 5, 5], 12, compatible=True).tolist() == []


def test_earlier_shots_win_ties():
    assert select_shots([1.0] * 6, [10] * 6, 30).tolist() == [0, 1, 2]
    assert select_shots([2.0, 1.0, 1.0, 2.0], [20, 10, 10, 20], 40).tolist() == [0, 1, 2]


def test_the_published_way_leaves_out_what_adds_nothing():
    assert select_shots([0.0, 1.0, 0.0], [5, 5, 5], 15, compatible=True).tolist() == [1]
    assert select_shots([0.0, 1.0, 0.0], [5, 5, 5], 15).tolist() == [0, 1, 2]


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**16),
    n=st.integers(70, 120),
    kind=st.sampled_from(["real", "few values", "constant"]),
)
def test_large_problems_are_solved_as_well_as_small_ones(seed, n, kind):
    """The way of large problems, forced upon ones whose optimum the whole table can tell."""
    rng = np.random.default_rng(seed)
    lengths = rng.integers(20, 300, n)
    scores = {"real": rng.random(n), "few values": rng.integers(1, 4, n) / 4, "constant": np.full(n, 0.5)}[kind]
    values, capacity = scores * lengths, int(0.15 * lengths.sum())
    exact = knapsack.knapsack(values, lengths, capacity)
    by_core = knapsack._by_core(values, lengths, capacity)
    assert lengths[by_core].sum() <= capacity
    assert values[by_core].sum() == pytest.approx(values[exact].sum(), rel=1e-12)


def test_a_hundred_hours_are_one_problem():
    rng = np.random.default_rng(0)
    lengths = rng.integers(25, 600, 50_000)
    values = rng.random(50_000) * lengths
    capacity = int(0.15 * lengths.sum())
    start = time.perf_counter()
    chosen = select_shots(values, lengths, capacity)
    assert time.perf_counter() - start < 10
    assert lengths[chosen].sum() <= capacity
    # The linear relaxation: no choice can be worth more.
    order = np.argsort(-values / lengths)
    filled = np.cumsum(lengths[order])
    whole = int(np.searchsorted(filled, capacity, side="right"))
    room = capacity - filled[whole - 1]
    bound = values[order[:whole]].sum() + room * values[order[whole]] / lengths[order[whole]]
    assert bound - values[chosen].sum() < 1e-6 * bound


@pytest.mark.parametrize(
    ("values", "lengths", "capacity", "message"),
    [
        ([1.0, float("nan")], [1, 1], 2, "NaN"),
        ([1.0], [1, 2], 2, "one value and one length"),
        ([1.0], [0], 2, "at least 1"),
        ([1.0], [1.5], 2, "whole numbers"),
        ([1.0], [1], -1, "capacity"),
    ],
)
def test_wrong_use_says_what_is_wrong(values, lengths, capacity, message):
    with pytest.raises(UsageError, match=message):
        select_shots(values, lengths, capacity)


def test_no_shots_no_summary():
    assert select_shots([], [], 10).tolist() == []
