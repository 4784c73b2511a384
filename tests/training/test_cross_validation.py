"""Training on folds: the five published ones run on real features, with the baselines beside."""

from __future__ import annotations

import numpy as np
import pytest

from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.scoring import ClipItConfig
from fiftyone_clipit.training import TrainingConfig, VideoExample, cross_validate, read_examples, read_splits
from fiftyone_clipit.training.cross_validation import measure_folds, videos_to_test
from fiftyone_clipit.training.splits import Split

SMALL = {"dim": 768, "width": 16, "layers": 1, "heads": 2, "head_dim": 8, "feed_forward": 16, "text_head_dim": 8}


def test_all_five_published_folds_run_on_real_features(shared_data, tmp_path):
    """Ten videos are too few for a claim; what is tested is that training and measuring run, fold by fold."""
    folder = shared_data / "benchmarks"
    examples = read_examples(folder / "summe_dino_vitb16.h5")
    seen = []
    folds = cross_validate(
        examples,
        read_splits(folder / "splits" / "summe_splits.json"),
        output=tmp_path,
        network=ClipItConfig(preset="cosine", **SMALL),
        config=TrainingConfig(epochs=1),
        skip_missing=True,
        device="cpu",
        progress=False,
        on_epoch=seen.append,
    )
    assert len(folds) == 5
    assert seen[-1].progress == pytest.approx(1)
    for fold in folds:
        assert not set(fold.split.train) & set(fold.split.test)
        assert {key: len(values) for key, values in fold.scores[0].items()} == {
            key: len(examples[key].features) for key in fold.split.test
        }
    result = measure_folds(
        folds,
        "summe",
        folder / "summe_dino_vitb16.h5",
        scorers={"the labels themselves": lambda key: examples[key].targets.astype(np.float64)},
        seeds=1,
    )
    assert {"CLIP-It, seed 0", "random", "constant", "human"} <= set(result.methods)
    tested = sum(len(fold.split.test) for fold in folds)
    assert {len(rows) for rows in result.methods.values()} == {tested}
    assert result.mean("the labels themselves")["f1"] > result.mean("random")["f1"] + 10
    with pytest.raises(UsageError, match="'random' is a baseline's name"):
        measure_folds(folds, "summe", folder / "summe_dino_vitb16.h5", scorers={"random": len}, seeds=1)


def test_folds_with_absent_videos_are_refused_unless_skipped(shared_data, tmp_path):
    examples = read_examples(shared_data / "benchmarks" / "summe_dino_vitb16.h5")
    with pytest.raises(UsageError, match="not at hand"):
        cross_validate(examples, [Split(("video_2",), ("video_99",))], output=tmp_path, progress=False)
    with pytest.raises(UsageError, match="'summe' or 'tvsum'"):
        measure_folds([], "qfvs", tmp_path)


def test_two_sets_with_videos_of_the_same_names_train_together(tmp_path):
    """Augment: both files call their videos video_1, video_2, ...; they are different ones, on either side of `val`."""
    generator = np.random.default_rng(0)
    examples = {
        f"{data_set}/video_{number}": VideoExample(
            f"video_{number}", generator.normal(size=(8, 768)), np.tile([0.0, 1.0], 4)
        )
        for data_set in ("tvsum", "summe")
        for number in (1, 2)
    }
    (fold,) = cross_validate(
        examples,
        [Split(("tvsum/video_1", "tvsum/video_2", "summe/video_1"), ("summe/video_2",))],
        output=tmp_path,
        network=ClipItConfig(preset="cosine", **SMALL),
        config=TrainingConfig(epochs=1),
        val=0.34,
        device="cpu",
        progress=False,
    )
    assert (fold.result.n_train, fold.result.n_val) == (2, 1)
    assert list(fold.scores[0]) == ["summe/video_2"]


def test_questions_about_one_video_stay_on_one_side(tmp_path):
    features = np.eye(4, 768)
    examples = {name: VideoExample(name, features, video="P01") for name in ("P01?Book", "P01?Car")}
    with pytest.raises(UsageError, match="fold 1 has examples of P01 on both sides"):
        cross_validate(examples, [Split(("P01?Book",), ("P01?Car",))], output=tmp_path, progress=False)
    assert examples["P01?Car"].named("qfvs/P01?Car").video == "qfvs/P01"
    assert VideoExample("video_1", features).named("summe/video_1").video == "summe/video_1"


def test_what_cannot_be_measured_is_known_before_training(shared_data):
    folder = shared_data / "benchmarks"
    with pytest.raises(UsageError, match="test on summe/video_2, which benchmark 'tvsum' does not measure"):
        videos_to_test([Split(("tvsum/video_1",), ("summe/video_2",))], "tvsum", folder / "tvsum.h5")
    with pytest.raises(UsageError, match="does not hold video_99"):
        videos_to_test([Split(("video_1",), ("video_99",))], "summe", folder / "summe.h5")
    with pytest.raises(UsageError, match="video_1 lacks change_points"):
        videos_to_test([Split(("video_1",), ("video_2",))], "summe", folder / "tvsum.h5")
