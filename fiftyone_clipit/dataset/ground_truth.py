"""What people marked in the videos of a dataset: the importance of frames, or segments."""

from __future__ import annotations

import fiftyone as fo
import numpy as np
from fiftyone.core import stages
from fiftyone.core.collections import SampleCollection

from fiftyone_clipit.dataset.runs import list_summaries
from fiftyone_clipit.dataset.videos import everything
from fiftyone_clipit.errors import UsageError, VideoError

_NUMBERS = (fo.FloatField, fo.IntField, fo.BooleanField)
_SEGMENTS = {fo.TemporalDetections: ".detections", fo.TemporalDetection: ""}
_EXPECTED = "expected a number for each frame (a frame-level float field) or temporal detections"

# Stages of a view that decide which numbers there are; all others choose samples, or their order.
_CHANGE_VALUES = (stages.FilterField, stages.FilterLabels, stages.MatchFrames, stages.SetField)

Segment = tuple[str, int, int]


class GroundTruth:
    """The labels of videos, by sample; what a view filters away does not count.

    A number of a frame is its importance. Numbers outside [0, 1] are scaled to it, all by the range of the whole
    field: of all samples of the dataset, whichever the view shows, so that a number means the same in the view that one
    trains on and the one that one tests on. A segment makes all its frames important, and every other frame of its
    video unimportant.

    Attributes:
        name: the field, as given.
        has_segments: whether they are temporal detections.
        scale: the two numbers that become 0 and 1.

    Args:
        samples: the dataset or view to read.
        name: a frame-level field of numbers or regressions, with or without "frames." before its name, or a
            sample-level field of temporal detections.
        argument: what the field was named for, in messages.
        scale: that of other labels of this field, such as those that a network was trained on.

    Raises:
        UsageError: there is no such field, it is of another type, or these videos have nothing in it.
    """

    def __init__(
        self,
        samples: SampleCollection,
        name: str,
        *,
        argument: str = "ground_truth",
        scale: tuple[float, float] | None = None,
    ) -> None:
        self.name = name
        self._samples = samples
        self._path = find_truth(samples, name, argument=argument)
        self.has_segments = not self._path.startswith("frames.")
        self._segments = self._read_segments() if self.has_segments else {}
        if not (self._segments if self.has_segments else samples.count(self._path)):
            raise UsageError(f"{argument}: field {name!r} is empty for all {len(samples)} videos; {_EXPECTED}")
        self.scale = scale or self._own_scale()

    @property
    def has_positives(self) -> bool:
        """Whether anything at all is marked as important."""
        if self.has_segments:
            return any(self._segments.values())
        if isinstance(self._samples.get_field(self._path), fo.BooleanField):
            return bool(self._samples.count_values(self._path).get(True))
        high = self._samples.bounds(self._path, safe=True)[1]
        return high is not None and high > self.scale[0]

    def labels(self, sample_id: str) -> list[str]:
        """The different labels of a video's segments, in the order of their first segments."""
        ordered = sorted(self._segments.get(sample_id, ()), key=lambda segment: segment[1])
        return list(dict.fromkeys(label for label, _, _ in ordered))

    def importance(self, sample_id: str, path: str, n_frames: int, *, label: str | None = None) -> np.ndarray:
        """What is marked of one video.

        Args:
            sample_id: the video.
            path: its file, for messages.
            n_frames: its frames.
            label: only segments of this label.

        Returns:
            float64 (n_frames,) in [0, 1]; NaN where nobody said.

        Raises:
            VideoError: it has no labels, or labels that cannot be of this video.
        """
        if self.has_segments:
            return self._from_segments(sample_id, path, n_frames, label)
        columns = self._samples.select(sample_id).values(["frames.frame_number", self._path])
        numbers, values = (column[0] if column else [] for column in columns)
        known = {n: v for n, v in zip(numbers, values, strict=True) if v is not None and not np.isnan(v)}
        if not known:
            raise VideoError(path, f"field {self.name!r} has no labels for it")
        if not np.isfinite(list(known.values())).all():
            raise VideoError(path, f"field {self.name!r} holds infinite numbers; expected finite ones")
        frames = np.full(n_frames, np.nan)
        low, high = self.scale
        for number, value in known.items():
            if number <= n_frames:
                frames[number - 1] = (float(value) - low) / (high - low)
        if np.isnan(frames).all():
            raise VideoError(path, f"field {self.name!r} labels frames from {min(known)} on; it has {n_frames}")
        return frames.clip(0, 1)

    def _from_segments(self, sample_id: str, path: str, n_frames: int, label: str | None) -> np.ndarray:
        if sample_id not in self._segments:
            raise VideoError(path, f"field {self.name!r} has no labels for it")
        frames = np.zeros(n_frames)
        for name, first, last in self._segments[sample_id]:
            if not 1 <= first <= last or first > n_frames:
                raise VideoError(
                    path, f"field {self.name!r} has a segment [{first}, {last}], but the frames are 1 to {n_frames}"
                )
            if label in (None, name):
                frames[first - 1 : last] = 1
        return frames

    def _read_segments(self) -> dict[str, list[Segment]]:
        """Segments by sample; a video with an empty list was looked at, one without any list was not."""
        top = self._path.removesuffix(".detections")
        ids, given, names, supports = self._samples.values(
            ["id", f"{top}._cls", f"{self._path}.label", f"{self._path}.support"]
        )
        found = {}
        for sample_id, there, labels, bounds in zip(ids, given, names, supports, strict=True):
            if there is None:
                continue
            if top == self._path:
                labels, bounds = [labels], [bounds]
            pairs = zip(labels or [], bounds or [], strict=True)
            found[sample_id] = [(label or "", *support) for label, support in pairs if support]
        return found

    def _own_scale(self) -> tuple[float, float]:
        if self.has_segments or isinstance(self._samples.get_field(self._path), fo.BooleanField):
            return 0.0, 1.0
        low, high = _whole_field(self._samples).bounds(self._path, safe=True)
        if low is None or (low >= 0 and high <= 1):
            return 0.0, 1.0
        # A constant beyond [0, 1] orders nothing: it becomes 1.
        return (float(low), float(high)) if high > low else (float(low) - 1, float(high))


