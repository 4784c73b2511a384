"""`clipit train` and `clipit evaluate`: on a FiftyOne dataset by name, and on an HDF5 file with folds."""

from __future__ import annotations

import json

import numpy as np
import pytest

from fiftyone_clipit.cli import main
from tests.fiftyone_fixtures import write_video

QUIET = ["--preset", "cosine", "--epochs", "1", "--device", "cpu", "--quiet"]
TINY = ["--encoder", "clipit-tiny"]


@pytest.fixture(scope="module")
def name(tmp_path_factory):
    """A dataset of four videos, in which the noise is marked; the last video is tagged for the test."""
    import fiftyone as fo

    folder = tmp_path_factory.mktemp("videos")
    dataset = fo.Dataset("cli-train")
    for i, shown in enumerate([("noise", "red"), ("blue", "noise"), ("noise", "green"), ("red", "noise")]):
        support = [1, 24] if shown[0] == "noise" else [25, 48]
        marked = fo.TemporalDetections(detections=[fo.TemporalDetection(label="noise", support=support)])
        path = write_video(folder / f"{i}.mp4", shown)
        dataset.add_sample(fo.Sample(filepath=str(path), tags=["test" if i == 3 else "train"], noise=marked))
    yield dataset.name
    dataset.delete()


@pytest.fixture
def h5(tmp_path):
    """Five videos in SumMe's structure, without video files."""
    import h5py

    generator = np.random.default_rng(0)
    with h5py.File(tmp_path / "five.h5", "w") as file:
        for number in range(1, 6):
            group = file.create_group(f"video_{number}")
            group["features"] = generator.normal(size=(20, 16)).astype(np.float32)
            group["picks"], group["n_frames"] = np.arange(0, 100, 5), 100
            group["change_points"] = np.array([[i, i + 9] for i in range(0, 100, 10)])
            group["user_summary"] = (generator.random((3, 100)) > 0.8).astype(np.float32)
    return str(tmp_path / "five.h5")


def test_a_dataset_by_its_name_then_its_summary_is_measured(name, tmp_path, capsys):
    import fiftyone as fo

    import fiftyone_clipit as clipit

    folder = tmp_path / "mine"
    arguments = ["--target", "noise", "--output", str(folder), "--tags", "train", "--val", "0.34"]
    assert main(["train", name, *arguments, *TINY, *QUIET]) == 0
    assert "2 examples to train on, 1 to validate, from 3 videos" in capsys.readouterr().out
    assert {"model.safetensors", "config.json", "curves.png"} <= {path.name for path in folder.iterdir()}

    test = fo.load_dataset(name).match_tags("test")
    clipit.summarize(test, "mine", scorer=str(folder), encoder="clipit-tiny", device="cpu")
    measured = ["mine", "--ground-truth", "noise", "--tags", "test", "--output", str(tmp_path / "report")]
    assert main(["evaluate", name, *measured, "--field", "mine_f_score", "--quiet"]) == 0
    assert "| summary mine |" in capsys.readouterr().out
    assert (tmp_path / "report" / "mine.json").is_file()
    assert test.values("mine_f_score")[0] is not None
    # Those without this summary are named, and the status says so.
    assert main(["evaluate", name, "mine", "--ground-truth", "noise", "--quiet"]) == 1
    assert "it has no summary 'mine'" in capsys.readouterr().out


def test_an_h5_file_whole(h5, tmp_path, capsys):
    assert main(["train", h5, "--output", str(tmp_path / "out"), *QUIET]) == 0
    assert "4 videos to train on, 1 to validate" in capsys.readouterr().out
    assert (tmp_path / "out" / "model.safetensors").is_file()


@pytest.mark.parametrize("prefix", ["", "summe/"])
def test_an_h5_file_fold_by_fold(h5, tmp_path, capsys, prefix):
    keys = [f"{prefix}video_{i}" for i in range(1, 6)]
    splits = tmp_path / "splits.json"
    splits.write_text(json.dumps([{"train_keys": keys[:4], "test_keys": keys[4:]}] * 2))
    arguments = ["--output", str(tmp_path / "out"), "--splits", str(splits), "--benchmark", "summe", "--val", "0"]
    assert main(["train", h5, *arguments, *QUIET]) == 0
    printed = capsys.readouterr().out
    assert "fold 2, 4 videos, 1 to test" in printed
    assert "| CLIP-It, without language, seed 0 |" in printed
    assert "| human |" in printed
    assert (tmp_path / "out" / "summe.json").is_file()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["no-such-dataset", "--target", "noise"], "FiftyOne has no dataset 'no-such-dataset'"),
        (["NAME"], "supervised training needs a target"),
        (["NAME", "--target", "nothing"], "has no field 'nothing'; fields that can serve: noise"),
        (["NAME", "--target", "noise", "--tags", "tain"], "has tag 'tain'; its tags: test, train"),
        (["NAME", "--target", "noise", "--splits", "x.json"], "--splits is for HDF5 files"),
        (["NAME", "--target", "noise", "--preset", "papyrus"], "unknown preset 'papyrus'"),
        (["H5", "--target", "noise"], "--target is for datasets"),
        (["H5", "--benchmark", "tvsum"], "give --splits, too"),
        (["NAME", "H5"], "give a dataset or HDF5 files, not both"),
        (["NAME", "--target", "noise", "--skip-missing"], "--skip-missing is for HDF5 files"),
        (["absent.h5"], "no such file: absent.h5"),
    ],
)
def test_wrong_use_says_what_was_expected(name, h5, tmp_path, capsys, arguments, message):
    given = [{"NAME": name, "H5": h5}.get(argument, argument) for argument in arguments]
    status = main(["train", "--output", str(tmp_path / "out"), *QUIET, *given])
    assert (status, message in capsys.readouterr().err) == (2, True)
