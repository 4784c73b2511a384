"""The preset `cosine`: a light network whose score is a frame's cosine similarity to what is asked for."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from fiftyone_clipit.scoring.network_config import ClipItConfig
from fiftyone_clipit.scoring.network_layers import EncoderLayer, LanguageAttention, sinusoids
from fiftyone_clipit.scoring.network_text import SentenceKeys


class CosineBody(nn.Module):
    """Temporal convolution, attention to the sentences, self-attention, and a cosine similarity.

    A frame leaves as its own feature vector plus a learned change, zero before training: the untrained
    network ranks frames as plain CLIP similarity does, and training bends that ranking. Where sentences are
    given, the score is the similarity to them less the similarity to the null key; else the similarity to a
    learned direction.
    """

    positions: Tensor

    def __init__(self, config: ClipItConfig) -> None:
        super().__init__()
        self.config = config
        width, eps = config.width, config.norm_eps
        self.frame_in = nn.Linear(config.dim, width, bias=False)
        nn.init.orthogonal_(self.frame_in.weight)
        self.temporal = nn.Conv1d(width, width, kernel_size=3, padding=1)
        self.temporal_norm = nn.LayerNorm(width, eps=eps)
        self.text = SentenceKeys(config, self.frame_in)
        self.language = LanguageAttention(width, config.text_heads, config.text_head_dim, config.dropout)
        self.language_norm = nn.LayerNorm(width, eps=eps)
        self.register_buffer("positions", sinusoids(config.max_length, width), persistent=False)
        shape = (width, config.heads, config.head_dim, config.feed_forward, config.dropout, eps)
        self.layers = nn.ModuleList(EncoderLayer(*shape) for _ in range(config.layers))
        self.change = nn.Linear(width, config.dim)
        for parameter in self.change.parameters():
            nn.init.zeros_(parameter)
        self.gist = nn.Parameter(torch.randn(config.dim) * config.dim**-0.5)
        self.log_scale = nn.Parameter(torch.tensor(20.0).log())
        self.bias = nn.Parameter(torch.zeros(2))
        self.drop = nn.Dropout(config.dropout)

    def forward(
        self, frames: Tensor, text: Tensor, frame_mask: Tensor | None, text_mask: Tensor | None, reconstruct: bool
    ) -> tuple[Tensor, Tensor | None]:
        """Logits (B, T) and, when asked for, the features that are compared with the sentences (B, T, dim)."""
        frames = functional.normalize(frames, dim=-1)
        x = self.frame_in(frames)
        # Padding must look to the convolution like what lies beyond the end of a video: zeros.
        beyond = x if frame_mask is None else x * frame_mask[..., None]
        x = self.temporal_norm(x + self.drop(self.temporal(beyond.transpose(1, 2)).transpose(1, 2)))
        keys, key_mask = self.text(text, text_mask)
        x = self.language_norm(x + self.drop(self.language(self.frame_in(frames), keys, key_mask)))
        x = x + self.positions[: x.shape[1]].to(x.dtype)
        for layer in self.layers:
            x = layer(x, frame_mask)
        bent = functional.normalize(frames + self.change(x), dim=-1)
        return self._logits(bent, text, text_mask), bent if reconstruct else None

    def language_weights(self, frames: Tensor, text: Tensor, text_mask: Tensor | None) -> Tensor:
        """How much each frame attends to each key, (B, heads, T, keys)."""
        keys, key_mask = self.text(text, text_mask)
        return self.language.weights(self.frame_in(functional.normalize(frames, dim=-1)), keys, key_mask)

    def _logits(self, bent: Tensor, text: Tensor, text_mask: Tensor | None) -> Tensor:
        gist = bent @ functional.normalize(self.gist, dim=-1)
        logits = self.log_scale.exp() * gist + self.bias[0]
        if not text.shape[1]:
            return logits
        present = text.new_ones(text.shape[:2]) if text_mask is None else text_mask.to(text.dtype)
        wanted = (functional.normalize(text, dim=-1) * present[..., None]).sum(1, keepdim=True)
        similarity = (bent * functional.normalize(wanted, dim=-1)).sum(-1)
        if self.text.null is not None:
            similarity = similarity - bent @ self.text.null
        asked = self.log_scale.exp() * similarity + self.bias[1]
        return torch.where(present.sum(1, keepdim=True) > 0, asked, logits)
