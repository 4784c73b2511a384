"""Every setting of the drawn world by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image

from fiftyone_clipit.drawn import outdoors, towns
from fiftyone_clipit.drawn.canvas import Canvas


@dataclass(frozen=True)
class Setting:
    """A place.

    Attributes:
        draw: paints the backdrop.
        light: gains of red, green and blue on what stands there.
        ground: whether there is something to stand on.
        shadow: whether what stands there throws a shadow at its foot.
    """

    draw: Callable[[Canvas], None]
    light: tuple[float, float, float] = (1, 1, 1)
    ground: bool = True
    shadow: bool = True


SETTINGS: dict[str, Setting] = {
    "grass": Setting(outdoors.grass),
    "snow": Setting(outdoors.snow, (0.98, 1.0, 1.02)),
    "night": Setting(outdoors.night, (0.84, 0.86, 0.97), shadow=False),
    "water": Setting(outdoors.water, ground=False),
    "brick": Setting(towns.brick, ground=False),
    "desert": Setting(outdoors.desert, (1.02, 1.0, 0.95)),
    "forest": Setting(outdoors.forest, (0.92, 0.96, 0.9)),
    "sky": Setting(outdoors.sky, ground=False),
    "city": Setting(towns.city, (0.97, 0.98, 1.0)),
    "room": Setting(towns.room, (1.0, 0.98, 0.94)),
    "space": Setting(outdoors.space, (0.94, 0.94, 1.0), ground=False),
    "sunset": Setting(outdoors.sunset, (1.0, 0.91, 0.86), shadow=False),
}


def backdrop(name: str, size: tuple[int, int], seed: int) -> Image.Image:
    """The setting without anything in it, RGB; the same for the same seed.

    Args:
        name: one of `SETTINGS`.
        size: width and height in pixels.
        seed: which of the many such places.
    """
    canvas = Canvas(2 * size[0], 2 * size[1], np.random.default_rng(seed))
    SETTINGS[name].draw(canvas)
    return canvas.image.resize(size, Image.Resampling.BOX)
