"""What the panel's player plays, kept in the panel's state; one stretch, or all segments one after the other."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from fiftyone_clipit.summary.types import Segment

# A player stops some frames before or after the end that it was given.
_SLACK = 0.4

Playing = dict[str, Any]


def stretch(before: Playing | None, video: str, start: float, end: float | None = None) -> Playing:
    """Plays from a time, to another one or to the end.

    The turn is part of the player's name: the App starts a player anew only when its name is new.
    """
    return {"video": video, "start": start, "end": end, "turn": (before or {}).get("turn", 0) + 1}


def sequence(before: Playing | None, video: str, segments: Sequence[Segment], index: int = 0) -> Playing:
    """Plays a segment, to be followed by the others."""
    segment = segments[index]
    return {**stretch(before, video, segment.start, segment.end), "sequence": index, "played": 0.0, "since": None}


def resumed(playing: Playing) -> Playing:
    """The player began or went on."""
    return {**playing, "since": time.time()}


def paused(playing: Playing, segments: Sequence[Segment]) -> Playing | None:
    """The player stopped: at the segment's end, then the next one follows; or because the user wanted it.

    Returns:
        What to play or to stay with; None after the last segment.
    """
    since = playing.get("since")
    played = playing["played"] + (time.time() - since if since else 0.0)
    if played < playing["end"] - playing["start"] - _SLACK:
        return {**playing, "played": played, "since": None}
    following = playing["sequence"] + 1
    return sequence(playing, playing["video"], segments, following) if following < len(segments) else None
