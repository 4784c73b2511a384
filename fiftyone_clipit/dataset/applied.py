"""What `apply_model` leaves to the model: frame scores, written fast, shots, relevance and a registered run.

`apply_model` can store frame values itself, but asks the database once for every frame. The model therefore returns
the segments alone. When it is called for the next video, or at the end, the sample tells under which name they were
stored, and everything else is written beside them.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import Any

import fiftyone as fo

from fiftyone_clipit.dataset import fields, runs
from fiftyone_clipit.dataset.plan import config_of
from fiftyone_clipit.dataset.processes import BEAT, now, this_process
from fiftyone_clipit.dataset.writing import Frames, SummaryWriter, curve, write_frames
from fiftyone_clipit.errors import VideoError
from fiftyone_clipit.settings import Settings
from fiftyone_clipit.summary.types import Summary

logger = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class _Handed:
    """A result that was handed to `apply_model`, which has not told its name yet."""

    sample: fo.Sample
    labels: fo.TemporalDetections
    summary: Summary
    metadata: fo.VideoMetadata | None


class AppliedSummaries:
    """Collects the results of one `apply_model`.

    Args:
        settings: what decides the results.
        frames: which frames get their importance stored.
    """

    def __init__(self, settings: Settings, frames: Frames) -> None:
        self._settings = settings
        self._frames = frames
        self._handed: _Handed | None = None
        self._target: _Target | None = None
        self._failures: list[dict[str, str]] = []
        self._started = time.monotonic()

    def hand_over(
        self,
        sample: fo.Sample,
        labels: fo.TemporalDetections,
        summary: Summary,
        metadata: fo.VideoMetadata | None,
    ) -> None:
        """Remembers what is about to be returned to `apply_model`."""
        self._handed = _Handed(sample, labels, summary, metadata)

    def fail(self, sample: fo.Sample, error: VideoError) -> None:
        """Remembers a video that cannot be read."""
        self._failures.append({"id": sample.id, "path": error.path, "reason": error.reason})

    def settle(self) -> None:
        """Writes what belongs to the last result, now that its name is known."""
        handed, self._handed = self._handed, None
        if handed is None:
            return
        sample = handed.sample
        key = next((name for name in sample.field_names if sample[name] is handed.labels), None)
        if key is None:
            logger.warning("%s: its segments were not stored, so its frames are not either", sample.filepath)
            return
        if self._target is None:
            self._target = _Target(sample.dataset, key, self._settings, self._frames)
        self._target.add(handed)

    def close(self, status: str) -> None:
        """Writes the rest, and how it went."""
        self.settle()
        if self._target is not None:
            self._target.close(status, self._failures, time.monotonic() - self._started)


class _Target:
    """Where results go: a summary with its run, or frame scores alone where its other names are taken."""

    def __init__(self, dataset: fo.Dataset, key: str, settings: Settings, frames: Frames) -> None:
        self._dataset = dataset
        self._key = key
        self._frames = frames
        self._done: set[str] = set()
        self._known: dict[str, Any] = {}
        self._beaten = time.monotonic()
        names = fields.SummaryFields(key)
        self._again = runs.has_summary(dataset, key)
        beside = [name for name in (names.shots, names.relevance) if dataset.has_field(name)]
        self._writer: SummaryWriter | None = None
        if not self._again and (beside or key in dataset.list_runs()):
            logger.warning(
                "label_field %r: its frames are stored, but no summary is registered: %s",
                key,
                f"the dataset has {beside[0]!r}" if beside else "a run of another method has that name",
            )
            dataset.add_frame_field(key, fo.FloatField)
            return
        if self._again:
            self._known = runs.load_summary(dataset, key).results
        runs.save_config(dataset, key, config_of(settings, frames))
        fields.declare(dataset, key)
        self._save("running", [], 0.0)
        self._writer = SummaryWriter(dataset, key, budget=settings.budget, frames=frames)

    def add(self, handed: _Handed) -> None:
        sample_id = handed.sample.id
        self._done.add(sample_id)
        if self._again:
            # Not done until all of it is replaced.
            fields.unmark(self._dataset, [sample_id], self._key)
        if self._writer is not None:
            self._writer.add(sample_id, handed.summary, handed.metadata)
            if time.monotonic() - self._beaten >= BEAT:
                self._beaten = time.monotonic()
                self._save("running", [], 0.0)
        else:
            write_frames(self._dataset, self._key, {sample_id: curve(handed.summary, self._frames)})

    def close(self, status: str, failures: list[dict[str, str]], seconds: float) -> None:
        if self._writer is not None:
            self._writer.flush()
            self._save(status, failures, seconds)

    def _save(self, status: str, failures: list[dict[str, str]], seconds: float) -> None:
        tried = self._done | {failure["id"] for failure in failures}
        earlier = [failure for failure in self._known.get("failures", []) if failure["id"] not in tried]
        results: dict[str, Any] = {
            **self._known,
            "status": status,
            "updated": now(),
            "totals": runs.count_totals(self._dataset, self._key),
            "last": {
                "asked": len(tried),
                "skipped": 0,
                "summarized": len(self._done),
                "frames_written": self._writer.n_frames if self._writer else 0,
                "seconds": round(seconds, 3),
            },
            "failures": [*earlier, *failures],
            "process": this_process(),
        }
        runs.save_results(self._dataset, self._key, results)
