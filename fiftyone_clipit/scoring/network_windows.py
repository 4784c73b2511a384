"""Overlapping windows over videos that are longer than the network sees at once, and their blending."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import torch
from torch import Tensor


def window_starts(length: int, size: int) -> list[int]:
    """First samples of the windows of `size` that cover `length` samples, evenly spread, a quarter overlapping."""
    if length <= size:
        return [0]
    step = max(size - size // 4, 1)
    count = -(-(length - size) // step) + 1
    return [(length - size) * index // (count - 1) for index in range(count)]


@dataclass(frozen=True)
class Windows:
    """A batch of videos cut into windows of at most `size` samples. N windows of B videos.

    Where a window lies depends on its own video's length alone, so padding a batch moves no window.
    """

    size: int
    n_videos: int
    n_samples: int
    video: Tensor
    samples: Tensor
    mask: Tensor
    weight: Tensor

    @classmethod
    def over(cls, lengths: list[int], n_samples: int, size: int, device: torch.device) -> Windows:
        """Lays windows over videos of the given lengths, padded to `n_samples`."""
        placed = [(row, start) for row, length in enumerate(lengths) for start in window_starts(length, size)]
        video = torch.tensor([row for row, _ in placed], device=device)
        step = torch.arange(size, device=device)
        samples = torch.tensor([start for _, start in placed], device=device)[:, None] + step
        length = torch.tensor(lengths, device=device)[video]
        mask = samples < length[:, None]
        # A trapezoid: full weight inside, falling towards the window's ends where another one takes over.
        ramp = torch.minimum(step + 1, size - step).clamp(max=max(size // 4, 1)).float()
        return cls(size, len(lengths), n_samples, video, samples.clamp(max=n_samples - 1), mask, ramp * mask)

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
        """From (B, T, ...) to the windows (N, size, ...)."""
        return values[self.video[:, None], self.samples]

    def blend(self, values: Tensor) -> Tensor:
        """From the windows (N, size, ...) to (B, T, ...): the weighted mean wherever windows overlap."""
        place = (self.video[:, None] * self.n_samples + self.samples).flatten()
        total = torch.zeros(self.n_videos * self.n_samples, device=values.device)
        total = total.index_add(0, place, self.weight.flatten())
        weight = (self.weight.flatten() / total[place].clamp(min=1e-12)).to(values.dtype)
        flat = values.flatten(0, 1)
        flat = flat * weight.view(-1, *[1] * (flat.ndim - 1))
        out = flat.new_zeros(self.n_videos * self.n_samples, *flat.shape[1:]).index_add(0, place, flat)
        return out.unflatten(0, (self.n_videos, self.n_samples))
