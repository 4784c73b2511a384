"""Query-focused annotations as training examples."""

from __future__ import annotations

import h5py
import numpy as np
import pytest

from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.evaluation import read_qfvs
from fiftyone_clipit.training import read_qfvs_examples
from fiftyone_clipit.training.qfvs import query_sentences, shot_scores

DIM = 8


def encode(sentences) -> np.ndarray:
    return np.stack([np.random.default_rng([*each.encode()]).normal(size=DIM) for each in sentences])


@pytest.fixture
def features(tmp_path, shared_data):
    """One sample a second of each video, as long as its annotations are."""
    path = tmp_path / "qfvs.h5"
    with h5py.File(path, "w") as file:
        for video in read_qfvs(shared_data / "qfvs"):
            n_samples = 5 * len(video.concepts)
            group = file.create_group(video.key)
            group["features"] = np.random.default_rng(0).normal(size=(n_samples, DIM)).astype(np.float32)
            group["picks"], group["fps"], group["n_frames"] = np.arange(n_samples) * 15, 15.0, n_samples * 15
    return path


def test_the_oracles_shots_become_targets(shared_data, features):
    annotations = shared_data / "qfvs"
    examples = read_qfvs_examples(annotations, features, encode, videos=("P01", "P03"))
    labelled = {video.key: video for video in read_qfvs(annotations)}
    assert len(examples) == 90
    assert {example.video for example in examples} == {"P01", "P03"}
    example = next(each for each in examples if each.name == "P01?Book_Street")
    wanted = labelled["P01"].oracle["Book_Street"]
    assert np.flatnonzero(example.targets.reshape(-1, 5).all(axis=1)).tolist() == wanted
    assert example.targets.sum() == 5 * len(wanted)
    np.testing.assert_allclose(example.text, encode(query_sentences("Book_Street")), rtol=1e-6)
    scores = shot_scores(example.targets, np.arange(len(example.targets)) // 5, len(example.targets) // 5)
    assert np.flatnonzero(scores).tolist() == wanted


def test_concepts_become_words():
    assert query_sentences("Cupglass_Petsanimal") == [
        "a photo of cup or glass",
        "a photo of pet or animal",
        "a photo of cup or glass and pet or animal",
    ]


def test_features_that_cannot_be_placed_are_refused(shared_data, features):
    annotations = shared_data / "qfvs"
    with pytest.raises(UsageError, match="does not hold P09"):
        read_qfvs_examples(annotations, features, encode, videos=("P09",))
    with h5py.File(features, "a") as file:
        del file["P01/fps"]
        file["P03/fps"][()] = 1.0
    with pytest.raises(UsageError, match="P01: expected picks and fps"):
        read_qfvs_examples(annotations, features, encode, videos=("P01",))
    with pytest.raises(UsageError, match=r"P03: its last sample lies in shot .* is fps right"):
        read_qfvs_examples(annotations, features, encode, videos=("P03",))


def test_videos_are_found_by_their_files_names(shared_data, features):
    """As `clipit features P01.mp4 P02.mp4 P03.mp4` writes them: groups video_1, ..., and the names inside."""
    with h5py.File(features, "a") as file:
        for number, key in enumerate(("P01", "P02", "P03"), 1):
            file.move(key, f"video_{number}")
            file[f"video_{number}/video_name"] = key
    examples = read_qfvs_examples(shared_data / "qfvs", features, encode, videos=("P03", "P01"))
    assert {example.video for example in examples} == {"P01", "P03"}
    assert examples[0].name.startswith("P03?")
    with h5py.File(features, "a") as file:
        del file["video_2"]
    with pytest.raises(UsageError, match="does not hold P02, neither as a group nor by video_name; it has P01, P03"):
        read_qfvs_examples(shared_data / "qfvs", features, encode)
    kept = read_qfvs_examples(shared_data / "qfvs", features, encode, skip_missing=True)
    assert {example.video for example in kept} == {"P01", "P03"}
