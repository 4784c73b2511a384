"""Decoding in the background: each video in a thread, a bounded number of frames ahead of who takes them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from fractions import Fraction

from fiftyone_clipit.encoders.clip import Encoder
from fiftyone_clipit.errors import VideoError
from fiftyone_clipit.media.handover import Handover
from fiftyone_clipit.media.timeline import Timeline
from fiftyone_clipit.media.video import Frame, FrameSampler, VideoInfo

# Scaled frames take about 0.3 MB each: this many waiting per video keep the encoder fed and memory small.
_FRAMES_AHEAD = 128


class Decoding:
    """One video being decoded: `run` in a worker thread, `frames` in another. It pauses while `may_go` is off.

    `info` is set before the first frame, `timeline` and `warnings` after the last; or iterating raised VideoError.
    """

    def __init__(self, path: str, encoder: Encoder, fps: Fraction, threads: int, may_go: threading.Event) -> None:
        self.path = path
        self.timeline: Timeline | None = None
        self.info: VideoInfo | None = None
        self.warnings: list[str] = []
        self._encoder = encoder
        self._fps = fps
        self._threads = threads
        self._may_go = may_go
        self._handover: Handover[Frame] = Handover(_FRAMES_AHEAD)

    def run(self) -> None:
        """Decodes the video; returns when all is taken or `cancel` was called."""
        try:
            with FrameSampler(self.path, fps=self._fps, resize=self._encoder.resize, threads=self._threads) as sampler:
                self.info = sampler.info
                for frame in sampler:
                    self._may_go.wait()
                    if not self._handover.put(frame):
                        return
                self.timeline = sampler.timeline
                self.warnings = list(sampler.warnings)
            self._handover.end()
        except VideoError as error:
            self._handover.end(error)
        except Exception as error:  # whatever a broken file provokes, it concerns this video alone
            self._handover.end(VideoError(self.path, f"reading failed: {type(error).__name__}: {error}"))

    def frames(self) -> Iterator[Frame]:
        """Gives the sampled frames as they come.

        Raises:
            VideoError: the video cannot be read.
        """
        yield from self._handover

    def cancel(self) -> None:
        """Makes `run` return soon."""
        self._handover.cancel()
