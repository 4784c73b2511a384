"""Sentences about a view, in many wordings, together with what they claim."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fiftyone_clipit.drawn.scene import MANY, Claim, Group, Mention, View
from fiftyone_clipit.drawn.words import (
    ACTIONS,
    COLOUR_WORDS,
    NEUTRAL,
    OBJECT_WORDS,
    PLACES,
    SCENERY,
    TEMPLATES,
    UNKNOWN,
    UNKNOWN_FORMS,
)

Rng = np.random.Generator


def caption(view: View, rng: Rng) -> tuple[str, Claim]:
    """A true sentence about the view: about all of it, or only a thing, a colour or the place.

    Returns:
        The sentence and what it claims.
    """
    group = view.groups[0] if rng.random() < 0.8 else view.groups[-1]
    roll = rng.random()
    if roll < 0.1:
        text, claim = _one(SCENERY[view.setting], rng), Claim(setting=view.setting)
    elif roll < 0.25 and len(view.groups) > 1:
        text, claim = _pair(view, rng)
    else:
        text, mention = _phrase(group, rng)
        place = rng.random() < 0.55
        if place:
            text = _placed(text, group, view.setting, rng)
        claim = Claim((mention,), view.setting if place else None)
    return _worded(text, rng), claim


def full_caption(view: View) -> str:
    """The plain sentence that says all about a view: "two red stars on the snow"."""
    said = " and ".join(_count_phrase(group) for group in view.groups)
    return f"{said} {PLACES[view.setting][0]}"


def full_claim(view: View) -> Claim:
    """What `full_caption` claims, the number of things aside where it is one."""
    mentions = tuple(
        Mention(group.thing, group.colour, MANY if group.count >= MANY else group.count, _most(group.count))
        for group in view.groups
    )
    return Claim(mentions, view.setting)


def neutral(rng: Rng) -> tuple[str, Claim]:
    """A sentence that fits any picture."""
    return _one(NEUTRAL, rng), Claim(kind="neutral")


def unknown(rng: Rng) -> tuple[str, Claim]:
    """A sentence about what this world does not have."""
    form = _one(UNKNOWN_FORMS, rng)
    text = form.format(*(_one(UNKNOWN, rng) for _ in range(form.count("{}"))))
    return _worded(text, rng), Claim(kind="unknown")


def plural(noun: str) -> str:
    """More than one of it."""
    if noun == "fish":
        return noun
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "x", "sh")) else "s")


def a(phrase: str) -> str:
    """The phrase with its indefinite article."""
    return ("an " if phrase[0] in "aeio" or phrase.startswith("umb") else "a ") + phrase


def _count_phrase(group: Group) -> str:
    if group.count == 1:
        return a(f"{group.colour} {group.thing}")
    number = {2: "two", 3: "three"}.get(group.count, "many")
    return f"{number} {group.colour} {plural(group.thing)}"


def _most(count: int) -> int | None:
    return None if count == 1 or count >= MANY else count


def _phrase(group: Group, rng: Rng) -> tuple[str, Mention]:
    """A phrase that names the thing, its colour or both, and maybe its number or size."""
    noun = _one(OBJECT_WORDS[group.thing], rng)
    colour = _one(COLOUR_WORDS.get(group.colour, (group.colour,)), rng)
    roll = rng.random()
    if roll < 0.07:
        said = (f"something {colour}", a(f"{colour} thing"), colour, f"the colour {colour}")
        return _one(said, rng), Mention(colour=group.colour)
    coloured = roll < 0.8
    if group.count > 1 and rng.random() < 0.8:
        words = {2: ("two", "a pair of"), 3: ("three",)}.get(group.count, ("many", "lots of", "a lot of"))
        at_least, at_most = (MANY, None) if group.count >= MANY else (group.count, group.count)
        if rng.random() < 0.25:
            words, at_least, at_most = ("several", "some", ""), 2, None
        text = f"{_one(words, rng)} {colour if coloured else ''} {plural(noun)}"
        return " ".join(text.split()), Mention(group.thing, group.colour if coloured else None, at_least, at_most)
    size = group.size_word if rng.random() < 0.3 else None
    sized = _one({"big": ("big", "large", "huge"), "small": ("small", "little", "tiny")}[size], rng) if size else ""
    if coloured and rng.random() < 0.1:
        text = a(f"{sized} {noun}".strip()) + _one((f", {colour}", f" that is {colour}", f" in {colour}"), rng)
    else:
        text = " ".join(f"{sized} {colour if coloured else ''} {noun}".split())
        text = text if rng.random() < 0.12 else f"the {text}" if rng.random() < 0.15 else a(text)
    return text, Mention(group.thing, group.colour if coloured else None, size=size)


def _placed(text: str, group: Group, setting: str, rng: Rng) -> str:
    if rng.random() < 0.06:
        return f"{text} and {_one(SCENERY[setting], rng)}"
    action = ""
    if rng.random() < 0.25 and group.thing in ACTIONS:
        action = " " + _one(ACTIONS[group.thing], rng)
    comma = "," if "," in text else ""
    return f"{text}{comma}{action} {_one(PLACES[setting], rng)}"


def _pair(view: View, rng: Rng) -> tuple[str, Claim]:
    said, mentions = zip(*(_phrase(group, rng) for group in view.groups[:2]), strict=True)
    text = _one((" and ", " and ", " with ", " next to "), rng).join(said)
    if rng.random() < 0.4:
        return f"{text} {_one(PLACES[view.setting], rng)}", Claim(mentions, view.setting)
    return text, Claim(mentions)


def _worded(text: str, rng: Rng) -> str:
    text = _one(TEMPLATES, rng).format(text)
    return text.capitalize() if rng.random() < 0.1 else text


def _one(words: Sequence[str], rng: Rng) -> str:
    return words[int(rng.integers(len(words)))]
