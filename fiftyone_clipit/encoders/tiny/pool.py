"""The pictures that clipit-tiny learns from, drawn once and kept in memory."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

import numpy as np
from PIL import Image

from fiftyone_clipit.drawn.picture import draw
from fiftyone_clipit.drawn.scene import View, random_view
from fiftyone_clipit.drawn.settings import SETTINGS, backdrop
from fiftyone_clipit.encoders.tiny.held_out import allowed

SIDE = 72
"""Pixels of a side of the stored pictures: a little more than the model sees."""

_CHUNK = 4000
_BACKDROPS = 20
_ASPECTS = (3 / 4, 1.0, 5 / 4, 4 / 3, 4 / 3, 3 / 2, 16 / 9, 16 / 9, 2.0)


@dataclass(frozen=True, eq=False)
class Pool:
    """Views and their pictures.

    Attributes:
        views: what each picture shows.
        pictures: uint8 (N, SIDE, SIDE, 3); the whole picture squeezed into a square.
    """

    views: Sequence[View]
    pictures: np.ndarray


def draw_pool(count: int, seed: int, *, processes: int = 2) -> Pool:
    """Draws pictures of random views that training may see; the same for the same seed.

    Args:
        count: how many.
        seed: decides all of them.
        processes: how many draw at a time; changes nothing else.
    """
    jobs = [(seed, chunk, min(_CHUNK, count - chunk * _CHUNK)) for chunk in range(-(-count // _CHUNK))]
    views: list[View] = []
    pictures = np.empty((count, SIDE, SIDE, 3), np.uint8)
    with ExitStack() as stack:
        run: Callable = map
        if processes > 1:
            run = stack.enter_context(multiprocessing.get_context("spawn").Pool(processes)).imap
        for some_views, some_pictures in run(_draw_chunk, jobs):
            pictures[len(views) : len(views) + len(some_views)] = some_pictures
            views += some_views
    return Pool(views, pictures)


def _draw_chunk(job: tuple[int, int, int]) -> tuple[list[View], np.ndarray]:
    seed, chunk, count = job
    rng = np.random.default_rng([seed, chunk])
    places = min(_BACKDROPS, -(-count // len(SETTINGS)))
    behind = {name: [backdrop(name, (256, 144), int(rng.integers(2**31))) for _ in range(places)] for name in SETTINGS}
    views, pictures = [], np.empty((count, SIDE, SIDE, 3), np.uint8)
    for k in range(count):
        view = random_view(rng)
        while not allowed(view):
            view = random_view(rng)
        tall = int(rng.integers(84, 130))
        size = (round(tall * _ASPECTS[rng.integers(len(_ASPECTS))]), tall)
        place = behind[view.setting][rng.integers(places)]
        picture = draw(view, size, int(rng.integers(2**31)), wear=True, behind=place)
        pictures[k] = np.asarray(picture.resize((SIDE, SIDE), Image.Resampling.BICUBIC))
        views.append(view)
    return views, pictures
