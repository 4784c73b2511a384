"""From shots to the segments of a summary, within a budget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.summary.frames import Clock
from fiftyone_clipit.summary.select import select_shots
from fiftyone_clipit.summary.types import NO_QUESTION, Segment, Shot
from fiftyone_clipit.summary.window import best_window

_ROUNDING = 1e-6
# Below this importance a shot has next to nothing to do with what was asked.
UNRELATED = 0.1


def choose_segments(
    shots: Sequence[Shot],
    frame_numbers: np.ndarray,
    importance: np.ndarray,
    *,
    budget_frames: int,
    budget_seconds: float | None = None,
    min_frames: int = 1,
    labels: Sequence[str] | None = None,
    clock: Clock | None = None,
) -> tuple[list[Segment], list[str]]:
    """Picks what the summary shows: the greatest total of value times length that fits the budget.

    The usual knapsack adds up one value a shot whatever its length, and so prefers many short shots to the
    one that matters. Here every frame counts, and one shot may be shown in part, by its best window. With
    that freedom the optimum is to take shots by value until one does not fit and to show the best window of
    that one: the exact solution of the knapsack's linear relaxation, which no choice of whole shots exceeds.
    The best shot is always in it, and a greater budget keeps every shot that a smaller one shows. Where the
    rest of the budget is too short for a window, whole shots fill it by exact knapsack.

    Pinned shots come before all others, dropped ones never. The budget beats everything. It is a limit, not a length
    to be reached: when something was asked, shots that have next to nothing to do with it do not fill it up (unless the
    budget is the whole video: then that is what was asked for).

    Args:
        shots: all shots in time order. Their `value` counts, or their importance when no shot has a value.
        frame_numbers: int (T,), 1-based frames of the samples, increasing.
        importance: (T,), importance of the samples, in [0, 1].
        budget_frames: frames that the summary may take, at least 1.
        budget_seconds: seconds that it may take as well; matters where frames last unequally long.
        min_frames: the least length of a window; a budget below it is used all the same.
        labels: the question that each shot answers; "summary" if left out, when nothing was asked.
        clock: the times of the frames; within a shot they are taken as even if left out.

    Returns:
        Segments in time order, never overlapping, ranked by mean importance; and what the user should know.
        Empty only when there are no shots or all are dropped.

    Raises:
        UsageError: a budget below one frame, arrays of different lengths.
    """
    if budget_frames < 1 or (budget_seconds is not None and not budget_seconds > 0):
        raise UsageError(f"the budget must allow at least one frame, not {budget_frames} frames, {budget_seconds} s")
    if len(frame_numbers) != len(importance) or (labels is not None and len(labels) != len(shots)):
        raise UsageError("frame_numbers needs one importance each, and shots one label each")
    video = _Video(np.asarray(frame_numbers), np.asarray(importance, dtype=np.float64), clock)
    rest = _Rest(budget_frames, budget_seconds)
    use_values = any(shot.value for shot in shots)
    worth = np.array([shot.value if use_values else shot.importance for shot in shots])
    order = sorted(range(len(shots)), key=lambda i: (not shots[i].pinned, -worth[i], i))
    order = [i for i in order if not shots[i].dropped]
    asked = labels is not None and any(label != NO_QUESTION for label in labels)
    if asked and budget_frames < sum(shot.n_frames for shot in shots):
        order = _answers(shots, order)

    parts: dict[int, tuple[int, int]] = {}
    for place, i in enumerate(order):
        whole = (shots[i].first_frame, shots[i].last_frame)
        part = whole if rest.fits(*video.extent(shots[i], whole)) else None
        if part is None and (rest.frames >= min_frames or not parts):
            part = video.window(shots[i], rest)
            short = part is not None and part[1] - part[0] + 1 < min(min_frames, shots[i].n_frames)
            part = None if short and parts else part
        if part is None:
            for j in _fill(shots, order[place + 1 :], worth, rest, video):
                parts[j] = (shots[j].first_frame, shots[j].last_frame)
            break
        parts[i] = part
        rest.take(*video.extent(shots[i], part))
        if rest.frames < 1:
            break
    if order and not parts:
        # Frames that each stay longer than the whole budget in seconds: one is the least that can be shown.
        parts[order[0]] = video.peak(shots[order[0]])
    segments = [video.segment(shots[i], parts[i], labels[i] if labels else NO_QUESTION) for i in sorted(parts)]
    return _ranked(segments), _notes(shots, parts)


@dataclass
class _Rest:
    """What is left of the budget."""

    frames: int
    seconds: float | None

    def fits(self, frames: int, seconds: float) -> bool:
        return frames <= self.frames and (self.seconds is None or seconds <= self.seconds + _ROUNDING)

    def take(self, frames: int, seconds: float) -> None:
        self.frames -= frames
        if self.seconds is not None:
            self.seconds = max(0.0, self.seconds - seconds)


@dataclass(frozen=True)
class _Video:
    numbers: np.ndarray
    importance: np.ndarray
    clock: Clock | None
    curves: dict[int, np.ndarray] = field(default_factory=dict)

    def time(self, shot: Shot, frame: int) -> float:
        """When a frame of the shot appears; one past the last gives the shot's end."""
        if self.clock is not None:
            return float(self.clock.start(frame) if frame <= shot.last_frame else self.clock.end(frame - 1))
        return shot.start + (shot.end - shot.start) * (frame - shot.first_frame) / shot.n_frames

    def extent(self, shot: Shot, part: tuple[int, int]) -> tuple[int, float]:
        """Length of a part of the shot in frames and in seconds."""
        first, last = part
        return last - first + 1, self.time(shot, last + 1) - self.time(shot, first)

    def curve(self, shot: Shot) -> np.ndarray:
        """Importance of every frame of the shot, linear between the samples inside it."""
        if shot.first_frame not in self.curves:
            start, stop = np.searchsorted(self.numbers, [shot.first_frame, shot.last_frame + 1])
            frames = np.arange(shot.first_frame, shot.last_frame + 1)
            self.curves[shot.first_frame] = (
                np.interp(frames, self.numbers[start:stop], self.importance[start:stop])
                if stop > start
                else np.full(len(frames), shot.importance)
            )
        return self.curves[shot.first_frame]

    def window(self, shot: Shot, rest: _Rest) -> tuple[int, int] | None:
        """The best part of the shot that fits, in frame numbers."""
        found = best_window(self.curve(shot), frames=rest.frames)
        if rest.seconds is None or found is None:
            return self.within(shot, found)
        # Only where frames last unequally long does a window that fits in frames not fit in seconds.
        if rest.fits(*self.extent(shot, (shot.first_frame + found[0], shot.first_frame + found[1]))):
            return self.within(shot, found)
        starts = np.array([self.time(shot, f) for f in range(shot.first_frame, shot.last_frame + 2)])
        return self.within(shot, best_window(self.curve(shot), frames=rest.frames, starts=starts, seconds=rest.seconds))

    @staticmethod
    def within(shot: Shot, window: tuple[int, int] | None) -> tuple[int, int] | None:
        """A window of the shot in frame numbers."""
        return None if window is None else (shot.first_frame + window[0], shot.first_frame + window[1])

    def peak(self, shot: Shot) -> tuple[int, int]:
        """The most important frame, as a part."""
        frame = shot.first_frame + int(self.curve(shot).argmax())
        return frame, frame

    def segment(self, shot: Shot, part: tuple[int, int], label: str) -> Segment:
        first, last = part
        curve = self.curve(shot)[first - shot.first_frame : last - shot.first_frame + 1]
        start, stop = np.searchsorted(self.numbers, [first, last + 1])
        peak = first + int(curve.argmax())
        if stop > start:
            peak = int(self.numbers[start + int(self.importance[start:stop].argmax())])
        mean = min(max(float(curve.mean()), 0.0), 1.0)
        return Segment(first, last, self.time(shot, first), self.time(shot, last + 1), mean, 0, label, peak)


