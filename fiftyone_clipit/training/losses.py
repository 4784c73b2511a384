"""The losses. B videos of up to T samples; masks are True where there is a sample; each gives a scalar."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional


def class_weights(positive_share: float) -> tuple[float, float]:
    """Weights of important and unimportant samples that make both kinds count alike in all, 1 on average.

    Args:
        positive_share: mean target of the training set.
    """
    share = min(max(positive_share, 1e-3), 1 - 1e-3)
    return 0.5 / share, 0.5 / (1 - share)


def classification(logits: Tensor, targets: Tensor, mask: Tensor, weights: tuple[float, float]) -> Tensor:
    """Weighted binary cross-entropy (paper, L_c), also for targets between 0 and 1. All (B, T)."""
    positive, negative = weights
    # Both logarithms from the logits: the sigmoid of a sure network rounds to 0 or 1.
    loss = -(
        positive * targets * functional.logsigmoid(logits) + negative * (1 - targets) * functional.logsigmoid(-logits)
    )
    return _mean(loss, mask)


def regression(scores: Tensor, targets: Tensor, mask: Tensor) -> Tensor:
    """Mean squared error of the scores. All (B, T)."""
    return _mean((scores - targets).square(), mask)


def diversity(features: Tensor, scores: Tensor, mask: Tensor) -> Tensor:
    """Mean cosine between different selected frames (paper, L_d), lower for more different ones.

    The selection is soft: a pair counts by the product of its scores, so that the loss teaches the scores, too.

    Args:
        features: of the frames, reconstructed or as they are (B, T, dim).
        scores: (B, T).
        mask: (B, T).
    """
    weight = scores * mask
    unit = functional.normalize(features, dim=-1)
    # The sum over pairs i != j of w_i w_j cos(i, j) is |sum_i w_i u_i|^2 - sum_i w_i^2: linear in T, not quadratic.
    own = weight.square().sum(1)
    similarity = (weight[..., None] * unit).sum(1).square().sum(-1) - own
    pairs = weight.sum(1).square() - own
    return (similarity / pairs.clamp(min=1e-6)).mean()


def reconstruction(rebuilt: Tensor, features: Tensor, scores: Tensor, mask: Tensor) -> Tensor:
    """Mean squared distance of the selected frames' reconstruction to the input (paper, L_r); selection is soft.

    Args:
        rebuilt: (B, T, dim).
        features: (B, T, dim), the network's input.
        scores: (B, T).
        mask: (B, T).
    """
    weight = scores * mask
    distance = (rebuilt - features).square().sum(-1)
    return ((weight * distance).sum(1) / weight.sum(1).clamp(min=1e-6)).mean()


def contrastive(rebuilt: Tensor, scores: Tensor, text: Tensor, text_mask: Tensor, temperature: float = 0.07) -> Tensor:
    """InfoNCE in both directions between what is selected of each video and what its sentences say.

    Videos without sentences take no part; videos with the same sentences are not told apart. 0 where fewer than
    two remain.

    Args:
        rebuilt: (B, T, dim), in the space of the sentences.
        scores: (B, T), 0 where padded.
        text: (B, S, dim).
        text_mask: (B, S).
        temperature: divides the cosines.
    """
    said = text_mask.any(1)
    if int(said.sum()) < 2:
        return scores.sum() * 0
    unit = functional.normalize(rebuilt[said], dim=-1)
    video = functional.normalize((scores[said][..., None] * unit).sum(1), dim=-1)
    sentence = functional.normalize(text[said], dim=-1) * text_mask[said][..., None]
    sentence = functional.normalize(sentence.sum(1), dim=-1)
    same = (sentence @ sentence.T > 0.9999) & ~torch.eye(len(sentence), dtype=torch.bool, device=text.device)
    logits = (video @ sentence.T / temperature).masked_fill(same, float("-inf"))
    order = torch.arange(len(logits), device=logits.device)
    return (functional.cross_entropy(logits, order) + functional.cross_entropy(logits.T, order)) / 2


def length(scores: Tensor, mask: Tensor, share: float) -> Tensor:
    """Squared distance of each video's mean score (B, T) from the share of it that should be selected."""
    return ((scores * mask).sum(1) / mask.sum(1) - share).square().mean()


def _mean(values: Tensor, mask: Tensor) -> Tensor:
    """Mean over the samples of each video, then over the videos that have any: long videos count as one."""
    count = mask.sum(1)
    means = (values * mask).sum(1) / count.clamp(min=1)
    return means.sum() / (count > 0).sum().clamp(min=1)
