"""Writing summaries into a dataset: fast, in bounded batches, and never half of one that counts as done.

A video's mark of being done is its relevance, which is written after everything else of its batch.
Whatever a killed run leaves behind without that mark is written again by the next run.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Literal

import fiftyone as fo
import numpy as np
from bson import ObjectId
from fiftyone.core.frame import Frame

from fiftyone_clipit.dataset.fields import SummaryFields
from fiftyone_clipit.dataset.labels import segments_to_labels, shots_to_labels
from fiftyone_clipit.dataset.videos import select
from fiftyone_clipit.summary.types import Summary

Frames = Literal["all", "sampled"]
Curve = tuple[np.ndarray, np.ndarray]

# Frames that wait to be written at most, and how long: what a kill may cost, and how live the App is.
_MOST_FRAMES = 20_000
_MOST_SECONDS = 2.0


class SummaryWriter:
    """Collects summaries and writes them batch by batch.

    Args:
        dataset: the dataset; its fields for `key` exist.
        key: the summary's key.
        budget: what the segments were chosen for.
        frames: whether every frame gets its importance, or the sampled ones only.
    """

    def __init__(self, dataset: fo.Dataset, key: str, *, budget: float | str, frames: Frames = "all") -> None:
        self.n_frames = 0
        self._dataset = dataset
        self._fields = SummaryFields(key)
        self._budget = budget
        self._frames = frames
        self._summaries: dict[str, Summary] = {}
        self._metadata: dict[str, fo.VideoMetadata] = {}
        self._waiting = 0
        self._since = time.monotonic()

    def add(self, sample_id: str, summary: Summary, metadata: fo.VideoMetadata | None = None) -> None:
        """Takes one video's summary, and its metadata where the sample has none."""
        if not self._summaries:
            self._since = time.monotonic()
        self._summaries[sample_id] = summary
        if metadata is not None:
            self._metadata[sample_id] = metadata
        self._waiting += summary.shots[-1].last_frame - summary.shots[0].first_frame + 1
        if self._waiting >= _MOST_FRAMES or time.monotonic() - self._since >= _MOST_SECONDS:
            self.flush()

    def flush(self) -> None:
        """Writes all that waits."""
        if not self._summaries:
            return
        fields, summaries = self._fields, self._summaries
        curves = {sample_id: curve(summary, self._frames) for sample_id, summary in summaries.items()}
        write_frames(self._dataset, fields.key, curves)
        for field, values in (
            ("metadata", self._metadata),
            (fields.shots, {i: shots_to_labels(s.shots) for i, s in summaries.items()}),
            (fields.summary, {i: segments_to_labels(s.segments, self._budget) for i, s in summaries.items()}),
            (fields.relevance, {i: float(s.relevance) for i, s in summaries.items()}),
        ):
            if values:
                self._dataset.set_values(field, values, key_field="id")
        self.n_frames += sum(len(numbers) for numbers, _ in curves.values())
        self._summaries, self._metadata, self._waiting = {}, {}, 0


def curve(summary: Summary, frames: Frames) -> Curve:
    """The frame numbers that get an importance, and their importance."""
    return summary.every_frame() if frames == "all" else (summary.frame_numbers, summary.importance)


def write_frames(dataset: fo.Dataset, field: str, curves: Mapping[str, Curve]) -> None:
    """Sets a float field of many frames; the videos' other frames have no value of it afterwards.

    Frames that are new are inserted whole, so that they have what FiftyOne's own frames have: their dataset and the
    time of their creation. Those that exist get their values by one command a video. Both are several times faster
    than one update a frame, which is all that FiftyOne's own methods know.

    Args:
        dataset: the dataset; it has the frame field.
        field: the frame field's name, without the prefix `frames.`.
        curves: sample id -> frame numbers (n,), 1-based, increasing, and values (n,).
    """
    collection = dataset._frame_collection
    for ids in _chunks(curves):
        now = datetime.now(UTC)
        known = dict(zip(*select(dataset, ids).values(["id", "frames.frame_number"]), strict=True))
        new = []
        for sample_id in ids:
            numbers, values = curves[sample_id]
            there = np.isin(numbers, known[sample_id])
            if len(known[sample_id]) > there.sum():
                others = {"_sample_id": ObjectId(sample_id), "frame_number": _outside(numbers), field: {"$ne": None}}
                collection.update_many(others, {"$set": {field: None, "last_modified_at": now}})
            common = {"_sample_id": ObjectId(sample_id), "_dataset_id": dataset._doc.id, "created_at": now}
            pairs = zip(numbers[~there].tolist(), values[~there].tolist(), strict=True)
            new += [{**common, "frame_number": n, field: value, "last_modified_at": now} for n, value in pairs]
            for start in range(0, int(there.sum()), _MOST_FRAMES):
                part = slice(start, start + _MOST_FRAMES)
                old = numbers[there][part], values[there][part]
                collection.update_many(*_update(ObjectId(sample_id), field, old, now))
        if new:
            collection.insert_many(new, ordered=False)
    # Frames that someone holds in memory show what is stored now.
    Frame._reload_docs(dataset._frame_collection_name)


def _outside(numbers: np.ndarray) -> dict:
    """Matches the frames that are not among these numbers."""
    whole = len(numbers) and len(numbers) == numbers[-1] - numbers[0] + 1
    if whole:
        return {"$not": {"$gte": int(numbers[0]), "$lte": int(numbers[-1])}}
    return {"$nin": numbers.tolist()}


def _update(sample_id: ObjectId, field: str, values: Curve, now: datetime) -> tuple[dict, list[dict]]:
    """Which frames to update, and how: each takes its value from a table by its number."""
    numbers, chosen = values
    first = int(numbers[0])
    table: list[float | None] = [None] * (int(numbers[-1]) - first + 1)
    for number, value in zip(numbers.tolist(), chosen.tolist(), strict=True):
        table[number - first] = value
    by_number = {"$arrayElemAt": [{"$literal": table}, {"$subtract": ["$frame_number", first]}]}
    wanted = {"$in": numbers.tolist()} if None in table else {"$gte": first, "$lte": int(numbers[-1])}
    return (
        {"_sample_id": sample_id, "frame_number": wanted},
        [{"$set": {field: by_number, "last_modified_at": now}}],
    )


def _chunks(curves: Mapping[str, Curve]) -> list[list[str]]:
    """The samples in groups of bounded frame counts; a longer video is a group of its own."""
    groups: list[list[str]] = []
    room = 0
    for sample_id, (numbers, _) in curves.items():
        if not groups or len(numbers) > room:
            groups.append([])
            room = _MOST_FRAMES
        groups[-1].append(sample_id)
        room -= len(numbers)
    return groups
