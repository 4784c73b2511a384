"""`clipit benchmark`: arguments, scores from files, the report."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys

import numpy as np
import pytest

from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.evaluation.command import add_arguments, read_scores, run

h5py = pytest.importorskip("h5py")


@pytest.fixture
def summe(tmp_path):
    path = tmp_path / "summe.h5"
    with h5py.File(path, "w") as file:
        group = file.create_group("video_1")
        group["n_frames"], group["picks"] = 40, np.arange(0, 40, 5)
        group["change_points"] = np.array([[0, 4], [5, 24], [25, 39]])
        group["user_summary"] = np.eye(2, 40)
    return path


def call(*arguments: object) -> int:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return run(parser.parse_args([str(argument) for argument in arguments]))


@pytest.mark.parametrize("form", ["json", "h5"])
def test_scores_from_a_file_are_measured_and_reported(summe, tmp_path, capsys, form):
    scores = tmp_path / f"ours.{form}"
    if form == "json":
        scores.write_text(json.dumps({"video_1": [0.1] * 8}))
    else:
        with h5py.File(scores, "w") as file:
            file["video_1/scores"] = np.full(8, 0.1)
    assert call("summe", summe, "--scores", scores, "--seeds", 2, "--output", tmp_path / "out") == 0
    printed = capsys.readouterr().out
    assert "| ours |" in printed
    assert "| human |" in printed
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == ["summe.json", "summe.md", "summe.png"]


def test_baselines_need_no_scores(summe, capsys):
    assert call("summe", summe, "--seeds", 2) == 0
    assert "| random |" in capsys.readouterr().out


def test_files_without_scores_say_what_was_expected(tmp_path):
    with pytest.raises(UsageError, match="no such file"):
        read_scores(tmp_path / "no.json")
    broken, listed = tmp_path / "broken.json", tmp_path / "listed.json"
    broken.write_text("{")
    listed.write_text("[1]")
    for file, message in ((broken, "is no JSON"), (listed, "one entry a video, got list")):
        with pytest.raises(UsageError, match=message):
            read_scores(file)
    text = tmp_path / "text.h5"
    text.write_text("hello")
    with pytest.raises(UsageError, match="neither JSON nor HDF5"):
        read_scores(text)
    with h5py.File(tmp_path / "other.h5", "w") as file:
        file["video_1/features"] = np.ones(3)
    with pytest.raises(UsageError, match="video_1 lacks scores; it has features"):
        read_scores(tmp_path / "other.h5")


def test_the_arguments_cost_no_heavy_import():
    code = (
        "import sys, argparse; from fiftyone_clipit.evaluation.command import add_arguments; "
        "add_arguments(argparse.ArgumentParser()); print([m for m in ('scipy', 'numpy', 'h5py') if m in sys.modules])"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert printed.strip() == "[]"
