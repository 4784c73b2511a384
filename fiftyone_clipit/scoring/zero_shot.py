"""Scores without training: for words by CLIP's own similarity, without words by what stands out and moves."""

from __future__ import annotations

import numpy as np
from scipy.special import expit, logsumexp
from scipy.stats import rankdata

from fiftyone_clipit.scoring.text import TextPrompts

# Samples on each side that count as a frame's neighbourhood (2 s at 2 fps).
_NEIGHBOURS = 4
# Frames that every frame is held against; more only cost time.
_REFERENCES = 1024
# Blocks of rows keep memory flat on long videos.
_BLOCK = 4096


def text_scores(features: np.ndarray, prompts: TextPrompts, *, rivals: np.ndarray | None = None) -> np.ndarray:
    """How well each frame fits each sentence.

    The probability of the sentence in a softmax over it and the neutral sentences, at the encoder's own temperature:
    unlike a bare cosine it is comparable between sentences and between videos.

    Args:
        features: (T, dim), rows of unit length.
        prompts: S sentences and the neutral ones.
        rivals: float32 (R, dim), unit vectors of other sentences that a sentence must beat, too.

    Returns:
        float64 (S, T) in [0, 1].
    """
    others = prompts.neutral if rivals is None else np.concatenate([prompts.neutral, rivals])
    words = np.concatenate([prompts.sentences, others])
    logits = prompts.logit_scale * (words @ features.astype(np.float32, copy=False).T).astype(np.float64)
    ours, theirs = logits[: len(prompts.sentences)], logits[len(prompts.sentences) :]
    return expit(ours - logsumexp(theirs, axis=0))


def generic_scores(features: np.ndarray) -> np.ndarray:
    """How much each frame stands out in its video, and how much happens in it.

    The mean of three ranks: distance to the nearest tenth of the video's frames, distance to the neighbours in time,
    and the step from frame to frame, the last two on the side that changes less. Each alone agrees a little with what
    people find important on SumMe, and their sum agrees best; ranks keep single jumps from outweighing everything.

    Args:
        features: (T, dim), rows of unit length.

    Returns:
        float64 (T,) in [0, 1]; 0.5 everywhere when all frames are alike.
    """
    frames = features.astype(np.float32)
    if len(frames) < 3:
        return np.full(len(frames), 0.5)
    # Both hide float16's noise: frames that look alike must tie.
    frames /= np.linalg.norm(frames, axis=1, keepdims=True).clip(1e-12)
    signals = [_isolation(frames), _local_change(frames), _step_change(frames)]
    return np.mean([(rankdata(signal.round(3)) - 0.5) / len(frames) for signal in signals], axis=0)


def _isolation(frames: np.ndarray) -> np.ndarray:
    """Mean squared distance to the nearest tenth of the frames."""
    stride = -(-len(frames) // _REFERENCES)
    references = frames[::stride]
    nearest = max(1, len(references) // 10)
    result = np.empty(len(frames))
    for start in range(0, len(frames), _BLOCK):
        cosines = frames[start : start + _BLOCK] @ references.T
        result[start : start + _BLOCK] = -np.partition(-cosines, nearest - 1, axis=1)[:, :nearest].mean(axis=1)
    return 2 - 2 * result


def _local_change(frames: np.ndarray) -> np.ndarray:
    """One minus the mean cosine to the neighbours in time, up to `_NEIGHBOURS` on the side that is more alike.

    What moves differs from both sides. A frame beside a cut differs from one side only, and a cut by itself is
    nothing worth seeing.
    """
    before, after = np.zeros((2, len(frames))), np.zeros((2, len(frames)))
    for offset in range(1, min(_NEIGHBOURS, len(frames) - 1) + 1):
        cosines = np.einsum("td,td->t", frames[offset:], frames[:-offset])
        before[:, offset:] += [cosines, np.ones_like(cosines)]
        after[:, :-offset] += [cosines, np.ones_like(cosines)]
    return 1 - np.maximum(*(np.where(n > 0, total / np.maximum(n, 1), -1) for total, n in (before, after)))


def _step_change(frames: np.ndarray) -> np.ndarray:
    """One minus the cosine to the next frame or to the one before, whichever is more alike."""
    steps = 1 - np.einsum("td,td->t", frames[1:], frames[:-1])
    return np.minimum(np.concatenate([steps[:1], steps]), np.concatenate([steps, steps[-1:]]))
