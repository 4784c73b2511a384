"""What a network learns from: one video each, or one video and one question about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.training.config import Mode


@dataclass(frozen=True, eq=False)
class VideoExample:
    """One video as training and validation see it. Checked and brought to float32 at once.

    Attributes:
        name: what messages and results call it; a video with several questions gives several examples.
        features: float32 (T, dim), the features of the sampled frames.
        targets: float32 (T,), wanted importance of each sample in [0, 1]; NaN where nobody said. None without labels.
        text: float32 (S, dim), the vectors of its sentences; None without language.
        picks: int64 (T,), the samples' 0-based frame numbers; None where unknown.
        n_frames: frames of the video; None where unknown.
        fps: frames a second; None where unknown.
        video: which video it is about, where several examples are about one; its name when left out. Folds are
            made of videos, so that no video is on both sides.

    Raises:
        UsageError: shapes that do not belong together, values that are not finite, or targets outside [0, 1].
    """

    name: str
    features: np.ndarray
    targets: np.ndarray | None = None
    text: np.ndarray | None = None
    picks: np.ndarray | None = None
    n_frames: int | None = None
    fps: float | None = None
    video: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "video", self.video or self.name)
        features = np.ascontiguousarray(self.features, dtype=np.float32)
        if features.ndim != 2 or not features.size:
            raise UsageError(f"{self.name}: features have shape {features.shape}, expected (samples, dim)")
        _finite(self.name, "features", features)
        object.__setattr__(self, "features", features)
        if self.text is not None:
            text = np.ascontiguousarray(self.text, dtype=np.float32)
            if text.ndim != 2 or text.shape[1] != features.shape[1]:
                raise UsageError(
                    f"{self.name}: text has shape {text.shape}, expected (sentences, {features.shape[1]}), as wide as "
                    "the features"
                )
            _finite(self.name, "text", text)
            object.__setattr__(self, "text", text if len(text) else None)
        if self.targets is not None:
            targets = np.asarray(self.targets, dtype=np.float32)
            if targets.shape != (len(features),):
                raise UsageError(f"{self.name}: {targets.shape} targets for {len(features)} samples, expected one each")
            if not (np.isnan(targets) | ((targets >= 0) & (targets <= 1))).all():
                raise UsageError(f"{self.name}: targets must lie in [0, 1], or be NaN where nobody labelled")
            object.__setattr__(self, "targets", targets)
        if self.picks is not None and np.shape(self.picks) != (len(features),):
            raise UsageError(f"{self.name}: {len(self.picks)} picks for {len(features)} samples, expected one each")

    @property
    def dim(self) -> int:
        return self.features.shape[1]

    def named(self, name: str) -> VideoExample:
        """The same example under another name, such as "tvsum/video_1" where several sets have a "video_1".

        Examples about one video stay together: the video gets the same data set before its name.
        """
        data_set = name.rpartition("/")[0]
        video = name if self.video == self.name else f"{data_set}/{self.video}" if data_set else self.video
        return replace(self, name=name, video=video)

    def without_text(self) -> VideoExample:
        """The same video with nothing said about it."""
        return replace(self, text=None)


def check_examples(
    examples: Sequence[VideoExample], mode: Mode, *, dim: int | None = None, what: str = "training"
) -> None:
    """Refuses what a mode cannot learn from.

    Raises:
        UsageError: no examples, different widths, equal names, no targets or no positives among them, no captions.
    """
    if not examples:
        raise UsageError(f"{what}: no videos; expected at least one example")
    wanted = dim or examples[0].dim
    for example in examples:
        if example.dim != wanted:
            raise UsageError(f"{example.name}: features are {example.dim} wide, expected {wanted}")
    names = [example.name for example in examples]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise UsageError(f"{what}: two examples are named {twice!r}; give each its own name")
    if mode == "supervised":
        for example in examples:
            if example.targets is None or np.isnan(example.targets).all():
                raise UsageError(
                    f"{example.name}: no targets; supervised training expects one in [0, 1] for each sample"
                )
        if not any(np.nanmax(example.targets) > 0 for example in examples if example.targets is not None):
            raise UsageError(
                f"{what}: no positives: all {len(examples)} videos have importance 0 throughout; check the labelled "
                "field, or train unsupervised"
            )
    if mode == "captions":
        for example in examples:
            if example.text is None:
                raise UsageError(f"{example.name}: no sentences; training on captions expects some for each video")


def caption_targets(examples: Sequence[VideoExample]) -> list[VideoExample]:
    """Targets from sentences: how well each frame fits its own video's, as pseudo-labels in [0, 1].

    The mean cosine to the video's own sentences, less the cosine to the mean sentence of all videos (what fits
    any frame), scaled to [0, 1] within the video; constant videos get 0.5.
    """
    means = [_unit(example.text).mean(axis=0) for example in examples if example.text is not None]
    common = np.mean(means, axis=0)
    labelled = []
    for example in examples:
        if example.text is None:
            raise UsageError(f"{example.name}: no sentences to make targets from")
        direction = _unit(example.text).mean(axis=0) - (common if len(examples) > 1 else 0)
        fit = _unit(example.features) @ direction
        low, high = float(fit.min()), float(fit.max())
        targets = (fit - low) / (high - low) if high - low > 1e-6 else np.full(len(fit), 0.5)
        labelled.append(replace(example, targets=targets.clip(0, 1)))
    return labelled


def _unit(values: np.ndarray) -> np.ndarray:
    return values / np.linalg.norm(values, axis=-1, keepdims=True).clip(1e-12)


def _finite(name: str, what: str, values: np.ndarray) -> None:
    wrong = np.flatnonzero(~np.isfinite(values).all(axis=1))
    if len(wrong):
        raise UsageError(
            f"{name}: {what} hold NaN or infinity in row {wrong[0]} ({len(wrong)} of {len(values)} rows); expected "
            "finite numbers: encode it again"
        )
