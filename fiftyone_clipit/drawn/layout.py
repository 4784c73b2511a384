"""Where the things of a view are: apart from each other and inside the picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fiftyone_clipit.drawn.scene import View


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


def arrange(view: View, aspect: float, rng: np.random.Generator, *, tilt: float = 8.0) -> list[Place]:
    """Finds a place for every thing of the view, the important ones last, so that they lie on top.

    Args:
        view: what is there.
        aspect: width of the picture divided by its height.
        rng: decides the places.
        tilt: degrees by which things lean, one standard deviation.
    """
    places: list[Place] = []
    for index, group in enumerate(view.groups):
        variant = int(rng.integers(4))
        for _ in range(group.count):
            size = group.size * float(rng.uniform(0.88, 1.0))
            x, y = _free_spot(places, size, aspect, rng)
            angle = float(rng.normal(0, tilt))
            places.append(Place(index, x, y, size, variant, angle, bool(rng.random() < 0.5)))
    return places[::-1]


def _free_spot(places: list[Place], size: float, aspect: float, rng: np.random.Generator) -> tuple[float, float]:
    margin = min(size * 0.46, 0.45)
    best, best_gap = (aspect / 2, 0.5), -np.inf
    for _ in range(30):
        x, y = float(rng.uniform(margin, aspect - margin)), float(rng.uniform(margin, 1 - margin))
        gap = min((max(abs(x - p.x), abs(y - p.y)) - (size + p.size) / 2 for p in places), default=1.0)
        if gap > best_gap:
            best, best_gap = (x, y), gap
        if gap > 0.01:
            break
    return best
