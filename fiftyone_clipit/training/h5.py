"""The HDF5 structure in which the field passes features around, read for training: one group a video."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.training.examples import VideoExample


def read_examples(
    path: str | os.PathLike[str],
    *,
    keys: Iterable[str] | None = None,
    texts: Mapping[str, np.ndarray] | None = None,
) -> dict[str, VideoExample]:
    """Reads videos with features from a file of the usual structure.

    Each group has `features` (T, dim), and may have `gtscore` (T,) or `user_summary` (users, frames), from which
    the targets come, `picks`, `n_frames`, `fps`, and `text` (S, dim), the vectors of sentences; without it a video is
    learned from without language. Targets beyond [0, 1] are scaled to it within the video.

    Args:
        path: the file.
        keys: only these groups, such as "video_1".
        texts: vectors of sentences by group; they replace the file's.

    Returns:
        Examples by key, in the order of their numbers.

    Raises:
        UsageError: no such file, not HDF5, a key that it does not have, a group without `features`, or values that do
            not belong together.
    """
    with opened(path) as file:
        groups = groups_of(file)
        if not groups:
            raise UsageError(f"{os.fspath(path)} holds no group; expected one a video, with features")
        wanted = list(groups) if keys is None else list(keys)
        if absent := [key for key in wanted if key not in groups]:
            raise UsageError(f"{os.fspath(path)} does not hold {', '.join(absent)}; it has {', '.join(sorted(groups))}")
        return {key: _example(path, key, groups[key], (texts or {}).get(key)) for key in wanted}


def opened(path: str | os.PathLike[str], *, what: str = "one group a video") -> Any:
    """Opens an HDF5 file for reading.

    Args:
        path: the file.
        what: what is expected in it, for messages.

    Raises:
        UsageError: no such file, or not HDF5.
    """
    import h5py

    if not Path(path).is_file():
        raise UsageError(f"no such file: {os.fspath(path)}; expected an HDF5 file with {what}")
    try:
        return h5py.File(path, "r")
    except OSError as error:
        raise UsageError(f"{os.fspath(path)} is not an HDF5 file: {error}") from error


def groups_of(file: Any) -> dict[str, Any]:
    """The groups of an open file, in the order of their numbers."""
    import h5py

    groups = {key: group for key, group in file.items() if isinstance(group, h5py.Group)}
    return {key: groups[key] for key in sorted(groups, key=lambda key: (len(key), key))}


def text_of(group: Any, name: str) -> str | None:
    """A text that a group holds; None where it has none."""
    value = group[name][()] if name in group else None
    return (
        value.decode("utf-8", errors="replace") if isinstance(value, bytes) else None if value is None else str(value)
    )


def _example(path: str | os.PathLike[str], key: str, group: Any, text: np.ndarray | None) -> VideoExample:
    if "features" not in group:
        raise UsageError(
            f"{os.fspath(path)}: {key} has no features (it has {', '.join(sorted(group)) or 'nothing'}); expected "
            "float (samples, dim). `clipit features` makes them from the videos"
        )
    picks = group["picks"][()].astype(np.int64) if "picks" in group else None
    n_frames = int(group["n_frames"][()]) if "n_frames" in group else None
    people = np.atleast_2d(group["user_summary"][()]) if "user_summary" in group else None
    end = n_frames if n_frames is not None else None if people is None else people.shape[1]
    if picks is not None and picks.size and (picks.min() < 0 or (end is not None and picks.max() >= end)):
        raise UsageError(
            f"{os.fspath(path)}: {key} has picks from {picks.min()} to {picks.max()}; expected frames of the video, "
            f"numbered from 0{'' if end is None else f' to {end - 1}'}"
        )
    targets = None
    if "gtscore" in group:
        targets = _to_unit(np.asarray(group["gtscore"][()], dtype=np.float64).ravel())
    elif people is not None and picks is not None:
        if picks.size and picks.max() >= people.shape[1]:
            raise UsageError(
                f"{os.fspath(path)}: {key} has picks up to frame {picks.max()}, but user_summary has "
                f"{people.shape[1]} frames a person"
            )
        targets = (people > 0)[:, picks].mean(axis=0)
    if text is None and "text" in group:
        text = group["text"][()]
    return VideoExample(
        name=key,
        features=group["features"][()],
        targets=targets,
        text=text,
        picks=picks,
        n_frames=n_frames,
        fps=float(group["fps"][()]) if "fps" in group else None,
    )


def _to_unit(values: np.ndarray) -> np.ndarray:
    if not np.isfinite(values).any():
        return np.full(len(values), np.nan)  # nobody labelled
    low, high = np.nanmin(values), np.nanmax(values)
    if low >= 0 and high <= 1:
        return values
    return (values - low) / (high - low) if high > low else np.full(len(values), 0.5)
