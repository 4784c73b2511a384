"""Training examples from the query-focused annotations of UT Egocentric (Sharghi et al., CVPR 2017)."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import numpy as np

from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.evaluation.annotations import QueryVideo, read_qfvs
from fiftyone_clipit.training.examples import VideoExample
from fiftyone_clipit.training.h5 import groups_of, opened, read_examples, text_of

# Shots last so long; a sample belongs to the shot in which it lies.
SHOT_SECONDS = 5.0

# The dictionary writes some concepts as one word.
_SPELLED = {"Cupglass": "cup or glass", "Musicalinstrument": "musical instrument", "Petsanimal": "pet or animal"}


def query_sentences(query: str) -> list[str]:
    """The two concepts of a query such as "Book_Street" as sentences: "a photo of a book", ..."""
    words = [_SPELLED.get(concept, concept.lower()) for concept in query.split("_")]
    return [*(f"a photo of {word}" for word in words), f"a photo of {' and '.join(words)}"]


def read_qfvs_examples(
    annotations: str | os.PathLike[str],
    features: str | os.PathLike[str],
    encode_texts: Callable[[Sequence[str]], np.ndarray],
    *,
    videos: Iterable[str] | None = None,
    skip_missing: bool = False,
) -> list[VideoExample]:
    """One example for each video and query: a sample's target is 1 where the oracle took its shot.

    Args:
        annotations: the folder that holds `Dense_per_shot_tags` and `Query-Focused_Summaries`.
        features: an HDF5 file of the usual structure whose groups, or whose `video_name`, are P01, P02, ..., with
            `picks` and `fps`, from which a sample's shot follows: such as `clipit features P01.mp4 P02.mp4` writes.
        encode_texts: from sentences to vectors (S, dim), of the encoder that made the features.
        videos: only these, such as ("P01", "P02"); leave one out to test on it.
        skip_missing: leave out videos whose features are not at hand.

    Returns:
        Examples named "P01?Book_Street"; all of one video share its features.

    Raises:
        UsageError: annotations or features lack something; says what was expected.
    """
    labelled = {video.key: video for video in read_qfvs(annotations)}
    wanted = list(labelled if videos is None else videos)
    if absent := [key for key in wanted if key not in labelled]:
        raise UsageError(f"{os.fspath(annotations)} does not hold {', '.join(absent)}; it has {', '.join(labelled)}")
    groups = _groups(features, wanted, skip_missing)
    read = read_examples(features, keys=groups.values())
    found = {key: read[group].named(key) for key, group in groups.items()}
    vectors: dict[str, np.ndarray] = {}
    examples = []
    for key in found:
        shots = sample_shots(found[key], len(labelled[key].concepts))
        for query in labelled[key].oracle:
            if query not in vectors:
                vectors[query] = encode_texts(query_sentences(query))
            examples.append(_example(found[key], labelled[key], query, shots, vectors[query]))
    return examples


def sample_shots(example: VideoExample, n_shots: int) -> np.ndarray:
    """The 5-second shot (0-based) in which each sample lies, int64 (T,).

    Raises:
        UsageError: the example does not know its picks and frame rate, or reaches far beyond the last shot.
    """
    if example.picks is None or not example.fps:
        raise UsageError(f"{example.name}: expected picks and fps beside the features, to find each sample's shot")
    shots = np.floor(example.picks / example.fps / SHOT_SECONDS).astype(np.int64)
    if shots[-1] > n_shots + 1:
        raise UsageError(
            f"{example.name}: its last sample lies in shot {shots[-1] + 1}, but the annotations have {n_shots} shots "
            f"of {SHOT_SECONDS:g} s; is fps right?"
        )
    return np.minimum(shots, n_shots - 1)


def shot_scores(scores: np.ndarray, shots: np.ndarray, n_shots: int) -> np.ndarray:
    """The mean score of each shot, float64 (n_shots,); a shot without a sample gets the lowest score."""
    count = np.bincount(shots, minlength=n_shots)
    total = np.bincount(shots, weights=scores, minlength=n_shots)
    return np.where(count > 0, total / np.maximum(count, 1), scores.min())


def _groups(features: str | os.PathLike[str], wanted: Sequence[str], skip_missing: bool) -> dict[str, str]:
    """The group of each video in a file of features, by its own name or by its video's."""
    with opened(features) as file:
        groups = groups_of(file)
        by_name = {text_of(group, "video_name") or key: key for key, group in groups.items()}
    found = {key: key if key in groups else by_name[key] for key in wanted if key in groups or key in by_name}
    absent = [key for key in wanted if key not in found]
    if absent and not (skip_missing and found):
        raise UsageError(
            f"{os.fspath(features)} does not hold {', '.join(absent)}, neither as a group nor by video_name; it has "
            f"{', '.join(sorted(by_name)) or 'no group'}"
        )
    return found


def _example(video: VideoExample, labels: QueryVideo, query: str, shots: np.ndarray, text: np.ndarray) -> VideoExample:
    chosen = np.zeros(len(labels.concepts), dtype=np.float32)
    chosen[labels.oracle[query]] = 1
    return replace(video, name=f"{labels.key}?{query}", targets=chosen[shots], text=text, video=labels.key)
