"""What a summary consists of. Frame numbers are 1-based and inclusive, times are seconds from the first frame."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

# The label of what was chosen without a question.
NO_QUESTION = "summary"


@dataclass(frozen=True)
class Shot:
    """A stretch of video that belongs together.

    Attributes:
        first_frame: its first frame, 1-based.
        last_frame: its last frame, inclusive.
        start: when the first frame appears, in seconds.
        end: when the last frame gives way to the next, in seconds.
        importance: mean importance of its frames, in [0, 1].
        score: mean raw score of its frames; comparable between videos.
        value: what it is worth to a summary: importance, less what better shots already show.
        pinned: a person decided that it belongs to every summary.
        dropped: a person decided that it belongs to none.
        label: what it answers: the query that it fits best, or "summary".
        look: what it looks like, to know the same footage in another video; empty where nobody will ask.
    """

    first_frame: int
    last_frame: int
    start: float
    end: float
    importance: float
    score: float = 0.0
    value: float = 0.0
    pinned: bool = False
    dropped: bool = False
    label: str = "summary"
    look: str = ""

    @property
    def n_frames(self) -> int:
        return self.last_frame - self.first_frame + 1


@dataclass(frozen=True)
class Segment:
    """A stretch of video that the summary shows.

    Attributes:
        first_frame: its first frame, 1-based.
        last_frame: its last frame, inclusive.
        start: when the first frame appears, in seconds.
        end: when the last frame gives way to the next, in seconds.
        importance: mean importance of its frames, in [0, 1].
        rank: 1 for the most important segment of the video, 2 for the next, ...
        label: what it answers: the query that chose it, or "summary".
        peak_frame: its most important sampled frame, 1-based: the frame to show as its picture.
    """

    first_frame: int
    last_frame: int
    start: float
    end: float
    importance: float
    rank: int
    label: str
    peak_frame: int

    @property
    def n_frames(self) -> int:
        return self.last_frame - self.first_frame + 1


@dataclass(frozen=True, eq=False)
class Summary:
    """Everything that scoring one video gave.

    Attributes:
        frame_numbers: int64 (T,), the 1-based numbers of the sampled frames, increasing.
        times: float64 (T,), their times in seconds.
        scores: float64 (T,), raw score of each, in [0, 1]; comparable between videos.
        importance: float64 (T,), smoothed and scaled to [0, 1] within this video.
        relevance: mean of the highest 5 % of `scores`.
        shots: all shots in time order; together they cover every frame of the video once.
        segments: the chosen stretches in time order.
        notes: what the user should know (a budget longer than the video, ...).
    """

    frame_numbers: np.ndarray
    times: np.ndarray
    scores: np.ndarray
    importance: np.ndarray
    relevance: float
    shots: list[Shot]
    segments: list[Segment]
    notes: list[str] = field(default_factory=list)

    def every_frame(self) -> tuple[np.ndarray, np.ndarray]:
        """Importance of every frame that the shots cover, linear between the samples.

        Returns:
            The 1-based frame numbers, int64 (n,), and their importance, float64 (n,).
        """
        numbers = np.arange(self.shots[0].first_frame, self.shots[-1].last_frame + 1)
        return numbers, np.interp(numbers, self.frame_numbers, self.importance)
