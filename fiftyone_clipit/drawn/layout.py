"""Where the things of a view are: apart from each other and inside the picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fiftyone_clipit.drawn.scene import View
from fiftyone_clipit.drawn.settings import SETTINGS


@dataclass(frozen=True)
class Place:
    """One thing's place.

    Attributes:
        group: index of its group in the view.
        x: centre in units of the picture's height.
        y: centre in units of the picture's height.
        size: height in units of the picture's height.
        variant: tone of its colour.
        angle: degrees, clockwise.
        flip: whether left and right are exchanged.
    """

    group: int
    x: float
    y: float
    size: float
    variant: int = 0
    angle: float = 0.0
    flip: bool = False


FLYING = frozenset({"balloon", "butterfly", "rocket", "moon", "star"})
"""What need not stand on the ground."""


def arrange(
    view: View, aspect: float, rng: np.random.Generator, *, tilt: float = 8.0, staged: bool = False
) -> list[Place]:
    """Finds a place for every thing of the view, the important ones last, so that they lie on top.

    Args:
        view: what is there.
        aspect: width of the picture divided by its height.
        rng: decides the places.
        tilt: degrees by which things lean, one standard deviation.
        staged: whether things keep to the middle, and stand on the ground where there is one.
    """
    places: list[Place] = []
    for index, group in enumerate(view.groups):
        variant = int(rng.integers(4))
        stands = staged and _stands(group.thing, view.setting)
        for _ in range(group.count):
            size = group.size * float(rng.uniform(0.88, 1.0))
            x, y = _free_spot(places, _room(size, aspect, staged, stands), size, rng)
            angle = float(rng.normal(0, tilt / 4 if stands else tilt))
            places.append(Place(index, x, y, size, variant, angle, bool(rng.random() < 0.5)))
    return places[::-1]


def _stands(thing: str, setting: str) -> bool:
    if setting == "water":
        return thing == "boat"
    return SETTINGS[setting].ground and thing not in FLYING


def _room(size: float, aspect: float, staged: bool, stands: bool) -> tuple[float, float, float, float]:
    """Left, right, top and bottom of where the centre of a thing may be."""
    margin = min(size * 0.46, 0.45)
    left = min(max(margin, 0.2 * aspect if staged else 0.0), aspect / 2)
    top = max(margin, 0.3 if staged else 0.0, 0.7 - size / 2 if stands else 0.0)
    bottom = 1 - margin - (0.03 if staged else 0.0)
    return left, aspect - left, min(top, bottom), bottom


def _free_spot(
    places: list[Place], room: tuple[float, float, float, float], size: float, rng: np.random.Generator
) -> tuple[float, float]:
    best, best_gap = ((room[0] + room[1]) / 2, (room[2] + room[3]) / 2), -np.inf
    for _ in range(30):
        x, y = float(rng.uniform(*room[:2])), float(rng.uniform(*room[2:]))
        gap = min((max(abs(x - p.x), abs(y - p.y)) - (size + p.size) / 2 for p in places), default=1.0)
        if gap > best_gap:
            best, best_gap = (x, y), gap
        if gap > 0.01:
            break
    return best
