"""What one training step sees, and which of its sentences are true of which of its pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fiftyone_clipit.drawn.captions import caption, neutral, unknown
from fiftyone_clipit.drawn.palette import COLOURS
from fiftyone_clipit.drawn.scene import Claim, View
from fiftyone_clipit.drawn.settings import SETTINGS
from fiftyone_clipit.drawn.sprites import OBJECTS
from fiftyone_clipit.encoders.tiny.pool import Pool

_GROUPS = 2
_ANY, _NOTHING = -1, -9
_SIZES = {"small": 0, None: 1, "big": 2}
KINDS = {0: len(OBJECTS), 1: len(COLOURS), 5: len(SETTINGS)}
"""Columns of encoded views and claims that name a thing, a colour or a setting, and how many of these there are."""

_INDEX = {
    "thing": {name: k for k, name in enumerate(OBJECTS)},
    "colour": {name: k for k, name in enumerate(COLOURS)},
    "setting": {name: k for k, name in enumerate(SETTINGS)},
}


@dataclass(frozen=True, eq=False)
class Batch:
    """One step's pictures and sentences.

    Attributes:
        rows: (B,) indices of the pictures in the pool.
        captions: B sentences, the k-th true of the k-th picture.
        neutral: sentences that fit any picture.
        unknown: sentences that fit none.
        true: bool (B, B), whether sentence j is true of picture i.
        views: (B, 2, 6), what the pictures show, as `encode_views` has it.
        claims: (B, 2, 6), what the captions say, as `encode_claims` has it.
    """

    rows: np.ndarray
    captions: list[str]
    neutral: list[str]
    unknown: list[str]
    true: np.ndarray
    views: np.ndarray
    claims: np.ndarray


class Batches:
    """Draws batches from a pool; every other one from few kinds only, so that its pictures are alike.

    Args:
        pool: the pictures.
        size: pictures of a batch.
        extra: neutral sentences of a batch, and as many unknown ones.
        seed: decides everything.
    """

    def __init__(self, pool: Pool, *, size: int, extra: int, seed: int) -> None:
        self._pool = pool
        self._size = size
        self._extra = extra
        self._rng = np.random.default_rng(seed)
        self._views = encode_views(pool.views)

    def draw(self, step: int) -> Batch:
        """The batch of a step; to be called with 0, 1, 2, ... in turn."""
        rng = self._rng
        rows = self._alike() if step % 2 else rng.integers(len(self._pool.views), size=self._size)
        said = [caption(self._pool.views[row], rng) for row in rows]
        views, claims = self._views[rows], encode_claims([claim for _, claim in said])
        return Batch(
            rows,
            [text for text, _ in said],
            [neutral(rng)[0] for _ in range(self._extra)],
            [unknown(rng)[0] for _ in range(self._extra)],
            truth(views, claims),
            views,
            claims,
        )

    def _alike(self) -> np.ndarray:
        rng, first, setting = self._rng, self._views[:, 0], self._views[:, 0, 5]
        near = np.isin(first[:, 0], rng.choice(len(OBJECTS), 8, replace=False))
        near &= np.isin(first[:, 1], rng.choice(len(COLOURS), 6, replace=False))
        near &= np.isin(setting, rng.choice(len(SETTINGS), 4, replace=False))
        return rng.choice(np.flatnonzero(near), self._size)


def encode_views(views: Sequence[View]) -> np.ndarray:
    """Views as numbers.

    Returns:
        int16 (N, 2, 6): for each of up to two groups the indices of thing and colour, count, size class, 0, setting.
    """
    table = np.full((len(views), _GROUPS, 6), _NOTHING, np.int16)
    for row, view in zip(table, views, strict=True):
        row[:, 5] = _INDEX["setting"][view.setting]
        for cell, group in zip(row, view.groups, strict=False):
            thing, colour = _INDEX["thing"][group.thing], _INDEX["colour"][group.colour]
            cell[:5] = thing, colour, group.count, _SIZES[group.size_word], 0
    return table


def encode_claims(claims: Sequence[Claim]) -> np.ndarray:
    """Claims as numbers.

    Returns:
        int16 (M, 2, 6): for each of up to two mentions thing, colour, least and greatest count, size class, and the
        setting; -1 where nothing is said, -9 in the place of a missing mention.
    """
    table = np.full((len(claims), _GROUPS, 6), _NOTHING, np.int16)
    for row, claim in zip(table, claims, strict=True):
        row[:, 5] = _ANY if claim.setting is None else _INDEX["setting"][claim.setting]
        for cell, mention in zip(row, claim.mentions, strict=False):
            cell[0] = _ANY if mention.thing is None else _INDEX["thing"][mention.thing]
            cell[1] = _ANY if mention.colour is None else _INDEX["colour"][mention.colour]
            cell[2:4] = mention.at_least, mention.at_most or 999
            cell[4] = _ANY if mention.size is None else _SIZES[mention.size]
    return table


def truth(views: np.ndarray, claims: np.ndarray) -> np.ndarray:
    """Which claims are true of which views: `Claim.fits` for all pairs at once.

    Args:
        views: (N, 2, 6) of `encode_views`.
        claims: (M, 2, 6) of `encode_claims`, of kind "true" only.

    Returns:
        bool (N, M).
    """
    place = (claims[None, :, 0, 5] == _ANY) | (claims[None, :, 0, 5] == views[:, None, 0, 5])
    v, c = views[:, None, :, None, :], claims[None, :, None, :, :]
    fits = (c[..., 0] == _ANY) | (c[..., 0] == v[..., 0])
    fits &= (c[..., 1] == _ANY) | (c[..., 1] == v[..., 1])
    fits &= (c[..., 2] <= v[..., 2]) & (v[..., 2] <= c[..., 3])
    fits &= (c[..., 4] == _ANY) | (c[..., 4] == v[..., 3])
    fits &= v[..., 0] != _NOTHING
    mentioned = fits.any(2) | (claims[None, :, :, 0] == _NOTHING)
    return place & mentioned.all(2)
