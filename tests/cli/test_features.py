"""`clipit features`: from videos to the usual HDF5 structure."""

from __future__ import annotations

import shutil
from pathlib import Path

import h5py
import numpy as np
import pytest

from fiftyone_clipit.cli import main
from fiftyone_clipit.media.writer import VideoWriter
from fiftyone_clipit.training import read_examples
from fiftyone_clipit.training.h5_origin import Origin, read_origin
from tests.small_captioner import write_small_blip


@pytest.fixture(scope="module")
def video(tmp_path_factory) -> str:
    path = tmp_path_factory.mktemp("video") / "clip.mp4"
    with VideoWriter(path, rate=10) as writer:
        for colour in ((200, 30, 30), (30, 30, 200)):
            for _ in range(30):
                writer.write(np.full((64, 96, 3), colour, np.uint8))
    return str(path)


def _features(tmp_path, *arguments) -> int:
    options = ["--encoder", "clipit-tiny", "--cache-dir", str(tmp_path / "cache"), "--quiet"]
    return main(["features", *map(str, arguments), "--h5", str(tmp_path / "out.h5"), *options])


def test_the_file_has_the_usual_structure(tmp_path, video):
    assert _features(tmp_path, video) == 0
    with h5py.File(tmp_path / "out.h5") as file:
        (group,) = file.values()
        assert group["features"].shape == (12, 128)
        assert group["n_frames"][()] == 60
        assert group["picks"][:].tolist() == [0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55]
        assert group["change_points"][:].tolist()[0][0] == 0
        assert group["change_points"][:].tolist()[-1][1] == 59


def test_an_existing_file_is_not_replaced_unasked(tmp_path, video, capsys):
    (tmp_path / "out.h5").write_bytes(b"precious")
    assert _features(tmp_path, video) == 2
    assert "exists" in capsys.readouterr().err
    assert (tmp_path / "out.h5").read_bytes() == b"precious"


def test_a_bad_video_is_counted_and_left_out(tmp_path, video):
    text = tmp_path / "text.mp4"
    text.write_text("no video")
    assert _features(tmp_path, text, video) == 1


def test_the_file_says_what_made_its_features(tmp_path, video):
    assert _features(tmp_path, video, "--fps", 1) == 0
    assert read_origin(tmp_path / "out.h5") == Origin("clipit-tiny", 1.0)


def test_subtitles_become_sentences_that_training_reads(tmp_path, video, capsys):
    spoken, silent = tmp_path / "spoken.mp4", tmp_path / "silent.mp4"
    shutil.copy(video, spoken)
    shutil.copy(video, silent)
    spoken.with_suffix(".srt").write_text(
        "1\n00:00:00,000 --> 00:00:02,000\nA red wall.\n\n2\n00:00:03,000 --> 00:00:05,000\nA blue boat at night.\n"
    )
    assert _features(tmp_path, spoken, silent, "--captions", "subtitles") == 1
    assert "silent.mp4: no subtitles" in capsys.readouterr().err
    (example,) = read_examples(tmp_path / "out.h5").values()
    assert example.text.shape == (2, 128)
    with h5py.File(tmp_path / "out.h5") as file:
        assert file["video_1/sentences"].asstr()[()].tolist() == ["A red wall.", "A blue boat at night."]


def test_a_model_describes_the_shots_that_training_then_reads(tmp_path, video):
    """Two shots of one colour each; `--max-sentences` keeps one of their sentences."""
    options = ["--captions", "auto", "--captioner", write_small_blip(tmp_path / "blip"), "--max-sentences", 1]
    assert _features(tmp_path, video, *options) == 0
    (example,) = read_examples(tmp_path / "out.h5").values()
    assert example.text.shape == (1, 128)
    with h5py.File(tmp_path / "out.h5") as file:
        (sentence,) = file["video_1/sentences"].asstr()[()]
    assert sentence


@pytest.fixture
def annotated(tmp_path) -> Path:
    """Annotations for videos "clip" and "longer", of which the second is another video than the file of that name."""
    with h5py.File(tmp_path / "summe.h5", "w") as file:
        for number, (name, n_frames) in enumerate([("clip", 60), ("longer", 600)], 1):
            group = file.create_group(f"video_{number}")
            group["video_name"], group["n_frames"] = name, n_frames
            group["user_summary"] = np.ones((2, n_frames), np.uint8)
            group["change_points"] = np.array([[0, n_frames - 1]])
    return tmp_path / "summe.h5"


def test_a_video_that_the_annotations_do_not_fit_fails_alone(tmp_path, video, annotated, capsys):
    unknown, longer = tmp_path / "unknown.mp4", tmp_path / "longer.mp4"
    unknown.write_text("its name is not there: nobody opens it")
    shutil.copy(video, longer)
    assert _features(tmp_path, unknown, longer, video, "--annotations", annotated) == 1
    failed = capsys.readouterr().err
    assert "unknown.mp4: " in failed
    assert "holds no video named 'unknown'; it has clip, longer" in failed
    assert "longer.mp4: 60 frames, but its annotations are for 600" in failed
    assert list(read_examples(tmp_path / "out.h5")) == ["video_1"]


def test_what_cannot_work_with_annotations_is_said_before_any_encoding(tmp_path, video, annotated, capsys, monkeypatch):
    monkeypatch.setattr("fiftyone_clipit.cli.extraction.Extraction.features", lambda _: pytest.fail("encoded"))
    twin, other, text = tmp_path / "clip.mp4", tmp_path / "unknown.mp4", tmp_path / "text.h5"
    shutil.copy(video, twin)
    shutil.copy(video, other)
    text.write_text("no HDF5")
    for arguments, message in (
        ([video, twin, "--annotations", annotated], "are both video_1"),
        ([other, "--annotations", annotated], "holds none of these videos"),
        ([video, "--annotations", text], "is not an HDF5 file"),
        ([video, "--annotations", tmp_path / "absent.h5"], "no such file"),
    ):
        assert _features(tmp_path, *arguments) == 2
        assert message in capsys.readouterr().err


def test_the_folder_of_the_file_is_made_or_the_error_says_so(tmp_path, video, capsys):
    place = tmp_path / "no" / "such" / "out.h5"
    options = ["--encoder", "clipit-tiny", "--no-cache", "--quiet"]
    assert main(["features", video, "--h5", str(place), *options]) == 0
    assert list(read_examples(place)) == ["video_1"]
    assert main(["features", video, "--h5", str(place / "x.h5"), *options]) == 2
    assert "cannot be written" in capsys.readouterr().err
