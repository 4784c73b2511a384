"""Sampling by time: the right frames, exact times, every frame counted, on videos that spell their numbers."""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.media.clock import Clock
from fiftyone_clipit.media.pixels import Converter
from fiftyone_clipit.media.source import Source
from fiftyone_clipit.media.timeline import Timeline
from fiftyone_clipit.media.video import FrameSampler, scan
from tests.media.drawing import make_video, read_number

RATES = [Fraction(24000, 1001), Fraction(25), Fraction(30000, 1001), Fraction(50), Fraction(60000, 1001)]


def expected_samples(times: list[Fraction], fps: Fraction) -> list[int]:
    """The numbers of the frames that sampling takes, straight from its definition."""
    numbers: list[int] = []
    for k in range(int(times[-1] * fps) + 1):
        number = bisect_left(times, k / fps) + 1
        if numbers[-1:] != [number]:
            numbers.append(number)
    return numbers


def decode_everything(path: Path, fps: Fraction) -> tuple[list[tuple[int, Fraction, np.ndarray]], Timeline]:
    """What sampling gives when no frame is left undecoded."""
    source = Source(path)
    clock, convert = Clock(source.time_base, source.info.rate), Converter(source, (40, 24))
    samples, k = [], 0
    for frame in source.frames():
        time = clock.add(source.stamp(frame), frame.duration) * source.time_base
        if time * fps >= k:
            k = int(time * fps) + 1
            samples.append((len(clock), time, convert(frame)))
    return samples, clock.timeline()


@pytest.mark.parametrize("rate", RATES, ids=lambda rate: f"{float(rate):.3f}")
@pytest.mark.parametrize("fps", [2, "1/3", "30000/1001", 1000], ids=str)
def test_takes_the_first_frame_at_or_after_each_sampling_time(
    video: Callable[..., Path], rate: Fraction, fps: int | str
) -> None:
    """Constant rates, also those that no float hits: right pictures, right numbers, exact times."""
    path = video(170, rate)
    with FrameSampler(path, fps=fps) as sampler:
        frames = list(sampler)
        timeline = sampler.timeline
    times = [i / rate for i in range(170)]
    assert [frame.number for frame in frames] == expected_samples(times, Fraction(fps))
    assert [read_number(frame.image) for frame in frames] == [frame.number for frame in frames]
    assert [frame.time for frame in frames] == [times[frame.number - 1] for frame in frames]
    assert timeline.n_frames == 170
    assert timeline.duration == 170 / rate
    assert timeline.rate == rate


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    gaps=st.lists(st.sampled_from([1, 2, 3, 40, 41, 250, 1999]), min_size=1, max_size=50),
    start=st.sampled_from([0, 7, 100_000]),
    fps=st.fractions(min_value=Fraction(1, 5), max_value=60, max_denominator=1001),
    gop=st.sampled_from([1, 5, 250]),
)
def test_variable_frame_rates_and_late_starts(
    tmp_path: Path, gaps: list[int], start: int, fps: Fraction, gop: int
) -> None:
    """Whatever the gaps between frames, the first time stamp and the restart points: times stay exact."""
    ticks = np.cumsum([start, *gaps]).tolist()
    options = {"g": str(gop), "preset": "veryfast"}
    path = make_video(tmp_path / "vfr.mkv", ticks, Fraction(1, 1000), rate=Fraction(25), options=options)
    times = [Fraction(tick - start, 1000) for tick in ticks]
    with FrameSampler(path, fps=fps) as sampler:
        frames = list(sampler)
        assert sampler.timeline.ticks.tolist() == [tick - start for tick in ticks]
    assert [frame.number for frame in frames] == expected_samples(times, fps)
    assert [read_number(frame.image) for frame in frames] == [frame.number for frame in frames]
    assert [frame.time for frame in frames] == [times[frame.number - 1] for frame in frames]


X264 = "libx264"
STREAMS = {
    "b-frames.mp4": (X264, {"bf": "8", "g": "50"}),
    "short-gop.mp4": (X264, {"g": "12"}),
    "one-gop.mkv": (X264, {"g": "999", "sc_threshold": "0"}),
    "no-b-frames.mp4": (X264, {"bf": "0"}),
    "intra.mp4": (X264, {"g": "1"}),
    "open-gop.ts": (X264, {"x264-params": "open-gop=1:keyint=25:bframes=4:scenecut=0"}),
    "refresh.mp4": (X264, {"x264-params": "intra-refresh=1:keyint=25:bframes=0"}),
    "interlaced.ts": (X264, {"x264-params": "tff=1:bframes=3:keyint=20"}),
    "h264.avi": (X264, {}),
    "raw.h264": (X264, {}),
    "hevc.mp4": ("libx265", {"preset": "ultrafast", "x265-params": "bframes=4:keyint=40:log-level=none"}),
    "hevc.ts": ("libx265", {"preset": "ultrafast", "x265-params": "keyint=40:log-level=none"}),
    "hevc-open.mkv": ("libx265", {"preset": "ultrafast", "x265-params": "keyint=40:open-gop=1:log-level=none"}),
    "mpeg4.avi": ("mpeg4", {"bf": "2", "q": "3"}),
    "mpeg2.mpg": ("mpeg2video", {"bf": "2", "q": "3"}),
    "vp9.webm": ("libvpx-vp9", {"cpu-used": "8", "deadline": "realtime"}),
}


