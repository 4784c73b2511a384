"""One budget over many videos: the best minutes of a hundred hours."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.summary.frames import Clock
from fiftyone_clipit.summary.looks import SAME, signs
from fiftyone_clipit.summary.segments import UNRELATED, choose_segments
from fiftyone_clipit.summary.types import NO_QUESTION, Segment, Shot

# Candidates that are compared at once: enough for fast products, and few that are compared in vain.
_BLOCK = 256
_ROUNDING = 1e-6


@dataclass(frozen=True)
class Grant:
    """What one video may show of a common budget.

    Attributes:
        shots: indices of its shots that are shown, ascending.
        seconds: how long they may take together; less than they last when the last one is shown in part.
        frames: the same in frames.
    """

    shots: tuple[int, ...] = ()
    seconds: float = 0.0
    frames: int = 0


def spend_across(
    videos: Sequence[Sequence[Shot]],
    budget_seconds: float,
    *,
    min_seconds: float = 0.0,
    deduplicate: bool = True,
) -> list[Grant]:
    """Spends one budget on the shots of all videos, by their raw scores.

    Shots are taken by score until one does not fit; of that one a part is shown, unless the rest of the budget is
    shorter than a part may be, and then whole shots that fit take it, by score. With parts allowed this is the exact
    solution: no other choice within the budget has a greater total of score times length. With `deduplicate`, a shot
    that looks like one of another video that is already shown is passed over; then the choice is greedy. Ties go to
    the earlier video and the earlier shot. Pinned shots come first, dropped ones never. Where a question was asked,
    shots that have nothing to do with it stay out even if budget is left: those in the lowest tenth of the range of
    all scores.

    Time grows with the number of shots that are looked at until the budget is spent, times the number chosen.

    Args:
        videos: the shots of each video.
        budget_seconds: how long all that is shown may take, above 0.
        min_seconds: the least that may be shown of a shot.
        deduplicate: whether footage that several videos have is shown once, where the shots have looks.

    Returns:
        What each video may show; at least one shot in all where there is one that is not dropped.

    Raises:
        UsageError: no positive budget.
    """
    if not budget_seconds > 0:
        raise UsageError(f"the budget must be above 0 seconds, not {budget_seconds}")
    owners = np.repeat(np.arange(len(videos)), [len(shots) for shots in videos])
    places = np.concatenate([np.arange(len(shots)) for shots in videos] or [np.zeros(0, np.int64)])
    shots = [shot for video in videos for shot in video]
    looks = signs([shot.look for shot in shots]) if deduplicate else None
    # lexsort is stable: equals stay in the order of videos and shots.
    order = np.lexsort(([-shot.score for shot in shots], [not shot.pinned for shot in shots]))
    order = order[[not shots[i].dropped for i in order]]
    if any(shot.label != NO_QUESTION for shot in shots):
        order = _answers(shots, order)

    spending = _Spending(budget_seconds, min_seconds)
    for start in range(0, len(order), _BLOCK):
        block = order[start : start + _BLOCK]
        repeats = _repeats(looks, owners, block, list(spending.granted))
        for row, i in enumerate(block):
            if not repeats.is_new(row):
                continue
            if spending.take(int(i), shots[i]):
                repeats.chosen(row)
            if spending.is_spent:
                break
        if spending.is_spent:
            break
    return _grants(len(videos), owners, places, spending.granted, shots)


def segments_of(
    shots: Sequence[Shot],
    grant: Grant,
    frame_numbers: np.ndarray,
    importance: np.ndarray,
    *,
    min_frames: int = 1,
    clock: Clock | None = None,
) -> list[Segment]:
    """The segments of one video that its grant pays for.

    Args:
        shots: all its shots, as `spend_across` got them.
        grant: what that gave.
        frame_numbers: int (T,), 1-based frames of the samples, increasing.
        importance: (T,), importance of the samples, in [0, 1].
        min_frames: the least length of a segment that shows a shot in part.
        clock: the times of the frames.

    Returns:
        Segments in time order, ranked within the video; none for an empty grant.
    """
    if not grant.shots:
        return []
    # By raw score, as among all videos: the shot that is shown in part is the one with the lowest.
    granted = [replace(shots[i], value=shots[i].score + 1.0) for i in grant.shots]
    # What does not answer has been left out already, hence no labels here.
    segments, _ = choose_segments(
        granted,
        frame_numbers,
        importance,
        budget_frames=max(1, grant.frames),
        budget_seconds=grant.seconds,
        min_frames=min_frames,
        clock=clock,
    )
    starts = [shot.first_frame for shot in granted]
    return [
        replace(segment, label=granted[bisect_right(starts, segment.first_frame) - 1].label) for segment in segments
    ]


def _answers(shots: Sequence[Shot], order: np.ndarray) -> np.ndarray:
    scores = np.array([shots[i].score for i in order])
    if not len(scores) or np.ptp(scores) == 0:
        return order
    related = (scores - scores.min()) / np.ptp(scores) >= UNRELATED
    return order[related | np.array([shots[i].pinned for i in order])]


@dataclass
class _Spending:
    """What has been granted so far, and what is left."""

    rest: float
    least: float
    granted: dict[int, float] = field(default_factory=dict)

    @property
    def is_spent(self) -> bool:
        return self.rest <= _ROUNDING

    def take(self, i: int, shot: Shot) -> bool:
        length = shot.end - shot.start
        if length > self.rest + _ROUNDING:
            if self.granted and self.rest < min(self.least, length):
                return False
            length = self.rest
        self.granted[i] = length
        self.rest -= length
        return True


@dataclass
class _Repeats:
    """Which candidates of a block show what a chosen shot of another video shows."""

    new: np.ndarray
    alike: np.ndarray | None

    def is_new(self, row: int) -> bool:
        return bool(self.new[row])

    def chosen(self, row: int) -> None:
        if self.alike is not None:
            self.new &= ~self.alike[row]


def _repeats(looks: np.ndarray | None, owners: np.ndarray, block: np.ndarray, chosen: Sequence[int]) -> _Repeats:
    if looks is None:
        return _Repeats(np.ones(len(block), dtype=bool), None)

    def alike(others: np.ndarray) -> np.ndarray:
        close = looks[block] @ looks[others].T >= SAME
        return np.logical_and(close, owners[block][:, None] != owners[others][None, :])

    shown = alike(np.asarray(chosen, dtype=np.int64))
    return _Repeats(np.logical_not(shown.any(axis=1)), alike(block))


def _grants(
    count: int, owners: np.ndarray, places: np.ndarray, granted: dict[int, float], shots: Sequence[Shot]
) -> list[Grant]:
    grants = [Grant()] * count
    for i in sorted(granted):
        shot, seconds, before = shots[i], granted[i], grants[owners[i]]
        share = seconds / (shot.end - shot.start)
        frames = shot.n_frames if share >= 1 - _ROUNDING else int(share * shot.n_frames)
        grants[owners[i]] = Grant((*before.shots, int(places[i])), before.seconds + seconds, before.frames + frames)
    return grants
