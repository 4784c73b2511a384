"""How things and the camera move: smoothly, and each thing in its own way."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from fiftyone_clipit.drawn.layout import Place
from fiftyone_clipit.drawn.scene import View

_FACES = {"car": 1, "arrow": 1, "fish": -1}
_HOVERING = frozenset({"balloon", "butterfly", "rocket", "moon", "star", "fish", "boat"})
_ROUND = frozenset({"ball", "ring", "face"})


@dataclass(frozen=True)
class Path:
    """One thing's way through a scene.

    Attributes:
        place: where it is on average.
        travel: how far it goes sideways in all, in units of the picture's height; negative to the left.
        bob: how far it swings up and down.
        sway: by how many degrees it swings.
        pace: swings a second.
        phase: where in a swing it begins, in radians.
        rolls: whether it turns as it goes.
    """

    place: Place
    travel: float
    bob: float
    sway: float
    pace: float
    phase: float
    rolls: bool

    def at(self, share: float, second: float) -> Place:
        """The thing's place.

        Args:
            share: how much of the scene is over, 0 to 1.
            second: time since the scene began.
        """
        along = self.travel * (_eased(share) - 0.5)
        swing = math.sin(2 * math.pi * self.pace * second + self.phase)
        turn = math.degrees(along / (self.place.size / 2)) if self.rolls else self.sway * swing
        return replace(
            self.place, x=self.place.x + along, y=self.place.y + self.bob * swing, angle=self.place.angle + turn
        )


@dataclass(frozen=True)
class Camera:
    """A slow pan and zoom over a backdrop that is larger than the picture."""

    start: tuple[float, float, float]
    end: tuple[float, float, float]

    def at(self, share: float) -> tuple[float, float, float]:
        """Left and top of the visible part in [0, 1] of the free room, and its size as a share of the backdrop's."""
        e = _eased(share)
        left, top, part = (a + (b - a) * e for a, b in zip(self.start, self.end, strict=True))
        return left, top, part


def paths(view: View, places: list[Place], aspect: float, rng: np.random.Generator) -> list[Path]:
    """A way for every thing; those of one group go together, so that none hides another for long."""
    travels = [_travel([p for p in places if p.group == k], aspect, rng) for k in range(len(view.groups))]
    ways = []
    for place in places:
        thing, travel = view.groups[place.group].thing, travels[place.group]
        if thing in _FACES:
            place = replace(place, flip=travel * _FACES[thing] < 0)
        hovers = thing in _HOVERING
        bob = place.size * (0.07 if hovers else 0.012)
        sway = 5.0 if hovers and thing not in _FACES else 1.2
        pace = float(rng.uniform(0.9, 1.4) if thing == "butterfly" else rng.uniform(0.2, 0.5))
        ways.append(Path(place, travel, bob, sway, pace, float(rng.uniform(0, 2 * math.pi)), thing in _ROUND))
    return ways


def _travel(places: list[Place], aspect: float, rng: np.random.Generator) -> float:
    room = min(min(place.x, aspect - place.x) - 0.4 * place.size for place in places)
    return float(np.clip(rng.uniform(0.6, 1.0) * 2 * room, 0.06, 0.55)) * float(rng.choice([-1, 1]))


def camera(rng: np.random.Generator) -> Camera:
    """A camera that pans to one side, maybe nearing or leaving a little."""
    left, top = float(rng.uniform(0, 0.35)), float(rng.uniform(0.3, 0.7))
    near, far = sorted(rng.uniform(0.84, 0.97, 2).tolist())
    start, end = (left, top, near), (1 - left, top, far)
    return Camera(start, end) if rng.random() < 0.5 else Camera(end, start)


def _eased(share: float) -> float:
    return 0.5 * share + 0.5 * share * share * (3 - 2 * share)
