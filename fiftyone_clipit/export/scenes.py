"""What a film shows when: stretches and title cards on one exact clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from fiftyone_clipit.export.stretches import Stretch
from fiftyone_clipit.export.video import Video


@dataclass(frozen=True)
class Scene:
    """A part of a film.

    Attributes:
        video: where it comes from, or what the card tells about.
        stretch: which part of the video.
        is_card: whether this is the title card of the stretch.
        at: when it begins in the film, in seconds.
        length: in seconds.
        fade: for how long it blends with the scene before it.
    """

    video: Video
    stretch: Stretch
    is_card: bool
    at: Fraction
    length: Fraction
    fade: Fraction

    @property
    def end(self) -> Fraction:
        return self.at + self.length

    @property
    def source_start(self) -> Fraction:
        """When the stretch begins in the video, in seconds."""
        return self.video.timeline.start(self.stretch.first_frame)


def plan_scenes(
    shown: Sequence[tuple[Video, Stretch]], *, title_cards: float = 0.0, cross_fade: float = 0.0
) -> list[Scene]:
    """Puts stretches, and cards where they are wanted, one after the other.

    A cross-fade lasts whole frames, and less where a scene is shorter than two of them: never are more than two
    scenes seen at once.

    Args:
        shown: the stretches, in order.
        title_cards: seconds of a card before each; 0 for none.
        cross_fade: seconds that neighbours blend; 0 cuts.

    Raises:
        VideoError: a video cannot be read.
    """
    parts: list[tuple[Video, Stretch, bool, Fraction]] = []
    for video, stretch in shown:
        timeline = video.timeline
        if title_cards:
            n_frames = max(1, round(Fraction(str(title_cards)) * timeline.rate))
            parts.append((video, stretch, True, n_frames / timeline.rate))
        length = timeline.end(stretch.last_frame) - timeline.start(stretch.first_frame)
        parts.append((video, stretch, False, length))
    scenes: list[Scene] = []
    at = Fraction(0)
    for index, (video, stretch, is_card, length) in enumerate(parts):
        fade = Fraction(0)
        if index and cross_fade:
            room = min(Fraction(str(cross_fade)), length / 2, parts[index - 1][3] / 2)
            fade = floor(room * video.timeline.rate) / video.timeline.rate
        scenes.append(Scene(video, stretch, is_card, at - fade, length, fade))
        at += length - fade
    return scenes
