"""The HDF5 structure in which the field passes features around: one group a video."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.summary.shots import kts
from fiftyone_clipit.training.examples import VideoExample

if TYPE_CHECKING:
    from fiftyone_clipit.features.types import VideoFeatures

# What is taken over from a file of annotations when features are written.
_ANNOTATIONS = ("change_points", "user_summary", "user_scores", "title", "category")


def read_examples(
    path: str | os.PathLike[str],
    *,
    keys: Iterable[str] | None = None,
    texts: Mapping[str, np.ndarray] | None = None,
) -> dict[str, VideoExample]:
    """Reads videos with features from a file of the usual structure.

    Each group has `features` (T, dim), and may have `gtscore` (T,) or `user_summary` (users, frames), from which
    the targets come, `picks`, `n_frames`, `fps`, and `text` (S, dim), the vectors of sentences. Targets beyond
    [0, 1] are scaled to it within the video.

    Args:
        path: the file.
        keys: only these groups, such as "video_1".
        texts: vectors of sentences by group; they replace the file's.

    Returns:
        Examples by key, in the order of their numbers.

    Raises:
        UsageError: no such file, not HDF5, a key that it does not have, or a group without `features`.
    """
    import h5py

    if not Path(path).is_file():
        raise UsageError(f"no such file: {os.fspath(path)}; expected an HDF5 file with one group a video")
    try:
        file = h5py.File(path, "r")
    except OSError as error:
        raise UsageError(f"{os.fspath(path)} is not an HDF5 file: {error}") from error
    with file:
        groups = {key: group for key, group in file.items() if isinstance(group, h5py.Group)}
        if not groups:
            raise UsageError(f"{os.fspath(path)} holds no group; expected one a video, with features")
        wanted = sorted(groups, key=lambda key: (len(key), key)) if keys is None else list(keys)
        if absent := [key for key in wanted if key not in groups]:
            raise UsageError(f"{os.fspath(path)} does not hold {', '.join(absent)}; it has {', '.join(sorted(groups))}")
        return {key: _example(path, key, groups[key], (texts or {}).get(key)) for key in wanted}


def write_features_h5(
    path: str | os.PathLike[str],
    videos: Iterable[VideoFeatures],
    *,
    annotations: str | os.PathLike[str] | None = None,
    boundaries: Callable[[np.ndarray], np.ndarray] = kts,
    overwrite: bool = False,
) -> list[str]:
    """Writes features in the usual structure, so that any code of the field can train and be measured on them.

    Groups are `video_1`, `video_2`, ... in the order given, each with `features` float32 (T, dim), `picks` (0-based
    frame numbers), `n_frames`, `n_steps`, `change_points` (inclusive), `n_frame_per_seg`, `fps` and `video_name` (the
    file's name without its ending). With annotations the groups have their names, shots and people's labels there.

    Args:
        path: the file to write; whole, or not at all.
        videos: features of the videos, one at a time.
        annotations: a file of the usual structure, such as SumMe's or TVSum's, whose `video_name` or `title` is
            the name of a video here.
        boundaries: finds the shots where no annotations give them: from features (T, dim) to the first sample of
            each next shot.
        overwrite: replace an existing file.

    Returns:
        The groups written.

    Raises:
        UsageError: the file exists, there are no videos, or the annotations do not hold a video.
    """
    import h5py

    target = Path(path)
    if target.exists() and not overwrite:
        raise UsageError(f"{target} exists; choose another name, or overwrite it")
    known = {} if annotations is None else _annotated(annotations)
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    written: list[str] = []
    try:
        with h5py.File(temporary, "w") as file:
            for number, video in enumerate(videos, 1):
                name = Path(video.path).stem
                if annotations is not None and name not in known:
                    raise UsageError(
                        f"{os.fspath(annotations)} holds no video named {name!r}; it has {', '.join(sorted(known))}"
                    )
                key, labels = known.get(name, (f"video_{number}", {}))
                group = file.create_group(key)
                for field, value in _fields(video, name, labels, boundaries).items():
                    group.create_dataset(field, data=value)
                written.append(key)
        if not written:
            raise UsageError("no videos to write")
        os.replace(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)
    return written


def _example(path: str | os.PathLike[str], key: str, group: Any, text: np.ndarray | None) -> VideoExample:
    if "features" not in group:
        raise UsageError(
            f"{os.fspath(path)}: {key} has no features (it has {', '.join(sorted(group)) or 'nothing'}); expected "
            "float (samples, dim). `clipit features` makes them from the videos"
        )
    picks = group["picks"][()].astype(np.int64) if "picks" in group else None
    targets = None
    if "gtscore" in group:
        targets = _to_unit(np.asarray(group["gtscore"][()], dtype=np.float64).ravel())
    elif "user_summary" in group and picks is not None:
        targets = (np.atleast_2d(group["user_summary"][()]) > 0)[:, picks].mean(axis=0)
    if text is None and "text" in group:
        text = group["text"][()]
    return VideoExample(
        name=key,
        features=group["features"][()],
        targets=targets,
        text=text,
        picks=picks,
        n_frames=int(group["n_frames"][()]) if "n_frames" in group else None,
        fps=float(group["fps"][()]) if "fps" in group else None,
    )


def _to_unit(values: np.ndarray) -> np.ndarray:
    low, high = np.nanmin(values), np.nanmax(values)
    if low >= 0 and high <= 1:
        return values
    return (values - low) / (high - low) if high > low else np.full(len(values), 0.5)


def _fields(
    video: VideoFeatures, name: str, labels: Mapping[str, Any], boundaries: Callable[[np.ndarray], np.ndarray]
) -> dict[str, Any]:
    picks = video.frame_numbers - 1
    n_frames = video.timeline.n_frames
    labels = dict(labels)
    if "change_points" not in labels:
        first = np.concatenate([[0], picks[boundaries(video.features.astype(np.float32))]])
        labels["change_points"] = np.stack([first, np.append(first[1:], n_frames) - 1], axis=1)
    shots = np.asarray(labels["change_points"])
    people = labels.get("user_scores", labels.get("user_summary"))
    if people is not None:
        people = np.atleast_2d(people)
        if abs(people.shape[1] - n_frames) > max(5, n_frames // 100):
            raise UsageError(f"{video.path}: {n_frames} frames, but its annotations are for {people.shape[1]}")
        # Readers disagree by a frame or two at the end of some files; the people's count is the benchmark's.
        n_frames = people.shape[1]
        at_picks = people[:, np.minimum(picks, n_frames - 1)].astype(np.float64)
        # TVSum's people gave 1 to 5, SumMe's chose frames or not.
        labels["gtscore"] = ((at_picks - 1) / 4 if "user_scores" in labels else at_picks > 0).mean(axis=0)
        inside = picks < n_frames
        video_picks, features, labels["gtscore"] = picks[inside], video.features[inside], labels["gtscore"][inside]
    else:
        video_picks, features = picks, video.features
    return {
        **labels,
        "features": features.astype(np.float32),
        "picks": video_picks,
        "n_frames": n_frames,
        "n_steps": len(video_picks),
        "n_frame_per_seg": shots[:, 1] - shots[:, 0] + 1,
        "fps": float(video.timeline.rate),
        "video_name": name,
    }


def _annotated(path: str | os.PathLike[str]) -> dict[str, tuple[str, dict[str, Any]]]:
    """Groups and labels by every name that a video has in a file of annotations."""
    import h5py

    if not Path(path).is_file():
        raise UsageError(f"no such file: {os.fspath(path)}; expected an HDF5 file of annotations")
    found: dict[str, tuple[str, dict[str, Any]]] = {}
    with h5py.File(path, "r") as file:
        for key, group in file.items():
            labels = {field: group[field][()] for field in _ANNOTATIONS if field in group}
            shots = [field for field in group if field.startswith("kts")]
            if "change_points" not in labels and len(shots) == 1:
                labels["change_points"] = group[shots[0]][()]
            for field in ("video_name", "title"):
                if field in group:
                    name = group[field][()]
                    found[name.decode() if isinstance(name, bytes) else str(name)] = (key, labels)
    return found
