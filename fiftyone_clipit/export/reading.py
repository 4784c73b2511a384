"""Items from the summary.json that the command line writes."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np

from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.export.types import ExportItem
from fiftyone_clipit.summary.types import Segment, Shot

_NAME = "summary.json"


def read_items(path: str | os.PathLike[str]) -> list[ExportItem]:
    """Reads the summaries that `clipit summarize` wrote.

    Args:
        path: the summary.json, or the folder with it.

    Raises:
        UsageError: there is no such file, or it is no summary.
    """
    file = Path(path)
    if file.is_dir():
        file = file / _NAME
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UsageError(f"{file} does not exist; `clipit summarize VIDEO --output DIR` writes one") from None
    except (OSError, ValueError) as error:
        raise UsageError(f"{file} cannot be read as JSON: {error}") from None
    try:
        queries = content.get("settings", {}).get("query") or ["summary"]
        items = [_item(video, " / ".join(queries)) for video in content["videos"]]
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise UsageError(f"{file} is not a summary of `clipit summarize`: {type(error).__name__}: {error}") from None
    if not items:
        raise UsageError(f"{file} holds no summarized video")
    return items


def _item(video: dict[str, Any], title: str) -> ExportItem:
    scores = video.get("scores", [])
    numbers = np.array([score["frame"] for score in scores], dtype=np.int64)
    importance = np.array([score.get("importance", score["score"]) for score in scores], dtype=np.float64)
    times = np.array([score["time"] for score in scores], dtype=np.float64)
    # The file lists segments in time order; ranks are missing in files of other programs.
    by_importance = sorted(range(len(video["segments"])), key=lambda i: -video["segments"][i]["importance"])
    ranks = {index: rank for rank, index in enumerate(by_importance, start=1)}
    return ExportItem(
        source=video["path"],
        segments=[
            _segment(segment, ranks[index], title, numbers, importance)
            for index, segment in enumerate(video["segments"])
        ],
        title=title,
        frame_numbers=numbers if len(numbers) else None,
        times=times if len(numbers) else None,
        importance=importance if len(numbers) else None,
        shots=[
            Shot(
                shot["first_frame"],
                shot["last_frame"],
                float(shot["start"]),
                float(shot["end"]),
                float(shot.get("importance", 0)),
            )
            for shot in video.get("shots", [])
        ],
        attributes={"relevance": video["relevance"]} if "relevance" in video else {},
    )


def _segment(segment: dict[str, Any], rank: int, title: str, numbers: np.ndarray, importance: np.ndarray) -> Segment:
    first, last = int(segment["first_frame"]), int(segment["last_frame"])
    inside = np.flatnonzero((numbers >= first) & (numbers <= last))
    peak = int(numbers[inside[np.argmax(importance[inside])]]) if len(inside) else (first + last) // 2
    return Segment(
        first_frame=first,
        last_frame=last,
        start=float(segment["start"]),
        end=float(segment["end"]),
        importance=float(segment["importance"]),
        rank=int(segment.get("rank", rank)),
        label=str(segment.get("label", title)),
        peak_frame=int(segment.get("peak_frame", peak)),
    )
