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


@pytest.mark.parametrize("form", ["json", "h5", "plain h5"])
def test_scores_from_a_file_are_measured_and_reported(summe, tmp_path, capsys, form):
    scores = tmp_path / f"ours.{form.split()[-1]}"
    if form == "json":
        scores.write_text(json.dumps({"video_1": [0.1] * 8}))
    else:
        with h5py.File(scores, "w") as file:
            file["video_1" if form == "plain h5" else "video_1/scores"] = np.full(8, 0.1)
    assert call("summe", summe, "--scores", scores, "--seeds", 2, "--output", tmp_path / "out") == 0
    printed = capsys.readouterr().out
    assert f"| {scores.name} |" in printed
    assert "| human |" in printed
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == ["summe.json", "summe.md", "summe.png"]


def test_a_file_that_is_called_like_a_baseline_stands_beside_it(summe, tmp_path, capsys):
    scores = tmp_path / "random.json"
    scores.write_text(json.dumps({"video_1": [0.1] * 8}))
    assert call("summe", summe, "--scores", scores, "--seeds", 2) == 0
    printed = capsys.readouterr().out
    assert "| random.json |" in printed
    assert "| random |" in printed


def test_a_report_that_cannot_be_written_is_refused_before_measuring(summe, capsys):
    with pytest.raises(UsageError, match="it is a file"):
        call("summe", summe, "--output", summe)
    assert not capsys.readouterr().out


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


@pytest.mark.parametrize(
    ("scores", "shown"),
    [
        ('{"video_1": "high"}', "video_1: expected a list of numbers, got 'high'"),
        ('{"video_1": null}', "got None"),
        ('{"video_1": [0.1, null]}', r"got \[0.1, None\]"),
        ('{"video_1": ["0.1"]}', "expected a list of numbers"),
        ('{"video_1": [true, false]}', "expected a list of numbers"),
        ('{"video_1": [[0.1], [0.2, 0.3]]}', "expected a list of numbers"),
        ('{"video_1": {"Book": [0.1]}}', "expected a list of numbers"),
    ],
)
def test_scores_that_are_no_numbers_are_named(tmp_path, scores, shown):
    (tmp_path / "x.json").write_text(scores)
    with pytest.raises(UsageError, match=shown):
        read_scores(tmp_path / "x.json")


def test_arrays_of_another_form_are_named(tmp_path):
    with h5py.File(tmp_path / "x.h5", "w") as file:
        file["video_1"] = np.ones((2, 3))
    with pytest.raises(UsageError, match=r"video_1: expected a list of numbers, got float64 \(2, 3\)"):
        read_scores(tmp_path / "x.h5")


def test_scores_by_query_come_from_either_form(tmp_path):
    (tmp_path / "x.json").write_text('{"P01": {"Book_Car": [0, 1]}}')
    with h5py.File(tmp_path / "x.h5", "w") as file:
        file["P01/Book_Car"] = np.array([0, 1])
    for name in ("x.json", "x.h5"):
        assert read_scores(tmp_path / name, by_query=True)["P01"]["Book_Car"].tolist() == [0.0, 1.0]
    (tmp_path / "y.json").write_text('{"P01": [0, 1]}')
    with pytest.raises(UsageError, match=r"P01: expected scores by query, got \[0, 1\]"):
        read_scores(tmp_path / "y.json", by_query=True)


def test_the_arguments_cost_no_heavy_import():
    code = (
        "import sys, argparse; from fiftyone_clipit.evaluation.command import add_arguments; "
        "add_arguments(argparse.ArgumentParser()); print([m for m in ('scipy', 'numpy', 'h5py') if m in sys.modules])"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert printed.strip() == "[]"
