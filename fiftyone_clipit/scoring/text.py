"""Words as vectors: queries in several wordings, and neutral sentences to hold against them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fiftyone_clipit.encoders.clip import Encoder

# Averaging a few wordings steadies the vector of a short query (Radford et al. 2021, section 3.1.4).
TEMPLATES = ("{}", "a photo of {}", "a picture of {}", "a video frame of {}")

# What fits any frame: a query must beat these to count.
NEUTRAL = ("a photo", "a picture of something", "a video frame", "an image")


@dataclass(frozen=True, eq=False)
class TextPrompts:
    """The vectors that frames are compared with.

    Attributes:
        sentences: float32 (S, dim): one unit vector a query or caption, the mean over its wordings.
        wordings: float32 (S, W, dim): the unit vectors of all wordings.
        neutral: float32 (N, dim): unit vectors of the neutral sentences.
        logit_scale: the encoder's own factor on cosines.
    """

    sentences: np.ndarray
    wordings: np.ndarray
    neutral: np.ndarray
    logit_scale: float


def embed(sentences: Sequence[str], encoder: Encoder) -> TextPrompts:
    """Encodes queries or captions together with the neutral sentences."""
    worded = [template.format(sentence) for sentence in sentences for template in TEMPLATES]
    vectors = encoder.encode_texts([*worded, *NEUTRAL])
    wordings = vectors[: len(worded)].reshape(len(sentences), len(TEMPLATES), -1)
    mean = wordings.mean(axis=1)
    return TextPrompts(
        sentences=mean / np.linalg.norm(mean, axis=1, keepdims=True).clip(1e-12),
        wordings=wordings,
        neutral=vectors[len(worded) :],
        logit_scale=encoder.logit_scale,
    )
