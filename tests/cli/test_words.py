"""Captions and one budget for all videos on the command line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from fiftyone_clipit.cli import main
from tests.fiftyone_fixtures import write_video
from tests.small_captioner import write_small_blip


@pytest.fixture(scope="module")
def video(tmp_path_factory) -> Path:
    return write_video(tmp_path_factory.mktemp("video") / "scenes.mp4", ("red", "noise", "blue"))


@pytest.fixture
def summarize(tmp_path, encoder):
    def run(*arguments, status=0) -> dict:
        folder = tmp_path / "out"
        fixed = ["--encoder", encoder, "--output", str(folder), "--cache-dir", str(tmp_path / "cache")]
        assert main(["summarize", *map(str, arguments), *fixed]) == status
        return json.loads((folder / "summary.json").read_text())

    return run


def test_subtitles_guide_and_their_absence_is_a_failure(video, summarize, tmp_path, capsys):
    said = Path(shutil.copy(video, tmp_path / "said.mp4"))
    said.with_suffix(".srt").write_text("1\n00:00:01,000 --> 00:00:02,000\nSomething blue.\n")
    result = summarize(said, video, "--captions", "subtitles", status=1)
    assert [Path(done["path"]).name for done in result["videos"]] == ["said.mp4"]
    assert "no subtitles" in result["failures"][0]["reason"]
    assert "failed: " in capsys.readouterr().err
    given = summarize(said, "--caption", "Something blue.")
    assert result["videos"][0]["scores"] == given["videos"][0]["scores"]


def test_a_model_says_what_it_sees(video, summarize, tmp_path):
    blip = write_small_blip(tmp_path / "blip")
    result = summarize(video, "--captions", "auto", "--captioner", blip, "--caption-prompt", "ba")
    assert (result["settings"]["captions_from"], result["settings"]["captioner"]) == ("auto", blip)
    assert result["videos"][0]["segments"]


def test_one_budget_for_all_shows_copies_once(video, summarize, tmp_path):
    copy, other = shutil.copy(video, tmp_path / "copy.mp4"), write_video(tmp_path / "other.mp4", ("green", "noise"))

    def lengths(*options) -> list[float]:
        result = summarize(video, copy, other, "--scope", "dataset", "--budget", "1", *options)
        return [sum(s["end"] - s["start"] for s in done["segments"]) for done in result["videos"]]

    once = lengths()
    assert min(once[:2]) == 0
    assert max(once[:2]) > 0
    assert sum(lengths("--keep-duplicates")) == pytest.approx(16, abs=0.1)


def test_what_to_leave_out_may_be_a_list(video, summarize):
    result = summarize(video, "--exclude", "title card, black screen", "--exclude", "noise")
    assert result["settings"]["exclude"] == ["title card", "black screen", "noise"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--captions", "auto", "--query", "a"], "not both"),
        (["--captions", "subtitles", "--caption", "a"], "not both"),
        (["--max-sentences", "0"], "max_sentences"),
    ],
)
def test_options_that_contradict_each_other(video, encoder, tmp_path, capsys, options, message):
    assert main(["summarize", str(video), "--encoder", encoder, "--output", str(tmp_path), *options]) == 2
    assert message in capsys.readouterr().err
