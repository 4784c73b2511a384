"""Drawn videos whose importance is known by a rule, as sequences of features: the data of `drawn_summaries.py`.

A video is a row of scenes of the drawn world, each a thing in a place for a few seconds, sampled twice a second. Some
things come back, in the same place but drawn anew. The pictures are drawn and encoded one by one; no video file is
written or read, so decoding has no part in it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from fiftyone_clipit.drawn.palette import COLOURS
from fiftyone_clipit.drawn.scene import Group, View
from fiftyone_clipit.drawn.settings import SETTINGS
from fiftyone_clipit.drawn.sprites import OBJECTS
from fiftyone_clipit.drawn.videos import Scene, scene_frames
from fiftyone_clipit.encoders.clip import Encoder
from fiftyone_clipit.scoring.text import embed
from fiftyone_clipit.training import VideoExample

FPS = 2
SIZE = (192, 144)
SCENES = 12
THINGS = 5
HELD_OUT = 8


@dataclass(frozen=True, eq=False)
class DrawnVideo:
    """One video.

    Attributes:
        name: its name.
        features: float32 (T, dim).
        things: what each scene shows.
        scene: int64 (T,), which scene each sample is of.
    """

    name: str
    features: np.ndarray
    things: tuple[str, ...]
    scene: np.ndarray


def vocabulary(seed: int) -> tuple[list[str], list[str]]:
    """The things that training sees and those that it does not, neither in pictures nor in words."""
    names = [str(name) for name in np.random.default_rng([2107, seed]).permutation(sorted(OBJECTS))]
    return names[HELD_OUT:], names[:HELD_OUT]


def draw_sequences(encoder: Encoder, count: int, things: list[str], seed: list[int], prefix: str) -> list[DrawnVideo]:
    """Draws and encodes videos that show some of the things; the same for the same seed."""
    return [_draw(encoder, things, [*seed, index], f"{prefix}-{index}") for index in range(count)]


def importance(video: DrawnVideo, query: str | None) -> np.ndarray:
    """The rule, float64 (T,) in [0, 1]: what is asked for counts most, then what is rare; what repeats counts half.

    A scene is worth 0.7 when it shows what is asked for, plus 0.3 divided by the number of scenes with the same
    thing; half of that when an earlier scene showed the same thing. Without a query only rarity and repetition count.
    """
    count = Counter(video.things)
    worth = []
    for index, thing in enumerate(video.things):
        value = 0.7 * (thing == query) + 0.3 / count[thing] if query else 1.0 / count[thing]
        worth.append(value / 2 if thing in video.things[:index] else value)
    return np.array(worth)[video.scene]


def ask(video: DrawnVideo, vectors: dict[str, np.ndarray]) -> dict[str, VideoExample]:
    """A question for each thing that a video shows."""
    return {
        thing: VideoExample(
            f"{video.name}?{thing}", video.features, importance(video, thing), vectors[thing], video=video.name
        )
        for thing in sorted(set(video.things))
    }


def gist(video: DrawnVideo) -> VideoExample:
    """A video without a question."""
    return VideoExample(video.name, video.features, importance(video, None))


def wordings(encoder: Encoder, things: list[str]) -> dict[str, np.ndarray]:
    """The vectors of a question for each thing, in the wordings that the pipeline gives to a network."""
    return dict(zip(things, embed([f"a {thing}" for thing in things], encoder).wordings, strict=True))


def _draw(encoder: Encoder, things: list[str], seed: list[int], name: str) -> DrawnVideo:
    rng = np.random.default_rng(seed)
    cast = [str(thing) for thing in rng.choice(things, THINGS, replace=False)]
    # One thing is shown once, the last most often: from rare to frequent.
    share = np.array([0.0, 1.0, 1.0, 2.0, 3.0])
    shown = [*cast, *(str(thing) for thing in rng.choice(cast, SCENES - THINGS, p=share / share.sum()))]
    shown = [shown[index] for index in rng.permutation(SCENES)]
    views = {
        thing: View(
            str(rng.choice(list(SETTINGS))), (Group(thing, str(rng.choice(list(COLOURS))), 1, rng.uniform(0.35, 0.6)),)
        )
        for thing in cast
    }
    pictures: list[np.ndarray] = []
    scene: list[int] = []
    for index, thing in enumerate(shown):
        count = int(rng.integers(3, 7))
        frames = scene_frames(
            Scene(views[thing], count / FPS), count, rate=Fraction(FPS), size=SIZE, seed=int(rng.integers(2**31))
        )
        pictures += [np.asarray(frame) for frame in frames]
        scene += [index] * count
    features = encoder.encode_images(pictures).astype(np.float32)
    return DrawnVideo(name, features, tuple(shown), np.array(scene))
