"""Cuts: exactly the frames asked for, each as long as it was, and nothing left behind when they fail."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from fiftyone_clipit.errors import ExportError, UsageError, VideoError
from fiftyone_clipit.media.timeline import Timeline
from fiftyone_clipit.media.video import FrameSampler, probe, scan
from fiftyone_clipit.media.writer import CutReport, cut
from tests.media.drawing import draw, make_video, read_number
from tests.media.test_sampling import RATES, STREAMS
from tests.media.test_seeking import bytes_read


def numbers_of(path: Path) -> list[int]:
    """The numbers that all frames of a video spell."""
    with FrameSampler(path, fps=100_000) as sampler:
        return [read_number(frame.image) for frame in sampler]


def spelled(ranges: list[tuple[int, int]]) -> list[int]:
    """The frames of ranges, one after the other."""
    return [number for first, last in ranges for number in range(first, last + 1)]


def check_times(report: CutReport, ranges: list[tuple[int, int]], source: Timeline) -> None:
    """Every frame of the new file is shown as long as in the source, and the report says so."""
    new = scan(report.path)
    lengths = [source.end(number) - source.start(number) for number in spelled(ranges)]
    assert [new.end(i) - new.start(i) for i in range(1, new.n_frames + 1)] == lengths
    assert new.duration == report.duration == sum(lengths)
    assert report.n_frames == len(lengths)
    assert [end - start for start, end in report.spans] == [
        source.end(last) - source.start(first) for first, last in ranges
    ]


@pytest.mark.parametrize("rate", RATES, ids=lambda rate: f"{float(rate):.3f}")
def test_gives_exactly_the_frames_asked_for(video: Callable[..., Path], tmp_path: Path, rate: Fraction) -> None:
    """First and last frame, single frames, neighbours, backwards order and repetitions, to the tick."""
    path = video(150, rate, options={"g": "40", "bf": "3"})
    ranges = [(148, 150), (1, 4), (77, 77), (40, 41), (41, 60), (1, 1), (150, 150), (77, 77)]
    timeline = scan(path)
    report = cut(path, ranges, tmp_path / "out.mp4", timeline=timeline)
    assert numbers_of(tmp_path / "out.mp4") == spelled(ranges)
    check_times(report, ranges, timeline)
    assert not report.has_audio
    assert report.warnings == []


def test_variable_rates_keep_their_durations(tmp_path: Path) -> None:
    """Each frame of a variable-rate source lasts as long as it did."""
    ticks = np.cumsum([5000, *random.Random(2).choices([10, 33, 34, 500], k=99)]).tolist()
    path = make_video(tmp_path / "v.mkv", ticks, Fraction(1, 1000), rate=Fraction(25), options={"g": "30"})
    ranges = [(60, 100), (1, 30), (50, 50)]
    timeline = scan(path)
    report = cut(path, ranges, tmp_path / "out.mp4", timeline=timeline)
    assert numbers_of(tmp_path / "out.mp4") == spelled(ranges)
    check_times(report, ranges, timeline)


@pytest.mark.parametrize("name", STREAMS)
def test_every_kind_of_stream(video: Callable[..., Path], tmp_path: Path, name: str) -> None:
    """Containers that seek well, badly or not at all; no timeline at hand."""
    codec, options = STREAMS[name]
    path = video(120, 25, name, codec=codec, options=options)
    ranges = [(100, 120), (30, 35), (31, 31)]
    cut(path, ranges, tmp_path / "out.mp4", preset="ultrafast")
    assert numbers_of(tmp_path / "out.mp4") == spelled(ranges)


@pytest.mark.skipif(not Path("/proc/self/io").exists(), reason="needs /proc")
def test_the_end_of_a_long_video_costs_only_the_end(video: Callable[..., Path], tmp_path: Path) -> None:
    """Cutting the last frames reads a small part of the file."""
    path = video(200, 25, size=(320, 240), options={"g": "10", "qp": "1", "preset": "ultrafast"})
    timeline = scan(path)
    before = bytes_read()
    cut(path, [(195, 200)], tmp_path / "out.mp4", timeline=timeline)
    assert bytes_read() - before < path.stat().st_size / 2
    assert numbers_of(tmp_path / "out.mp4") == spelled([(195, 200)])


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_turned_videos_come_out_upright(tmp_path: Path, degrees: int) -> None:
    """The turn is applied to the pictures, and the new file has none left to apply; odd sizes become even."""
    unit = Fraction(1, 25)
    path = make_video(tmp_path / "in.mp4", range(5), unit, size=(161, 65), pix_fmt="yuv444p", rotation=(degrees, False))
    cut(path, [(2, 4)], tmp_path / "out.mp4", crf=5)
    expected = np.rot90(draw(2, 161, 65), degrees // 90)
    info = probe(tmp_path / "out.mp4")
    assert (info.width, info.height, info.rotation) == ((162, 66, 0) if degrees == 180 else (66, 162, 0))
    with FrameSampler(tmp_path / "out.mp4", resize=lambda width, height: expected.shape[1::-1]) as sampler:
        image = next(iter(sampler)).image
    assert np.abs(image.astype(int) - expected).mean() < 8


def test_scales_down_to_a_height(video: Callable[..., Path], tmp_path: Path) -> None:
    """`max_height` keeps the shape, never scales up, and gives even sizes."""
    path = video(3, size=(321, 181), pix_fmt="yuv444p")
    for height, expected in [(90, (160, 90)), (91, (162, 92)), (1080, (322, 182)), (2, (4, 2))]:
        cut(path, [(1, 3)], tmp_path / "out.mp4", max_height=height)
        info = probe(tmp_path / "out.mp4")
        assert (info.width, info.height) == expected


def test_real_odd_videos(shared_data: Path, tmp_path: Path) -> None:
    """One pixel, 10 bit, 4:4:4, damaged, turned, late start, discarded frames: first, middle and last frame."""
    names = [
        "-video-with-dash-.mp4",
        "h265_10bits.mp4",
        "odd_321x181_444.mp4",
        "corrupted.mp4",
        "video_90.mov",
        "start_at_100s.mp4",
        "vid1.mp4",
        "clip1024.flv",
        "no_duration.webm",
        "one_frame.mp4",
    ]
    for name in names:
        path = shared_data / "odd_videos" / name
        timeline = scan(path)
        n = timeline.n_frames
        ranges = [(n, n), (1, 1), (n // 2 + 1, n // 2 + 1)]
        report = cut(path, ranges, tmp_path / "out.mp4", timeline=timeline, preset="ultrafast", crf=1)
        check_times(report, ranges, timeline)


def test_wrong_arguments_are_told_before_any_work(video: Callable[..., Path], tmp_path: Path) -> None:
    """Nothing is written, and the message names what is wrong."""
    path, out = video(20), tmp_path / "out.mp4"
    for arguments, message in [
        ({"ranges": []}, "at least one range"),
        ({"ranges": [(0, 3)]}, "frames 1 to 20, not 0"),
        ({"ranges": [(5, 21)]}, "frames 1 to 20, not 21"),
        ({"ranges": [(5, 4)]}, "must not end before it starts"),
        ({"ranges": [(1, 2)], "crf": 99}, "crf"),
        ({"ranges": [(1, 2)], "preset": "quick"}, "preset must be one of ultrafast"),
        ({"ranges": [(1, 2)], "max_height": 0}, "max_height"),
    ]:
        with pytest.raises(UsageError, match=message):
            cut(path, target=out, **arguments)
    with pytest.raises(UsageError, match="onto itself"):
        cut(path, [(1, 2)], path)
    assert sorted(tmp_path.iterdir()) == [path]


def test_a_target_that_cannot_be_written(video: Callable[..., Path], tmp_path: Path) -> None:
    """The folder is missing, or is a file: said with the target's name."""
    path = video(10)
    with pytest.raises(ExportError, match="its folder does not exist"):
        cut(path, [(1, 2)], tmp_path / "none" / "out.mp4")
    with pytest.raises(ExportError, match=r"cannot write .*out\.mp4"):
        cut(path, [(1, 2)], path / "out.mp4")


