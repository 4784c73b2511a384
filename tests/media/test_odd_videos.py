"""Files that break readers: each ends in a right result or in a reason."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from fiftyone_clipit.errors import VideoError
from fiftyone_clipit.media.video import FrameSampler, probe, scan
from tests.media.drawing import draw, make_video, read_number

# name: (frames by plain decoding, displayed width, height, clockwise rotation)
GOOD = {
    "-video-with-dash-.mp4": (5, 1, 1, 0),
    "all_black_20s.mp4": (500, 320, 180, 0),
    "anomaly_detection.mpg": (250, 640, 480, 0),
    "av1_video.mkv": (125, 640, 360, 0),
    "clip1024.flv": (174, 112, 80, 0),
    "corrupted.mp4": (49, 1280, 720, 0),
    "fire2.mp4": (25, 1280, 720, 180),
    "fps_half.mp4": (277, 640, 360, 0),
    "h265_10bits.mp4": (30, 200, 200, 0),
    "hevc.mp4": (150, 640, 360, 0),
    "no_duration.webm": (74, 1280, 720, 0),
    "odd_321x181_444.mp4": (100, 321, 181, 0),
    "one_frame.mp4": (1, 640, 360, 0),
    "pos_video.mp4": (379, 720, 480, 0),
    "rotate90_meta.mp4": (150, 360, 640, 270),
    "start_at_100s.mp4": (150, 640, 360, 0),
    "trunc.mkv": (43, 640, 360, 0),
    "unordered.mov": (4, 50, 50, 0),
    "var_fps_video.mp4": (300, 128, 128, 0),
    "vfr_30_then_5.mp4": (139, 320, 180, 0),
    "vid1.mp4": (56, 640, 360, 0),
    "video_180.mov": (3, 568, 320, 180),
    "video_90.mov": (3, 320, 568, 90),
    "\u0438\u043c\u044f \u0441 \u043f\u0440\u043e\u0431\u0435\u043b\u043e\u043c & 'quote'.mp4": (150, 640, 360, 0),
}
BAD = {
    "audio_only.mp4": "no video stream, only audio",
    "mp3_with_cover.mp3": "no video stream, only a cover picture",
    "png_renamed.mp4": "this is a picture (png), not a video",
    "text_renamed.mp4": "not a readable video",
    "zero_bytes.mp4": "the file is empty",
}
WARNED = {
    "corrupted.mp4": "1 damaged packet was left out, at 3.00 s",
    "trunc.mkv": "ends after 1.72 s, its header promises 6.00 s",
}


def count_plainly(path: Path) -> int:
    """What plain decoding counts, with libav alone."""
    count = 0
    with av.open(str(path)) as container:
        for packet in container.demux(container.streams.best("video")):
            try:
                count += len(packet.decode())
            except av.InvalidDataError:
                continue
    return count


def test_knows_every_odd_video(shared_data: Path) -> None:
    """A new odd file gets its expectation here."""
    assert {path.name for path in (shared_data / "odd_videos").iterdir()} == {*GOOD, *BAD}


@pytest.mark.parametrize("name", GOOD)
def test_reads_what_can_be_read(shared_data: Path, name: str) -> None:
    """Frame counts as decoding counts them, sizes as displayed, times that increase from 0."""
    path = shared_data / "odd_videos" / name
    n_frames, width, height, rotation = GOOD[name]
    with FrameSampler(path, fps=2) as sampler:
        frames = list(sampler)
        timeline = sampler.timeline
    assert timeline.n_frames == n_frames == count_plainly(path)
    assert (sampler.info.width, sampler.info.height, sampler.info.rotation) == (width, height, rotation)
    assert {frame.image.shape for frame in frames} == {(height, width, 3)}
    assert timeline.ticks[0] == 0
    assert np.all(np.diff(timeline.ticks) > 0)
    assert timeline.duration > timeline.start(n_frames)
    assert [frame.time for frame in frames] == [timeline.start(frame.number) for frame in frames]
    assert frames[0].number == 1
    if name in WARNED:
        assert any(WARNED[name] in warning for warning in sampler.warnings)
    else:
        assert sampler.warnings == []


@pytest.mark.parametrize("name", BAD)
def test_says_why_the_rest_cannot_be_read(shared_data: Path, name: str) -> None:
    """The reason is in the user's terms, and the error names the file."""
    path = shared_data / "odd_videos" / name
    for use in (probe, FrameSampler, scan):
        with pytest.raises(VideoError) as error:
            use(path)
        assert BAD[name] in error.value.reason
        assert error.value.path == str(path)


def test_real_videos_are_counted_as_decoding_counts(shared_data: Path) -> None:
    """Also where the header's count is wrong, or there are two video streams."""
    for path in sorted((shared_data / "videos").iterdir()):
        assert scan(path).n_frames == count_plainly(path), path.name


def test_takes_the_default_video_stream(shared_data: Path) -> None:
    """Two streams: what players show is taken."""
    info = probe(shared_data / "videos" / "nasa_13013.mp4")
    assert (info.width, info.height, info.rate, info.has_audio) == (480, 270, Fraction(30000, 1001), True)


