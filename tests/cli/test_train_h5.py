"""`clipit train` on HDF5 files: several data sets, what the files say about their features, videos that are absent."""

from __future__ import annotations

import json

import h5py
import numpy as np
import pytest

from fiftyone_clipit.cli import main
from fiftyone_clipit.training.h5_origin import Origin, write_origin

QUIET = ["--preset", "cosine", "--epochs", "1", "--device", "cpu", "--quiet", "--val", "0"]


@pytest.fixture
def make(tmp_path):
    """Makes files of five videos in the usual structure, by name."""

    def write(name: str, *, encoder: str = "", fps: float | None = None, labelled: bool = True) -> str:
        generator = np.random.default_rng([*name.encode()])
        with h5py.File(tmp_path / name, "w") as file:
            write_origin(file, Origin(encoder, fps))
            for number in range(1, 6):
                group = file.create_group(f"video_{number}")
                group["features"] = generator.normal(size=(20, 16)).astype(np.float32)
                group["picks"], group["n_frames"] = np.arange(0, 100, 5), 100
                group["gtscore"] = generator.random(20)
                if labelled:
                    group["change_points"] = np.array([[i, i + 9] for i in range(0, 100, 10)])
                    group["user_summary"] = (generator.random((3, 100)) > 0.8).astype(np.float32)
        return str(tmp_path / name)

    return write


@pytest.fixture
def train(tmp_path):
    """Runs the command; gives its status."""
    return lambda *given: main(["train", *map(str, given), "--output", str(tmp_path / "out"), *QUIET])


def folds(path, train: list[str], test: list[str]) -> str:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps([{"train_keys": train, "test_keys": test}]))  # JSON is YAML, too
    return str(path)


def published(data_set: str, *numbers: int) -> list[str]:
    return [f"../datasets/eccv16_dataset_{data_set}_google_pool5.h5/video_{number}" for number in numbers]


def test_augment_and_transfer_train_on_several_files(make, train, tmp_path, capsys):
    """The published lists name four sets; what is not at hand is left out when that is asked for."""
    files = [make("tvsum_clip.h5"), f"summe={make('mine.h5')}"]
    lists = tmp_path / "splits"
    ours, others = published("summe", 1, 2, 3), [*published("tvsum", 1, 2), *published("ovp", 7)]
    folds(lists / "summe_aug.yml", ours + others, published("summe", 4, 5))
    folds(lists / "summe_trans.yml", others, published("summe", 1, 2, 3, 4, 5))
    asked = ["--splits", lists, "--benchmark", "summe", "--setting"]
    assert train(*files, *asked, "augment") == 2
    assert "1 videos that are not at hand (ovp/video_7)" in capsys.readouterr().err
    assert train(*files, *asked, "augment", "--skip-missing") == 0
    printed = capsys.readouterr().out
    assert "fold 1, 5 videos, 2 to test" in printed
    assert "| CLIP-It, without language, seed 0 |" in printed
    assert "| human |" in printed
    assert train(*files, *asked, "transfer", "--skip-missing", "--overwrite") == 0
    assert "fold 1, 2 videos, 5 to test" in capsys.readouterr().out


def test_folds_of_one_set_find_their_file_among_several(make, train, tmp_path, capsys):
    splits = folds(tmp_path / "summe_splits.json", ["video_1", "video_2"], ["video_3"])
    files = [make("tvsum.h5"), make("summe.h5")]
    assert train(*files, "--splits", splits, "--benchmark", "summe") == 0
    assert "fold 1, 2 videos, 1 to test" in capsys.readouterr().out
    assert train(*files, "--overwrite") == 0
    assert "10 videos to train on" in capsys.readouterr().out


def test_the_checkpoint_knows_the_encoder_that_the_file_names(make, train, tmp_path, capsys):
    file = make("tiny.h5", encoder="clipit-tiny", fps=2)
    assert train(file, "--encoder", "ViT-B-32/openai") == 2
    assert f"--encoder ViT-B-32/openai: the features in {file} are of clipit-tiny" in capsys.readouterr().err
    assert train(file, "--fps", "4") == 2
    assert "holds 2 samples a second; leave --fps out" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
    assert train(file, "--encoder", "clipit-tiny", "--fps", "2") == 0
    assert json.loads((tmp_path / "out" / "config.json").read_text())["encoder"] == "clipit-tiny"
    assert train(file, make("other.h5", encoder="ViT-B-32/openai")) == 2
    assert "different encoders" in capsys.readouterr().err


