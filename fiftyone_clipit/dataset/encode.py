"""Filling the feature cache ahead of the first question."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fiftyone_clipit.dataset.videos import VideoSamples
from fiftyone_clipit.pipeline import Summarizer
from fiftyone_clipit.settings import Settings


def encode(
    videos: VideoSamples,
    settings: Settings,
    *,
    device: str | None = None,
    batch_size: int | None = None,
    num_workers: int | None = None,
    on_progress: Callable[[float, str], None] | None = None,
) -> dict[str, Any]:
    """Encodes videos into the cache; writes nothing into the dataset.

    Args:
        videos: what to encode.
        settings: the encoder and the frame rate.
        device: where to compute.
        batch_size: pictures encoded at once.
        num_workers: videos decoded at once.
        on_progress: called with the number of videos that are done, fractions included, and the path of one.

    Returns:
        Counts `done`, `skipped` (encoded before) and `failed`, and `failures`: path and reason of each.

    Raises:
        EncoderError: the encoder cannot be loaded.
    """
    tell = on_progress or (lambda done, path: None)
    summarizer = Summarizer(settings, device=device, batch_size=batch_size, num_workers=num_workers)
    counts = {"done": 0, "skipped": 0}
    failures: list[dict[str, str]] = []

    def report(path: str, share: float) -> None:
        tell(min(counts["done"] + counts["skipped"] + len(failures) + share, len(videos)), path)

    for outcome in summarizer.extract(videos.paths, report):
        if outcome.error:
            failures.append({"path": outcome.error.path, "reason": outcome.error.reason})
        else:
            counts["skipped" if outcome.cached else "done"] += 1
        report(outcome.path, 0.0)
    return {**counts, "failed": len(failures), "failures": failures}
