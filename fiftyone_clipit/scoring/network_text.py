"""How sentences become the keys of the language-guided attention."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.scoring.network_config import ClipItConfig


def evenly(count: Tensor, wanted: int) -> Tensor:
    """Which `wanted` of `count` sentences to take: spread evenly, in order, repeated where there are fewer.

    Args:
        count: int64 of any shape: sentences at hand, at least 1.
        wanted: how many to take.

    Returns:
        int64 of shape (*count.shape, wanted), 0-based.
    """
    step = torch.arange(wanted, device=count.device)
    few = step * count[..., None] // wanted
    # Rounding in integers: halves go up, on every device alike.
    many = (2 * step * (count[..., None] - 1) + wanted - 1) // (2 * max(wanted - 1, 1))
    return torch.where(count[..., None] >= wanted, many, few)


class SentenceKeys(nn.Module):
    """Each sentence is a key of its own, and a learned null key stands beside them.

    The null key is a vector in the sentences' own space: what a frame attends to when no sentence fits it.
    """

    def __init__(self, config: ClipItConfig, project: nn.Module) -> None:
        super().__init__()
        self.project = project
        self.unit_norm = config.unit_norm
        self.mlp = nn.Sequential(
            nn.Linear(config.width, config.width), nn.ReLU(), nn.Linear(config.width, config.width)
        )
        # The sentences pass unchanged at first, so that attention starts from the encoder's own alignment.
        for parameter in self.mlp[-1].parameters():
            nn.init.zeros_(parameter)
        self.null = nn.Parameter(torch.randn(config.dim) * 0.1 * config.dim**-0.5) if config.null_key else None

    def forward(self, text: Tensor, mask: Tensor | None) -> tuple[Tensor, Tensor | None]:
        """From text (B, S, dim) and its mask to keys (B, S + 1, width) and theirs; the null key is the last."""
        if self.null is None and not (text.shape[1] if mask is None else mask.any(1).all()):
            raise UsageError("this network has no null key: every video needs at least one sentence")
        if self.unit_norm:
            text = functional.normalize(text, dim=-1)
        if self.null is not None:
            text = torch.cat([text, self.null.to(text.dtype).expand(len(text), 1, -1)], dim=1)
            mask = None if mask is None else functional.pad(mask, (0, 1), value=True)
        keys = self.project(text)
        return keys + self.mlp(keys), mask


class ConcatenatedKey(nn.Module):
    """A fixed number of sentences, concatenated and projected to a single key, as ModelScope does."""

    def __init__(self, config: ClipItConfig) -> None:
        super().__init__()
        self.sentences = config.sentences
        self.linear = nn.Linear(config.sentences * config.dim, config.width)

    def forward(self, text: Tensor, mask: Tensor | None) -> tuple[Tensor, None]:
        """From text (B, S, dim) to one key (B, 1, width). Without sentences the key is the bias alone."""
        if not text.shape[1]:
            return self.linear(text.new_zeros(len(text), 1, self.linear.in_features)), None
        count = text.new_ones(text.shape[:2]).sum(1).long() if mask is None else mask.sum(1)
        chosen = evenly(count.clamp(min=1), self.sentences)
        if mask is not None:
            # The sentences that there are, in their order, wherever they stand among padding.
            chosen = mask.logical_not().long().argsort(dim=1, stable=True).gather(1, chosen)
        text = text.gather(1, chosen[..., None].expand(-1, -1, text.shape[-1]))
        text = text * (count > 0)[:, None, None]
        return self.linear(text.flatten(1)[:, None]), None
