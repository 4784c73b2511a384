"""What people marked in the benchmarks' videos, from the files that the field passes around."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.evaluation.metrics import Reduction, machine_summary


@dataclass(frozen=True, eq=False)
class AnnotatedVideo:
    """A video of SumMe or TVSum.

    Attributes:
        key: its name in the file, such as "video_1".
        title: its name in the world.
        n_frames: its frames.
        picks: int64 (T,), the sampled frames, 0-based.
        change_points: int64 (S, 2), first and last frame of each shot, 0-based and inclusive.
        user_summary: uint8 (users, n_frames), the frames that each person's summary has.
        user_scores: float32 (users, T), each person's importance at the picks.
        reduction: how F-scores over users become one.
    """

    key: str
    title: str
    n_frames: int
    picks: np.ndarray
    change_points: np.ndarray
    user_summary: np.ndarray
    user_scores: np.ndarray
    reduction: Reduction


@dataclass(frozen=True, eq=False)
class QueryVideo:
    """A video of the query-focused benchmark, in shots of five seconds.

    Attributes:
        key: its name, such as "P01".
        concepts: bool (shots, 48), what each shot shows.
        names: the concepts in alphabetical order.
        oracle: by query, such as "Book_Street": the shots that agree best with all persons', 0-based.
        users: by query: the shots of each person.
    """

    key: str
    concepts: np.ndarray
    names: tuple[str, ...]
    oracle: dict[str, list[int]]
    users: dict[str, list[list[int]]]


def read_summe(path: str | os.PathLike[str]) -> list[AnnotatedVideo]:
    """Reads SumMe in the usual HDF5 structure.

    It has a group a video, with `change_points`, `n_frames`, `picks` and `user_summary`.

    Raises:
        UsageError: no such file, not HDF5, or a video that lacks something; says what was expected.
    """
    return [
        _video(key, group, _needed(path, key, group, "change_points"), _needed(path, key, group, "user_summary"), "max")
        for key, group in _groups(path, ("change_points", "n_frames", "picks", "user_summary"))
    ]


def read_tvsum(path: str | os.PathLike[str]) -> list[AnnotatedVideo]:
    """Reads TVSum in the usual HDF5 structure, with people's `user_scores` or the `user_summary` made of them.

    Where people's summaries are absent they are made as the usual ones were: from each person's scores by the same
    shots and knapsack as the machine's. Shots are `change_points`, or the one data set whose name begins with "kts".

    Raises:
        UsageError: no such file, not HDF5, or a video that lacks something; says what was expected.
    """
    videos = []
    for key, group in _groups(path, ("n_frames", "picks")):
        shots = group.get("change_points")
        if shots is None:
            found = [name for name in group if name.startswith("kts")]
            if len(found) != 1:
                raise _lacking(path, key, "change_points (or one data set of shots named kts...)", group)
            shots = group[found[0]]
        scores, summaries = group.get("user_scores"), group.get("user_summary")
        if scores is not None and np.atleast_2d(scores).shape[1] != int(group["n_frames"]):
            given = np.atleast_2d(scores).shape[1]
            raise UsageError(
                f"{key}: n_frames is {int(group['n_frames'])}, but user_scores has {given} frames a person"
            )
        if summaries is None:
            if scores is None:
                raise _lacking(path, key, "user_scores or user_summary", group)
            summaries = np.stack([_own_summary(row, shots, int(group["n_frames"])) for row in np.atleast_2d(scores)])
        video = _video(key, group, shots, summaries, "mean")
        if scores is not None:
            picked = np.atleast_2d(np.asarray(scores, dtype=np.float32))[:, video.picks]
            video = AnnotatedVideo(**{**vars(video), "user_scores": picked})
        videos.append(video)
    return videos


def read_qfvs(path: str | os.PathLike[str]) -> list[QueryVideo]:
    """Reads the folders of the query-focused annotations of UT Egocentric (Sharghi et al., CVPR 2017).

    Expects `Dense_per_shot_tags/Dictionary.txt`, `Dense_per_shot_tags/P01/P01.txt`, and
    `Query-Focused_Summaries/{Oracle,User}_Summaries/P01/...`. Shots are numbered from 1 in the files, from 0 here.

    Raises:
        UsageError: a folder or file is absent, or names what the dictionary or the video does not have.
    """
    root = Path(path)
    tags = root / "Dense_per_shot_tags"
    names = tuple(name.strip().strip("'") for name in _lines(tags / "Dictionary.txt"))
    keys = sorted(folder.name for folder in tags.iterdir() if (folder / f"{folder.name}.txt").is_file())
    if not keys:
        raise UsageError(f"{tags} holds no video; expected folders such as P01 with P01.txt")
    return [_query_video(root, key, names) for key in keys]


def _groups(path: str | os.PathLike[str], required: tuple[str, ...]) -> list[tuple[str, dict[str, Any]]]:
    import h5py

    if not Path(path).is_file():
        raise UsageError(f"no such file: {os.fspath(path)}; expected an HDF5 file with one group a video")
    try:
        file = h5py.File(path, "r")
    except OSError as error:
        raise UsageError(f"{os.fspath(path)} is no HDF5 file: {error}") from error
    with file:
        groups = [
            (key, {name: item[()] for name, item in group.items() if isinstance(item, h5py.Dataset)})
            for key, group in file.items()
            if isinstance(group, h5py.Group)
        ]
    if not groups:
        raise UsageError(f"{os.fspath(path)} holds no group; expected one a video, with {', '.join(required)}")
    groups.sort(key=lambda item: (len(item[0]), item[0]))
    for key, group in groups:
        for name in required:
            _needed(path, key, group, name)
    return groups


def _needed(path: str | os.PathLike[str], key: str, group: Mapping[str, Any], name: str) -> Any:
    if name not in group:
        raise _lacking(path, key, name, group)
    return group[name]


def _lacking(path: str | os.PathLike[str], key: str, name: str, group: Mapping[str, Any]) -> UsageError:
    return UsageError(f"{os.fspath(path)}: {key} lacks {name}; it has {', '.join(sorted(group)) or 'nothing'}")


def _video(
    key: str, group: Mapping[str, Any], shots: np.ndarray, summaries: np.ndarray, reduction: Reduction
) -> AnnotatedVideo:
    title = group.get("video_name", key)
    picks = np.asarray(group["picks"], dtype=np.int64)
    summaries = (np.atleast_2d(summaries) > 0).astype(np.uint8)
    n_frames = int(group["n_frames"])
    if summaries.shape[1] != n_frames:
        raise UsageError(f"{key}: n_frames is {n_frames}, but user_summary has {summaries.shape[1]} frames a person")
    if picks.size and (picks.min() < 0 or picks.max() >= n_frames):
        raise UsageError(
            f"{key}: picks go from {picks.min()} to {picks.max()}; expected frames of the video, numbered from 0 to "
            f"{n_frames - 1}"
        )
    return AnnotatedVideo(
        key=key,
        title=title.decode() if isinstance(title, bytes) else str(title),
        n_frames=n_frames,
        picks=picks,
        change_points=np.asarray(shots, dtype=np.int64),
        user_summary=summaries,
        user_scores=summaries[:, picks].astype(np.float32),
        reduction=reduction,
    )


def _own_summary(scores: np.ndarray, shots: np.ndarray, n_frames: int) -> np.ndarray:
    return machine_summary(scores, change_points=shots, n_frames=n_frames, picks=np.arange(n_frames))


def _query_video(root: Path, key: str, names: tuple[str, ...]) -> QueryVideo:
    lines = _lines(root / "Dense_per_shot_tags" / key / f"{key}.txt")
    column = {name: i for i, name in enumerate(names)}
    concepts = np.zeros((len(lines), len(names)), dtype=bool)
    for row, line in enumerate(lines):
        for name in filter(None, (part.strip() for part in line.split(","))):
            if name not in column:
                raise UsageError(f"{key}: shot {row + 1} is tagged {name!r}, which Dictionary.txt does not list")
            concepts[row, column[name]] = True
    summaries = root / "Query-Focused_Summaries"
    oracle, users = {}, {}
    files = sorted((summaries / "Oracle_Summaries" / key).glob("*_oracle.txt"))
    if not files:
        raise UsageError(f"{summaries / 'Oracle_Summaries' / key} holds no *_oracle.txt")
    for file in files:
        query = file.name.removesuffix("_oracle.txt")
        oracle[query] = _shots(file, len(lines))
        others = sorted((summaries / "User_Summaries" / key).glob(f"{query}_user*.txt"))
        if not others:
            raise UsageError(f"{summaries / 'User_Summaries' / key} holds no {query}_user*.txt")
        users[query] = [_shots(other, len(lines)) for other in others]
    return QueryVideo(key, concepts, names, oracle, users)


def _shots(file: Path, count: int) -> list[int]:
    try:
        shots = [int(float(line)) - 1 for line in _lines(file)]
    except ValueError as error:
        raise UsageError(f"{file}: expected one shot number a line: {error}") from error
    if shots and (min(shots) < 0 or max(shots) >= count):
        raise UsageError(f"{file} names shots outside the video's 1 ... {count}")
    return sorted(set(shots))


def _lines(file: Path) -> list[str]:
    if not file.is_file():
        raise UsageError(f"no such file: {file}; expected the folders of the query-focused annotations")
    return [line.strip() for line in file.read_text().splitlines() if line.strip()]
