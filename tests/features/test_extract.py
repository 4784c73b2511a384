"""Extraction: in order, cached, the same for any number of workers, and no bad video stops the others."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import numpy as np
import pytest

from fiftyone_clipit.encoders.clip import load_encoder
from fiftyone_clipit.features import decode
from fiftyone_clipit.features.extract import extract
from fiftyone_clipit.features.store import FeatureStore
from fiftyone_clipit.media.writer import VideoWriter
from tests.small_clip import write_small_clip


@pytest.fixture(scope="module")
def encoder(tmp_path_factory):
    return load_encoder(write_small_clip(tmp_path_factory.mktemp("clip")), device="cpu", batch_size=16)


@pytest.fixture(scope="module")
def videos(tmp_path_factory) -> list[str]:
    """Six videos of 1 to 6 seconds, none a multiple of the batch."""
    folder = tmp_path_factory.mktemp("videos")
    paths = []
    for index in range(6):
        generator = np.random.default_rng(index)
        paths.append(str(folder / f"{index}.mp4"))
        with VideoWriter(paths[-1], rate=10) as writer:
            for _ in range(10 * (index + 1)):
                writer.write(np.kron(generator.integers(0, 256, (3, 4, 3), np.uint8), np.ones((16, 16, 1), np.uint8)))
    return paths


def _run(videos, encoder, **arguments):
    return list(extract(videos, encoder, fps=4, **arguments))


def test_every_video_in_order_with_its_samples(videos, encoder):
    outcomes = _run(videos, encoder)
    assert [outcome.path for outcome in outcomes] == videos
    for seconds, outcome in enumerate(outcomes, start=1):
        assert outcome.features.timeline.n_frames == 10 * seconds
        assert outcome.features.features.shape == (4 * seconds, 24)
        assert outcome.features.frame_numbers[:4].tolist() == [1, 4, 6, 9]
        np.testing.assert_allclose(outcome.features.times[:4], [0, 0.3, 0.5, 0.8])


def test_four_workers_give_what_one_gives_bit_for_bit(videos, encoder):
    one, four = _run(videos, encoder, num_workers=1), _run(videos, encoder, num_workers=4)
    for a, b in zip(one, four, strict=True):
        np.testing.assert_array_equal(a.features.features, b.features.features)


def test_company_of_other_videos_changes_no_bit(videos, encoder):
    """A run that resumes batches other frames together, and must give the same."""
    alone = _run(videos[3:4], encoder)[0]
    together = _run(videos, encoder)[3]
    np.testing.assert_array_equal(alone.features.features, together.features.features)


def test_the_second_run_decodes_nothing(videos, encoder, tmp_path, monkeypatch):
    store = FeatureStore(tmp_path)
    first = _run(videos, encoder, store=store)

    def fail(*_, **__):
        raise AssertionError("decoded again")

    monkeypatch.setattr(decode, "FrameSampler", fail)
    second = _run(videos, encoder, store=store)
    assert [outcome.cached for outcome in first] == [False] * 6
    assert [outcome.cached for outcome in second] == [True] * 6
    for a, b in zip(first, second, strict=True):
        np.testing.assert_array_equal(a.features.features, b.features.features)


def test_bad_videos_fail_alone_with_a_reason(videos, encoder, tmp_path):
    text = tmp_path / "text.mp4"
    text.write_text("not a video")
    mixed = [videos[0], str(text), str(tmp_path / "missing.mp4"), videos[1]]
    outcomes = _run(mixed, encoder, store=FeatureStore(tmp_path / "cache"))
    assert [outcome.path for outcome in outcomes] == mixed
    assert [outcome.features is not None for outcome in outcomes] == [True, False, False, True]
    assert all(outcome.error.reason for outcome in outcomes[1:3])


def test_a_crash_inside_one_video_stays_there(videos, encoder, monkeypatch):
    class Breaks(decode.FrameSampler):
        def __iter__(self):
            for frame in super().__iter__():
                if self.info.path == videos[1] and frame.number > 5:
                    raise MemoryError("no room")
                yield frame

    monkeypatch.setattr(decode, "FrameSampler", Breaks)
    outcomes = _run(videos, encoder)
    assert [outcome.error is not None for outcome in outcomes] == [False, True, False, False, False, False]
    assert "MemoryError" in outcomes[1].error.reason


def test_progress_reaches_one_for_every_video(videos, encoder):
    seen: dict[str, list[float]] = {}
    _run(videos, encoder, on_progress=lambda path, share: seen.setdefault(path, []).append(share))
    assert set(seen) == set(videos)
    for shares in seen.values():
        assert shares == sorted(shares)
        assert shares[-1] == 1.0


def test_stopping_in_the_middle_leaves_no_thread(videos, encoder):
    outcomes = extract(videos, encoder, fps=10, num_workers=3)
    next(outcomes)
    outcomes.close()
    deadline = time.monotonic() + 5
    while any("clipit-decode" in t.name for t in threading.enumerate()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any("clipit-decode" in thread.name for thread in threading.enumerate())


def test_a_cache_that_cannot_be_written_does_not_stop_the_work(videos, encoder, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    outcomes = _run(videos[:1], encoder, store=FeatureStore(blocked / "cache"))
    assert outcomes[0].features is not None


def test_shared_videos_all_encode(shared_data: Path, encoder):
    videos = sorted(str(path) for path in (shared_data / "videos").iterdir())
    outcomes = _run(videos, encoder)
    assert [outcome.error for outcome in outcomes] == [None] * len(videos)
