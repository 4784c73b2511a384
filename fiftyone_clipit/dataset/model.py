"""CLIP-It as a model for FiftyOne's `apply_model`."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from typing import Any

import fiftyone as fo
import fiftyone.core.models as fom
from eta.core.config import Config
from eta.core.video import VideoReader
from fiftyone.core.clips import ClipView

from fiftyone_clipit.dataset.applied import AppliedSummaries
from fiftyone_clipit.dataset.labels import segments_to_labels
from fiftyone_clipit.dataset.reader import opened_with_pyav
from fiftyone_clipit.dataset.videos import features_of, metadata_of
from fiftyone_clipit.dataset.writing import curve
from fiftyone_clipit.errors import UsageError, VideoError
from fiftyone_clipit.features.types import VideoFeatures
from fiftyone_clipit.pipeline import Summarizer
from fiftyone_clipit.settings import Settings


class ClipItModelConfig(Config):
    """The configuration of a ClipItModel, as plain JSON values.

    Args:
        d: the fields of `fiftyone_clipit.settings.Settings`, and `frames`, `device`, `batch_size`, `num_workers`.

    Raises:
        UsageError: a name or value that cannot be.
    """

    def __init__(self, d: Mapping[str, Any]) -> None:
        known = {*Settings().config(), "frames", "device", "batch_size", "num_workers"}
        if unknown := sorted(set(d) - known):
            raise UsageError(f"ClipItModel knows no {unknown[0]!r}; it knows {', '.join(sorted(known))}")
        for name, value in Settings.from_config(d).config().items():
            setattr(self, name, value)
        self.frames = d.get("frames", "all")
        self.device = d.get("device")
        self.batch_size = d.get("batch_size")
        self.num_workers = d.get("num_workers")
        if self.scope != "video":
            raise UsageError("apply_model takes one video after the other: for one budget over all, use summarize()")
        if self.frames not in ("all", "sampled"):
            raise UsageError(f'frames must be "all" or "sampled", not {self.frames!r}')

    def settings(self) -> Settings:
        """What decides the results."""
        return Settings.from_config(vars(self))


class ClipItModel(fom.SamplesMixin, fom.Model):
    """Summarizes videos through `dataset.apply_model(model, label_field="dogs")`.

    It stores the importance of frames in `frames.dogs` and the summary in `dogs`, and beside them what
    `fiftyone_clipit.summarize` stores, so that the result can be resized, listed and deleted like any summary. On a
    view of clips, it stores the importance of the clips' frames alone, each clip scaled on its own.

    Args:
        config: a configuration, in place of the arguments that follow.
        **kwargs: the fields of `fiftyone_clipit.settings.Settings` (query, captions, encoder, scorer, fps, budget,
            min_length, ...), and `frames`, `device`, `batch_size`, `num_workers` as for `summarize`.

    Raises:
        UsageError: a name or value that cannot be.
    """

    def __init__(self, config: ClipItModelConfig | None = None, **kwargs: Any) -> None:
        super().__init__()
        if config is not None and kwargs:
            raise UsageError("give a configuration or arguments, not both")
        self.config = config or ClipItModelConfig(kwargs)
        settings = self.config.settings()
        self._summarizer = Summarizer(
            settings,
            device=self.config.device,
            batch_size=self.config.batch_size,
            num_workers=self.config.num_workers,
        )
        self._settings = settings
        self._applied: AppliedSummaries | None = None
        self._context = ExitStack()
        self._last: VideoFeatures | None = None

    @property
    def media_type(self) -> str:
        """The media that it works on."""
        return "video"

    def __enter__(self) -> ClipItModel:
        self._summarizer.load()
        self._context.enter_context(opened_with_pyav())
        self._applied = AppliedSummaries(self._settings, self.config.frames)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        applied, self._applied, self._last = self._applied, None, None
        self._context.close()
        if applied is not None:
            applied.close("done" if kind is None else "failed")

    def predict(self, arg: VideoReader, sample: fo.Sample | None = None) -> fo.TemporalDetections | dict[int, float]:
        """Summarizes one video.

        Args:
            arg: a reader that is open on the video; only its path is used.
            sample: the video's sample, or a clip of it.

        Returns:
            The segments; for a clip the importance of its frames, by frame number.

        Raises:
            VideoError: the video cannot be read.
        """
        applied = self._applied
        if applied is not None:
            applied.settle()
        try:
            video = self._features(sample.filepath if sample is not None else arg.inpath)
        except VideoError as error:
            if applied is not None and sample is not None:
                applied.fail(sample, error)
            raise
        if isinstance(sample, ClipView):
            summary = self._summarizer.summarize(video, frames=tuple(sample.support))
            numbers, importance = curve(summary, self.config.frames)
            return dict(zip(numbers.tolist(), importance.tolist(), strict=True))
        summary = self._summarizer.summarize(video)
        labels = segments_to_labels(summary.segments, self._settings.budget)
        if applied is not None and sample is not None:
            known = sample.metadata is not None and sample.metadata.frame_rate is not None
            applied.hand_over(sample, labels, summary, None if known else metadata_of(video))
        return labels

    def _features(self, path: str) -> VideoFeatures:
        """The video's features; those of the last video are kept, for its other clips."""
        if self._last is None or self._last.path != path:
            self._last = None
            self._last = features_of(next(self._summarizer.extract([path])))
        return self._last
