"""The query-focused benchmark from end to end, on random features: it runs, and no video is trained on and tested."""

from __future__ import annotations

import h5py
import numpy as np
import pytest

from fiftyone_clipit.cli import main
from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.evaluation import read_qfvs, run_benchmark
from fiftyone_clipit.scoring import ClipItConfig
from fiftyone_clipit.scoring.checkpoints import load_scorer
from fiftyone_clipit.training import TrainingConfig, leave_one_out, measure_left_out
from fiftyone_clipit.training import cross_validation as trained
from fiftyone_clipit.training.h5_origin import Origin, write_origin
from tests.small_clip import MODEL

DIM = MODEL["embed_dim"]
SMALL = {"dim": DIM, "width": 16, "layers": 1, "heads": 2, "head_dim": 8, "feed_forward": 16, "text_head_dim": 8}
VIDEOS = ("P01", "P02", "P03")


def encode(sentences) -> np.ndarray:
    return np.stack([np.random.default_rng([*each.encode()]).normal(size=DIM) for each in sentences])


@pytest.fixture
def features(tmp_path, shared_data):
    """One sample a shot, in groups as `clipit features` names them."""
    path = tmp_path / "qfvs.h5"
    with h5py.File(path, "w") as file:
        for number, video in enumerate(read_qfvs(shared_data / "qfvs"), 1):
            n_samples = len(video.concepts)
            group = file.create_group(f"video_{number}")
            group["features"] = np.random.default_rng(number).normal(size=(n_samples, DIM)).astype(np.float32)
            group["picks"], group["fps"] = np.arange(n_samples) * 75, 15.0
            group["n_frames"], group["video_name"] = n_samples * 75, video.key
    return path


def test_each_video_is_scored_by_a_network_that_never_saw_it(shared_data, features, tmp_path, monkeypatch):
    seen = []
    fit = trained.fit

    def watched(examples, **options):
        seen.append({example.video for example in examples})
        return fit(examples, **options)

    monkeypatch.setattr(trained, "fit", watched)
    left_out = leave_one_out(
        shared_data / "qfvs",
        features,
        encode,
        output=tmp_path / "out",
        network=ClipItConfig(preset="cosine", **SMALL),
        config=TrainingConfig(epochs=1, batch_size=16),
        val=0.5,
        device="cpu",
        progress=False,
    )
    assert seen == [{"P02", "P03"}, {"P01", "P03"}, {"P01", "P02"}]
    for fold, tested in zip(left_out.folds, VIDEOS, strict=True):
        assert {name.split("?")[0] for name in fold.split.test} == {tested}
        # A whole video chooses the epoch, none of whose questions are trained on.
        assert (fold.result.n_train, fold.result.n_val) == (45, 45)
    scores = left_out.scores[0]
    for video in read_qfvs(shared_data / "qfvs"):
        assert {query: len(values) for query, values in scores[video.key].items()} == dict.fromkeys(
            video.oracle, len(video.concepts)
        )
    result = measure_left_out(left_out, shared_data / "qfvs", seeds=1)
    assert list(result.methods) == ["CLIP-It, seed 0", "random", "uniform", "human", "oracle"]
    assert set(result.methods["CLIP-It, seed 0"]) == set(VIDEOS)
    # The scores of a seed are what anyone may hand to the benchmark.
    again = run_benchmark("qfvs", shared_data / "qfvs", scores=scores, label="ours", seeds=1)
    assert again.methods["ours"] == result.methods["CLIP-It, seed 0"]


def test_one_video_alone_is_refused(shared_data, features, tmp_path):
    with pytest.raises(UsageError, match="expects two or more; there is P02"):
        leave_one_out(shared_data / "qfvs", features, encode, output=tmp_path / "out", videos=["P02"])


@pytest.fixture
def small(tmp_path):
    """Annotations of two videos of 20 shots and two queries each, in the published folders."""
    root = tmp_path / "annotations"
    tags, summaries = root / "Dense_per_shot_tags", root / "Query-Focused_Summaries"
    for key, first in (("P01", 1), ("P03", 7)):
        for folder in (tags / key, summaries / "Oracle_Summaries" / key, summaries / "User_Summaries" / key):
            folder.mkdir(parents=True)
        (tags / key / f"{key}.txt").write_text("Book,Car\nCar\nStreet\nBook\n" * 5)
        for query in ("Book_Car", "Car_Street"):
            shots = f"{first}\n{first + 3}\n"
            (summaries / "Oracle_Summaries" / key / f"{query}_oracle.txt").write_text(shots)
            (summaries / "User_Summaries" / key / f"{query}_user1.txt").write_text(shots)
    (tags / "Dictionary.txt").write_text("Book\nCar\nStreet\n")
    return root


def test_the_command_line_trains_and_reports(small, tmp_path, encoder, capsys):
    """The file names the encoder, which gives the queries their vectors."""
    features = tmp_path / "features.h5"
    with h5py.File(features, "w") as file:
        write_origin(file, Origin(encoder, 0.2))
        for number, key in enumerate(("P01", "P03"), 1):
            group = file.create_group(f"video_{number}")
            group["features"] = np.random.default_rng(number).normal(size=(20, DIM))
            group["picks"], group["fps"], group["video_name"] = np.arange(20) * 75, 15.0, key
    given = ["train", str(features), "--benchmark", "qfvs", "--annotations", str(small), "--device", "cpu", "--quiet"]
    given += ["--output", str(tmp_path / "out"), "--preset", "cosine", "--epochs", "1", "--val", "0"]
    assert main(given) == 0
    printed = capsys.readouterr().out
    assert "fold-1: trained on P03; P01 to test" in printed
    assert "| CLIP-It, seed 0 |" in printed
    assert "| oracle |" in printed
    assert (tmp_path / "out" / "qfvs.json").is_file()
    assert load_scorer(str(tmp_path / "out" / "fold-2")).encoder == encoder
    with h5py.File(features, "a") as file:
        del file["video_1"]
    assert main([*given, "--overwrite"]) == 2
    assert "does not hold P01" in capsys.readouterr().err
    assert main([*given, "--overwrite", "--skip-missing"]) == 2
    assert "expects two or more; there is P03" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "needs --annotations DIR"),
        (["--annotations", "DIR"], "does not say which encoder made its features"),
        (["--annotations", "DIR", "--splits", "x.json"], "has its own folds"),
    ],
)
def test_what_cannot_work_is_said_before_any_work(features, shared_data, tmp_path, capsys, arguments, message):
    given = [str(shared_data / "qfvs") if argument == "DIR" else argument for argument in arguments]
    output = tmp_path / "out"
    assert main(["train", str(features), "--benchmark", "qfvs", "--output", str(output), "--quiet", *given]) == 2
    assert message in capsys.readouterr().err
    assert not output.exists()
