"""The command line: from a summary.json to files."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from fiftyone_clipit.cli import export as command
from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.export.reading import read_items
from tests.export.making import numbers_of, video


def summary(tmp_path: Path, **more) -> Path:
    """A summary.json of one video, as `clipit summarize` writes it."""
    path = video(tmp_path / "v.mp4", 60)
    segments = [
        {"first_frame": 11, "last_frame": 20, "start": 0.4, "end": 0.8, "importance": 0.4, "rank": 2, "label": "a dog"},
        {"first_frame": 31, "last_frame": 40, "start": 1.2, "end": 1.6, "importance": 0.8, "rank": 1, "label": "a dog"},
    ]
    scores = [{"frame": n, "time": (n - 1) / 25, "score": 0.5, "importance": n % 13 / 13} for n in range(1, 61, 3)]
    shots = [{"first_frame": 1, "last_frame": 60, "start": 0.0, "end": 2.4, "importance": 0.5}]
    content = {"path": str(path), "frames": 60, "scores": scores, "shots": shots, "segments": segments, **more}
    file = tmp_path / "summary.json"
    file.write_text(json.dumps({"settings": {"query": ["a dog"]}, "videos": [content], "failures": []}))
    return file


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_parser(parser.add_subparsers(required=True))
    options = parser.parse_args(["export", *arguments])
    return options.run(options)


def test_writes_what_is_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Options of the command line reach the export; files and notes are listed."""
    out = tmp_path / "out"
    asked = [
        "--formats",
        "reel,csv",
        "--order",
        "rank",
        "--padding",
        "0,0.2",
        "--size",
        "64x64",
        "--preset",
        "ultrafast",
    ]
    assert run(str(summary(tmp_path)), "--output", str(out), *asked) == 0
    assert "2 files written" in capsys.readouterr().out
    assert (out / "v-segments.csv").read_text().splitlines()[1].split(",")[1:6] == ["a dog", "a dog", "1", "31", "45"]
    assert run(str(tmp_path), "--output", str(out), *asked) == 0
    assert "2 were there already" in capsys.readouterr().out


def test_films_show_the_summary(tmp_path: Path) -> None:
    """Without options: time order, whole segments."""
    assert run(str(summary(tmp_path)), "--output", str(tmp_path / "out"), "--formats", "reel", "--quiet") == 0
    assert numbers_of(tmp_path / "out" / "v-reel.mp4") == [*range(11, 21), *range(31, 41)]


def test_failures_give_status_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One video that is gone is told on stderr, and the exit status says that not all went well."""
    file = summary(tmp_path, path="gone.mp4")
    assert run(str(file), "--output", str(tmp_path / "out"), "--formats", "reel,csv", "--quiet") == 1
    assert "failed: gone-reel.mp4 (reel): no such file" in capsys.readouterr().err


def test_the_peak_is_the_most_important_sample(tmp_path: Path) -> None:
    """A summary.json names no peaks; ranks follow importance where they are missing."""
    (one,) = read_items(summary(tmp_path))
    assert [(segment.peak_frame, segment.rank) for segment in one.segments] == [(19, 2), (37, 1)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "does not exist; `clipit summarize"),
        ("{", "cannot be read as JSON"),
        ("[]", "is not a summary of `clipit summarize`"),
        ('{"videos": [{"path": 1}]}', "is not a summary"),
        ('{"videos": []}', "holds no summarized video"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, text: str | None, message: str) -> None:
    """One message that names the file."""
    file = tmp_path / "x.json"
    if text is not None:
        file.write_text(text)
    with pytest.raises(UsageError, match=message):
        read_items(file)
