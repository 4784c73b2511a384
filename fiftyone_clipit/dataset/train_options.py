"""What a network learns from in a dataset: checked before any work begins, kept with the checkpoint."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from fiftyone.core.collections import SampleCollection

from fiftyone_clipit.dataset.captions import captions_path
from fiftyone_clipit.dataset.ground_truth import GroundTruth, find_truth
from fiftyone_clipit.encoders.captions import DEFAULT_CAPTIONER
from fiftyone_clipit.encoders.names import DEFAULT
from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.scoring.network_config import ClipItConfig
from fiftyone_clipit.scoring.sentences import DEFAULT_MOST
from fiftyone_clipit.settings import CAPTION_SOURCES, Settings
from fiftyone_clipit.training.config import MODES, Mode


@dataclass(frozen=True)
class TrainOptions:
    """Where labels and words come from, and what encodes frames.

    Attributes:
        target: the field with what people marked; None without labels.
        supervision: "supervised" learns from the target, "unsupervised" from the videos alone, "captions" from
            how well frames fit their video's captions.
        query_field: a field with each video's own question.
        query_per_label: whether each label of the segments is a question that these segments answer.
        captions: "auto", "subtitles", or the field with each video's captions.
        captioner: the model for "auto".
        caption_prompt: what to tell that model.
        max_sentences: how many captions of a video are used at most.
        encoder: a CLIP model.
        fps: sampled frames per second of video.

    Raises:
        UsageError: options that contradict each other, or values that cannot work.
    """

    target: str | None = None
    supervision: Mode = "supervised"
    query_field: str | None = None
    query_per_label: bool = False
    captions: str | None = None
    captioner: str = DEFAULT_CAPTIONER
    caption_prompt: str | None = None
    max_sentences: int = DEFAULT_MOST
    encoder: str = DEFAULT
    fps: float = 2.0

    def __post_init__(self) -> None:
        if self.supervision not in MODES:
            raise UsageError(f"supervision is {self.supervision!r}: expected one of {', '.join(MODES)}")
        if self.supervision == "supervised" and self.target is None:
            raise UsageError(
                "supervised training needs a target: name the field that says what matters, or choose "
                "supervision='unsupervised' or 'captions'"
            )
        if self.supervision == "captions" and self.captions is None:
            raise UsageError("training on captions needs captions: 'auto', 'subtitles', or a field that has sentences")
        words = (self.query_field is not None) + self.query_per_label + (self.captions is not None)
        if words > 1:
            raise UsageError("words come from one place: query_field, query_per_label or captions")
        if self.query_per_label and self.target is None:
            raise UsageError("query_per_label needs a target with labels: name a field of temporal detections")
        self.settings()

    @property
    def captions_field(self) -> str | None:
        """The field with each video's captions, where that is where they come from."""
        return None if self.captions in CAPTION_SOURCES else self.captions

    @property
    def learned_from(self) -> str:
        """What teaches, in a word: the target, or the way to learn without one."""
        return self.target if self.supervision == "supervised" and self.target else self.supervision

    def settings(self) -> Settings:
        """What decides features and captions.

        Raises:
            UsageError: a value that cannot work.
        """
        return Settings(
            captions_from=self.captions if self.captions in CAPTION_SOURCES else None,
            captioner=self.captioner,
            caption_prompt=self.caption_prompt,
            max_sentences=self.max_sentences,
            encoder=self.encoder,
            fps=self.fps,
        )

    def to_dict(self) -> dict[str, Any]:
        """All fields as plain JSON values."""
        return asdict(self)


def check_fields(samples: SampleCollection, options: TrainOptions) -> None:
    """Checks that the fields are there and of the right types. Reads no samples: quick enough for every key stroke.

    Raises:
        UsageError: a field does not exist, or cannot give what is asked of it.
    """
    dataset = samples._root_dataset
    if options.captions_field is not None:
        captions_path(dataset, options.captions_field)
    if options.query_field is not None:
        captions_path(dataset, options.query_field, argument="query_field")
    if options.target is not None:
        path = find_truth(samples, options.target, argument="target")
        if options.query_per_label and path.startswith("frames."):
            raise UsageError(
                f"query_per_label: field {options.target!r} holds numbers of frames; labels are those of "
                "temporal detections"
            )


def check_labels(
    samples: SampleCollection, options: TrainOptions, *, scale: tuple[float, float] | None = None
) -> GroundTruth | None:
    """The ground truth of these videos; no video is touched.

    Args:
        samples: the videos.
        options: where labels and words come from.
        scale: that of the labels to train on, where these are to validate.

    Raises:
        UsageError: the fields do not exist, or nothing can be learned from what they hold.
    """
    check_fields(samples, options)
    if options.target is None:
        return None
    truth = GroundTruth(samples, options.target, argument="target", scale=scale)
    if options.supervision == "supervised" and not truth.has_positives:
        # Scoring everything low would be right for such videos: they can choose no epoch either.
        which, instead = (
            ("videos", "train unsupervised") if scale is None else ("validation videos", "name others as val")
        )
        raise UsageError(
            f"no positives: field {truth.name!r} marks nothing as important in {len(samples)} {which}; expected "
            f"importance above 0 somewhere, or segments. Check the field, or {instead}"
        )
    return truth


def check_folder(folder: str | os.PathLike[str]) -> Path:
    """A folder that a user named for a checkpoint or a report.

    Raises:
        UsageError: none is named, or it is a file.
    """
    if not os.fspath(folder):
        raise UsageError("folder: where should the checkpoint go?")
    path = Path(folder).expanduser()
    if path.exists() and not path.is_dir():
        raise UsageError(f"folder {path} is a file: choose another folder for the checkpoint")
    return path


def network_of(preset: str, changes: Mapping[str, Any] | None, dim: int = 1) -> ClipItConfig:
    """The network to train; with the width left out it only checks the rest.

    Raises:
        UsageError: an unknown preset or field, or a value that no network can have.
    """
    if reserved := {"preset", "dim", "encoder"} & set(changes or {}):
        raise UsageError(f"network: {sorted(reserved)[0]} is not given there: preset and encoder are arguments")
    return ClipItConfig.from_dict({**(changes or {}), "preset": preset, "dim": dim})
