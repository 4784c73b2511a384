"""OTIO and EDL: read back by OpenTimelineIO they give exactly the segments, an hour into the video too."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import opentimelineio as otio
import pytest

from fiftyone_clipit.export import ExportItem, ExportOptions, export_items
from fiftyone_clipit.export.rates import constant_rate, timecode_rate
from fiftyone_clipit.media.timeline import Timeline
from tests.export.making import item, segments, video

RATES = [
    *(Fraction(24_000, 1001), Fraction(24), Fraction(25), Fraction(30_000, 1001), Fraction(30)),
    *(Fraction(50), Fraction(60_000, 1001), Fraction(60)),
]


def hour(rate: Fraction, time_base: Fraction | None = None) -> Timeline:
    """An hour and some minutes at a constant rate, as a container with a given time base tells it."""
    n_frames = int(3700 * rate)
    if time_base is None:
        return Timeline(
            np.arange(n_frames, dtype=np.int64) * rate.denominator, Fraction(1, rate.numerator), n_frames / rate
        )
    ticks = np.round(np.arange(n_frames) / float(rate * time_base)).astype(np.int64)
    return Timeline(ticks, time_base, n_frames / rate)


def spread(timeline: Timeline, n: int = 40) -> list[tuple[int, int]]:
    """Segments from the first frame to the last, one of them a single frame."""
    starts = np.linspace(1, timeline.n_frames - 120, n).astype(int)
    ranges = [(int(start), int(start) + 7 + i % 90) for i, start in enumerate(starts)]
    return [*ranges, (timeline.n_frames, timeline.n_frames)]


def long_item(timeline: Timeline, ranges: list[tuple[int, int]], name: str = "match.mp4") -> ExportItem:
    """A summary of a long video that need not be there: its times are known."""
    return ExportItem(f"/videos/{name}", segments(ranges, timeline), title="goals", timeline=timeline)


def read(path: Path, **options) -> list[otio.schema.Clip]:
    timeline = otio.adapters.read_from_file(str(path), **options)
    # Copies, as what a timeline holds dies with it.
    return [clip.deepcopy() for clip in timeline.find_clips()]


@pytest.mark.parametrize("time_base", [None, Fraction(1, 1000), Fraction(1, 90_000)], ids=["own", "ms", "90k"])
@pytest.mark.parametrize("rate", RATES, ids=lambda rate: f"{float(rate):.3f}")
def test_frames_come_back_exactly(tmp_path: Path, rate: Fraction, time_base: Fraction | None) -> None:
    """No frame of drift over an hour at any rate, whatever the container's clock."""
    timeline = hour(rate, time_base)
    ranges = spread(timeline)
    report = export_items([long_item(timeline, ranges)], tmp_path, ["otio", "edl"])
    assert report.failures == []
    assert [note for file in report.files for note in file.notes] == []
    expected = [(first - 1, last - first + 1) for first, last in ranges]
    for path, options in ((report.paths("otio")[0], {}), (report.paths("edl")[0], {"rate": float(rate)})):
        found = [clip.source_range for clip in read(path, **options)]
        assert [(r.start_time.value, r.duration.value) for r in found] == expected
        assert {r.start_time.rate for r in found} == {float(rate)}
    last = read(report.paths("otio")[0])[-1]
    metadata = last.metadata["clipit"]
    assert (metadata["rate"], metadata["last_frame"]) == (str(rate), timeline.n_frames)


def test_variable_rates_are_named_in_ticks(tmp_path: Path) -> None:
    """OTIO keeps the exact times; an EDL rounds to its frames, and says so."""
    steps = np.random.default_rng(0).choice([10, 33, 34, 500], 2000)
    ticks = np.concatenate([[0], np.cumsum(steps)]).astype(np.int64)
    timeline = Timeline(ticks, Fraction(1, 1000), Fraction(int(ticks[-1]) + 33, 1000))
    assert constant_rate(timeline) is None
    ranges = [(1, 1), (700, 800), (2001, 2001)]
    report = export_items([long_item(timeline, ranges)], tmp_path, ["otio", "edl"])
    for clip, (first, last) in zip(read(report.paths("otio")[0]), ranges, strict=True):
        start, duration = clip.source_range.start_time, clip.source_range.duration
        assert start.rate == 1000
        assert Fraction(int(start.value), 1000) == timeline.start(first)
        assert Fraction(int(duration.value), 1000) == timeline.end(last) - timeline.start(first)
    for clip, (first, _) in zip(read(report.paths("edl")[0], rate=30), ranges, strict=True):
        assert abs(clip.source_range.start_time.to_seconds() - float(timeline.start(first))) <= 1 / 60 + 1e-9
    (edl,) = [file for file in report.files if file.format == "edl"]
    assert "rounded to frames of 30 frames/s" in edl.notes[0]


