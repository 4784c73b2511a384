"""Looks: 256 bits that tell the same footage from other footage, in any video and any version."""

from __future__ import annotations

import numpy as np
import pytest

from fiftyone_clipit.summary.looks import SAME, signs, with_looks
from fiftyone_clipit.summary.types import Shot


def looks(features) -> list[str]:
    features = np.asarray(features)
    shots = [Shot(i + 1, i + 1, i, i + 1, 0.5) for i in range(len(features))]
    return [shot.look for shot in with_looks(shots, features, np.arange(len(features)) + 1)]


def pairs_at(cosine: float, count: int, dim: int = 512) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of unit vectors with a given cosine, which share a common direction as CLIP's features do."""
    generator = np.random.default_rng(0)
    first = generator.normal(size=(count, dim)) + 1.0
    first /= np.linalg.norm(first, axis=1, keepdims=True)
    other = generator.normal(size=(count, dim))
    other -= (other * first).sum(axis=1, keepdims=True) * first
    other /= np.linalg.norm(other, axis=1, keepdims=True)
    return first, cosine * first + np.sqrt(1 - cosine**2) * other


@pytest.mark.parametrize(("cosine", "same"), [(0.995, True), (0.99, True), (0.92, False), (0.5, False)])
def test_copies_are_known_and_like_scenes_are_not_taken_for_copies(cosine, same):
    first, second = pairs_at(cosine, 400)
    likeness = (signs(looks(first)) * signs(looks(second))).sum(axis=1)
    assert ((likeness >= SAME) == same).mean() > 0.97


def test_likeness_follows_the_angle():
    for cosine in (0.2, 0.7, 0.95):
        first, second = pairs_at(cosine, 400)
        likeness = (signs(looks(first)) * signs(looks(second))).sum(axis=1).mean()
        assert likeness == pytest.approx(1 - 2 * np.arccos(cosine) / np.pi, abs=0.02)


def test_looks_never_change():
    """They are stored: another version must compute the same."""
    (look,) = looks(np.arange(-8.0, 8.0)[None])
    assert look == "48cea0792bab5f25f22f00d9d84aacc9a53cd7c1eb43bfcd7b9f2c1a9ce54569"


def test_a_shot_looks_like_the_mean_of_its_samples():
    generator = np.random.default_rng(0)
    features = generator.normal(size=(10, 32)).astype(np.float16)
    numbers = np.arange(10) * 12 + 1
    shots = [Shot(1, 60, 0, 5, 0.5), Shot(61, 120, 5, 10, 0.5)]
    halves = np.stack([features[:5].astype(np.float32).mean(axis=0), features[5:].astype(np.float32).mean(axis=0)])
    assert [shot.look for shot in with_looks(shots, features, numbers)] == looks(halves)


def test_a_shot_between_two_samples_looks_like_the_one_before():
    features = np.random.default_rng(0).normal(size=(2, 32))
    (shot,) = with_looks([Shot(5, 8, 0, 1, 0.5)], features, np.array([1, 13]))
    assert shot.look == looks(features)[0]


def test_what_has_no_look_is_like_nothing():
    rows = signs(["", *looks(np.ones((1, 8)))])
    assert rows[0] @ rows[0] == 0
    assert rows[1] @ rows[1] == pytest.approx(1)