def _answers(shots: Sequence[Shot], order: list[int]) -> list[int]:
    """The shots that have to do with what was asked, or else the best there is."""
    return [i for i in order if shots[i].pinned or shots[i].importance >= UNRELATED] or order[:1]


def _fill(shots: Sequence[Shot], candidates: Sequence[int], worth: np.ndarray, rest: _Rest, video: _Video) -> list[int]:
    """Whole shots for the rest of the budget, which is shorter than a window may be."""
    small = sorted(i for i in candidates if shots[i].n_frames <= rest.frames)
    if not small:
        return []
    lengths = np.array([shots[i].n_frames for i in small])
    picked = [small[k] for k in select_shots(worth[small] * lengths, lengths, rest.frames)]
    filled = []
    for i in sorted(picked, key=lambda i: (-worth[i], i)):
        frames, seconds = video.extent(shots[i], (shots[i].first_frame, shots[i].last_frame))
        if rest.fits(frames, seconds):
            rest.take(frames, seconds)
            filled.append(i)
    return filled


def _ranked(segments: Sequence[Segment]) -> list[Segment]:
    order = sorted(range(len(segments)), key=lambda i: (-segments[i].importance, i))
    ranks = {i: rank for rank, i in enumerate(order, start=1)}
    return [
        Segment(s.first_frame, s.last_frame, s.start, s.end, s.importance, ranks[i], s.label, s.peak_frame)
        for i, s in enumerate(segments)
    ]


def _notes(shots: Sequence[Shot], parts: dict[int, tuple[int, int]]) -> list[str]:
    notes = []
    pinned = [i for i, shot in enumerate(shots) if shot.pinned and not shot.dropped]
    missing = [i for i in pinned if i not in parts]
    cut = [i for i in pinned if i in parts and parts[i][1] - parts[i][0] + 1 < shots[i].n_frames]
    if missing or cut:
        notes.append(
            f"the {len(pinned)} pinned shots are longer than the budget: "
            f"{len(pinned) - len(missing) - len(cut)} shown whole, {len(cut)} in part, {len(missing)} left out"
        )
    if shots and not parts and all(shot.dropped for shot in shots):
        notes.append("every shot is dropped: the summary is empty")
    return notes
