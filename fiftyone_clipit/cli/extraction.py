"""Features of many videos with a progress bar; failures are shown and kept."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tqdm import tqdm

from fiftyone_clipit.errors import VideoError
from fiftyone_clipit.features.types import VideoFeatures
from fiftyone_clipit.pipeline import Summarizer


class Extraction:
    """Encodes videos one after the other.

    Attributes:
        failures: path and reason of each video that could not be read, so far.
    """

    def __init__(self, summarizer: Summarizer, videos: Sequence[str], *, quiet: bool = False) -> None:
        self.failures: list[dict[str, str]] = []
        self._summarizer = summarizer
        self._videos = videos
        self._quiet = quiet

    def features(self) -> Iterator[VideoFeatures]:
        """The features of the videos that can be read, in order."""
        self._summarizer.load()
        if self._summarizer.encoder.note and not self._quiet:
            print(f"note: {self._summarizer.encoder.note}", file=sys.stderr)
        with tqdm(total=len(self._videos), unit="video", disable=self._quiet, file=sys.stderr) as bar:

            def show(path: str, share: float) -> None:
                bar.set_postfix_str(f"{Path(path).name} {share:.0%}")

            for outcome in self._summarizer.extract(self._videos, on_progress=show):
                bar.update()
                if outcome.features is not None:
                    yield outcome.features
                    continue
                self.fail(outcome.error or VideoError(outcome.path, "unknown"))

    def fail(self, error: VideoError) -> None:
        """Notes and shows why a video has no result."""
        self.failures.append({"path": error.path, "reason": error.reason})
        tqdm.write(f"failed: {error}", file=sys.stderr)