def test_a_full_disk_leaves_nothing_behind(video: Callable[..., Path], tmp_path: Path) -> None:
    """No half-written file under any name, the old target still there."""
    path = video(100, size=(320, 240))
    out = tmp_path / "out.mp4"
    out.write_bytes(b"old")
    code = (
        "import resource, signal, sys\n"
        "from fiftyone_clipit.errors import ExportError\n"
        "from fiftyone_clipit.media.writer import cut\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))\n"
        "try:\n"
        "    cut(sys.argv[1], [(1, 100)], sys.argv[2], crf=1)\n"
        "except ExportError as error:\n"
        "    print(error)\n"
    )
    command = [sys.executable, "-c", code, str(path), str(out)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.startswith(f"cannot write {out}: File too large")
    assert out.read_bytes() == b"old"
    assert sorted(tmp_path.iterdir()) == sorted([path, out])


class _Interrupting(Timeline):
    """Stands for a user who presses Ctrl-C while frame 30 is written."""

    def end(self, frame_number: int) -> Fraction:
        if frame_number == 30:
            raise KeyboardInterrupt
        return super().end(frame_number)


def test_interruptions_and_errors_leave_nothing_behind(video: Callable[..., Path], tmp_path: Path) -> None:
    """Ctrl-C and a source that ends too early: the old target stays, no temporary file does."""
    path = video(60)
    out = tmp_path / "out.mp4"
    out.write_bytes(b"old")
    real = scan(path)
    with pytest.raises(KeyboardInterrupt):
        cut(path, [(1, 50)], out, timeline=_Interrupting(real.ticks, real.time_base, real.duration))
    step = int(real.ticks[1])
    too_long = Timeline(np.arange(80) * step, real.time_base, Fraction(80, 25))
    with pytest.raises(VideoError, match="frame 61 cannot be decoded"):
        cut(path, [(50, 70)], out, timeline=too_long)
    assert out.read_bytes() == b"old"
    assert sorted(tmp_path.iterdir()) == sorted([path, out])
