"""Measuring a stored summary video by video; what cannot be measured does not stop the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from fiftyone.core.collections import SampleCollection

from fiftyone_clipit.dataset import fields
from fiftyone_clipit.dataset.cached import FindFeatures
from fiftyone_clipit.dataset.failed import in_short
from fiftyone_clipit.dataset.ground_truth import GroundTruth, find_truth
from fiftyone_clipit.dataset.judged import judge
from fiftyone_clipit.dataset.selection import StoredSummary, read_summaries
from fiftyone_clipit.dataset.videos import VideoSamples, select
from fiftyone_clipit.errors import UsageError, VideoError
from fiftyone_clipit.evaluation.baselines import Measures
from fiftyone_clipit.evaluation.given import measure_baselines, measure_summary
from fiftyone_clipit.evaluation.metrics import Reduction


class Measuring:
    """Measures a summary, and baselines beside it.

    Attributes:
        methods: by method, the summary first, by video: the measures.
        rows: a row for each video that was measured: `id`, `path`, and the summary's measures.
        failures: `id`, `path` and `reason` of each that was not.

    Args:
        videos: what to measure.
        key: the summary's key.
        truths: what people marked, one a person.
        fps: the rate at which the summary sampled frames.
        reduction: over people.
        seeds: draws of the random baseline.
        find: finds a video's features, or None.
    """

    def __init__(
        self,
        videos: VideoSamples,
        key: str,
        truths: Sequence[GroundTruth],
        *,
        fps: float,
        reduction: Reduction,
        seeds: int,
        find: FindFeatures,
    ) -> None:
        self._videos, self._key, self._truths = videos, key, truths
        self._fps, self._reduction, self._seeds, self._find = fps, reduction, seeds, find
        self.methods: dict[str, dict[str, Measures]] = {}
        self.rows: list[dict[str, Any]] = []
        self.failures: list[dict[str, str]] = []

    def run(self, *, skip_failures: bool = True) -> Iterator[str]:
        """Measures one video after the other; gives the path of each when it is done.

        Raises:
            UsageError: nothing can be measured.
            VideoError: a video cannot be measured, and `skip_failures` is False.
        """
        videos = self._videos
        segments = f"{fields.SummaryFields(self._key).summary}.detections.support"
        supports = dict(zip(*select(videos.dataset, videos.ids).values(["id", segments]), strict=True))
        waiting = dict(zip(videos.ids, videos.paths, strict=True))
        for stored in read_summaries(videos.dataset, self._key, videos.ids):
            path = waiting.pop(stored.sample_id)
            try:
                self._measure(stored, supports[stored.sample_id] or [], path)
            except VideoError as error:
                if not skip_failures:
                    raise
                self.failures.append({"id": stored.sample_id, "path": path, "reason": error.reason})
            yield path
        for sample_id, path in waiting.items():
            reason = f"it has no summary {self._key!r}"
            if not skip_failures:
                raise VideoError(path, reason)
            self.failures.append({"id": sample_id, "path": path, "reason": reason})
            yield path
        if not self.rows:
            raise UsageError(f"none of the {len(videos)} videos can be measured: {in_short(self.failures)}")

    def _measure(self, stored: StoredSummary, supports: Sequence[Sequence[int]], path: str) -> None:
        judged = judge(stored, supports, path, self._truths, fps=self._fps, reduction=self._reduction)
        features = self._find(path)
        ours = measure_summary(judged.truth, judged.summary, scores=judged.scores, features=features)
        beside = measure_baselines(judged.truth, judged.capacity, seeds=self._seeds, features=features)
        own = f"summary {self._key}"
        # Two samples may be of one file.
        name = path if path not in self.methods.get(own, {}) else f"{path} ({stored.sample_id})"
        for method, measures in {own: ours, **beside}.items():
            self.methods.setdefault(method, {})[name] = measures
        self.rows.append({"id": stored.sample_id, "path": path, **ours})


def check_truths(samples: SampleCollection, key: str, ground_truth: str | Sequence[str]) -> list[str]:
    """The fields to measure a summary against. Reads no samples: quick enough for every key stroke.

    Raises:
        UsageError: none is named, one does not exist, is of another type, or is the summary itself.
    """
    names = [ground_truth] if isinstance(ground_truth, str) else list(ground_truth or ())
    if not names:
        raise UsageError("ground_truth: name at least one field with what people marked")
    if len(set(names)) < len(names):
        raise UsageError("ground_truth names a field twice; each is one person")
    own = fields.SummaryFields(key)
    if same := {own.summary, own.frames, own.shots} & set(names):
        raise UsageError(f"ground_truth: {sorted(same)[0]!r} belongs to the summary {key!r} that is to be measured")
    for name in names:
        find_truth(samples, name)
    return names
