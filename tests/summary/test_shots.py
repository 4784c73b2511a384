"""Kernel temporal segmentation: the published criterion to the letter, and the default that finds shots at all."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.summary import kts, published_kts


def textbook(features: np.ndarray, limit: int, vmax: float) -> list[int]:
    """The published dynamic program, written plainly: every count, every stop, every start."""
    x = np.asarray(features, dtype=np.float64)
    n = len(x)
    kernel = x @ x.T
    diagonal = np.concatenate([[0.0], np.cumsum(np.diag(kernel))])
    block = np.zeros((n + 1, n + 1))
    block[1:, 1:] = np.cumsum(np.cumsum(kernel, 0), 1)

    def scatter(i: int, j: int) -> float:
        area = block[j, j] + block[i, i] - block[j, i] - block[i, j]
        return diagonal[j] - diagonal[i] - area / (j - i)

    least = [[np.inf] * (n + 1) for _ in range(limit + 1)]
    origin = [[0] * (n + 1) for _ in range(limit + 1)]
    for j in range(1, n + 1):
        least[0][j] = scatter(0, j)
    for m in range(1, limit + 1):
        for j in range(m + 1, n + 1):
            for i in range(m, j):
                cost = least[m - 1][i] + scatter(i, j)
                if cost < least[m][j]:
                    least[m][j], origin[m][j] = cost, i
    totals = [least[0][n] / n]
    totals += [least[m][n] / n + vmax * m / (2.0 * n) * (np.log(n / m) + 1) for m in range(1, limit + 1)]
    m = int(np.argmin(totals))
    found, place = [], n
    for k in range(m, 0, -1):
        place = origin[k][place]
        found.append(place)
    return found[::-1]


def scenes(sizes: list[int], *, noise: float = 0.02, dim: int = 64, seed: int = 0) -> np.ndarray:
    """Unit vectors that stay near one direction per scene, all of them in a narrow cone as CLIP's are."""
    rng = np.random.default_rng(seed)
    centres = np.ones(dim) + 0.5 * rng.normal(size=(len(sizes), dim))
    rows = np.repeat(centres, sizes, axis=0)
    rows = rows + noise * rng.normal(size=rows.shape) * np.linalg.norm(rows[0])
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def clip_videos(shared_data: Path) -> dict[str, np.ndarray]:
    files = sorted((shared_data / "clip_vitl14").glob("*.npz"))
    assert len(files) == 22
    return {file.name: np.load(file)["embeddings"] for file in files}


@pytest.mark.parametrize("vmax", ["1", "0.1"])
def test_compatible_mode_gives_the_usual_boundaries_on_real_clip_features(shared_data, vmax):
    reference = json.loads((shared_data / "clip_vitl14" / "kts_reference.json").read_text())
    for name, features in clip_videos(shared_data).items():
        found = kts(features, penalty=float(vmax), compatible=True)
        assert found.dtype == np.int64
        assert found.tolist() == reference[name][f"change_points_vmax_{vmax}"], name


@settings(max_examples=150, deadline=None)
@given(
    features=st.integers(1, 24).flatmap(lambda n: arrays(np.float64, (n, 3), elements=st.integers(-2, 2))),
    vmax=st.sampled_from([0.0, 0.01, 0.1, 1.0, 5.0]),
    limit=st.integers(0, 24),
)
def test_compatible_mode_equals_the_textbook_even_when_frames_repeat(features, vmax, limit):
    """Integer features are full of exact ties, which the fast search must notice and leave to the usual program."""
    limit = min(limit, len(features) - 1)
    found = kts(features, max_change_points=limit, penalty=vmax, compatible=True)
    assert found.tolist() == textbook(features, limit, vmax)


@pytest.mark.parametrize("limit", [1, 3, 10, 59])
@pytest.mark.parametrize("vmax", [0.02, 0.3, 1.0])
def test_compatible_mode_equals_the_textbook_under_any_limit(vmax, limit):
    features = scenes([7, 3, 12, 5, 9, 4, 20], noise=0.05)
    assert kts(features, max_change_points=limit, penalty=vmax, compatible=True).tolist() == textbook(
        features, limit, vmax
    )


def test_default_mode_finds_several_shots_in_every_real_video(shared_data):
    """The usual criterion finds a single shot in 6 of them."""
    for name, features in clip_videos(shared_data).items():
        found = kts(features)
        lengths = np.diff([0, *found, len(features)])
        assert len(found) >= 1, name
        assert 3 <= np.median(lengths) <= 20, name


def test_default_mode_finds_scene_changes_where_they_are():
    sizes = [14, 8, 12, 5, 9, 14]
    assert kts(scenes(sizes)).tolist() == np.cumsum(sizes)[:-1].tolist()


