"""What a picture of the drawn world holds, and what a sentence claims: the ground truth between the two."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fiftyone_clipit.drawn.palette import COLOURS
from fiftyone_clipit.drawn.settings import SETTINGS
from fiftyone_clipit.drawn.sprites import OBJECTS

SMALL, BIG = 0.27, 0.55
"""Heights, in fractions of the picture's, below which a thing is called small and above which big."""

MANY = 5
"""From how many on one says many."""


@dataclass(frozen=True)
class Group:
    """Some things of one kind.

    Attributes:
        thing: one of `OBJECTS`.
        colour: one of `COLOURS`.
        count: how many.
        size: height of one, as a fraction of the picture's height.
    """

    thing: str
    colour: str
    count: int = 1
    size: float = 0.4

    @property
    def size_word(self) -> str | None:
        """ "small" or "big", or None for what is neither."""
        return "small" if self.size < SMALL else "big" if self.size > BIG else None


@dataclass(frozen=True)
class View:
    """What there is to see: groups of things (the most important one first) in a setting."""

    setting: str
    groups: tuple[Group, ...]


@dataclass(frozen=True)
class Mention:
    """What a sentence says of one group of things; None where it says nothing."""

    thing: str | None = None
    colour: str | None = None
    at_least: int = 1
    at_most: int | None = None
    size: str | None = None

    def fits(self, group: Group) -> bool:
        """Whether the group is as the sentence says."""
        return (
            self.thing in (None, group.thing)
            and self.colour in (None, group.colour)
            and self.at_least <= group.count <= (self.at_most or group.count)
            and self.size in (None, group.size_word)
        )


@dataclass(frozen=True)
class Claim:
    """What a sentence says.

    Attributes:
        mentions: things that it says are there.
        setting: where; None when it does not say.
        kind: "true" of the views that it fits; "neutral": as true of one as of another; "unknown": about what is not
            in this world.
    """

    mentions: tuple[Mention, ...] = ()
    setting: str | None = None
    kind: str = "true"

    def fits(self, view: View) -> bool:
        """Whether the sentence is true of the view (a neutral one always, an unknown one never)."""
        if self.kind != "true":
            return self.kind == "neutral"
        if self.setting not in (None, view.setting):
            return False
        return all(any(mention.fits(group) for group in view.groups) for mention in self.mentions)


def random_view(rng: np.random.Generator, *, distractors: float = 0.35) -> View:
    """A view with one group of things and, by chance, another thing of another kind and colour."""
    thing, colour = _pick(rng, OBJECTS), _pick(rng, COLOURS)
    count = int(rng.choice([1, 2, 3, MANY], p=[0.62, 0.16, 0.12, 0.1]))
    count += int(rng.integers(4)) if count == MANY else 0
    size = float(np.exp(rng.uniform(np.log(0.17), np.log(0.78)))) if count == 1 else float(rng.uniform(0.18, 0.36))
    groups = [Group(thing, colour, count, min(size, 0.3) if count >= MANY else size)]
    if size < 0.5 and rng.random() < distractors:
        other = Group(_pick(rng, OBJECTS), _pick(rng, COLOURS), 1, size * float(rng.uniform(0.6, 1.0)))
        if other.thing != thing and other.colour != colour:
            groups.append(other)
    return View(_pick(rng, SETTINGS), tuple(groups))


def _pick(rng: np.random.Generator, names: dict) -> str:
    return list(names)[int(rng.integers(len(names)))]