def test_rates_without_timecode_take_a_multiple(tmp_path: Path) -> None:
    """15 frames/s are counted in thirtieths, exactly."""
    timeline = hour(Fraction(15))
    report = export_items([long_item(timeline, [(31, 45)])], tmp_path, ["edl"])
    (clip,) = read(report.paths()[0], rate=30)
    assert (clip.source_range.start_time.value, clip.source_range.duration.value) == (60, 30)
    assert report.files[0].notes == ("counted in frames of 30 frames/s, as timecode has no other",)
    assert timecode_rate(Fraction(25, 2)) == 25
    assert timecode_rate(Fraction(120)) == 60


def test_rates_are_recognised_through_rounding() -> None:
    """Milliseconds, a guessed last duration and odd rates do not confuse; real gaps do."""
    for rate in [*RATES, Fraction(15), Fraction(25, 2), Fraction(10), Fraction(120_000, 1001), Fraction(7)]:
        assert constant_rate(hour(rate, Fraction(1, 1000) if rate < 60 else Fraction(1, 90_000))) == rate
    late = hour(Fraction(25))
    assert constant_rate(replace(late, duration=late.duration + 3)) == 25
    gap = np.concatenate([late.ticks[:500], late.ticks[500:] + 1])
    assert constant_rate(replace(late, ticks=gap)) is None


def test_sound_and_source_are_named(tmp_path: Path) -> None:
    """The path of the source survives quoting; the sound comes along where there is any and is wanted."""
    tone = np.zeros((1, 96_000), np.float32)
    path = video(tmp_path / "my dog & котик.mp4", 40, sound=(48_000, tone))
    one = item(path, [(5, 10), (20, 29)])
    report = export_items([one], tmp_path / "1", ["otio", "edl"])
    timeline = otio.adapters.read_from_file(str(report.paths("otio")[0]))
    assert [track.kind for track in timeline.tracks] == ["Video", "Audio"]
    url = timeline.tracks[0][0].media_reference.target_url
    assert otio.url_utils.filepath_from_url(url) == str(path)
    edl = report.paths("edl")[0].read_text()
    assert "FCM: NON-DROP FRAME" in edl
    assert edl.count("  mydog    AA/V  C ") == 2
    silent = export_items([one], tmp_path / "2", ["otio", "edl"], options=ExportOptions(audio=False))
    assert len(otio.adapters.read_from_file(str(silent.paths("otio")[0])).tracks) == 1
    assert " AA/V " not in silent.paths("edl")[0].read_text()


def test_drop_frame_is_said_where_numbers_are_dropped(tmp_path: Path) -> None:
    """An editor that counts otherwise would be 3.6 s off after an hour."""
    for rate, line in ((Fraction(30_000, 1001), "FCM: DROP FRAME"), (Fraction(24_000, 1001), "FCM: NON-DROP FRAME")):
        folder = tmp_path / f"{float(rate):.0f}"
        text = export_items([long_item(hour(rate), [(1, 9)])], folder, ["edl"]).paths()[0].read_text()
        assert text.splitlines()[1] == line
        assert (";" in text.splitlines()[3]) == ("NON" not in line)


def test_joined_timelines_keep_each_video_s_rate(tmp_path: Path) -> None:
    """One timeline for two videos of different rates, in rank order."""
    items = [
        long_item(hour(rate), [(10, 19), (50, 59)], f"{i}.mp4") for i, rate in enumerate((Fraction(25), Fraction(50)))
    ]
    report = export_items(items, tmp_path, ["otio"], options=ExportOptions(join=True, order="rank"))
    clips = read(report.paths()[0])
    assert [(clip.name, clip.source_range.start_time.rate) for clip in clips] == [
        ("0.mp4", 25.0),
        ("1.mp4", 50.0),
        ("0.mp4", 25.0),
        ("1.mp4", 50.0),
    ]
    assert json.loads(report.paths()[0].read_text())["name"] == "goals"
