"""What the panel shows of one video, as plain values: drawn by the part in JavaScript (`plugin/js/src/video.js`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from fiftyone_clipit.dataset.thumbnails import n_late, thumbnails, thumbnails_there
from fiftyone_clipit.errors import VideoError
from fiftyone_clipit.plugin.panel.budget import budget_shown
from fiftyone_clipit.plugin.panel.curve import Curve, thin, ticks, times_of
from fiftyone_clipit.plugin.panel.watched import Watched, overlap, shot_of
from fiftyone_clipit.plugin.panel.words import clock, length, many, mark, media_url, percent
from fiftyone_clipit.summary.types import Segment, Shot

_MOST_CARDS = 240


def shown(watched: Watched) -> dict[str, Any]:
    """Everything that is drawn of a video.

    `mark` changes with everything but the budget on trial: what was tried before it changed no longer counts.
    """
    parts = many(len(watched.segments), "segment")
    best = sorted(watched.segments, key=lambda segment: (segment.rank, segment.first_frame))[:_MOST_CARDS]
    return {
        "of": {"video": watched.sample_id, "summary": watched.key},
        "mark": _mark(watched),
        "question": {"asked": watched.asked, "problem": watched.problem, "waiting": watched.waiting},
        "video": {"url": media_url(watched.path), "seconds": round(watched.duration, 3)},
        "selection": f"{length(watched.chosen)} of {length(watched.duration)} in {parts}",
        "overlap": _overlap(watched.curves),
        "curves": [_curve(curve) for curve in watched.curves],
        "shots": [_shot(shot) for shot in watched.shots],
        "ticks": ticks(watched.shots),
        "budget": budget_shown(watched),
        "segments": [
            _segment(watched, segment, picture) for segment, picture in zip(best, _pictures(watched, best), strict=True)
        ],
    }


def _mark(watched: Watched) -> str:
    decisions = "".join("p" if shot.pinned else "d" if shot.dropped else "." for shot in watched.shots)
    names = [curve.name for curve in watched.curves]
    return mark(f"{watched.key} {watched.sample_id} {watched.usual} {names} {decisions}")


def _overlap(curves: Sequence[Curve]) -> str | None:
    if len(curves) < 2:
        return None
    share = overlap(curves[0].segments, curves[1].segments)
    return f"The two selections share {percent(share)} of what either of them shows"


def _curve(curve: Curve) -> dict[str, Any]:
    drawn = thin(curve.values)
    return {
        "name": curve.name,
        "times": curve.times[drawn].round(3).tolist(),
        "frames": curve.frames[drawn].tolist(),
        "values": curve.values[drawn].round(3).tolist(),
        "segments": [[round(segment.start, 3), round(segment.end, 3)] for segment in curve.segments],
    }


def _shot(shot: Shot) -> list[Any]:
    decision = "pinned" if shot.pinned else "dropped" if shot.dropped else None
    times = (round(shot.start, 3), round(shot.end, 3))
    return [shot.first_frame, shot.last_frame, *times, round(shot.importance, 3), decision]


def _segment(watched: Watched, segment: Segment, picture: str | None) -> dict[str, Any]:
    shot = watched.shots[shot_of(watched.shots, segment.first_frame)]
    return {
        "first": segment.first_frame,
        "last": segment.last_frame,
        "start": segment.start,
        "end": segment.end,
        "when": f"{clock(segment.start)} - {clock(segment.end)}",
        "label": segment.label,
        "rank": segment.rank,
        "importance": round(segment.importance, 4),
        "peak": segment.peak_frame,
        "picture": picture,
        "shot": [shot.first_frame, shot.last_frame],
        "pinned": bool(shot.pinned),
        "tags": list(watched.tags.get((segment.first_frame, segment.last_frame), ())),
    }


def _pictures(watched: Watched, segments: Sequence[Segment]) -> list[str | None]:
    """The pictures that are there; the others are asked for once everything else is on the screen."""
    try:
        files = thumbnails_there(watched.path, _times(watched, [segment.peak_frame for segment in segments]))
    except VideoError:
        files = [None] * len(segments)
    return [media_url(file) if file else None for file in files]


def pictures(watched: Watched, frames: Sequence[int]) -> dict[str, str | None]:
    """Makes pictures of frames of a video.

    Args:
        watched: the video.
        frames: 1-based.

    Returns:
        Where each is served, by its frame; None where there can be none. Those that are still being made are left out:
        it is worth asking for them again.
    """
    before = n_late()
    try:
        files = thumbnails(watched.path, _times(watched, frames))
    except VideoError:
        return dict.fromkeys(map(str, frames))
    late = n_late() != before
    there = {str(frame): media_url(file) if file else None for frame, file in zip(frames, files, strict=True)}
    return {frame: url for frame, url in there.items() if url or not late}


def _times(watched: Watched, frames: Sequence[int]) -> list[float]:
    return [float(time) for time in times_of(watched.shots, np.array(frames, dtype=np.int64))]
