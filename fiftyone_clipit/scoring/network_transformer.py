"""Language-guided attention and frame-scoring transformer: the presets `paper` and `modelscope`."""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor, nn
from torch.nn import functional

from fiftyone_clipit.scoring.network_config import ClipItConfig
from fiftyone_clipit.scoring.network_layers import (
    Attention,
    DecoderLayer,
    EncoderLayer,
    LanguageAttention,
    ScoreHead,
    sinusoids,
)
from fiftyone_clipit.scoring.network_text import ConcatenatedKey, SentenceKeys


class ClipItOutput(NamedTuple):
    """What the network gives for a batch of B videos of up to T samples; 0 where a video is padded.

    Attributes:
        scores: importance in [0, 1], float32 (B, T).
        reconstruction: the frames' features as the decoder rebuilds them (B, T, dim); None when not asked for.
        logits: the scores before the sigmoid, float32 (B, T).
    """

    scores: Tensor
    reconstruction: Tensor | None
    logits: Tensor

    @property
    def decoded(self) -> Tensor | None:
        """The decoder's output: another name of `reconstruction`."""
        return self.reconstruction


class TransformerBody(nn.Module):
    """Frames attend to sentences, then to each other; a small head scores them (paper, sections 3.1 and 3.2).

    The residual connection around the language attention is essential: what attention adds to a frame is a
    mixture of sentences, and with a single key the same vector for all frames.
    """

    positions: Tensor

    def __init__(self, config: ClipItConfig) -> None:
        super().__init__()
        self.config = config
        width, eps = config.width, config.norm_eps
        same = config.dim == width
        self.frame_in: nn.Module = nn.Identity()
        self.frame_out: nn.Module = nn.Identity() if config.sentences and same else nn.Linear(width, config.dim)
        if not same:
            self.frame_in = nn.Linear(config.dim, width, bias=False)
            nn.init.orthogonal_(self.frame_in.weight)
        self.text: SentenceKeys | ConcatenatedKey
        self.language: Attention
        if config.sentences:
            self.text = ConcatenatedKey(config)
            self.language = Attention(width, config.text_heads, config.text_head_dim, config.dropout)
        else:
            # One projection for frames and sentences keeps them comparable, as the encoder made them.
            self.text = SentenceKeys(config, self.frame_in)
            self.language = LanguageAttention(width, config.text_heads, config.text_head_dim, config.dropout)
        self.language_norm = nn.LayerNorm(width, eps=eps)
        self.register_buffer("positions", sinusoids(config.max_length, width), persistent=False)
        self.encoder_norm = nn.LayerNorm(width, eps=eps) if config.position_norm else nn.Identity()
        self.decoder_norm = nn.LayerNorm(width, eps=eps) if config.position_norm else nn.Identity()
        shape = (width, config.heads, config.head_dim, config.feed_forward, config.dropout, eps)
        self.encoder = nn.ModuleList(EncoderLayer(*shape) for _ in range(config.layers))
        self.decoder = nn.ModuleList(DecoderLayer(*shape) for _ in range(config.layers))
        self.head = ScoreHead(width, config.dropout, eps)
        self.drop = nn.Dropout(config.dropout)

    def forward(
        self, frames: Tensor, text: Tensor, frame_mask: Tensor | None, text_mask: Tensor | None, reconstruct: bool
    ) -> tuple[Tensor, Tensor | None]:
        """Logits (B, T) and, when asked for, reconstructed features (B, T, dim)."""
        frames = self._frames(frames)
        keys, key_mask = self.text(text, text_mask)
        guided = self.language_norm(frames + self.drop(self.language(frames, keys, key_mask)))
        encoded = self._place(guided, self.encoder_norm)
        for layer in self.encoder:
            encoded = layer(encoded, frame_mask)
        logits = self.head(encoded)
        if not reconstruct:
            return logits, None
        decoded = self._place(frames, self.decoder_norm)
        for layer in self.decoder:
            decoded = layer(decoded, encoded, frame_mask)
        return logits, self.frame_out(decoded)

    def language_weights(self, frames: Tensor, text: Tensor, text_mask: Tensor | None) -> Tensor:
        """How much each frame attends to each key, (B, heads, T, keys)."""
        keys, key_mask = self.text(text, text_mask)
        return self.language.weights(self._frames(frames), keys, key_mask)

    def _frames(self, frames: Tensor) -> Tensor:
        return self.frame_in(functional.normalize(frames, dim=-1) if self.config.unit_norm else frames)

    def _place(self, x: Tensor, norm: nn.Module) -> Tensor:
        return norm(self.drop(x + self.positions[: x.shape[1]].to(x.dtype)))
