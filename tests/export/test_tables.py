"""Tables, chapters and subtitles: read back they say what the summary says."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from fiftyone_clipit.export import ExportOptions, export_items
from fiftyone_clipit.export.clock import clock, timestamp
from fiftyone_clipit.media.subtitles import parse_subtitles
from tests.export.making import item, segments, video

RANGES = [(31, 40), (11, 20)]


def test_json_says_everything(tmp_path: Path) -> None:
    """Numbers, times, curve, shots and attributes, all of them plain JSON."""
    path = video(tmp_path / "v.mp4", 50)
    one = item(path, RANGES, attributes={"id": "abc", "score": np.float32(0.5)}, segment_attributes=[{"tags": ["x"]}])
    written = json.loads(export_items([one], tmp_path / "out", ["json"]).paths()[0].read_text())
    assert (written["frames"], written["fps"], written["duration"]) == (50, 25.0, 2.0)
    assert written["attributes"] == {"id": "abc", "score": 0.5}
    assert [(s["first_frame"], s["last_frame"], s["start"], s["end"]) for s in written["segments"]] == [
        (31, 40, 1.2, 1.6),
        (11, 20, 0.4, 0.8),
    ]
    assert [s["attributes"] for s in written["segments"]] == [{"tags": ["x"]}, {}]
    assert [score["frame"] for score in written["scores"]] == one.frame_numbers.tolist()
    np.testing.assert_array_equal([score["importance"] for score in written["scores"]], one.importance)
    assert [(shot["first_frame"], shot["last_frame"]) for shot in written["shots"]] == [(1, 25), (26, 50)]


def test_csv_reads_back(tmp_path: Path) -> None:
    """Commas, quotes, lines and other scripts in a query do not break a row; attributes get columns."""
    path = video(tmp_path / "v.mp4", 50)
    query = 'a "dog", собака\nand 🐕'
    one = item(path, RANGES, title=query, segment_attributes=[{"tags": ["x", "y"], "rank": 7}, {"n": 0.25}])
    text = export_items([one], tmp_path / "out", ["csv"]).paths()[0].read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["title"] for row in rows] == [query] * 2
    assert [(row["first_frame"], row["last_frame"], row["start"], row["duration"]) for row in rows] == [
        ("31", "40", "1.2", "0.4"),
        ("11", "20", "0.4", "0.4"),
    ]
    assert [(row["tags"], row["rank"], row["attribute.rank"], row["n"]) for row in rows] == [
        ('["x", "y"]', "1", "7", ""),
        ("", "2", "", "0.25"),
    ]


def test_a_summary_without_segments_is_a_table_without_rows(tmp_path: Path) -> None:
    """Tables make sense without segments, and say so; joined tables hold all videos."""
    one, two = (item(video(tmp_path / f"{name}.mp4", 50), ranges) for name, ranges in (("a", ()), ("b", RANGES)))
    report = export_items([one], tmp_path / "1", ["csv", "json", "plot"])
    assert report.failures == []
    assert report.paths("csv")[0].read_text().count("\n") == 1
    joined = export_items([one, two], tmp_path / "2", ["csv"], options=ExportOptions(join=True))
    assert [path.name for path in joined.paths()] == ["all-segments.csv"]
    assert joined.paths()[0].read_text().count("\n") == 3


@pytest.mark.parametrize("name", ["webvtt", "srt"])
def test_cues_are_in_time_order_and_read_back(tmp_path: Path, name: str) -> None:
    """By the package's own reader and by libav; nothing in a query can end a cue or make a tag."""
    path = video(tmp_path / "v.mp4", 50)
    query = "dog --> <b>cat</b> & co\n\n2 lines"
    one = item(path, RANGES)
    one = replace(one, segments=[replace(s, label=query) for s in one.segments])
    file = export_items([one], tmp_path / "out", [name]).paths()[0]
    cues = parse_subtitles(file.read_text(encoding="utf-8"))
    assert [(float(cue.start), float(cue.end)) for cue in cues] == [(0.4, 0.8), (1.2, 1.6)]
    assert "cat" in cues[0].text
    assert "2 lines" in cues[0].text
    with av.open(str(file)) as container:
        packets = [packet for packet in container.demux() if packet.size]
    assert [float(packet.pts * packet.time_base) for packet in packets] == [0.4, 1.2]


def test_long_times_are_written_in_full(tmp_path: Path) -> None:
    """Hours, rounding up to the next minute, and cues of no length."""
    assert timestamp(3599.9996) == "01:00:00.000"
    assert timestamp(100 * 3600 + 1.5, ",") == "100:00:01,500"
    assert [clock(value) for value in (0, 59.96, 3599.96, 7.25)] == ["0:00.0", "1:00.0", "1:00:00.0", "0:07.2"]
    assert clock(125, decimals=0) == "2:05"
    path = video(tmp_path / "v.mp4", 50)
    one = item(path, RANGES)
    instant = [replace(s, start=1.0, end=1.0) for s in one.segments[:1]]
    text = (
        export_items([replace(one, segments=instant, timeline=None)], tmp_path / "out", ["srt"]).paths()[0].read_text()
    )
    assert "00:00:01,000 --> 00:00:01,001" in text


def test_tables_need_no_video(tmp_path: Path) -> None:
    """Text formats work where the video is gone, as long as nothing has to be read from it."""
    path = video(tmp_path / "v.mp4", 50)
    one = item(path, RANGES, known=False)
    path.unlink()
    report = export_items([one], tmp_path / "out", ["csv", "json", "webvtt", "srt", "plot"])
    assert report.failures == []
    padded = export_items([one], tmp_path / "2", ["csv"], options=ExportOptions(padding=0.5))
    assert [failure.reason for failure in padded.failures] == ["no such file"]
    assert segments(RANGES, item(video(path, 50), RANGES).timeline) == list(one.segments)
