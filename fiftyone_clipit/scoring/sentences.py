"""Which of a video's many sentences guide its summary: each meaning once, spread evenly, not too many."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from fiftyone_clipit.encoders.clip import Encoder
from fiftyone_clipit.scoring.text import NEUTRAL
from fiftyone_clipit.settings import DEFAULT_MOST

# Likeness from which two sentences say the same.
_SAME = 0.85
# How many candidates are encoded for each sentence that may stay.
_CANDIDATES = 16


def choose_sentences(sentences: Sequence[str], encoder: Encoder, *, most: int = DEFAULT_MOST) -> tuple[str, ...]:
    """Chooses the sentences that guide a summary.

    Of sentences that say the same the first stays; of what is left, as many as allowed are taken at even distances,
    as the paper does with dense captions. The same sentences always give the same choice.

    To keep ten thousand sentences as cheap as a hundred, no more than 16 candidates for each sentence that may stay
    are compared by meaning; they are taken at even distances, too.

    Args:
        sentences: in the order in which the video shows them.
        encoder: what tells their meaning.
        most: how many may stay, at least 1.

    Returns:
        At least one sentence where there are any, in their order.
    """
    # By their words: case and punctuation say nothing. The first of equal ones stays.
    distinct = list({_words(sentence): sentence for sentence in reversed(sentences)}.values())[::-1]
    candidates = [distinct[i] for i in evenly(len(distinct), _CANDIDATES * most)]
    if len(candidates) > 1:
        vectors = encoder.encode_texts([*candidates, *NEUTRAL])
        kept = different(vectors[: len(candidates)], vectors[len(candidates) :].mean(axis=0))
        candidates = [candidates[i] for i in kept]
    return tuple(candidates[i] for i in evenly(len(candidates), most))


def different(vectors: np.ndarray, origin: np.ndarray, *, same: float = _SAME) -> list[int]:
    """The vectors that are not like an earlier one.

    Two vectors are alike when they are close, and still close as seen from the sentences that fit any picture: where
    a model puts all sentences into a corner of its space, all are close and only the second tells them apart.

    Args:
        vectors: (S, dim), rows of unit length.
        origin: (dim,), the mean vector of neutral sentences.
        same: cosine from which two are alike.

    Returns:
        Indices, ascending; the first vector is always among them.
    """
    seen = vectors - origin
    seen /= np.linalg.norm(seen, axis=1, keepdims=True).clip(1e-12)
    kept: list[int] = []
    for i in range(len(vectors)):
        likeness = np.minimum(vectors[kept] @ vectors[i], seen[kept] @ seen[i])
        if likeness.max(initial=-1.0) < same:
            kept.append(i)
    return kept


def evenly(n: int, most: int) -> list[int]:
    """At most so many of n places, at even distances, the same at both ends.

    Returns:
        Indices, ascending, all different.
    """
    count = min(n, most)
    return [(2 * i + 1) * n // (2 * count) for i in range(count)]


def _words(sentence: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", sentence.casefold()))
