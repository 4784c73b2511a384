"""Single frames by number, through seeks that may land anywhere."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from fiftyone_clipit.errors import UsageError, VideoError
from fiftyone_clipit.media.video import FrameSampler, read_frames, scan
from tests.media.drawing import make_video, read_number
from tests.media.test_sampling import STREAMS


def bytes_read() -> int:
    """What this process has read from files so far."""
    lines = Path("/proc/self/io").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("rchar")))


@pytest.mark.parametrize("name", STREAMS)
def test_finds_exactly_the_frames_asked_for(video: Callable[..., Path], name: str) -> None:
    """Any order, repetitions, first and last, in every kind of stream; with the timeline and without."""
    codec, options = STREAMS[name]
    path = video(160, 25, name, codec=codec, options=options)
    timeline = scan(path)
    numbers = [160, 1, 80, 81, 80, 2, 159, *random.Random(name).choices(range(1, 161), k=8)]
    images = read_frames(path, numbers, timeline=timeline, resize=lambda width, height: (width, height))
    assert [read_number(image) for image in images] == numbers
    assert read_number(read_frames(path, [33])[0]) == 33


def test_variable_rate_and_late_start(tmp_path: Path) -> None:
    """Frames are found by their stamps, not by a rate."""
    ticks = np.cumsum([100_000, *random.Random(1).choices([7, 40, 900], k=99)]).tolist()
    path = make_video(tmp_path / "v.mkv", ticks, Fraction(1, 1000), rate=Fraction(25), options={"g": "20"})
    numbers = [100, 1, 50, 49, 77]
    images = read_frames(path, numbers, timeline=scan(path))
    assert [read_number(image) for image in images] == numbers


@pytest.mark.skipif(not Path("/proc/self/io").exists(), reason="needs /proc")
@pytest.mark.parametrize("name", ["v.mp4", "v.mkv"])
def test_does_not_read_what_lies_before(video: Callable[..., Path], name: str) -> None:
    """A frame near the end costs its surroundings, not the video."""
    path = video(200, 25, name, size=(320, 240), options={"g": "10", "qp": "1", "preset": "ultrafast"})
    timeline = scan(path)
    before = bytes_read()
    assert read_number(read_frames(path, [199], timeline=timeline)[0]) == 199
    assert bytes_read() - before < path.stat().st_size / 2


def test_a_timeline_of_another_video_is_noticed(video: Callable[..., Path]) -> None:
    """A file that was replaced gives an error, never other frames."""
    timeline = scan(video(100, 25))
    shorter, other = video(60, 25, "a.mp4"), video(100, 30, "b.mp4")
    for path, number in [(shorter, 80), (other, 10)]:
        with pytest.raises(VideoError, match="may have changed"):
            read_frames(path, [number], timeline=timeline)
    shifted = replace(timeline, ticks=timeline.ticks + (timeline.ticks > 0))
    with pytest.raises(VideoError, match="may have changed"):
        read_frames(shorter, [50], timeline=shifted)


@pytest.mark.parametrize("number", [0, -1, 101])
def test_frames_outside_the_video(video: Callable[..., Path], number: int) -> None:
    """Told with the range that exists."""
    with pytest.raises(UsageError, match=f"frames 1 to 100, not {number}"):
        read_frames(video(100), [1, number])


def test_stamps_that_needed_repair(tmp_path: Path, video: Callable[..., Path]) -> None:
    """AVI tells no times for reordered pictures: numbers are still right, by decoding from the start."""
    path = video(120, 25, "v.avi", options={"bf": "4"})
    timeline = scan(path)
    assert timeline.duration == Fraction(120, 25)
    images = read_frames(path, [119, 5, 60], timeline=timeline)
    assert [read_number(image) for image in images] == [119, 5, 60]


def test_odd_videos_give_the_frames_that_plain_decoding_gives(shared_data: Path) -> None:
    """Rotated, discarded, damaged, without duration: the same pixels as when the video is sampled whole."""
    for name in ("vid1.mp4", "corrupted.mp4", "no_duration.webm", "video_90.mov", "clip1024.flv", "trunc.mkv"):
        path = shared_data / "odd_videos" / name
        with FrameSampler(path, fps=1000, resize=lambda width, height: (64, 48)) as sampler:
            frames = {frame.number: frame.image for frame in sampler}
        n = sampler.timeline.n_frames
        assert len(frames) == n
        numbers = [n, 1, (n + 1) // 2]
        images = read_frames(path, numbers, timeline=sampler.timeline, resize=lambda width, height: (64, 48))
        for number, image in zip(numbers, images, strict=True):
            assert np.array_equal(image, frames[number]), (name, number)
