"""What people marked, taken from a file of the field for features of one's own: shots, summaries, scores."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from fiftyone_clipit.errors import UsageError, VideoError
from fiftyone_clipit.training.h5 import groups_of, opened, text_of

_TAKEN = ("change_points", "user_summary", "user_scores", "title", "category")
_SHOWN = 8


@dataclass(frozen=True, eq=False)
class Labels:
    """What people marked of one video.

    Attributes:
        key: its group in the file, such as "video_7".
        fields: what is taken over, by name.
    """

    key: str
    fields: Mapping[str, Any]

    @property
    def people(self) -> np.ndarray | None:
        """What each person gave each frame, (users, frames); None where the file does not say."""
        found = self.fields.get("user_scores", self.fields.get("user_summary"))
        return None if found is None else np.atleast_2d(found)

    def check(self, path: str, n_frames: int) -> None:
        """Refuses labels of another video.

        Raises:
            VideoError: they are for another number of frames.
        """
        if self.people is not None and abs(self.people.shape[1] - n_frames) > max(5, n_frames // 100):
            raise VideoError(path, f"{n_frames} frames, but its annotations are for {self.people.shape[1]}")

    def at(self, picks: np.ndarray) -> np.ndarray | None:
        """The mean of what people gave at samples, in [0, 1]; beyond the end their last word counts."""
        if self.people is None:
            return None
        given = self.people[:, np.minimum(picks, self.people.shape[1] - 1)].astype(np.float64)
        # TVSum's people gave 1 to 5, SumMe's chose frames or not.
        return ((given - 1) / 4 if "user_scores" in self.fields else given > 0).mean(axis=0)


class LabelledVideos:
    """The videos of a file of annotations, by each name that they have there.

    Args:
        path: an HDF5 file of the usual structure, whose `video_name` or `title` are videos' names.

    Raises:
        UsageError: no such file, not HDF5, or no video with a name in it.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = os.fspath(path)
        self._by_name: dict[str, Labels] = {}
        with opened(path, what="annotations, one group a video") as file:
            for key, group in groups_of(file).items():
                labels = Labels(key, _fields(group))
                for name in filter(None, (text_of(group, field) for field in ("video_name", "title"))):
                    self._by_name[name] = labels
        if not self._by_name:
            raise UsageError(f"{self._path} names no video; expected groups with video_name or title")

    def of(self, path: str) -> Labels:
        """The labels of a video file, by its name without the ending.

        Raises:
            VideoError: the file of annotations does not hold it.
        """
        name = Path(path).stem
        if name not in self._by_name:
            raise VideoError(path, f"{self._path} holds no video named {name!r}; it has {self._names()}")
        return self._by_name[name]

    def split(self, paths: Iterable[str]) -> tuple[list[str], list[VideoError]]:
        """Looks all videos up before any of them is encoded.

        Returns:
            Those that have labels here, and why the others do not.

        Raises:
            UsageError: none has, or two are the same video.
        """
        held: dict[str, str] = {}
        failures: list[VideoError] = []
        for path in paths:
            try:
                key = self.of(path).key
            except VideoError as error:
                failures.append(error)
                continue
            if key in held:
                raise UsageError(f"{held[key]} and {path} are both {key} of {self._path}; give each video once")
            held[key] = path
        if failures and not held:
            raise UsageError(
                f"{self._path} holds none of these videos: {failures[0].path}, ...; it has {self._names()}"
            )
        return list(held.values()), failures

    def _names(self) -> str:
        return ", ".join(sorted(self._by_name)[:_SHOWN]) + (", ..." if len(self._by_name) > _SHOWN else "")


def _fields(group: Any) -> dict[str, Any]:
    labels = {field: group[field][()] for field in _TAKEN if field in group}
    shots = [field for field in group if field.startswith("kts")]
    if "change_points" not in labels and len(shots) == 1:
        labels["change_points"] = group[shots[0]][()]
    return labels
