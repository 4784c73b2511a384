"""Which sentences guide a summary: each meaning once, at even distances, never more than asked for."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fiftyone_clipit.encoders.clip import load_encoder
from fiftyone_clipit.scoring.sentences import choose_sentences, different, evenly


@pytest.fixture(scope="module")
def encoder():
    return load_encoder("clipit-tiny", device="cpu")


@given(st.integers(0, 500), st.integers(1, 40))
def test_even_choice_is_even(n, most):
    chosen = evenly(n, most)
    assert len(chosen) == min(n, most)
    assert chosen == sorted(set(chosen))
    assert all(0 <= place < n for place in chosen)
    if len(chosen) > 1:
        gaps = np.diff(chosen)
        assert gaps.max() - gaps.min() <= 1
        assert abs(chosen[0] - (n - 1 - chosen[-1])) <= 1


def test_in_a_corner_of_the_space_only_what_is_not_shared_tells_apart():
    """Bare cosines of these are all above 0.99."""
    origin = np.array([1.0, 0, 0, 0])
    vectors = np.array([[1, 0.05, 0, 0], [1, 0.051, 0.001, 0], [1, 0, 0.05, 0], [1, -0.05, 0, 0]])
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    assert different(vectors, origin) == [0, 2, 3]


def test_far_from_the_origin_bare_cosines_tell_apart():
    """Seen from an origin on the other side, these are all alike."""
    origin = np.array([-1.0, 0, 0])
    vectors = np.array([[0.8, 0.6, 0], [0.8, 0.59, 0.01], [0.8, 0, 0.6]])
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    assert different(vectors, origin) == [0, 2]


@given(st.integers(0, 2**32 - 1), st.integers(1, 30))
def test_what_stays_is_different_and_what_goes_is_like_an_earlier_one(seed, count):
    generator = np.random.default_rng(seed)
    unit = generator.normal(size=(count, 3))
    unit /= np.linalg.norm(unit, axis=1, keepdims=True)
    kept = different(unit, np.zeros(3), same=0.9)
    cosines = unit @ unit.T
    assert kept[0] == 0
    for i in range(count):
        earlier = [k for k in kept if k < i]
        assert (i in kept) == (not earlier or cosines[i, earlier].max() < 0.9)


def test_the_same_said_twice_counts_once(encoder):
    said = ["a red car on the snow", "a red car on the snow", "a red car on the snow.", "a green fish in the water"]
    assert choose_sentences(said, encoder) == ("a red car on the snow", "a green fish in the water")


def test_the_same_meaning_in_other_words_counts_once(encoder):
    said = ["a red car on the snow", "a photo of the red car in snow", "a blue car on the snow", "a red star in space"]
    assert choose_sentences(said, encoder) == (said[0], said[2], said[3])


def test_the_choice_is_bounded_and_always_the_same(encoder):
    colours = ["red", "green", "blue", "yellow", "purple", "orange"]
    things = ["car", "fish", "star", "boat", "tree", "house", "moon"]
    sentences = [f"a {colour} {thing}" for thing in things for colour in colours]
    chosen = choose_sentences(sentences, encoder, most=7)
    assert len(chosen) == 7
    assert [sentence for sentence in sentences if sentence in chosen] == list(chosen)
    assert choose_sentences(sentences, encoder, most=7) == chosen


def test_ten_thousand_sentences_cost_no_more_than_a_hundred(encoder):
    started = time.monotonic()
    chosen = choose_sentences([f"number {i} of the sentences" for i in range(10_000)], encoder, most=7)
    assert 1 <= len(chosen) <= 7
    assert time.monotonic() - started < 10


@pytest.mark.parametrize("sentences", [[], ["a red car"]])
def test_few_sentences_stay_as_they_are(encoder, sentences):
    assert choose_sentences(sentences, encoder) == tuple(sentences)
