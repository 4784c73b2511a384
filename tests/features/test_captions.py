"""One caption a shot: which frame is described, batches, the cache, and what a later run finds in it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fiftyone_clipit.encoders.captions import load_captioner
from fiftyone_clipit.errors import UsageError, VideoError
from fiftyone_clipit.features.captions import caption_shots
from fiftyone_clipit.features.store import FeatureStore
from fiftyone_clipit.pipeline import Summarizer
from fiftyone_clipit.settings import Settings
from tests.fiftyone_fixtures import write_video
from tests.small_captioner import write_small_blip


@pytest.fixture(scope="module")
def blip(tmp_path_factory) -> str:
    return write_small_blip(tmp_path_factory.mktemp("blip"))


@pytest.fixture(scope="module")
def captioner(blip):
    return load_captioner(blip, max_new_tokens=5, device="cpu", batch_size=2)


@pytest.fixture(scope="module")
def video(tmp_path_factory, encoder):
    """Features of three scenes of 2 s, 24 frames each, kept in a store."""
    folder = tmp_path_factory.mktemp("video")
    path = write_video(folder / "scenes.mp4", ("red", "noise", "blue"))
    summarizer = Summarizer(Settings(encoder=encoder, fps=4), device="cpu", cache_dir=folder / "store")
    (outcome,) = summarizer.extract([str(path)])
    return outcome.features


BOUNDARIES = np.array([8, 16])


def test_every_frame_belongs_to_one_described_shot(video, captioner):
    captions, cached = caption_shots(video, BOUNDARIES, captioner)
    assert [(c.first_frame, c.last_frame) for c in captions] == [(1, 24), (25, 48), (49, 72)]
    assert all(c.first_frame <= c.frame <= c.last_frame for c in captions)
    assert {c.frame for c in captions} <= set(video.frame_numbers.tolist())
    assert captions[0].sentence != captions[1].sentence, "the pictures must make a difference"
    assert not cached


def test_the_described_frame_is_what_the_model_saw(video, captioner):
    from fiftyone_clipit.media.video import read_frames

    captions, _ = caption_shots(video, BOUNDARIES, captioner)
    frames = read_frames(video.path, [caption.frame for caption in captions], timeline=video.timeline)
    assert [caption.sentence for caption in captions] == captioner.caption(frames)


def test_the_typical_frame_is_nearest_to_the_mean_of_its_shot(video, captioner):
    dim = video.features.shape[1]
    features = np.tile(np.eye(dim)[0], (24, 1))
    features[3] = np.eye(dim)[1]
    features[8:16] = np.eye(dim)[2]
    features[8] = np.eye(dim)[3]
    captions, _ = caption_shots(replace(video, features=features.astype(np.float16)), BOUNDARIES, captioner)
    samples = [int(np.searchsorted(video.frame_numbers, caption.frame)) for caption in captions]
    assert samples == [0, 9, 16]


def test_the_middle_frame(video, captioner):
    captions, _ = caption_shots(video, np.array([1, 16]), captioner, choice="middle")
    assert [caption.frame for caption in captions] == [video.frame_numbers[k] for k in (0, 8, 19)]


def test_there_is_no_other_frame_to_choose(video, captioner):
    with pytest.raises(UsageError, match='"typical" or the "middle" one, not \'best\''):
        caption_shots(video, BOUNDARIES, captioner, choice="best")


def test_captions_are_kept_and_a_second_run_describes_nothing(video, captioner, tmp_path, monkeypatch):
    store = FeatureStore(tmp_path)
    first, _ = caption_shots(video, BOUNDARIES, captioner, store=store)
    monkeypatch.setattr(captioner, "caption", lambda images: pytest.fail("described again"))
    second, cached = caption_shots(video, BOUNDARIES, captioner, store=store)
    assert cached
    assert second == first


def test_other_options_are_other_captions(video, captioner, blip, tmp_path):
    store = FeatureStore(tmp_path)
    caption_shots(video, BOUNDARIES, captioner, store=store)
    prompted = load_captioner(blip, prompt="ba", max_new_tokens=5, device="cpu")
    assert not caption_shots(video, BOUNDARIES, prompted, store=store)[1]
    assert not caption_shots(video, BOUNDARIES, captioner, choice="middle", store=store)[1]


def test_a_damaged_cache_is_made_again(video, captioner, tmp_path):
    store = FeatureStore(tmp_path)
    first, _ = caption_shots(video, BOUNDARIES, captioner, store=store)
    for file in tmp_path.iterdir():
        file.write_bytes(file.read_bytes()[:40])
    again, cached = caption_shots(video, BOUNDARIES, captioner, store=store)
    assert not cached
    assert again == first


def test_progress_ends_at_one(video, captioner):
    shares = []
    caption_shots(video, BOUNDARIES, captioner, on_progress=lambda path, share: shares.append(share))
    assert shares == sorted(shares)
    assert shares[-1] == 1


def test_a_video_that_has_gone_is_a_reason(video, captioner):
    with pytest.raises(VideoError, match="no such file"):
        caption_shots(replace(video, path="gone.mp4"), BOUNDARIES, captioner)
