"""Videos from drawn frames."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from fiftyone_clipit.errors import ExportError, UsageError
from fiftyone_clipit.media.video import FrameSampler, probe, scan
from fiftyone_clipit.media.writer import VideoWriter
from tests.media.drawing import draw, read_number


def write(path: Path, images: list[np.ndarray]) -> None:
    """Writes pictures at 25 frames per second."""
    with VideoWriter(path, rate=25) as video:
        for image in images:
            video.write(image)


@pytest.mark.parametrize("rate", ["30000/1001", 25, 0.5, Fraction(60000, 1001), 1000])
def test_frames_come_back_at_their_times(tmp_path: Path, rate: Fraction | float | str) -> None:
    """All frames, in order, at the exact rate, the last one as long as the others."""
    path = tmp_path / "out.mp4"
    with VideoWriter(path, rate=rate) as video:
        for number in range(1, 41):
            video.write(draw(number))
    timeline = scan(path)
    assert timeline.rate == Fraction(str(rate))
    assert timeline.duration == 40 / timeline.rate
    with FrameSampler(path, fps=1000) as sampler:
        assert [read_number(frame.image) for frame in sampler] == list(range(1, 41))


@pytest.mark.parametrize("shape", [(1, 1), (33, 47), (48, 64)])
def test_colours_and_odd_sizes(tmp_path: Path, shape: tuple[int, int]) -> None:
    """Odd sizes grow by a pixel, colours stay."""
    image = np.zeros((*shape, 3), np.uint8)
    image[:] = (200, 80, 30)
    with VideoWriter(tmp_path / "out.mp4", rate=25) as video:
        video.write(image)
    with FrameSampler(tmp_path / "out.mp4") as sampler:
        frame = next(iter(sampler)).image
    assert frame.shape == (shape[0] + shape[0] % 2, shape[1] + shape[1] % 2, 3)
    assert np.abs(frame.astype(int) - (200, 80, 30)).max() <= 3


def test_players_can_start_before_the_file_is_whole(tmp_path: Path) -> None:
    """The index (moov) lies before the pictures (mdat)."""
    with VideoWriter(tmp_path / "out.mp4", rate=25) as video:
        video.write(draw(1))
    content = (tmp_path / "out.mp4").read_bytes()
    assert 0 < content.index(b"moov") < content.index(b"mdat")
    info = probe(tmp_path / "out.mp4")
    assert (info.codec, info.n_frames, info.has_audio) == ("h264", 1, False)
    with av.open(str(tmp_path / "out.mp4")) as container:
        assert container.streams.video[0].codec_context.pix_fmt == "yuv420p"


@pytest.mark.parametrize(
    "image",
    [
        np.zeros((4, 4), np.uint8),
        np.zeros((4, 4, 4), np.uint8),
        np.zeros((4, 4, 3), np.float32),
        np.zeros((0, 4, 3), np.uint8),
        np.zeros((8, 8, 3), np.uint8),
    ],
)
def test_wrong_frames_are_refused_and_nothing_stays(tmp_path: Path, image: np.ndarray) -> None:
    """A frame of another shape or type ends the file before it has a name."""
    with pytest.raises(UsageError, match=r"must be uint8|must have the shape"):
        write(tmp_path / "out.mp4", [draw(1)[:4, :4], image])
    assert list(tmp_path.iterdir()) == []


def test_a_video_without_frames(tmp_path: Path) -> None:
    """Refused: such a file would be no video."""
    with pytest.raises(UsageError, match="at least one frame"):
        write(tmp_path / "out.mp4", [])
    assert list(tmp_path.iterdir()) == []


def test_an_old_file_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    """A failure in the middle leaves what was there."""
    path = tmp_path / "out.mp4"
    path.write_bytes(b"old")
    with pytest.raises(UsageError):
        write(path, [draw(1), np.zeros((1, 1, 3), np.uint8)])
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
    write(path, [draw(1)])
    assert scan(path).n_frames == 1


def test_a_folder_that_does_not_exist(tmp_path: Path) -> None:
    """Said with the target's name."""
    with pytest.raises(ExportError, match="its folder does not exist"):
        write(tmp_path / "none" / "out.mp4", [draw(1)])


def test_pictures_are_not_cut_into_slices(tmp_path: Path) -> None:
    """One slice a picture: PyAV's default, slices by threads, makes larger files more slowly."""
    path = tmp_path / "out.mp4"
    write(path, [np.random.default_rng(i).integers(0, 256, (720, 1280, 3), np.uint8) for i in range(4)])
    with av.open(str(path)) as container:
        packets = [bytes(packet) for packet in container.demux(video=0) if packet.size]
    for packet in packets:
        kinds, at = [], 0
        while at < len(packet):
            size = int.from_bytes(packet[at : at + 4], "big")
            kinds.append(packet[at + 4] & 31)
            at += 4 + size
        assert sum(kind in (1, 5) for kind in kinds) == 1
