"""What clipit-tiny is trained for."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch.nn import functional

from fiftyone_clipit.encoders.tiny.batches import KINDS, Batch


def embed(model: Any, pixels: torch.Tensor, tokens: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Pictures and sentences as unit vectors, computed in bfloat16.

    Args:
        model: an open_clip model.
        pixels: (B, 3, side, side), normalized.
        tokens: (S, length), padded.

    Returns:
        float32 (B, dim) and (S, dim).
    """
    with torch.autocast("cpu", torch.bfloat16):
        images = model.encode_image(pixels)
        texts = encode_text(model, tokens)
    return functional.normalize(images.float(), dim=-1), functional.normalize(texts.float(), dim=-1)


def contrast(scale: torch.Tensor, images: torch.Tensor, texts: torch.Tensor, batch: Batch) -> torch.Tensor:
    """Contrast in three directions, where no sentence that is true of a picture counts against it.

    A picture finds its sentence among false, unknown and neutral ones; it finds a neutral sentence among false and
    unknown ones, so that neutral ones come between true and false; a sentence finds its picture among those that
    it is false of.

    Args:
        scale: what cosines are multiplied by.
        images: (B, dim), unit vectors.
        texts: (S, dim), unit vectors of the batch's captions, neutral and unknown sentences, in this order.
        batch: says which captions are true of which pictures.
    """
    logits = scale * images @ texts.T
    n, extra = len(batch.captions), len(batch.neutral)
    own = torch.arange(n)
    true = torch.from_numpy(batch.true)
    others = logits[:, :n].masked_fill(true & ~torch.eye(n, dtype=torch.bool), -torch.inf)
    finds_sentence = functional.cross_entropy(torch.cat([others, logits[:, n:]], 1), own)
    finds_picture = functional.cross_entropy(others.T, own)
    false = logits[:, :n].masked_fill(true, -torch.inf)
    some = logits[own, n + own % extra].unsqueeze(1)
    against = torch.cat([some, false, logits[:, n + extra :]], 1)
    finds_neutral = functional.cross_entropy(against, torch.zeros_like(own))
    return finds_sentence + finds_picture + 0.5 * finds_neutral


def named(naming: torch.nn.Module, vectors: torch.Tensor, codes: np.ndarray) -> torch.Tensor:
    """How badly a linear layer names thing, colour and setting from vectors of pictures or of sentences.

    One layer for both: it gives pictures and sentences of a thing the same direction, which contrast alone takes
    long to find.

    Args:
        naming: gives one value for each name of each kind.
        vectors: (B, dim).
        codes: (B, 2, 6), encoded views or claims; what is not said there is not asked for.
    """
    scores = naming(16 * vectors).split(list(KINDS.values()), 1)
    loss = vectors.new_zeros(())
    for kind, score in zip(KINDS, scores, strict=True):
        wanted = torch.from_numpy(codes[:, :, kind].astype(np.int64))
        said = (wanted >= 0).float()
        found = score.log_softmax(1).gather(1, wanted.clamp_min(0))
        loss = loss - (found * said).sum() / said.sum().clamp_min(1)
    return loss


def encode_text(model: Any, tokens: torch.Tensor) -> torch.Tensor:
    """As the model's own `encode_text`, without the padding that no sentence of the batch needs.

    Args:
        model: an open_clip model.
        tokens: (S, length), padded.

    Returns:
        (S, dim), of any length.
    """
    length = int(tokens.ne(0).sum(1).max())
    tokens = tokens[:, :length]
    x = model.token_embedding(tokens) + model.positional_embedding[:length]
    x = model.transformer(x, attn_mask=model.attn_mask[:length, :length])
    x = model.ln_final(x)
    ends = tokens.eq(model.text_eos_id).int().argmax(1)
    return x[torch.arange(len(x)), ends] @ model.text_projection
