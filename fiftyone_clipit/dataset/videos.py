"""Which videos a collection holds, checked before any work begins; their metadata from our own decoding."""

from __future__ import annotations

import mimetypes
import os
from dataclasses import dataclass
from itertools import compress

import fiftyone as fo
from fiftyone.core.collections import SampleCollection

from fiftyone_clipit.errors import UsageError, VideoError
from fiftyone_clipit.features.types import Extracted, VideoFeatures


@dataclass(frozen=True)
class VideoSamples:
    """The videos of a dataset or view.

    Attributes:
        dataset: the dataset that holds them.
        ids: the samples' ids, each once, in the order of the view.
        paths: their files.
    """

    dataset: fo.Dataset
    ids: list[str]
    paths: list[str]

    def __len__(self) -> int:
        return len(self.ids)

    def where(self, keep: list[bool]) -> VideoSamples:
        """Those for which `keep` holds."""
        return VideoSamples(self.dataset, list(compress(self.ids, keep)), list(compress(self.paths, keep)))


def dataset_of(samples: SampleCollection) -> fo.Dataset:
    """The dataset that a collection is, or is a view of.

    Raises:
        UsageError: not a FiftyOne collection.
    """
    if not isinstance(samples, SampleCollection):
        raise UsageError(f"samples must be a FiftyOne dataset or view, not {type(samples).__name__}")
    return samples._root_dataset


def everything(dataset: fo.Dataset) -> fo.Dataset | fo.DatasetView:
    """All videos of a dataset; of a grouped one, those of all slices."""
    return dataset.select_group_slices(media_type="video") if dataset.media_type == "group" else dataset


def select(dataset: fo.Dataset, sample_ids: list[str], *, ordered: bool = False) -> fo.DatasetView:
    """Videos by their ids, of a grouped dataset from any slice; in its order, unless that of the ids is wanted."""
    return everything(dataset).select(sample_ids, ordered=ordered)


def check_videos(samples: SampleCollection) -> None:
    """Checks that a collection holds videos. Reads one sample: quick enough for every key stroke.

    Raises:
        UsageError: as `videos_of`.
    """
    _check_kind(samples)
    if not samples.limit(1).values("id"):
        raise _nothing_to_do(samples)


def videos_of(samples: SampleCollection) -> VideoSamples:
    """The videos of a dataset or view.

    Raises:
        UsageError: there are none, or they cannot be written to: images, clips, groups, an empty view.
    """
    _check_kind(samples)
    ids, paths = samples.values(["id", "filepath"])
    if not ids:
        raise _nothing_to_do(samples)
    unique = dict(zip(ids, paths, strict=True))
    return VideoSamples(dataset_of(samples), list(unique), list(unique.values()))


def _check_kind(samples: SampleCollection) -> None:
    name = f"dataset {dataset_of(samples).name!r}"
    if samples.media_type == "group":
        raise UsageError(
            f"{name} is grouped: name the videos, for instance samples.select_group_slices(media_type='video')"
        )
    if getattr(samples, "_is_clips", False):
        raise UsageError(
            "these samples are clips: summarize the videos that they come from, or apply a ClipItModel to "
            "the clips with apply_model"
        )
    if samples.media_type not in (None, "video"):
        raise UsageError(f"{name} holds {samples.media_type} samples here; summaries need videos")


def _nothing_to_do(samples: SampleCollection) -> UsageError:
    what = "the dataset" if samples is dataset_of(samples) else "the view"
    return UsageError(f"nothing to do: {what} has no samples")


def features_of(outcome: Extracted) -> VideoFeatures:
    """The features of a video whose extraction succeeded.

    Raises:
        VideoError: it did not; says why.
    """
    if outcome.features is None:
        raise outcome.error or VideoError(outcome.path, "no features")
    return outcome.features


def metadata_of(video: VideoFeatures) -> fo.VideoMetadata:
    """A video's metadata as decoding gave it, where headers may lie."""
    timeline, info = video.timeline, video.info
    return fo.VideoMetadata(
        size_bytes=os.path.getsize(video.path) if os.path.exists(video.path) else None,
        mime_type=mimetypes.guess_type(video.path)[0] or "video/mp4",
        frame_width=info.width,
        frame_height=info.height,
        frame_rate=float(timeline.rate),
        total_frame_count=timeline.n_frames,
        duration=float(timeline.duration),
        encoding_str=info.codec,
    )