def test_a_file_that_does_not_say_its_encoder_takes_the_options_word(make, train, tmp_path):
    file = make("some.h5")
    splits = folds(tmp_path / "splits.json", ["video_1", "video_2"], ["video_3"])
    assert train(file, "--splits", splits, "--encoder", "ViT-B-32/openai") == 0
    config = json.loads((tmp_path / "out" / "fold-1" / "config.json").read_text())
    assert config["encoder"] == "ViT-B-32/openai"


def test_real_features_of_ten_videos_run_on_the_published_folds(shared_data, tmp_path, train, capsys):
    folder = shared_data / "benchmarks"
    given = [folder / "summe_dino_vitb16.h5", "--splits", folder / "splits" / "summe_splits.json"]
    assert train(*given) == 2
    assert "skip what is missing" in capsys.readouterr().err
    assert train(*given, "--skip-missing", "--benchmark", "summe") == 0
    assert "fold 5" in capsys.readouterr().out
    # The same from the folder of lists: one file is the only set that its folds name.
    folders = [folder / "summe_dino_vitb16.h5", "--splits", folder / "splits", "--benchmark", "summe"]
    assert train(*folders, "--skip-missing", "--overwrite") == 0


def test_a_training_without_sentences_says_so_and_one_with_them_is_called_by_its_name(make, tmp_path, capsys):
    """Without language it is the paper's ablation."""
    file = make("summe.h5")
    splits = folds(tmp_path / "splits.json", ["video_1", "video_2"], ["video_3"])
    loud = [option for option in QUIET if option != "--quiet"]
    given = ["train", file, "--splits", splits, "--benchmark", "summe", "--output", str(tmp_path / "out"), *loud]
    assert main(given) == 0
    printed = capsys.readouterr()
    assert "3 of 3 videos have no sentences (text)" in printed.err
    assert "| CLIP-It, without language, seed 0 |" in printed.out
    with h5py.File(file, "a") as opened:
        for number in range(1, 4):
            opened[f"video_{number}/text"] = np.eye(2, 16)
    assert main([*given, "--overwrite"]) == 0
    printed = capsys.readouterr()
    assert "sentences" not in printed.err
    assert "| CLIP-It, seed 0 |" in printed.out


def test_a_file_without_annotations_is_refused_before_training(make, train, tmp_path, capsys):
    file = make("bare.h5", labelled=False)
    splits = folds(tmp_path / "splits.json", ["video_1", "video_2"], ["video_3"])
    assert train(file, "--splits", splits, "--benchmark", "summe") == 2
    assert "video_1 lacks change_points" in capsys.readouterr().err
    assert not list((tmp_path / "out").glob("fold-*"))


def test_an_output_that_is_a_file_is_a_message(make, train, tmp_path, capsys):
    (tmp_path / "out").write_text("precious")
    assert train(make("a.h5")) == 2
    assert "cannot be made: File exists; choose another --output" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["a.h5", "b.h5", "--splits", "x_aug.yml"], "the folds name videos of summe, tvsum: say which a.h5 has"),
        (["summe=a.h5", "summe=b.h5"], "two files are data set 'summe'"),
        (["a.h5", "b.h5", "--splits", "plain.json"], "does not say of which file its videos are"),
        (["a.h5", "--splits", "."], "holds the lists of several benchmarks: give --benchmark"),
        (["a.h5", "--splits", "plain.json", "--setting", "augment"], "--setting chooses one of the published lists"),
        (["a.h5", "--skip-missing"], "give --splits, too"),
        (["tvsum=a.h5", "summe=b.h5", "--splits", "x_aug.yml", "--benchmark", "tvsum"], "does not measure"),
        (["a.h5", "--fps", "2"], "does not say how many a second"),
    ],
)
def test_wrong_use_says_what_was_expected(make, train, tmp_path, monkeypatch, capsys, arguments, message):
    monkeypatch.chdir(tmp_path)
    make("a.h5"), make("b.h5")
    folds(tmp_path / "x_aug.yml", [*published("summe", 1), *published("tvsum", 1)], published("summe", 2))
    folds(tmp_path / "plain.json", ["video_1"], ["video_2"])
    assert train(*arguments) == 2
    assert message in capsys.readouterr().err
