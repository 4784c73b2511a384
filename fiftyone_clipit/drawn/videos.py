"""Videos of the drawn world, made of scenes of which one knows what they show and from when to when."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import numpy as np
from PIL import Image

from fiftyone_clipit.drawn.captions import full_caption, full_claim
from fiftyone_clipit.drawn.layout import arrange
from fiftyone_clipit.drawn.motion import camera, paths
from fiftyone_clipit.drawn.palette import COLOURS
from fiftyone_clipit.drawn.picture import paint
from fiftyone_clipit.drawn.scene import MANY, Group, View
from fiftyone_clipit.drawn.settings import SETTINGS, backdrop
from fiftyone_clipit.drawn.sprites import OBJECTS
from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.media.writer import VideoWriter

SOUND_RATE = 24_000
"""Samples per second of a drawn video's sound."""


@dataclass(frozen=True)
class Scene:
    """Some seconds of one view.

    Attributes:
        view: what is seen.
        seconds: how long.
    """

    view: View
    seconds: float

    @property
    def caption(self) -> str:
        """What is seen, in a sentence."""
        return full_caption(self.view)


@dataclass(frozen=True)
class Planted:
    """Where in a video a scene is.

    Attributes:
        caption: what it shows.
        first_frame: 1-based.
        last_frame: 1-based, the last one that shows it.
        start: seconds from the video's start.
        end: seconds, where the next scene begins.
    """

    caption: str
    first_frame: int
    last_frame: int
    start: float
    end: float


def scene(thing: str, colour: str, setting: str, seconds: float, *, count: int = 1, size: float = 0.42) -> Scene:
    """A scene with things of one kind.

    Args:
        thing: one of `sprites.OBJECTS`.
        colour: one of `palette.COLOURS`.
        setting: one of `settings.SETTINGS`.
        seconds: how long.
        count: how many things.
        size: height of one, as a fraction of the picture's height.

    Raises:
        UsageError: a name that the drawn world does not have.
    """
    for name, known, kind in ((thing, OBJECTS, "thing"), (colour, COLOURS, "colour"), (setting, SETTINGS, "setting")):
        if name not in known:
            raise UsageError(f"the drawn world has no {kind} '{name}'; it has {', '.join(known)}")
    return Scene(View(setting, (Group(thing, colour, count, size),)), seconds)


def draw_video(
    path: str | os.PathLike[str],
    scenes: Sequence[Scene],
    *,
    rate: Fraction | int | str = 24,
    size: tuple[int, int] = (320, 240),
    seed: int = 0,
    audio: Literal["tones"] | None = None,
) -> list[Planted]:
    """Draws scenes one after the other, with hard cuts between them, into an mp4.

    Args:
        path: the target.
        scenes: what to draw.
        rate: frames per second.
        size: width and height in pixels.
        seed: decides places, shades, motion and backdrops.
        audio: "tones" gives each scene a tone of its own; None leaves the video silent.

    Returns:
        Where each scene is.

    Raises:
        UsageError: no scene, or one that is shorter than a frame.
        ExportError: the file cannot be written.
    """
    if not scenes:
        raise UsageError("a video needs at least one scene")
    exact = Fraction(rate)
    planted: list[Planted] = []
    done = 0
    with VideoWriter(path, rate=exact, sound_rate=SOUND_RATE if audio else None) as video:
        for index, one in enumerate(scenes):
            count = round(one.seconds * exact)
            if count < 1:
                raise UsageError(f"scene {index} lasts {one.seconds} s, less than a frame")
            for image in scene_frames(one, count, rate=exact, size=size, seed=seed * 1000 + index):
                video.write(np.asarray(image))
            if audio:
                video.write_sound(
                    _tone(index, round(done / exact * SOUND_RATE), round((done + count) / exact * SOUND_RATE))
                )
            start, end = float(done / exact), float((done + count) / exact)
            planted.append(Planted(one.caption, done + 1, done + count, start, end))
            done += count
    return planted


