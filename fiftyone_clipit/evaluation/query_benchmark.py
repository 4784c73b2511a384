"""The query-focused benchmark: sets of shots against those of people, by what the shots show."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.evaluation.annotations import QueryVideo
from fiftyone_clipit.evaluation.baselines import Measures, mean_measures
from fiftyone_clipit.evaluation.metrics import semantic_f1

QueryScores = Callable[[QueryVideo, str], np.ndarray]


def best_shots(scores: np.ndarray, count: int) -> list[int]:
    """The shots with the highest scores, ascending; earlier ones win ties."""
    return sorted(np.argsort(-np.asarray(scores), kind="stable")[:count].tolist())


def measure_query_scores(video: QueryVideo, scores: QueryScores, share: float) -> Measures:
    """Measures scores of shots, averaged over a video's queries.

    Args:
        video: what people marked.
        scores: gives one score for each shot of a video, for a query such as "Book_Street".
        share: how many of the shots a summary takes.

    Returns:
        `f1`, `precision` and `recall` against the oracle, and `f1_users`, the mean against each person; in percent.

    Raises:
        UsageError: scores that are not finite, or not one for each shot.
    """
    count = max(1, round(share * len(video.concepts)))
    rows = []
    for query in video.oracle:
        values = np.asarray(scores(video, query), dtype=np.float64)
        if values.shape != (len(video.concepts),) or not np.isfinite(values).all():
            raise UsageError(
                f"{video.key}, {query}: expected {len(video.concepts)} finite scores, one a shot; got {values.shape}"
            )
        rows.append(_measure(video, query, best_shots(values, count)))
    return mean_measures(rows)


def query_baselines(seeds: int) -> dict[str, Callable[[QueryVideo, float], Measures]]:
    """Random and evenly spread shots, each person against the others, and the oracle, by name."""
    return {
        "random": lambda video, share: _random(video, share, seeds),
        "uniform": lambda video, share: measure_query_scores(video, _evenly, share),
        "human": lambda video, share: _human(video),
        "oracle": lambda video, share: mean_measures(
            {"f1_users": _against(video, shots, video.users[query])} for query, shots in video.oracle.items()
        ),
    }


def _random(video: QueryVideo, share: float, seeds: int) -> Measures:
    count = len(video.concepts)
    draws = []
    for seed in range(seeds):
        rng = np.random.default_rng([seed, *video.key.encode()])
        draws.append(measure_query_scores(video, lambda *_, rng=rng: rng.random(count), share))
    return mean_measures(draws)


def _evenly(video: QueryVideo, query: str) -> np.ndarray:
    # The binary digits of a counter, read backwards, spread any number of first picks evenly over the video.
    count = len(video.concepts)
    bits = max(1, (count - 1).bit_length())
    order = [int(f"{i:0{bits}b}"[::-1], 2) for i in range(2**bits)]
    scores = np.zeros(count)
    places = [place for place in order if place < count]
    scores[places] = np.arange(count, 0, -1)
    return scores


def _human(video: QueryVideo) -> Measures:
    rows = []
    for query, users in video.users.items():
        for i, shots in enumerate(users):
            others = [*users[:i], *users[i + 1 :]]
            row = _measure(video, query, shots)
            rows.append({**row, "f1_users": _against(video, shots, others) if others else row["f1"]})
    return mean_measures(rows)


def _measure(video: QueryVideo, query: str, shots: Sequence[int]) -> Measures:
    score = semantic_f1(shots, video.oracle[query], video.concepts)
    return {**vars(score), "f1_users": _against(video, shots, video.users[query])}


def _against(video: QueryVideo, shots: Sequence[int], users: Sequence[Sequence[int]]) -> float:
    return float(np.mean([semantic_f1(shots, user, video.concepts).f1 for user in users]))
