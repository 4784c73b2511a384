"""Features of one's own videos, written in the structure that the field's code reads."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from fiftyone_clipit.errors import UsageError, VideoError
from fiftyone_clipit.summary.shots import kts
from fiftyone_clipit.training.h5_labels import LabelledVideos, Labels
from fiftyone_clipit.training.h5_origin import Origin, write_origin
from fiftyone_clipit.training.whole_files import replacing

if TYPE_CHECKING:
    from fiftyone_clipit.features.types import VideoFeatures

# Sentences, and their vectors (S, dim).
Words = tuple[tuple[str, ...], np.ndarray]


def write_features_h5(
    path: str | os.PathLike[str],
    videos: Iterable[VideoFeatures],
    *,
    annotations: str | os.PathLike[str] | LabelledVideos | None = None,
    words: Callable[[VideoFeatures], Words] | None = None,
    encoder: str = "",
    fps: float | None = None,
    boundaries: Callable[[np.ndarray], np.ndarray] = kts,
    overwrite: bool = False,
    on_failure: Callable[[VideoError], None] | None = None,
) -> list[str]:
    """Writes features in the usual structure, so that any code of the field can train and be measured on them.

    Groups are `video_1`, `video_2`, ... in the order given, each with `features` float32 (T, dim), `picks` (0-based
    frame numbers), `n_frames`, `n_steps`, `change_points` (inclusive), `n_frame_per_seg`, `fps` and `video_name` (the
    file's name without its ending). With annotations the groups have their names, shots and people's labels there;
    with words `text` (S, dim), from which a network learns language, and the `sentences` themselves.

    Args:
        path: the file to write; whole, or not at all. Its folder is made.
        videos: features of the videos, one at a time.
        annotations: a file of the usual structure, such as SumMe's or TVSum's, whose `video_name` or `title` is
            the name of a video here.
        words: gives the sentences of a video and their vectors, of the encoder that made the features.
        encoder: name of that encoder; kept in the file, and in the checkpoints that are trained on it.
        fps: samples per second of video; kept in the file.
        boundaries: finds the shots where no annotations give them: from features (T, dim) to the first sample of
            each next shot.
        overwrite: replace an existing file.
        on_failure: gets the error of a video that the annotations do not fit, or that has no words; it is left out
            then. Without this the error is raised.

    Returns:
        The groups written.

    Raises:
        UsageError: the file exists or cannot be written, there are no videos, or two of them are the same.
        VideoError: the annotations do not hold a video or are of another one, or it has no words.
    """
    import h5py

    target = Path(path)
    if target.exists() and not overwrite:
        raise UsageError(f"{target} exists; choose another name, or overwrite it")
    known = (
        annotations if annotations is None or isinstance(annotations, LabelledVideos) else LabelledVideos(annotations)
    )
    make_place(target)
    written: dict[str, str] = {}
    with replacing(target) as temporary:
        with h5py.File(temporary, "w") as file:
            write_origin(file, Origin(encoder, fps))
            for number, video in enumerate(videos, 1):
                try:
                    labels = known.of(video.path) if known else Labels(f"video_{number}", {})
                    labels.check(video.path, video.timeline.n_frames)
                    said = words(video) if words else None
                except VideoError as error:
                    if on_failure is None:
                        raise
                    on_failure(error)
                    continue
                if labels.key in written:
                    raise UsageError(f"{written[labels.key]} and {video.path} are both {labels.key}; give each once")
                group = file.create_group(labels.key)
                for field, value in _fields(video, labels, boundaries).items():
                    group.create_dataset(field, data=value)
                if said is not None:
                    group.create_dataset("sentences", data=list(said[0]), dtype=h5py.string_dtype())
                    group.create_dataset("text", data=np.asarray(said[1], dtype=np.float32))
                written[labels.key] = video.path
        if not written:
            raise UsageError("no videos to write")
    return list(written)


def make_place(path: Path) -> None:
    """Makes the folder that a file goes to, before any work begins.

    Raises:
        UsageError: it cannot be made or written, or the file's name is that of a folder.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: folder {path.parent}: {error.strerror}") from error
    if path.is_dir() or not os.access(path.parent, os.W_OK):
        raise UsageError(f"{path} cannot be written: {'it is a folder' if path.is_dir() else 'no right to its folder'}")


def _fields(video: VideoFeatures, labels: Labels, boundaries: Callable[[np.ndarray], np.ndarray]) -> Mapping[str, Any]:
    picks, features = video.frame_numbers - 1, video.features
    n_frames = video.timeline.n_frames
    fields = dict(labels.fields)
    if "change_points" not in fields:
        first = np.concatenate([[0], picks[boundaries(features.astype(np.float32))]])
        fields["change_points"] = np.stack([first, np.append(first[1:], n_frames) - 1], axis=1)
    shots = np.asarray(fields["change_points"])
    if labels.people is not None:
        # Readers disagree by a frame or two at the end of some files; the people's count is the benchmark's.
        n_frames = labels.people.shape[1]
        picks, features = picks[picks < n_frames], features[picks < n_frames]
        fields["gtscore"] = labels.at(picks)
    return {
        **fields,
        "features": features.astype(np.float32),
        "picks": picks,
        "n_frames": n_frames,
        "n_steps": len(picks),
        "n_frame_per_seg": shots[:, 1] - shots[:, 0] + 1,
        "fps": float(video.timeline.rate),
        "video_name": Path(video.path).stem,
    }