def tone_pitch(index: int) -> float:
    """The pitch, in Hz, of a scene's tone: the scenes climb a pentatonic scale of three octaves."""
    octave, step = divmod(index % 15, 5)
    return 220.0 * 2 ** (octave + (0, 2, 4, 7, 9)[step] / 12)


def _tone(index: int, first: int, last: int) -> np.ndarray:
    time = np.arange(last - first) / SOUND_RATE
    edges = np.minimum(1, np.minimum(time, time[::-1]) / 0.02)
    pitch = tone_pitch(index)
    wave = np.sin(2 * np.pi * pitch * time) + 0.3 * np.sin(4 * np.pi * pitch * time)
    return 0.2 * edges * wave


def scene_frames(one: Scene, count: int, *, rate: Fraction, size: tuple[int, int], seed: int) -> Iterator[Image.Image]:
    """The pictures of a scene, in order: the camera pans over the backdrop, the things go their ways."""
    rng = np.random.default_rng(seed)
    aspect = size[0] / size[1]
    room = (round(size[0] * 1.3), round(size[1] * 1.15))
    behind = backdrop(one.view.setting, room, int(rng.integers(2**31)))
    ways = paths(one.view, arrange(one.view, aspect, rng, tilt=4, staged=True), aspect, rng)
    eye = camera(rng)
    for k in range(count):
        share = k / max(count - 1, 1)
        left, top, part = eye.at(share)
        tall = room[1] * part
        wide = min(tall * aspect, room[0])
        x, y = left * (room[0] - wide), top * (room[1] - tall)
        seen = (x, y, x + wide, y + tall)
        image = behind.transform(size, Image.Transform.EXTENT, seen, Image.Resampling.BILINEAR)
        paint(image, one.view, [way.at(share, float(k / rate)) for way in ways])
        yield image


def random_scenes(seed: int, n: int = 6, *, seconds: tuple[float, float] = (5.0, 12.0)) -> tuple[list[Scene], int]:
    """Scenes of which one can be asked for: no other fits its sentence, though some come near.

    All settings differ as long as there are enough of them; one other scene has the same thing in another colour,
    one the same colour on another thing.

    Args:
        seed: decides everything.
        n: how many scenes, at least 3.
        seconds: the shortest and the longest that a scene may last.

    Returns:
        The scenes, and the index of the one to ask for; its `caption` is the question.
    """
    if n < 3:
        raise UsageError(f"n must be at least 3, not {n}")
    rng = np.random.default_rng(seed)
    settings = [str(name) for name in rng.permutation(list(SETTINGS) * -(-n // len(SETTINGS)))[:n]]
    answer = int(rng.integers(n))
    target = _random_group(rng)
    rest = [k for k in range(n) if k != answer]
    same_thing, same_colour = (int(k) for k in rng.choice(rest, 2, replace=False))
    claim = full_claim(View(settings[answer], (target,)))
    scenes = []
    for k in range(n):
        group = _random_group(rng)
        if k == answer:
            group = target
        elif k == same_thing:
            group = Group(target.thing, _other(COLOURS, target.colour, rng), group.count, group.size)
        elif k == same_colour:
            group = Group(_other(OBJECTS, target.thing, rng), target.colour, group.count, group.size)
        view = View(settings[k], (group,))
        while k != answer and claim.fits(view):
            view = View(settings[k], (_random_group(rng),))
        scenes.append(Scene(view, round(float(rng.uniform(*seconds)), 2)))
    return scenes, answer


def _random_group(rng: np.random.Generator) -> Group:
    count = int(rng.choice([1, 2, 3, MANY], p=[0.6, 0.18, 0.12, 0.1]))
    size = float(rng.uniform(0.3, 0.6)) if count == 1 else float(rng.uniform(0.24, 0.34))
    return Group(_other(OBJECTS, "", rng), _other(COLOURS, "", rng), count, size)


def _other(names: dict, not_this: str, rng: np.random.Generator) -> str:
    left = [name for name in names if name != not_this]
    return left[rng.integers(len(left))]
