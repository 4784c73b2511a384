"""Films without encoding anew: the same pictures bit for bit, and an honest word on what is too much."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from fiftyone_clipit.export import ExportOptions, export_items
from fiftyone_clipit.media.video import probe, read_frames, scan
from tests.export.making import item, numbers_of, sound_of, video
from tests.media.drawing import make_video

COPY = ExportOptions(mode="copy")


@pytest.mark.parametrize("b_frames", [0, 3])
def test_copies_begin_at_the_key_frame_before(tmp_path: Path, b_frames: int) -> None:
    """All wanted frames are there, in order, at most a key frame's distance too many, and the note says so."""
    path = video(tmp_path / "v.mp4", 120, options={"g": "20", "bf": str(b_frames), "sc_threshold": "0"})
    report = export_items([item(path, [(45, 50), (101, 120)])], tmp_path / "out", ["reel", "clips"], options=COPY)
    assert report.failures == []
    first, second = (numbers_of(clip) for clip in report.paths("clips"))
    assert first[:10] == list(range(41, 51))
    assert len(first) <= 10 + b_frames
    assert second == list(range(101, 121))
    assert numbers_of(report.paths("reel")[0]) == first + second
    notes = {file.path.name: file.notes[0] for file in report.files}
    assert "begins up to 0.16 s early" in notes["v-reel.mp4"]
    assert notes["v-clip-02.mp4"] == "copied at key frames: exact"


def test_copied_pixels_are_the_source_s(tmp_path: Path) -> None:
    """Not a single value changes."""
    path = video(tmp_path / "v.mp4", 60)
    clip = export_items([item(path, [(21, 40)])], tmp_path / "out", ["clips"], options=COPY).paths()[0]
    for new, old in zip(read_frames(clip, range(1, 21)), read_frames(path, range(21, 41)), strict=True):
        np.testing.assert_array_equal(new, old)


def test_copied_sound_stays_in_step(tmp_path: Path) -> None:
    """A click lies where its frame lies, in the second stretch too, but for half a packet of sound."""
    sound = np.zeros((1, 5 * 48_000), np.float32)
    for number in (45, 105):
        at = round((number - 0.5) / 25 * 48_000)
        sound[0, at : at + 48] = 0.9
    path = video(tmp_path / "v.mp4", 125, sound=(48_000, sound))
    film = export_items([item(path, [(41, 60), (101, 120)])], tmp_path / "out", ["reel"], options=COPY).paths()[0]
    shown = numbers_of(film)
    timeline = scan(film)
    rate, samples = sound_of(film)
    loud = np.flatnonzero(np.abs(samples) > 0.3) / rate
    for number in (45, 105):
        middle = float(timeline.start(shown.index(number) + 1)) + 0.02
        assert np.abs(loud - middle).min() < 0.04


def test_turned_videos_stay_turned(tmp_path: Path) -> None:
    """The display matrix is copied along."""
    path = video(tmp_path / "v.mp4", 40, rotation=(90, False))
    assert probe(path).rotation
    clip = export_items([item(path, [(21, 40)])], tmp_path / "out", ["clips"], options=COPY).paths()[0]
    assert (probe(clip).rotation, probe(clip).width) == (probe(path).rotation, probe(path).width)


def test_what_cannot_be_copied_says_why(tmp_path: Path) -> None:
    """Different codings in one film, and codings that mp4 does not know; nothing is left behind."""
    one, two = video(tmp_path / "a.mp4", 40), video(tmp_path / "b.mp4", 40, size=(256, 128))
    joined = ExportOptions(mode="copy", join=True)
    report = export_items([item(path, [(1, 20)]) for path in (one, two)], tmp_path / "1", ["reel"], options=joined)
    assert "coded otherwise than the first video: use mode 'exact'" in report.failures[0].reason
    ticks = list(range(40))
    old = make_video(tmp_path / "c.avi", ticks, Fraction(1, 25), codec="wmv2")
    report = export_items([item(old, [(1, 20)])], tmp_path / "2", ["reel"], options=COPY)
    assert "use mode 'exact'" in report.failures[0].reason
    for folder in ("1", "2"):
        assert [path.name for path in (tmp_path / folder).iterdir()] == ["manifest.json"]
