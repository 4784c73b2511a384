"""How good a summary is: the measures of the field's benchmarks, on arrays alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.stats import kendalltau, spearmanr

from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.summary.select import select_shots

Reduction = Literal["mean", "max"]


def frame_scores(scores: np.ndarray, *, picks: np.ndarray, n_frames: int) -> np.ndarray:
    """Scores of all frames from those of the sampled ones, each held until the next, as is usual.

    Args:
        scores: (T,), finite.
        picks: int (T,), 0-based numbers of the sampled frames, increasing.
        n_frames: frames of the video.

    Returns:
        float32 (n_frames,); 0 before the first pick.

    Raises:
        UsageError: scores that are not finite, or not one for each pick; picks outside the video.
    """
    values, places = np.asarray(scores), np.asarray(picks)
    if values.ndim != 1 or values.shape != places.shape:
        raise UsageError(f"expected one score for each of the {places.size} picks, got scores {values.shape}")
    if not np.isfinite(values).all():
        raise UsageError(f"scores hold {int((~np.isfinite(values)).sum())} NaN or infinite values of {values.size}")
    if places.size and (places[0] < 0 or places[-1] >= n_frames or (np.diff(places) <= 0).any()):
        raise UsageError(f"picks must increase from 0 to {n_frames - 1}, got {places[0]} ... {places[-1]}")
    frames = np.zeros(n_frames, dtype=np.float32)
    if places.size:
        frames[places[0] :] = np.repeat(values, np.diff([*places.tolist(), n_frames]))
    return frames


def machine_summary(
    scores: np.ndarray, *, change_points: np.ndarray, n_frames: int, picks: np.ndarray, budget: float = 0.15
) -> np.ndarray:
    """The summary that the published evaluation code makes from scores, bit for bit.

    A shot's value is the mean score of its frames, its price its length, and the knapsack's capacity
    int(budget * n_frames). (Zhang et al., Video Summarization with Long Short-Term Memory, ECCV 2016, made this the
    protocol of SumMe and TVSum.) The summary is empty where no shot fits or none has a positive value.

    Args:
        scores: (T,), score of each sampled frame.
        change_points: int (S, 2), first and last frame of each shot, 0-based and inclusive. Two of TVSum's files
            end one frame after the video: such a shot ends with the video.
        n_frames: frames of the video.
        picks: int (T,), the sampled frames, 0-based.
        budget: share of the video.

    Returns:
        uint8 (n_frames,), 1 for frames in the summary.

    Raises:
        UsageError: scores that are not finite or not one for each pick, shots outside the video.
    """
    shots = np.asarray(change_points)
    if shots.ndim != 2 or shots.shape[1] != 2 or not len(shots):
        raise UsageError(f"change_points must have shape (shots, 2): first and last frame; got {shots.shape}")
    if shots.min() < 0 or shots[:, 0].max() >= n_frames or (shots[:, 1] < shots[:, 0]).any():
        raise UsageError(f"change_points must lie within the frames 0 to {n_frames - 1}, first before last")
    shots = np.minimum(shots, n_frames - 1)
    frames = frame_scores(scores, picks=picks, n_frames=n_frames)
    # The mean stays in single precision: in double, or as an integer, some shots change their order.
    values = [float(frames[first : last + 1].mean()) for first, last in shots]
    chosen = select_shots(values, shots[:, 1] - shots[:, 0] + 1, int(budget * n_frames), compatible=True)
    summary = np.zeros(n_frames, dtype=np.uint8)
    for first, last in shots[chosen]:
        summary[first : last + 1] = 1
    return summary


def f_score(machine: np.ndarray, user_summary: np.ndarray, *, reduction: Reduction = "mean") -> float:
    """Agreement of a summary with those of people, in percent.

    Args:
        machine: (n,), 1 for frames in the summary.
        user_summary: (users, n), the same for each person; or (n,) for a single one.
        reduction: over the users: "max" as on SumMe, "mean" as on TVSum.

    Returns:
        F1 of the frames; 0 without any overlap.

    Raises:
        UsageError: summaries of different lengths, values other than 0 and 1, an unknown reduction.
    """
    if reduction not in ("mean", "max"):
        raise UsageError(f'reduction must be "mean" or "max", not {reduction!r}')
    ours, theirs = np.asarray(machine), np.atleast_2d(np.asarray(user_summary))
    if ours.ndim != 1 or theirs.ndim != 2 or theirs.shape[1] != ours.size or not theirs.size:
        raise UsageError(
            f"expected user summaries of shape (users, {ours.size}), one value a frame; got {theirs.shape}"
        )
    if not (np.isin(ours, (0, 1)).all() and np.isin(theirs, (0, 1)).all()):
        raise UsageError("summaries must hold 0 and 1 alone; turn scores into one with machine_summary")
    both = (theirs * ours.astype(np.int64)).sum(axis=1)
    size = ours.sum(dtype=np.int64) + theirs.sum(axis=1, dtype=np.int64)
    scores = 200.0 * both / np.maximum(size, 1)
    return float(scores.max() if reduction == "max" else scores.mean())


@dataclass(frozen=True)
class RankCorrelation:
    """Agreement of scores with people's, by the order of the frames; 0 is chance.

    Two definitions circulate and differ a lot, so both are given.

    Attributes:
        tau_mean_over_users: Kendall's tau-b with each person, averaged.
        rho_mean_over_users: Spearman's rho with each person, averaged.
        tau_with_mean_user: tau-b with the mean of all persons' scores.
        rho_with_mean_user: rho with the mean of all persons' scores.
    """

    tau_mean_over_users: float
    rho_mean_over_users: float
    tau_with_mean_user: float
    rho_with_mean_user: float


def rank_correlation(scores: np.ndarray, user_scores: np.ndarray) -> RankCorrelation:
    """Rank correlation of scores with people's (Otani et al., Rethinking the Evaluation of Video Summaries, CVPR 2019).

    Args:
        scores: (n,), finite.
        user_scores: (users, n), importance or binary summaries of the same frames; or (n,) for a single person.

    Returns:
        Both definitions. A constant row orders nothing and counts as 0.

    Raises:
        UsageError: different lengths, values that are not finite.
    """
    ours = np.asarray(scores, dtype=np.float64)
    theirs = np.atleast_2d(np.asarray(user_scores, dtype=np.float64))
    if ours.ndim != 1 or theirs.ndim != 2 or theirs.shape[1] != ours.size or not theirs.size:
        raise UsageError(f"expected user scores of shape (users, {ours.size}), one a frame; got {theirs.shape}")
    if not (np.isfinite(ours).all() and np.isfinite(theirs).all()):
        raise UsageError("scores hold NaN or infinite values; expected finite numbers")
    pairs = [(_tau(ours, row), _rho(ours, row)) for row in theirs]
    taus, rhos = np.mean(pairs, axis=0)
    mean = theirs.mean(axis=0)
    return RankCorrelation(float(taus), float(rhos), _tau(ours, mean), _rho(ours, mean))


def _tau(a: np.ndarray, b: np.ndarray) -> float:
    return 0.0 if np.ptp(a) == 0 or np.ptp(b) == 0 else float(kendalltau(a, b).statistic)


def _rho(a: np.ndarray, b: np.ndarray) -> float:
    return 0.0 if np.ptp(a) == 0 or np.ptp(b) == 0 else float(spearmanr(a, b).statistic)


@dataclass(frozen=True)
class SemanticScore:
    """Agreement of two sets of shots by what they show, in percent.

    Attributes:
        precision: matched likeness per machine shot.
        recall: matched likeness per reference shot.
        f1: their harmonic mean.
    """

    precision: float
    recall: float
    f1: float


def semantic_f1(machine: Sequence[int], reference: Sequence[int], concepts: np.ndarray) -> SemanticScore:
    """Query-focused agreement: shots count as alike as their concepts overlap, each matched at most once.

    Sharghi et al., Query-Focused Video Summarization: Dataset, Evaluation, and a Memory Network Based Approach, CVPR
    2017, section 3.3: weights are intersection over union of the shots' concepts, the matching has the greatest
    total weight.

    Args:
        machine: shots of the summary, 0-based.
        reference: shots of a person's summary, 0-based.
        concepts: (shots, concepts), what each shot of the video shows; nonzero means yes.

    Returns:
        All 0 when either is empty.

    Raises:
        UsageError: shots that the video does not have.
    """
    tags = np.asarray(concepts) != 0
    for name, shots in (("machine", machine), ("reference", reference)):
        if len(shots) and (min(shots) < 0 or max(shots) >= len(tags)):
            raise UsageError(f"{name} names shots {min(shots)} ... {max(shots)}; the video has 0 ... {len(tags) - 1}")
    ours, theirs = tags[sorted(set(machine))], tags[sorted(set(reference))]
    if not len(ours) or not len(theirs):
        return SemanticScore(0.0, 0.0, 0.0)
    common = ours.astype(np.int64) @ theirs.T.astype(np.int64)
    union = ours.sum(axis=1)[:, None] + theirs.sum(axis=1) - common
    likeness = common / np.maximum(union, 1)
    total = float(likeness[linear_sum_assignment(likeness, maximize=True)].sum())
    precision, recall = 100 * total / len(ours), 100 * total / len(theirs)
    return SemanticScore(precision, recall, 2 * precision * recall / (precision + recall) if total else 0.0)


def coverage(features: np.ndarray, summary: np.ndarray) -> float:
    """How well a summary shows what the video has: mean cosine of each frame to the nearest frame in the summary.

    Args:
        features: (n, dim), not zero.
        summary: (n,), 1 for frames in the summary.

    Returns:
        At most 1; 0 for an empty summary.
    """
    frames, chosen = _unit_and_chosen(features, summary)
    return float((frames @ chosen.T).max(axis=1).mean()) if len(chosen) else 0.0


def redundancy(features: np.ndarray, summary: np.ndarray) -> float:
    """How much a summary repeats itself: mean cosine between different frames in it; 0 for fewer than two.

    Args:
        features: (n, dim), not zero.
        summary: (n,), 1 for frames in the summary.
    """
    _, chosen = _unit_and_chosen(features, summary)
    count = len(chosen)
    if count < 2:
        return 0.0
    total = chosen.sum(axis=0)
    return float((total @ total - count) / (count * (count - 1)))


def _unit_and_chosen(features: np.ndarray, summary: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    frames, chosen = np.asarray(features, dtype=np.float64), np.asarray(summary) != 0
    if frames.ndim != 2 or chosen.shape != frames.shape[:1] or not np.isfinite(frames).all():
        raise UsageError(f"expected finite features (frames, dim) and one 0 or 1 a frame; got {frames.shape}")
    frames = frames / np.maximum(np.linalg.norm(frames, axis=1, keepdims=True), np.finfo(np.float64).tiny)
    return frames, frames[chosen]