def test_one_strange_scene_does_not_hide_the_other_boundaries():
    """A drawing among photographs: its distance to them dwarfs theirs to each other."""
    features = scenes([14, 8, 12, 5, 9, 14], noise=0.002)
    mean = features.mean(axis=0)
    features[:34] = mean + 0.05 * (features[:34] - mean)
    features[39:] = mean + 0.05 * (features[39:] - mean)
    assert kts(features).tolist() == [14, 22, 34, 39, 48]


@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e3])
def test_the_scale_of_the_features_does_not_matter(scale):
    features = scenes([14, 8, 12, 5, 9, 14], noise=0.05)
    assert kts(features * scale).tolist() == kts(features).tolist()


def test_an_offset_of_all_features_does_not_matter():
    features = scenes([14, 8, 12, 5, 9, 14])
    shifted = features + 3 * features.mean(axis=0)
    assert kts(shifted).tolist() == kts(features).tolist()


@pytest.mark.parametrize("n", [1, 2, 3, 50, 120])
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_a_still_video_is_one_shot(n, dtype):
    assert kts(np.full((n, 8), 0.35, dtype=dtype)).tolist() == []
    assert kts(np.zeros((n, 8), dtype=dtype)).tolist() == []


def test_noise_of_the_codec_is_no_shot():
    rng = np.random.default_rng(0)
    features = (np.ones((100, 512)) / 512**0.5 + 2e-4 * rng.normal(size=(100, 512))).astype(np.float16)
    assert kts(features).tolist() == []


def test_a_long_still_video_is_cut_evenly():
    assert kts(np.ones((300, 8))).tolist() == [100, 200]


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**16),
    n=st.integers(1, 200),
    penalty=st.sampled_from([0.0, 0.3, 1.0, 10.0]),
    max_shot=st.integers(4, 40),
    min_shot=st.integers(1, 2),
)
def test_shots_keep_their_limits(seed, n, penalty, max_shot, min_shot):
    features = np.random.default_rng(seed).normal(size=(n, 5)).cumsum(axis=0)
    found = kts(features, penalty=penalty, max_shot=max_shot, min_shot=min_shot)
    lengths = np.diff([0, *found, n])
    assert lengths.max() <= max_shot
    assert lengths.min() >= min(min_shot, n)


def test_fewer_change_points_keep_the_strongest():
    features = scenes([20, 20, 20])
    features[40:] = (features[40:] + 3 * features[25]) / 4
    assert kts(features, max_change_points=1).tolist() == [20]
    assert kts(features, max_change_points=0).tolist() == []
    assert kts(np.ones((500, 4)), max_change_points=1).size == 1


def test_the_blocks_of_long_videos_leave_no_trace():
    """What is computed block by block equals what the whole table gives."""
    from fiftyone_clipit.summary.scatter import scatter_bands, scatter_matrix

    features = scenes([14, 8, 12, 5, 9, 14], noise=0.05).astype(np.float16)
    table = scatter_matrix(features)
    for block in (1, 7, 64):
        for first, band in scatter_bands(features, 10, block=block):
            for stop, row in enumerate(band, start=first):
                expected = [table[stop, stop - c - 1] if c < stop else np.inf for c in range(10)]
                np.testing.assert_allclose(row, expected, atol=1e-9)


def test_compatible_mode_on_a_long_video_finds_what_the_exact_one_finds(monkeypatch):
    features = scenes([int(size) for size in np.random.default_rng(1).integers(5, 40, 40)])
    exact = kts(features, penalty=0.1, compatible=True)
    monkeypatch.setattr(published_kts, "EXACT_SAMPLES", 100)
    assert kts(features, penalty=0.1, compatible=True).tolist() == exact.tolist()
    assert len(exact) == 39


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"features": np.full((3, 2), np.nan)}, "NaN"),
        ({"features": np.zeros((0, 4))}, "at least one"),
        ({"features": np.zeros(4)}, "shape"),
        ({"features": np.ones((4, 2)), "penalty": -1.0}, "penalty"),
        ({"features": np.ones((4, 2)), "penalty": float("nan")}, "penalty"),
        ({"features": np.ones((4, 2)), "max_change_points": -1}, "max_change_points"),
        ({"features": np.ones((4, 2)), "max_shot": 3}, "max_shot"),
        ({"features": np.ones((4, 2)), "min_shot": 0}, "min_shot"),
    ],
)
def test_wrong_use_says_what_is_wrong(arguments, message):
    with pytest.raises(UsageError, match=message):
        kts(**arguments)


def test_many_short_scenes_stay_apart():
    found = kts(scenes([10] * 30))
    assert {b - a for a, b in pairwise([0, *found.tolist(), 300])} == {10}