def _whole_field(samples: SampleCollection) -> SampleCollection:
    """All samples of a view's dataset, with what the view filters away or changes in them."""
    whole = everything(samples._root_dataset)
    for stage in getattr(samples, "_stages", ()):
        if isinstance(stage, _CHANGE_VALUES):
            whole = whole.add_stage(stage)
    return whole


def find_truth(samples: SampleCollection, name: str, *, argument: str = "ground_truth") -> str:
    """Where a field keeps what people marked. Where frames and samples have a field of a name, the samples' is meant.

    Raises:
        UsageError: there is no such field, or it cannot say what matters.
    """
    if not isinstance(name, str) or not name:
        raise UsageError(f"{argument} is {name!r}: {_EXPECTED}, by the field's name")
    kinds = {path: samples.get_field(path) for path in (name, f"frames.{name}")}
    for path, kind in kinds.items():
        if kind is not None and (found := _serves(path, kind)):
            return found
    for path, kind in kinds.items():
        if kind is not None:
            what = kind.document_type.__name__ if isinstance(kind, fo.EmbeddedDocumentField) else type(kind).__name__
            raise UsageError(f"{argument}: field {path!r} is a {what}; {_EXPECTED}")
    known = truth_fields(samples)
    raise UsageError(
        f"{argument}: dataset {samples._root_dataset.name!r} has no field {name!r}; "
        f"{'fields that can serve: ' + ', '.join(known) if known else _EXPECTED}"
    )


def truth_fields(samples: SampleCollection) -> list[str]:
    """The fields that can say what matters, those of summaries left out."""
    ours = {run.key for run in list_summaries(samples)}
    ours |= {f"{key}_shots" for key in ours} | {f"frames.{key}" for key in ours}
    schema = {**samples.get_field_schema()}
    schema |= {f"frames.{name}": kind for name, kind in (samples.get_frame_field_schema() or {}).items()}
    return [path for path, kind in schema.items() if path not in ours and _serves(path, kind)]


def _serves(path: str, kind: fo.Field) -> str | None:
    if path.startswith("frames."):
        if isinstance(kind, _NUMBERS) and path != "frames.frame_number":
            return path
        regressions = isinstance(kind, fo.EmbeddedDocumentField) and kind.document_type is fo.Regression
        return f"{path}.value" if regressions else None
    if isinstance(kind, fo.EmbeddedDocumentField) and kind.document_type in _SEGMENTS:
        return f"{path}{_SEGMENTS[kind.document_type]}"
    return None
