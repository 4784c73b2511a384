"""What encoding one video gives."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from fiftyone_clipit.errors import VideoError
from fiftyone_clipit.media.timeline import Timeline
from fiftyone_clipit.media.video import VideoInfo


@dataclass(frozen=True, eq=False)
class VideoFeatures:
    """The features of one video's sampled frames.

    Attributes:
        path: the video file.
        features: float16 (T, dim), rows of unit length.
        frame_numbers: int64 (T,), 1-based, increasing.
        times: float64 (T,), seconds from the first frame.
        timeline: the times of all frames.
        info: what the file's header says.
        warnings: what went wrong without stopping the reading.
        key: the name under which the store keeps them; None where nothing is kept.
    """

    path: str
    features: np.ndarray
    frame_numbers: np.ndarray
    times: np.ndarray
    timeline: Timeline
    info: VideoInfo
    warnings: list[str] = field(default_factory=list)
    key: str | None = None


@dataclass(frozen=True, eq=False)
class Extracted:
    """The outcome for one video: features, or the error that says why there are none."""

    path: str
    features: VideoFeatures | None = None
    error: VideoError | None = None
    cached: bool = False
