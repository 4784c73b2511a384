"""Videos of different lengths side by side, padded and masked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from fiftyone_clipit.scoring.network import ClipIt
from fiftyone_clipit.training.examples import VideoExample

# Batches are cut from so many at once, sorted by length, so that little of a batch is padding.
_POOL = 8


@dataclass(frozen=True, eq=False)
class Batch:
    """B videos padded to the longest, T samples, and to the most sentences, S.

    Attributes:
        frames: (B, T, dim).
        frame_mask: bool (B, T), True where there is a sample; None when all have the same length.
        text: (B, S, dim); None when none has sentences.
        text_mask: bool (B, S).
        targets: (B, T), 0 where there is none.
        labelled: bool (B, T), True where there is a target.
    """

    frames: Tensor
    frame_mask: Tensor | None
    text: Tensor | None
    text_mask: Tensor | None
    targets: Tensor
    labelled: Tensor

    @property
    def mask(self) -> Tensor:
        """The frame mask, also when no frame is padded."""
        return torch.ones_like(self.labelled) if self.frame_mask is None else self.frame_mask


def collate(examples: Sequence[VideoExample], model: ClipIt, device: str) -> Batch:
    """Puts videos into one batch on the device; sentences take the form that the network wants."""
    frames = [torch.from_numpy(example.features) for example in examples]
    targets = [
        torch.full((len(example.features),), float("nan"))
        if example.targets is None
        else torch.from_numpy(example.targets)
        for example in examples
    ]
    padded = pad_sequence(targets, batch_first=True, padding_value=float("nan"))
    text = text_mask = None
    if any(example.text is not None for example in examples):
        nothing = torch.empty(0, examples[0].dim)
        sentences = [
            nothing if example.text is None else model.prepare_text(torch.from_numpy(example.text))
            for example in examples
        ]
        text = pad_sequence(sentences, batch_first=True).to(device)
        text_mask = _mask([len(each) for each in sentences]).to(device)
    lengths = [len(each) for each in frames]
    return Batch(
        frames=pad_sequence(frames, batch_first=True).to(device),
        frame_mask=None if len(set(lengths)) == 1 else _mask(lengths).to(device),
        text=text,
        text_mask=text_mask,
        targets=padded.nan_to_num(0.0).to(device),
        labelled=(~padded.isnan()).to(device),
    )


def shuffled(examples: Sequence[VideoExample], batch_size: int, seed: int) -> Iterator[list[VideoExample]]:
    """All examples once, in batches of similar length in an order that the seed alone decides."""
    generator = np.random.default_rng(seed)
    order = generator.permutation(len(examples))
    batches: list[np.ndarray] = []
    for start in range(0, len(order), batch_size * _POOL):
        pool = order[start : start + batch_size * _POOL]
        pool = pool[np.argsort([len(examples[index].features) for index in pool], kind="stable")]
        batches += [pool[first : first + batch_size] for first in range(0, len(pool), batch_size)]
    for index in generator.permutation(len(batches)):
        yield [examples[position] for position in batches[index]]


def cropped(examples: Sequence[VideoExample], most: int, generator: np.random.Generator) -> list[VideoExample]:
    """Of each longer video `most` consecutive samples, any stretch as likely as any other with a label in it.

    What a step remembers for its gradients grows with the samples in it, without an end for videos of many hours.
    Videos of at most `most` samples stay as they are, and draw nothing from the generator.
    """
    return [_crop(each, most, generator) if len(each.features) > most else each for each in examples]


def _crop(example: VideoExample, most: int, generator: np.random.Generator) -> VideoExample:
    starts = np.arange(len(example.features) - most + 1)
    if example.targets is not None:
        labelled = np.concatenate([[0], np.cumsum(~np.isnan(example.targets))])
        # A stretch without labels would teach nothing; a video without any has none that would.
        starts = starts[labelled[most:] > labelled[:-most]] if labelled[-1] else starts
    start = int(generator.choice(starts))
    part = slice(start, start + most)
    return replace(
        example,
        features=example.features[part],
        targets=None if example.targets is None else example.targets[part],
        picks=None if example.picks is None else example.picks[part],
    )


def in_order(examples: Sequence[VideoExample], batch_size: int) -> Iterator[list[VideoExample]]:
    """All examples once, as they come."""
    for start in range(0, len(examples), batch_size):
        yield list(examples[start : start + batch_size])


def _mask(lengths: Sequence[int]) -> Tensor:
    return torch.arange(max(lengths)) < torch.tensor(lengths)[:, None]
