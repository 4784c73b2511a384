"""The cache: what was put comes back, what is damaged or stale does not, and it stays within its size."""

from __future__ import annotations

import os
from fractions import Fraction

import numpy as np
import pytest

from fiftyone_clipit.features.store import FeatureStore, default_folder
from fiftyone_clipit.features.types import VideoFeatures
from fiftyone_clipit.media.timeline import Timeline
from fiftyone_clipit.media.video import VideoInfo


def _video(path: str, samples: int = 5, seed: int = 0) -> VideoFeatures:
    generator = np.random.default_rng(seed)
    return VideoFeatures(
        path=path,
        features=generator.normal(size=(samples, 8)).astype(np.float16),
        frame_numbers=np.arange(1, samples + 1) * 12,
        times=np.arange(samples) / 2,
        timeline=Timeline(np.arange(samples * 12) * 1001, Fraction(1, 24000), Fraction(samples * 1001, 2000)),
        info=VideoInfo(path, 64, 48, 90, "h264", Fraction(24000, 1001), None, 60, True),
        warnings=["stopped early"],
    )


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "video.mp4"
    path.write_bytes(b"pixels")
    return str(path)


def test_what_was_put_comes_back_exactly(tmp_path, file):
    store = FeatureStore(tmp_path / "cache")
    video = _video(file)
    key = store.key(file, "abc", Fraction(2))
    assert store.get(key, file) is None
    store.put(key, video)
    again = store.get(key, file)
    for name in ("features", "frame_numbers", "times"):
        np.testing.assert_array_equal(getattr(again, name), getattr(video, name))
    np.testing.assert_array_equal(again.timeline.ticks, video.timeline.ticks)
    assert (again.timeline.time_base, again.timeline.duration) == (
        video.timeline.time_base,
        video.timeline.duration,
    )
    assert again.info == video.info
    assert again.warnings == video.warnings


def test_key_follows_the_file_the_model_and_the_rate(tmp_path, file):
    store = FeatureStore(tmp_path)
    keys = {
        store.key(file, "abc", Fraction(2)),
        store.key(file, "abd", Fraction(2)),
        store.key(file, "abc", Fraction(1)),
    }
    os.utime(file, ns=(1, 1))
    keys.add(store.key(file, "abc", Fraction(2)))
    assert len(keys) == 4


@pytest.mark.parametrize("keep", [0, 7, 100, -1])
def test_a_damaged_file_is_no_answer_and_goes(tmp_path, file, keep):
    store = FeatureStore(tmp_path / "cache")
    store.put("k", _video(file))
    stored = tmp_path / "cache" / "k.safetensors"
    stored.write_bytes(stored.read_bytes()[:keep])
    assert store.get("k", file) is None
    assert not stored.exists()


def test_a_write_that_fails_leaves_nothing(tmp_path, file, monkeypatch):
    store = FeatureStore(tmp_path / "cache")

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("fiftyone_clipit.features.store.os.replace", fail)
    with pytest.raises(OSError, match="No space"):
        store.put("k", _video(file))
    assert list((tmp_path / "cache").iterdir()) == []


def test_least_recently_used_goes_first(tmp_path, file):
    size = FeatureStore(tmp_path / "one")
    size.put("k", _video(file))
    store = FeatureStore(tmp_path / "cache", limit=int(2.5 * size.usage()[1]))
    for age, key in enumerate(["a", "b"]):
        store.put(key, _video(file))
        os.utime(tmp_path / "cache" / f"{key}.safetensors", (age, age))
    store.get("a", file)  # now b is the one unused for longest
    store.put("c", _video(file))
    assert store.get("b", file) is None
    assert store.get("a", file) is not None
    assert store.get("c", file) is not None


def test_clear_deletes_all_and_counts(tmp_path, file):
    store = FeatureStore(tmp_path / "cache")
    store.put("a", _video(file))
    store.put("b", _video(file))
    assert store.usage()[0] == 2
    assert store.clear() == 2
    assert store.usage() == (0, 0)


def test_the_folder_can_be_chosen(monkeypatch, tmp_path):
    monkeypatch.setenv("CLIPIT_CACHE_DIR", str(tmp_path))
    assert default_folder() == tmp_path / "features"
    monkeypatch.delenv("CLIPIT_CACHE_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "x"))
    assert default_folder() == tmp_path / "x" / "fiftyone-clipit" / "features"


def test_what_was_derived_from_features_is_kept_beside_them(tmp_path, file):
    store = FeatureStore(tmp_path / "cache")
    store.put("k", _video(file))
    assert store.get_derived("k", "boundaries") is None
    store.put_derived("k", "boundaries", np.array([3, 5]))
    np.testing.assert_array_equal(store.get_derived("k", "boundaries"), [3, 5])
    assert store.get("k", file) is not None
