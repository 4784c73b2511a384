"""Reading video: what a file says, its frames sampled by time, and single frames by number."""

from __future__ import annotations

import os

from fiftyone_clipit.media.opening import VideoInfo
from fiftyone_clipit.media.sampler import Frame, FrameSampler, scan
from fiftyone_clipit.media.seeking import read_frames
from fiftyone_clipit.media.source import Source

__all__ = ["Frame", "FrameSampler", "VideoInfo", "probe", "read_frames", "scan"]


def probe(path: str | os.PathLike[str]) -> VideoInfo:
    """What a file says about its video, after decoding one frame.

    Raises:
        VideoError: no such file, an empty file, not a video, no video stream, no decodable frame.
    """
    source = Source(path)
    try:
        return source.info
    finally:
        source.close()
