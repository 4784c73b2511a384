"""Which of the training videos are set aside to validate on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.training.examples import VideoExample


def set_aside(
    examples: Sequence[VideoExample], share: float, seed: int, *, positives: bool
) -> tuple[list[VideoExample], list[VideoExample]]:
    """Splits off a share of the videos, drawn by the seed; all examples of a video go together.

    Args:
        examples: of all videos.
        share: of the videos, in [0, 1).
        seed: draws them.
        positives: whether targets teach: some above 0, which the whole has, must be left to train on, and, where
            several videos have them, be set aside, too. A draw that gives one side all of them is mended.

    Returns:
        The examples to train on, and those set aside.

    Raises:
        UsageError: a share that is none, or that leaves nothing to train on.
    """
    if not 0 <= share < 1:
        raise UsageError(f"val is {share}: expected the share of the videos to set aside, in [0, 1), or examples")
    if share == 0:
        return list(examples), []
    videos = sorted({example.video for example in examples})
    count = max(1, round(share * len(videos)))
    if count >= len(videos):
        raise UsageError(f"val is {share}: it leaves none of the {len(videos)} videos to train on")
    drawn = [videos[index] for index in np.random.default_rng(seed).permutation(len(videos))]
    if positives:
        _mend(drawn, count, {example.video for example in examples if _important(example)})
    chosen = set(drawn[:count])
    held_out = [example for example in examples if example.video in chosen]
    return [example for example in examples if example.video not in chosen], held_out


def _important(example: VideoExample) -> bool:
    return example.targets is not None and bool(np.nanmax(example.targets, initial=0) > 0)


def _mend(drawn: list[str], count: int, important: set[str]) -> None:
    """Swaps two videos where all that have something important are among the first `count`, or none is."""
    places = [place for place, video in enumerate(drawn) if video in important]
    if places[-1] < count:
        wrong, right = places[-1], count
    elif places[0] >= count and len(places) > 1:
        wrong, right = 0, places[0]
    else:
        return
    drawn[wrong], drawn[right] = drawn[right], drawn[wrong]