@pytest.mark.parametrize("name", STREAMS)
def test_leaving_frames_undecoded_changes_nothing(video: Callable[..., Path], name: str) -> None:
    """Samples byte for byte, numbers, times and the timeline are those of decoding every frame."""
    codec, options = STREAMS[name]
    path = video(160, 25, name, codec=codec, options=options)
    for fps in (Fraction(1, 3), Fraction(2), Fraction(7)):
        expected, timeline = decode_everything(path, fps)
        with FrameSampler(path, fps=fps, resize=lambda width, height: (40, 24)) as sampler:
            found = [(frame.number, frame.time, frame.image) for frame in sampler]
            assert sampler.timeline.ticks.tolist() == timeline.ticks.tolist()
            assert sampler.timeline.duration == timeline.duration == Fraction(160, 25)
        assert [sample[:2] for sample in found] == [sample[:2] for sample in expected]
        assert all(np.array_equal(a[2], b[2]) for a, b in zip(found, expected, strict=True))


@pytest.mark.parametrize("name", ["b-frames.mp4", "short-gop.mp4", "hevc.mp4", "open-gop.ts"])
def test_leaves_frames_undecoded_where_it_can(video: Callable[..., Path], name: str) -> None:
    """Most frames of ordinary streams are never decoded: the reason why sampling is fast."""
    codec, options = STREAMS[name]
    path = video(160, 25, name, codec=codec, options=options)
    with FrameSampler(path, fps=1) as sampler:
        assert len(list(sampler)) == 7
        assert sampler.n_left_out >= 160 // 3


def test_threads_change_nothing(video: Callable[..., Path]) -> None:
    """Frame threads delay the decoder's output, but neither numbers nor pixels change."""
    path = video(120, 25, options={"g": "30", "bf": "3"})
    results = []
    for threads in (1, 3, 0):
        with FrameSampler(path, fps=3, threads=threads) as sampler:
            results.append([(frame.number, frame.image.tobytes()) for frame in sampler])
    assert results[0] == results[1] == results[2]


def test_samplers_run_beside_each_other(video: Callable[..., Path]) -> None:
    """Several files decoded in several threads at once give what one after the other gives."""
    paths = [video(80 + 7 * i, 25, f"{i}.mp4") for i in range(4)]
    alone = [[frame.image.tobytes() for frame in FrameSampler(path, fps=5)] for path in paths]
    together: dict[int, list[bytes]] = {}

    def work(i: int) -> None:
        together[i] = [frame.image.tobytes() for frame in FrameSampler(paths[i], fps=5)]

    workers = [threading.Thread(target=work, args=(i,)) for i in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [together[i] for i in range(4)] == alone


def open_files(path: Path) -> int:
    """How often this process has a file open."""
    links = [link for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    return sum(link.readlink() == path for link in links if link.exists())


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs /proc")
def test_closing_midway_releases_the_file(video: Callable[..., Path]) -> None:
    """A run that is stopped leaves no open files; so does one that comes to its end."""
    path = video(100)
    with FrameSampler(path) as sampler:
        next(iter(sampler))
        assert open_files(path) == 1
    assert open_files(path) == 0
    assert list(sampler) == []
    for _ in (sampler := FrameSampler(path)):
        pass
    assert open_files(path) == 0


def test_the_timeline_is_not_given_before_it_is_known(video: Callable[..., Path]) -> None:
    """An incomplete timeline would look like a short video."""
    with FrameSampler(video(60)) as sampler:
        next(iter(sampler))
        with pytest.raises(RuntimeError, match="after the last sample"):
            _ = sampler.timeline


def test_resizes_while_converting(video: Callable[..., Path]) -> None:
    """`resize` gets the displayed size, and its answer is the size of the pictures, also at one pixel."""
    path = video(10)
    asked = []

    def resize(width: int, height: int) -> tuple[int, int]:
        asked.append((width, height))
        return 30, 50

    with FrameSampler(path, resize=resize) as sampler:
        assert {frame.image.shape for frame in sampler} == {(50, 30, 3)}
    assert asked == [(128, 64)]
    with FrameSampler(path, resize=lambda width, height: (0, 1)) as sampler:
        assert {frame.image.shape for frame in sampler} == {(1, 1, 3)}


@pytest.mark.parametrize("fps", [0, -1, "x", "1/0", float("nan"), float("inf"), None, ""])
def test_refuses_a_rate_that_is_none(video: Callable[..., Path], fps: object) -> None:
    """A wrong rate is the user's mistake, told before any work."""
    with pytest.raises(UsageError, match="fps must be a number greater than 0"):
        FrameSampler(video(5), fps=fps)


def test_decimal_rates_mean_what_they_show(video: Callable[..., Path]) -> None:
    """0.1 samples per second are one in exactly 10 seconds."""
    with FrameSampler(video(21, 1), fps=0.1) as sampler:
        assert [frame.time for frame in sampler] == [0, 10, 20]


def test_scan_counts_as_sampling_does(video: Callable[..., Path]) -> None:
    """Numbers from a scan and from sampling mean the same frames."""
    path = video(77, RATES[2])
    with FrameSampler(path, fps=7) as sampler:
        list(sampler)
        assert scan(path).ticks.tolist() == sampler.timeline.ticks.tolist()
