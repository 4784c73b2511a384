"""The summaries of many videos under one budget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from fiftyone_clipit.media.timeline import Timeline
from fiftyone_clipit.settings import Settings
from fiftyone_clipit.summary.across import Grant, segments_of, spend_across
from fiftyone_clipit.summary.budget import parse_budget
from fiftyone_clipit.summary.types import Shot, Summary


def share_budget(videos: Sequence[tuple[Summary, Timeline]], settings: Settings) -> list[Summary]:
    """Chooses the segments of videos that have one budget for all of them.

    Args:
        videos: each video's summary, as far as `Summarizer.summarize` makes it with scope "dataset", and its timeline.
        settings: what decides the result.

    Returns:
        The summaries with their segments, which are none for a video that has nothing among the best.
    """
    grants = grant_shots([summary.shots for summary, _ in videos], settings)
    return [
        replace(
            summary,
            segments=segments_of(
                summary.shots,
                grant,
                summary.frame_numbers,
                summary.importance,
                min_frames=max(1, round(settings.min_length * float(timeline.rate))),
                clock=timeline,
            ),
        )
        for (summary, timeline), grant in zip(videos, grants, strict=True)
    ]


def grant_shots(videos: Sequence[Sequence[Shot]], settings: Settings) -> list[Grant]:
    """What each video may show of the settings' budget, which is for all of them together.

    Args:
        videos: the shots of each video.
        settings: budget, least length, and whether footage is shown once.
    """
    total = sum(shots[-1].end - shots[0].start for shots in videos if shots)
    if total <= 0:
        return [Grant()] * len(videos)
    limit = float(parse_budget(settings.budget).limit(total))
    return spend_across(videos, limit, min_seconds=settings.min_length, deduplicate=settings.deduplicate)
