"""Words and video together: queries, captions, what to leave out, and how much the words count."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fiftyone_clipit.encoders.clip import load_encoder
from fiftyone_clipit.scoring.combine import VideoScorer, VideoScores
from fiftyone_clipit.settings import Settings
from fiftyone_clipit.summary.scores import smooth

STAR, BOAT, HOUSE = "a red star on the snow", "a blue boat on the water", "a green house in a meadow"


@pytest.fixture(scope="module")
def encoder():
    return load_encoder("clipit-tiny", device="cpu")


@pytest.fixture(scope="module")
def video(encoder) -> np.ndarray:
    """Ten samples each of three scenes, as close to their sentences as can be."""
    vectors = encoder.encode_texts([STAR, BOAT, HOUSE])
    noise = np.random.default_rng(0).normal(scale=0.03 / np.sqrt(vectors.shape[1]), size=(30, vectors.shape[1]))
    rows = np.repeat(vectors, 10, axis=0) + noise
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float16)


def _score(encoder, video, **settings) -> VideoScores:
    return VideoScorer(Settings(encoder="clipit-tiny", **settings), encoder).score(video)


def _means(values: np.ndarray) -> np.ndarray:
    return values.reshape(3, 10).mean(axis=1)


def test_a_frame_good_for_any_query_counts(encoder, video):
    both = _score(encoder, video, query=[STAR, BOAT])
    star, boat = _score(encoder, video, query=STAR), _score(encoder, video, query=BOAT)
    np.testing.assert_allclose(both.values, np.maximum(star.values, boat.values), rtol=1e-5)
    means = _means(both.values)
    assert min(means[:2]) > means[2]


def test_a_stretch_is_named_after_the_query_that_it_answers(encoder, video):
    scores = _score(encoder, video, query=[BOAT, STAR])
    assert scores.best_query(slice(0, 10)) == STAR
    assert scores.best_query(slice(10, 20)) == BOAT


def test_captions_guide_the_generic_score_toward_what_they_describe(encoder, video):
    plain = _means(_score(encoder, video).values)
    for scene, caption in enumerate([STAR, BOAT, HOUSE]):
        guided = _means(_score(encoder, video, captions=caption).values)
        assert guided.argmax() == scene
        assert guided[scene] - plain[scene] > max(np.delete(guided - plain, scene))


def test_captions_that_say_the_same_weigh_no_more_than_one(encoder, video):
    once = _score(encoder, video, captions=[STAR, BOAT])
    often = _score(encoder, video, captions=[STAR, STAR.capitalize() + ".", STAR, BOAT, BOAT])
    np.testing.assert_array_equal(once.values, often.values)


def test_what_is_excluded_loses_its_score(encoder, video):
    plain = _score(encoder, video)
    scores = _score(encoder, video, exclude=f"{BOAT}, {HOUSE}")
    lost = 1 - _means(scores.values) / _means(plain.values)
    assert min(lost[1:]) > lost[0]
    np.testing.assert_allclose(scores.values, plain.values * scores.kept)


def test_an_exclusion_beats_a_query_for_the_same(encoder, video):
    without = _score(encoder, video, exclude=BOAT)
    asked = _score(encoder, video, query=[STAR, BOAT], exclude=BOAT)
    assert _means(asked.kept)[1] == pytest.approx(_means(without.kept)[1], abs=0.3)
    assert _means(asked.values).argmax() == 0


def test_a_query_protects_what_fits_it_better_than_what_is_excluded(encoder, video):
    alone = _means(_score(encoder, video, exclude=HOUSE).kept)
    asked = _means(_score(encoder, video, query=STAR, exclude=HOUSE).kept)
    assert asked[0] > alone[0]
    assert asked[2] < asked[0]


def test_language_weight_goes_from_the_video_to_the_words(encoder, video):
    words = _score(encoder, video, query=STAR).values
    plain = _score(encoder, video).values
    np.testing.assert_array_equal(_score(encoder, video, query=STAR, language_weight=1).values, words)
    half = _score(encoder, video, query=STAR, language_weight=0.5)
    np.testing.assert_allclose(half.values, (words + plain) / 2, rtol=1e-6)


def test_without_weight_the_words_do_not_even_name_a_segment(encoder, video):
    scores = _score(encoder, video, query=STAR, language_weight=0)
    assert scores.queries == ()
    np.testing.assert_array_equal(scores.values, _score(encoder, video).values)


def test_captions_count_half_unless_said_otherwise(encoder, video):
    default = _score(encoder, video, captions=STAR)
    np.testing.assert_array_equal(default.values, _score(encoder, video, captions=STAR, language_weight=0.5).values)


def test_a_video_may_have_its_own_query_and_captions(encoder, video):
    scorer = VideoScorer(Settings(encoder="clipit-tiny", query=STAR), encoder)
    own = scorer.score(video, query=[BOAT])
    assert own.queries == (BOAT,)
    np.testing.assert_array_equal(own.values, _score(encoder, video, query=BOAT).values)
    generic = scorer.score(video, query=(), captions=[HOUSE])
    np.testing.assert_array_equal(generic.values, _score(encoder, video, captions=HOUSE).values)


def test_ten_thousand_captions_are_bounded_and_always_give_the_same(encoder, video):
    captions = [f"{STAR} number {i}" for i in range(10_000)]
    first = _score(encoder, video, captions=captions, max_sentences=3)
    np.testing.assert_array_equal(_score(encoder, video, captions=captions, max_sentences=3).values, first.values)


curves = st.integers(1, 40).flatmap(
    lambda n: st.tuples(*(st.lists(st.floats(0, 1), min_size=n, max_size=n) for _ in range(2)))
)


@given(curves, st.floats(0.1, 5))
def test_smoothed_scores_stay_within_the_range_of_the_scores(pair, sigma):
    raw, kept = map(np.array, pair)
    scores = VideoScores(raw * kept, (), np.empty((0, len(raw))), kept)
    smoothed = scores.smoothed(np.arange(len(raw)) / 2, sigma)
    assert np.isfinite(smoothed).all()
    assert ((smoothed >= 0) & (smoothed <= kept * raw.max(initial=0) + 1e-6)).all()


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40), st.floats(0.1, 5))
def test_where_nothing_is_excluded_smoothing_is_plain(raw, sigma):
    values, times = np.array(raw), np.arange(len(raw)) / 2
    scores = VideoScores(values, (), np.empty((0, len(raw))), np.ones(len(raw)))
    np.testing.assert_allclose(scores.smoothed(times, sigma), smooth(values, times, sigma), atol=1e-12)


def test_a_title_card_between_good_scenes_gets_no_share_of_their_score():
    kept = np.ones(40)
    kept[18:22] = 0.01
    scores = VideoScores(0.8 * kept, (), np.empty((0, 40)), kept)
    smoothed = scores.smoothed(np.arange(40) / 2, 2.0)
    assert smoothed[18:22].max() < 0.01
    np.testing.assert_allclose(smoothed[[*range(18), *range(22, 40)]], 0.8)
