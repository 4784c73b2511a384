"""Which combinations training never sees, neither in pictures nor in sentences."""

from __future__ import annotations

from itertools import product

from fiftyone_clipit.drawn.palette import COLOURS
from fiftyone_clipit.drawn.scene import View
from fiftyone_clipit.drawn.settings import SETTINGS
from fiftyone_clipit.drawn.sprites import OBJECTS

_THING = {name: k for k, name in enumerate(OBJECTS)}
_COLOUR = {name: k for k, name in enumerate(COLOURS)}
_SETTING = {name: k for k, name in enumerate(SETTINGS)}


def pair_held_out(thing: str, colour: str) -> bool:
    """Whether no thing of that kind ever has that colour in training: one pair in 24."""
    return (5 * _THING[thing] + 14 * _COLOUR[colour]) % 24 == 3


def held_out(thing: str, colour: str, setting: str) -> bool:
    """Whether training never has that thing in that colour in that setting: one combination in 8 or so."""
    return pair_held_out(thing, colour) or (_THING[thing] + 5 * _COLOUR[colour] + 7 * _SETTING[setting]) % 12 == 0


def allowed(view: View) -> bool:
    """Whether training may see the view."""
    return not any(held_out(group.thing, group.colour, view.setting) for group in view.groups)


def held_out_combinations() -> list[tuple[str, str, str]]:
    """All (thing, colour, setting) that training never sees."""
    return [combination for combination in product(OBJECTS, COLOURS, SETTINGS) if held_out(*combination)]
