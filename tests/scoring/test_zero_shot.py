"""Scores without training: probabilities for words, standing out without words."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fiftyone_clipit.scoring.text import TextPrompts
from fiftyone_clipit.scoring.zero_shot import generic_scores, text_scores


def _unit(vectors) -> np.ndarray:
    vectors = np.asarray(vectors, np.float32)
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


def _prompts(sentences, neutral, scale=20.0) -> TextPrompts:
    sentences = _unit(sentences)
    return TextPrompts(sentences, sentences[:, None], _unit(neutral), scale)


def test_text_score_is_the_softmax_among_sentence_and_neutral():
    frames = _unit([[1, 0, 0], [0, 1, 0], [1, 1, 0]])
    prompts = _prompts([[1, 0, 0]], [[0, 1, 0], [0, 0, 1]], scale=3.0)
    logits = 3.0 * np.stack([frames @ vector for vector in (prompts.sentences[0], *prompts.neutral)])
    expected = np.exp(logits[0]) / np.exp(logits).sum(axis=0)
    np.testing.assert_allclose(text_scores(frames, prompts)[0], expected, rtol=1e-6)


@given(st.integers(0, 2**32 - 1), st.integers(1, 40), st.integers(1, 4))
def test_text_scores_are_probabilities(seed, samples, sentences):
    generator = np.random.default_rng(seed)
    frames = _unit(generator.normal(size=(samples, 8))).astype(np.float16)
    scores = text_scores(frames, _prompts(generator.normal(size=(sentences, 8)), generator.normal(size=(3, 8)), 100.0))
    assert scores.shape == (sentences, samples)
    assert np.isfinite(scores).all()
    assert ((scores >= 0) & (scores <= 1)).all()


def test_frames_that_answer_come_before_frames_that_do_not():
    query, other = np.eye(4)[0], np.eye(4)[1]
    frames = _unit([query + 0.1, other + 0.1, query + 0.3, other])
    scores = text_scores(frames, _prompts([query], [np.ones(4)]))[0]
    assert min(scores[0], scores[2]) > max(scores[1], scores[3])


@given(st.integers(0, 2**32 - 1), st.integers(1, 60))
def test_generic_scores_are_shares(seed, samples):
    frames = _unit(np.random.default_rng(seed).normal(size=(samples, 8))).astype(np.float16)
    scores = generic_scores(frames)
    assert scores.shape == (samples,)
    assert ((scores >= 0) & (scores <= 1)).all()


@pytest.mark.parametrize("samples", [1, 2, 3, 50])
def test_a_still_picture_scores_the_same_everywhere(samples):
    frames = np.tile(_unit([[1.0, 2.0, 3.0]]).astype(np.float16), (samples, 1))
    np.testing.assert_allclose(generic_scores(frames), 0.5)


def test_what_is_rare_and_moving_beats_what_repeats_and_rests():
    """The signs of the signals: uniqueness and change raise the score (they were once easy to turn around)."""
    generator = np.random.default_rng(0)
    rest = _unit(generator.normal(size=16))
    still = np.tile(rest, (80, 1)) + generator.normal(scale=0.01, size=(80, 16))
    lively = rest + np.cumsum(generator.normal(scale=0.3, size=(10, 16)), axis=0)
    frames = _unit(np.concatenate([still[:40], lively, still[40:]]))
    scores = generic_scores(frames)
    assert scores[40:50].mean() > scores[:40].mean() + 0.3
    assert scores[40:50].mean() > scores[50:].mean() + 0.3


def test_a_cut_by_itself_is_not_important():
    """Two still scenes: the frames beside the cut must not outshine the others."""
    one, other = _unit(np.random.default_rng(1).normal(size=(2, 16)))
    scores = generic_scores(np.concatenate([np.tile(one, (20, 1)), np.tile(other, (20, 1))]).astype(np.float16))
    np.testing.assert_allclose(scores, 0.5)


def test_long_videos_are_scored_in_blocks_of_bounded_size():
    """10 hours at 2 fps must neither take T x T memory nor differ at the seams."""
    frames = _unit(np.random.default_rng(0).normal(size=(9000, 4)))
    scores = generic_scores(frames)
    assert np.isfinite(scores).all()
    assert scores.std() > 0.1


def test_generic_agrees_with_people_on_real_videos(shared_data):
    """Not a claim of quality (ten videos): a turned sign would show as agreement below chance."""
    import h5py
    from scipy.stats import kendalltau

    from fiftyone_clipit.summary.scores import smooth

    taus = []
    with h5py.File(shared_data / "benchmarks" / "summe_dino_vitb16.h5") as file:
        for video in file.values():
            features = _unit(video["features"][:])
            picks = video["picks"][:]
            people = video["user_summary"][:].mean(axis=0)[picks[picks < video["user_summary"].shape[1]]]
            scores = smooth(generic_scores(features), np.arange(len(features)) / 2, 2.0)[: len(people)]
            taus.append(kendalltau(scores, people).statistic)
    assert np.mean(taus) > 0.03
