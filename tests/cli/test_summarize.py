"""`clipit summarize`: summary.json in the documented form, exit status, and what it must not import."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from fiftyone_clipit.cli import main
from fiftyone_clipit.media.video import FrameSampler
from fiftyone_clipit.media.writer import VideoWriter


@pytest.fixture(scope="module")
def video(tmp_path_factory) -> Path:
    """8 s: 3 s of noise that changes, 2 s of a still colour, 3 s of another."""
    path = tmp_path_factory.mktemp("video") / "three scenes.mp4"
    generator = np.random.default_rng(0)
    with VideoWriter(path, rate=12) as writer:
        for _ in range(36):
            writer.write(np.kron(generator.integers(0, 256, (6, 8, 3), np.uint8), np.ones((16, 16, 1), np.uint8)))
        for colour, frames in (((200, 30, 30), 24), ((30, 30, 200), 36)):
            for _ in range(frames):
                writer.write(np.full((96, 128, 3), colour, np.uint8))
    return path


def _summarize(tmp_path: Path, *arguments) -> tuple[int, dict]:
    folder = tmp_path / "out"
    cache = ["--cache-dir", str(tmp_path / "cache")]
    status = main(["summarize", *map(str, arguments), "--encoder", "clipit-tiny", "--output", str(folder), *cache])
    file = folder / "summary.json"
    return status, json.loads(file.read_text()) if file.exists() else {}


def _check(video: dict, budget: float = 0.15) -> None:
    """What must hold for every video of every summary.json."""
    frames, fps = video["frames"], video["fps"]
    assert all(0 <= s["score"] <= 1 and 0 <= s["importance"] <= 1 for s in video["scores"])
    sampled = [s["frame"] for s in video["scores"]]
    assert sampled == sorted(set(sampled))
    assert 1 <= sampled[0] <= sampled[-1] <= frames
    assert video["shots"][0]["first_frame"] == 1
    assert video["shots"][-1]["last_frame"] == frames
    for before, after in zip(video["shots"], video["shots"][1:], strict=False):
        assert after["first_frame"] == before["last_frame"] + 1
    assert video["segments"]
    last = 0
    for segment in video["segments"]:
        assert last < segment["first_frame"] <= segment["last_frame"] <= frames
        assert 0 <= segment["start"] < segment["end"] <= video["duration"] + 1e-6
        assert 0 <= segment["importance"] <= 1
        last = segment["last_frame"]
    taken = sum(s["last_frame"] - s["first_frame"] + 1 for s in video["segments"])
    assert taken <= max(1, budget * frames)
    assert sum(s["end"] - s["start"] for s in video["segments"]) <= max(1.5 / fps, budget * video["duration"]) + 1e-6


def test_summary_json_has_the_documented_form(tmp_path, video, capsys):
    status, summary = _summarize(tmp_path, video, "--query", "something red")
    assert status == 0
    assert summary["failures"] == []
    (found,) = summary["videos"]
    assert found["path"] == str(video)
    assert (found["frames"], found["fps"]) == (96, 12.0)
    assert {"frame", "time", "score"} <= set(found["scores"][0])
    assert {"first_frame", "last_frame", "start", "end"} <= set(found["shots"][0])
    assert {"first_frame", "last_frame", "start", "end", "importance"} <= set(found["segments"][0])
    assert {segment["label"] for segment in found["segments"]} == {"something red"}
    _check(found)
    assert "three scenes.mp4" in capsys.readouterr().out


def test_a_run_says_that_the_tiny_model_is_tiny(tmp_path, video, capsys):
    _, summary = _summarize(tmp_path, video)
    assert "drawn pictures only" in summary["note"]
    assert "drawn pictures only" in capsys.readouterr().err


def test_a_bad_video_fails_with_a_reason_and_the_others_go_on(tmp_path, video):
    text = tmp_path / "text.mp4"
    text.write_text("no video")
    status, summary = _summarize(tmp_path, text, video, tmp_path / "missing.mp4")
    assert status == 1
    assert [found["path"] for found in summary["videos"]] == [str(video)]
    assert [failure["path"] for failure in summary["failures"]] == [str(text), str(tmp_path / "missing.mp4")]
    assert all(failure["reason"] for failure in summary["failures"])


def test_a_budget_beyond_the_video_gives_the_whole_video_and_says_so(tmp_path, video):
    _, summary = _summarize(tmp_path, video, "--budget", "90s")
    (found,) = summary["videos"]
    assert sum(s["last_frame"] - s["first_frame"] + 1 for s in found["segments"]) == 96
    assert any("longer than the video" in note for note in found["notes"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--budget", "1.5"], "budget"),
        (["--budget", "0"], "budget"),
        (["--budget", "soon"], "budget"),
        (["--query", "  "], "empty sentence"),
        (["--query", "a", "--caption", "b"], "not both"),
        (["--fps", "0"], "fps"),
        (["--language-weight", "2"], "language_weight"),
        (["--encoder", "clipit-tyni"], "no model 'clipit-tyni'"),
        (["--device", "cuda:99"], "device 'cuda:99'"),
    ],
)
def test_wrong_use_is_status_2_with_a_message_before_any_work(tmp_path, video, capsys, arguments, message):
    status = main(["summarize", str(video), "--output", str(tmp_path / "o"), "--encoder", "clipit-tiny", *arguments])
    assert status == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "o" / "summary.json").exists()


def test_unknown_options_are_status_2(video):
    with pytest.raises(SystemExit) as error:
        main(["summarize", str(video), "--quarry", "dogs"])
    assert error.value.code == 2


def test_an_output_folder_that_cannot_be_is_a_clear_error(tmp_path, video, capsys):
    (tmp_path / "file").write_text("")
    status = main(["summarize", str(video), "--output", str(tmp_path / "file" / "o"), "--encoder", "clipit-tiny"])
    assert status == 2
    assert "cannot be made" in capsys.readouterr().err


def test_a_folder_stands_for_its_videos(tmp_path, video):
    status, summary = _summarize(tmp_path, video.parent)
    assert status == 0
    assert [found["path"] for found in summary["videos"]] == [str(video)]


def test_a_folder_without_videos_is_wrong_use(tmp_path):
    assert main(["summarize", str(tmp_path), "--output", str(tmp_path / "o")]) == 2


def test_the_command_line_never_imports_fiftyone(tmp_path, video):
    """FiftyOne's import alone takes seconds, and starts a database."""
    arguments = [
        "summarize",
        str(video),
        "--encoder",
        "clipit-tiny",
        "--output",
        str(tmp_path),
        "--no-cache",
        "--quiet",
    ]
    code = (
        "import sys; from fiftyone_clipit.cli import main; "
        f"status = main({arguments!r}); print(status, 'fiftyone' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["0", "False"]


def test_help_imports_nothing_heavy():
    code = (
        "import sys\nfrom fiftyone_clipit.cli import main\n"
        "try:\n    main(['summarize', '--help'])\nexcept SystemExit:\n    pass\n"
        "print([name for name in ('torch', 'av', 'scipy', 'fiftyone', 'open_clip') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_every_shared_video_gives_a_right_summary(tmp_path, shared_data):
    """Real clips: two video streams, webm, mkv, 1 to 40 s."""
    status, summary = _summarize(tmp_path, shared_data / "videos")
    assert status == 0
    assert len(summary["videos"]) == 12
    for found in summary["videos"]:
        with FrameSampler(found["path"], fps=2) as sampler:
            numbers = [frame.number for frame in sampler]
            assert found["frames"] == sampler.timeline.n_frames
        assert [score["frame"] for score in found["scores"]] == numbers
        _check(found)


def test_odd_videos_end_in_a_right_result_or_a_reason(tmp_path, shared_data):
    files = sorted(path for path in (shared_data / "odd_videos").iterdir())
    status, summary = _summarize(tmp_path, *files)
    assert status == 1
    assert len(summary["videos"]) + len(summary["failures"]) == len(files)
    failed = {Path(failure["path"]).name for failure in summary["failures"]}
    assert {"zero_bytes.mp4", "text_renamed.mp4", "png_renamed.mp4", "audio_only.mp4", "mp3_with_cover.mp3"} <= failed
    for found in summary["videos"]:
        _check(found)