def test_names_that_are_no_files(tmp_path: Path) -> None:
    """Missing files and folders; names that libav would take for protocols or options are plain names."""
    with pytest.raises(VideoError, match="no such file"):
        probe(tmp_path / "none.mp4")
    with pytest.raises(VideoError, match="folder"):
        probe(tmp_path)
    with pytest.raises(VideoError, match="no such file"):
        probe("http://localhost:1/video.mp4")
    for name in ("concat:a|b.mp4", "-i.mp4", "100%d.mp4", "pipe:0"):
        path = make_video(tmp_path / "video.mp4", range(5), Fraction(1, 25)).rename(tmp_path / name)
        assert probe(path).codec == "h264"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_no_permission(video: Callable[..., Path]) -> None:
    """Said as such, not as a broken file."""
    path = video(5)
    path.chmod(0)
    with pytest.raises(VideoError, match="no permission"):
        probe(path)


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
@pytest.mark.parametrize("mirrored", [False, True])
def test_display_matrices_are_applied(tmp_path: Path, degrees: int, mirrored: bool) -> None:
    """Counter-clockwise turns and mirrors, as the container's own documentation defines them."""
    ticks, unit = range(3), Fraction(1, 25)
    path = make_video(tmp_path / "turned.mp4", ticks, unit, size=(160, 64), rotation=(degrees, mirrored))
    stored = draw(1, 160, 64)
    expected = np.rot90(stored, degrees // 90)
    # libav flips the columns of the matrix: what comes out of the turn is mirrored.
    expected = expected[:, ::-1] if mirrored else expected
    with FrameSampler(path) as sampler:
        image = next(iter(sampler)).image
    assert image.shape == expected.shape
    assert np.abs(image.astype(int) - expected).mean() < 5


@pytest.mark.parametrize("name", ["v.mp4", "v.mkv", "v.ts"])
def test_damage_in_the_middle_costs_only_the_damaged_frames(video: Callable[..., Path], name: str) -> None:
    """Whatever bytes are overwritten: no crash, times that increase, the good part still there."""
    path = video(200, 25, name, options={"g": "25"})
    content = bytearray(path.read_bytes())
    noise = np.random.default_rng(7)
    for _ in range(8):
        damaged = bytearray(content)
        at = int(noise.integers(len(damaged) // 3, len(damaged) * 2 // 3))
        damaged[at : at + 400] = noise.bytes(400)
        path.write_bytes(damaged)
        with FrameSampler(path, fps=5) as sampler:
            frames = list(sampler)
            timeline = sampler.timeline
        assert 100 <= timeline.n_frames <= 200
        assert np.all(np.diff(timeline.ticks) > 0)
        assert len(frames) >= 20


@pytest.mark.parametrize("keep", [0.0, 0.02, 0.3, 0.9])
def test_files_cut_off_anywhere(video: Callable[..., Path], keep: float) -> None:
    """A recording that was interrupted: what is there, or a reason."""
    for name in ("v.mp4", "v.mkv", "v.ts", "v.avi"):
        path = video(100, 25, name, options={"g": "25"})
        content = path.read_bytes()
        path.write_bytes(content[: int(len(content) * keep)])
        try:
            expected = count_plainly(path)
        except av.FFmpegError:
            expected = 0
        if expected:
            assert scan(path).n_frames == expected
        else:
            with pytest.raises(VideoError):
                scan(path)


def test_a_stream_that_changes_its_size_and_restarts_its_clock(video: Callable[..., Path]) -> None:
    """Two recordings joined end to end: all frames, one size, times that go on."""
    first, second = video(60, 25, "a.ts"), video(40, 25, "b.ts", size=(256, 128))
    second.write_bytes(first.read_bytes() + second.read_bytes())
    with FrameSampler(second, fps=100) as sampler:
        frames = list(sampler)
    assert [read_number(frame.image) for frame in frames[:60]] == list(range(1, 61))
    assert [frame.number for frame in frames] == list(range(1, 101))
    assert {frame.image.shape for frame in frames} == {(64, 128, 3)}
    assert sampler.timeline.duration == Fraction(100, 25)


def test_colours_follow_the_stream(tmp_path: Path) -> None:
    """Full and limited range, SD and HD matrices: the same orange comes out."""
    rgb = np.zeros((64, 64, 3), np.uint8)
    rgb[:] = orange = (200, 80, 30)
    for pix_fmt, space, full in [
        ("yuv420p", 1, False),
        ("yuv420p", 6, False),
        ("yuv444p", 1, True),
        ("yuv420p", 5, True),
        ("yuv420p10le", 9, False),
    ]:
        path = tmp_path / "colour.mp4"
        with av.open(str(path), "w") as container:
            stream = container.add_stream("libx264", rate=25, options={"qp": "0"})
            stream.width = stream.height = 64
            stream.pix_fmt = pix_fmt
            stream.codec_context.colorspace = space
            stream.codec_context.color_range = 2 if full else 1
            # swscale numbers BT.601 as 5, whichever of its two names (5, 6) the stream uses.
            to = {1: 1, 5: 5, 6: 5, 9: 9}[space]
            frame = av.VideoFrame.from_ndarray(rgb, format="rgb24").reformat(
                format=pix_fmt, dst_colorspace=to, dst_color_range=2 if full else 1
            )
            container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
        with FrameSampler(path, resize=lambda width, height: (10, 10)) as sampler:
            image = next(iter(sampler)).image
        assert np.abs(image.astype(int) - orange).max() <= 3, (pix_fmt, space, full)


def test_nothing_spills_onto_the_terminal(shared_data: Path) -> None:
    """libav's own complaints about broken files stay off the user's screen."""
    code = (
        "import sys\n"
        "from fiftyone_clipit.errors import VideoError\n"
        "from fiftyone_clipit.media.video import scan\n"
        "for path in sys.argv[1:]:\n"
        "    try:\n"
        "        scan(path)\n"
        "    except VideoError:\n"
        "        pass\n"
    )
    names = ["corrupted.mp4", "trunc.mkv", "text_renamed.mp4", "mp3_with_cover.mp3", "vid1.mp4"]
    paths = [str(shared_data / "odd_videos" / name) for name in names]
    done = subprocess.run([sys.executable, "-c", code, *paths], capture_output=True, text=True, check=True)
    assert done.stdout == done.stderr == ""
