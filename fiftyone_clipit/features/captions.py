"""A caption for each shot of a video: its most typical frame, described; kept beside the features."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

from fiftyone_clipit.encoders.captions import Captioner
from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.features.store import FeatureStore
from fiftyone_clipit.features.types import VideoFeatures
from fiftyone_clipit.media.video import read_frames

Choice = Literal["typical", "middle"]


@dataclass(frozen=True)
class ShotCaption:
    """What a shot shows.

    Attributes:
        first_frame: the shot's first frame, 1-based.
        last_frame: its last frame, inclusive.
        frame: the frame that is described, one of the samples.
        sentence: the description; empty where the model had nothing to say.
    """

    first_frame: int
    last_frame: int
    frame: int
    sentence: str


def caption_shots(
    video: VideoFeatures,
    boundaries: np.ndarray,
    captioner: Captioner,
    *,
    choice: Choice = "typical",
    store: FeatureStore | None = None,
    on_progress: Callable[[str, float], None] | None = None,
) -> tuple[list[ShotCaption], bool]:
    """Describes each shot of a video by one of its sampled frames.

    The frames of one video make up batches of their own, so that other videos change nothing.

    Args:
        video: its features.
        boundaries: first sample of each next shot, ascending.
        captioner: the model.
        choice: the "typical" frame, whose features are nearest to the shot's mean, or the "middle" one.
        store: where captions are kept; None to keep none.
        on_progress: called with the path and the share of its shots that is done, in [0, 1].

    Returns:
        One caption a shot, in order of time; and whether they were in the store.

    Raises:
        VideoError: a frame cannot be decoded any more.
        EncoderError: the model cannot describe pictures.
        UsageError: there is no such choice of frames.
    """
    if choice not in ("typical", "middle"):
        raise UsageError(f'the frame of a shot to describe is the "typical" or the "middle" one, not {choice!r}')
    name = f"captions-1-{choice}-{captioner.fingerprint}"
    if store and video.key and (found := store.get_derived(video.key, name)) is not None:
        return [ShotCaption(**fields) for fields in json.loads(found.tobytes())], True
    edges = np.concatenate([[0], boundaries, [len(video.features)]]).astype(int)
    picks = [_pick(video.features, *pair, choice) for pair in pairwise(edges)]
    frames = [int(number) for number in video.frame_numbers[picks]]
    sentences: list[str] = []
    for start in range(0, len(frames), captioner.batch_size):
        batch = frames[start : start + captioner.batch_size]
        images = read_frames(video.path, batch, timeline=video.timeline, resize=captioner.resize)
        sentences += captioner.caption(images)
        if on_progress:
            on_progress(video.path, len(sentences) / len(frames))
    captions = _captions(video, edges, frames, sentences)
    if store and video.key:
        text = json.dumps([asdict(caption) for caption in captions]).encode()
        with contextlib.suppress(OSError):  # a full disk costs time, not the result
            store.put_derived(video.key, name, np.frombuffer(text, np.uint8))
    return captions, False


def _pick(features: np.ndarray, start: int, stop: int, choice: Choice) -> int:
    if choice == "middle":
        return (start + stop - 1) // 2
    shot = features[start:stop].astype(np.float32)
    # Rounding lets the first of frames that look alike win, whatever float16's noise says.
    return start + int((shot @ shot.mean(axis=0)).round(4).argmax())


def _captions(
    video: VideoFeatures, edges: np.ndarray, frames: Sequence[int], sentences: Sequence[str]
) -> list[ShotCaption]:
    # Shots meet before a sample, as in `shots_from_boundaries`.
    firsts = [1, *(int(number) for number in video.frame_numbers[edges[1:-1]])]
    lasts = [*(number - 1 for number in firsts[1:]), video.timeline.n_frames]
    return [ShotCaption(*fields) for fields in zip(firsts, lasts, frames, sentences, strict=True)]
