"""The parts that the networks are made of. Shapes: B videos, T samples, S sentences, C channels."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional


def sinusoids(length: int, width: int) -> Tensor:
    """Sinusoidal positions (Vaswani et al. 2017, section 3.5), float32 of shape (length, width)."""
    channel = torch.arange(width, dtype=torch.float64)
    rate = 10000.0 ** (-2 * (channel // 2) / width)
    angle = torch.arange(length, dtype=torch.float64)[:, None] * rate
    return torch.where(channel.long() % 2 == 0, angle.sin(), angle.cos()).float()


class Attention(nn.Module):
    """Multi-head attention whose heads may be wider or narrower than width / heads, without biases."""

    def __init__(self, width: int, heads: int, head_dim: int, dropout: float) -> None:
        super().__init__()
        self.heads, self.dropout = heads, dropout
        self.query = nn.Linear(width, heads * head_dim, bias=False)
        self.key = nn.Linear(width, heads * head_dim, bias=False)
        self.value = nn.Linear(width, heads * head_dim, bias=False)
        self.output = nn.Linear(heads * head_dim, width, bias=False)

    def forward(self, x: Tensor, memory: Tensor, mask: Tensor | None) -> Tensor:
        """Attends from x (B, T, C) to memory (B, M, C); mask (B, M) is True where memory counts."""
        query, key, value = self._project(x, memory)
        attended = functional.scaled_dot_product_attention(
            query,
            key,
            value,
            attn_mask=None if mask is None else mask[:, None, None, :],
            dropout_p=self.dropout if self.training else 0.0,
            scale=self._scale(query),
        )
        return self.output(attended.transpose(1, 2).flatten(2))

    def weights(self, x: Tensor, memory: Tensor, mask: Tensor | None) -> Tensor:
        """The softmax weights (B, heads, T, M) that `forward` applies, for inspection."""
        query, key, _ = self._project(x, memory)
        scale = self._scale(query)
        logits = query @ key.transpose(-1, -2) * (query.shape[-1] ** -0.5 if scale is None else scale)
        if mask is not None:
            logits = logits.masked_fill(~mask[:, None, None, :], float("-inf"))
        return logits.softmax(-1)

    def _scale(self, query: Tensor) -> float | None:
        return None

    def _project(self, x: Tensor, memory: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        def split(y: Tensor) -> Tensor:
            return y.unflatten(-1, (self.heads, -1)).transpose(1, 2)

        return split(self.query(x)), split(self.key(memory)), split(self.value(memory))


class LanguageAttention(Attention):
    """Attention of frames to sentences that begins with the alignment the encoder already has.

    Frames and sentences of CLIP live in one space, so the query and key projections start equal and nearly
    isometric: the first logits are about `temperature` times the cosine of frame and sentence, and a word
    that training never showed still attracts the frames that show it. Training is free to move away.
    """

    def __init__(self, width: int, heads: int, head_dim: int, dropout: float, temperature: float = 20.0) -> None:
        super().__init__(width, heads, head_dim, dropout)
        nn.init.orthogonal_(self.query.weight)
        with torch.no_grad():
            # E|Wx|^2 = |x|^2 within each head.
            self.query.weight *= (max(width, heads * head_dim) / head_dim) ** 0.5
            self.key.weight.copy_(self.query.weight)
        self.log_temperature = nn.Parameter(torch.full((heads, 1, 1), temperature).log())

    def _scale(self, query: Tensor) -> float:
        return 1.0

    def _project(self, x: Tensor, memory: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        query, key, value = super()._project(x, memory)
        return query * self.log_temperature.exp(), key, value


class FeedForward(nn.Sequential):
    """Two linear layers with a rectifier between."""

    def __init__(self, width: int, hidden: int, dropout: float) -> None:
        super().__init__(nn.Linear(width, hidden), nn.ReLU(), nn.Linear(hidden, width), nn.Dropout(dropout))


class EncoderLayer(nn.Module):
    """Self-attention and feed-forward, each with a residual connection and a layer norm after it."""

    def __init__(self, width: int, heads: int, head_dim: int, hidden: int, dropout: float, eps: float) -> None:
        super().__init__()
        self.attention = Attention(width, heads, head_dim, dropout)
        self.attention_norm = nn.LayerNorm(width, eps=eps)
        self.feed_forward = FeedForward(width, hidden, dropout)
        self.feed_forward_norm = nn.LayerNorm(width, eps=eps)
        self.drop = nn.Dropout(dropout)

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        x = self.attention_norm(x + self.drop(self.attention(x, x, mask)))
        return self.feed_forward_norm(x + self.feed_forward(x))


class DecoderLayer(nn.Module):
    """Self-attention, attention to a memory, and feed-forward; each with a residual and a layer norm after it."""

    def __init__(self, width: int, heads: int, head_dim: int, hidden: int, dropout: float, eps: float) -> None:
        super().__init__()
        self.attention = Attention(width, heads, head_dim, dropout)
        self.attention_norm = nn.LayerNorm(width, eps=eps)
        self.cross = Attention(width, heads, head_dim, dropout)
        self.cross_norm = nn.LayerNorm(width, eps=eps)
        self.feed_forward = FeedForward(width, hidden, dropout)
        self.feed_forward_norm = nn.LayerNorm(width, eps=eps)
        self.drop = nn.Dropout(dropout)

    def forward(self, x: Tensor, memory: Tensor, mask: Tensor | None) -> Tensor:
        x = self.attention_norm(x + self.drop(self.attention(x, x, mask)))
        x = self.cross_norm(x + self.drop(self.cross(x, memory, mask)))
        return self.feed_forward_norm(x + self.feed_forward(x))


class ScoreHead(nn.Module):
    """From a frame's representation (B, T, C) to the logit of its importance (B, T)."""

    def __init__(self, width: int, dropout: float, eps: float) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width, eps=eps)
        self.hidden = nn.Linear(width, width)
        self.hidden_norm = nn.LayerNorm(width, eps=eps)
        self.score = nn.Linear(width, 1)
        self.drop = nn.Dropout(dropout)

    def forward(self, x: Tensor) -> Tensor:
        hidden = self.drop(self.hidden(self.norm(self.drop(x))).relu())
        return self.score(self.hidden_norm(hidden)).squeeze(-1)
