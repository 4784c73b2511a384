"""Overlapping windows over videos that are longer than the network sees at once, and their blending."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import torch
from torch import Tensor


def window_starts(length: int, most: int) -> tuple[list[int], int]:
    """Windows of one size, at most `most`, that cover `length` samples and overlap by a quarter of `most`.

    Returns:
        Their first samples, evenly spread, and their size: no more than it takes, so that a video slightly too long
        costs slightly more, not twice as much.
    """
    if length <= most:
        return [0], length
    overlap = most // 4
    count = -(-(length - overlap) // (most - overlap))
    size = -(-(length + (count - 1) * overlap) // count)
    return [(length - size) * index // (count - 1) for index in range(count)], size


@dataclass(frozen=True)
class Windows:
    """A batch of B videos cut into N windows, padded to the longest one's size W.

    Where a window lies depends on its own video's length alone, so padding a batch moves no window.
    """

    n_videos: int
    n_samples: int
    video: Tensor
    samples: Tensor
    mask: Tensor
    weight: Tensor

    @classmethod
    def over(cls, lengths: list[int], n_samples: int, most: int, device: torch.device) -> Windows:
        """Lays windows of at most `most` samples over videos of the given lengths, padded to `n_samples`."""
        placed = [
            (row, start, size)
            for row, length in enumerate(lengths)
            for starts, size in [window_starts(length, most)]
            for start in starts
        ]
        video, start, size = (torch.tensor(column, device=device) for column in zip(*placed, strict=True))
        step = torch.arange(max(size for _, _, size in placed), device=device)
        mask = step < size[:, None]
        # A trapezoid: full weight inside, falling towards the window's ends where another one takes over.
        ramp = torch.minimum(step + 1, size[:, None] - step).clamp(min=0, max=max(most // 4, 1))
        samples = (start[:, None] + step).clamp(max=n_samples - 1)
        return cls(len(lengths), n_samples, video, samples, mask, ramp.float())

    def parts(self, at_once: int) -> Iterator[Windows]:
        """The same windows in groups of at most `at_once`."""
        for start in range(0, len(self.video), at_once):
            part = slice(start, start + at_once)
            yield replace(
                self,
                video=self.video[part],
                samples=self.samples[part],
                mask=self.mask[part],
                weight=self.weight[part],
            )

    def cut(self, values: Tensor) -> Tensor:
        """From (B, T, ...) to the windows (N, W, ...)."""
        return values[self.video[:, None], self.samples]

    def blend(self, values: Tensor) -> Tensor:
        """From the windows (N, W, ...) to (B, T, ...): the weighted mean wherever windows overlap."""
        place = (self.video[:, None] * self.n_samples + self.samples).flatten()
        total = torch.zeros(self.n_videos * self.n_samples, device=values.device)
        total = total.index_add(0, place, self.weight.flatten())
        weight = (self.weight.flatten() / total[place].clamp(min=1e-12)).to(values.dtype)
        flat = values.flatten(0, 1)
        flat = flat * weight.view(-1, *[1] * (flat.ndim - 1))
        out = flat.new_zeros(self.n_videos * self.n_samples, *flat.shape[1:]).index_add(0, place, flat)
        return out.unflatten(0, (self.n_videos, self.n_samples))
