"""Contact sheets, plots, previews and key frames: read back they show the right frames at the right places."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image, ImageSequence

from fiftyone_clipit.export import ExportItem, ExportOptions, export_items
from fiftyone_clipit.export.fonts import fit, font_for
from fiftyone_clipit.export.look import ACCENT, BACKGROUND
from tests.export.making import item, video
from tests.media.drawing import read_number

RANGES = [(31, 40), (11, 20), (51, 51)]


@pytest.fixture
def one(tmp_path: Path) -> ExportItem:
    return item(video(tmp_path / "v.mp4", 60, size=(256, 128)), RANGES)


def write(one: ExportItem, folder: Path, name: str, **options) -> Path:
    report = export_items([one], folder, [name], options=ExportOptions(**options))
    assert report.failures == []
    return report.paths(name)[0]


def test_a_sheet_shows_the_peak_of_each_segment(one: ExportItem, tmp_path: Path) -> None:
    """Thumbnails in order, each in its place on the grey sheet, with importance as a bar below."""
    sheet = np.asarray(Image.open(write(one, tmp_path / "out", "contact-sheet", thumbnail_width=256)))
    assert tuple(sheet[2, 2]) == BACKGROUND
    found = thumbnails(sheet)
    # The corner of a thumbnail holds its rank, so the lowest bits are compared by the peak's other blocks.
    assert [number >> 2 for number in found] == [number >> 2 for number in (35, 15, 51)]
    bars = [(np.abs(row.astype(int) - ACCENT).max(axis=1) < 12).sum() for row in sheet]
    assert max(bars) == pytest.approx(256 * (0.9 + 0.8 + 0.7), abs=6)


def thumbnails(sheet: np.ndarray, width: int = 256, height: int = 128) -> list[int]:
    """The numbers of all pictures on a sheet of one row."""
    unit = max(1.0, width / 320)
    margin, gap, top = round(28 * unit), round(16 * unit), round(134 * unit)
    lefts = range(margin, sheet.shape[1] - width, width + gap)
    return [read_number(sheet[top : top + height, left : left + width]) for left in lefts]


def test_sheets_of_any_number_stay_in_bounds(tmp_path: Path) -> None:
    """One, many and too many segments; columns as asked for; upright videos do not stretch."""
    path = video(tmp_path / "v.mp4", 500, size=(128, 256))
    ranges = [(number, number) for number in range(1, 461)]
    small = {"thumbnail_width": 40}
    for n, size in ((1, None), (7, None), (460, None)):
        report = export_items(
            [item(path, ranges[:n])], tmp_path / str(n), ["contact-sheet"], options=ExportOptions(**small)
        )
        width, height = Image.open(report.paths()[0]).size
        assert width < 4000
        assert height < 4000
        assert (len(report.files[0].notes) == 1) == (n > 400)
        assert size is None
    wide = Image.open(write(item(path, ranges[:6]), tmp_path / "c", "contact-sheet", columns=6, **small)).size
    tall = Image.open(write(item(path, ranges[:6]), tmp_path / "d", "contact-sheet", columns=1, **small)).size
    assert wide[0] > 6 * 40 > tall[0]
    assert wide[1] < tall[1]


def test_a_plot_marks_the_segments(one: ExportItem, tmp_path: Path) -> None:
    """Both files are pictures; the accent colour covers as much as the segments do."""
    png = write(one, tmp_path / "out", "plot")
    picture = np.asarray(Image.open(png).convert("RGB")).astype(int)
    assert picture.shape[:2] == (630, 1800)
    # Just below the top of the axes only the bands of the segments are tinted.
    row = picture[150]
    tinted = (row[:, 0] - row[:, 2] > 20).mean() / 0.925
    assert tinted == pytest.approx(21 / 60, abs=0.03)
    root = ElementTree.parse(png.with_suffix(".svg")).getroot()
    assert root.tag.endswith("svg")
    assert "<script" not in png.with_suffix(".svg").read_text()


def test_a_plot_of_a_very_long_curve_stays_small(one: ExportItem, tmp_path: Path) -> None:
    """100 hours of samples; the single peak is not thinned away."""
    n = 720_000
    curve = np.zeros(n)
    curve[n // 2] = 1.0
    times = np.arange(n) / 2
    long = replace(one, importance=curve, times=times, frame_numbers=np.arange(1, n + 1), timeline=None, shots=None)
    svg = write(long, tmp_path / "out", "plot").with_suffix(".svg")
    assert svg.stat().st_size < 400_000
    picture = np.asarray(Image.open(svg.with_suffix(".png")).convert("L"))
    assert picture[150:200, 880:940].max() > 200


def test_titles_in_any_script_and_with_signs_of_formulas(one: ExportItem, tmp_path: Path) -> None:
    """Dollars, backslashes, emoji and other scripts are drawn or left out, never an error."""
    for number, title in enumerate(["$x^", "\\frac{1}{0} $", "собака 🐕‍🦺 \u202eabc", "中文" * 60, "🧿", "", "a\nb"]):
        odd = replace(one, title=title, name=f"{title}.mp4"[:50])
        report = export_items([odd], tmp_path / str(number), ["plot", "contact-sheet"])
        assert report.failures == []


def test_texts_fit_their_room() -> None:
    """Smaller first, then shortened; what no font shows is left out."""
    font, text = fit("a very long line that cannot fit " * 5, 20, 150)
    assert text.endswith("…")
    assert font.getlength(text) <= 150
    smaller, whole = fit("fits when smaller", 20, 140, smallest=0.5)
    assert whole == "fits when smaller"
    assert smaller.size < 20
    assert font_for("dog \U0010ffff jumps", 10)[1].split() == ["dog", "jumps"]
    assert font_for("\U0010ffff", 10)[1] == "…"


@pytest.mark.parametrize("name", ["gif", "webp"])
def test_previews_show_the_segments_in_order(one: ExportItem, tmp_path: Path, name: str) -> None:
    """Only frames of the segments, in their order, for as long as they last."""
    preview = Image.open(write(one, tmp_path / "out", name, preview_width=256, preview_fps=25))
    frames, durations = [], []
    for frame in ImageSequence.Iterator(preview):
        frames.append(read_number(np.asarray(frame.convert("RGB"))))
        durations.append(frame.info["duration"])
    assert preview.size == (256, 128)
    assert frames == [*range(31, 41), *range(11, 21), 51]
    assert sum(durations) == pytest.approx(21 * 40, abs=20)
    assert preview.info["loop"] == 0


def test_long_summaries_give_short_previews(tmp_path: Path) -> None:
    """Each segment gives its share around its peak, and the note says how much is shown."""
    one = item(video(tmp_path / "v.mp4", 400), [(1, 200), (201, 400)])
    report = export_items([one], tmp_path / "out", ["gif"], options=ExportOptions(preview_seconds=2, preview_fps=5))
    frames = [
        read_number(np.asarray(frame.convert("RGB"))) for frame in ImageSequence.Iterator(Image.open(report.paths()[0]))
    ]
    assert len(frames) == 10
    assert all(88 <= number <= 113 for number in frames[:5])
    assert all(288 <= number <= 313 for number in frames[5:])
    assert report.files[0].notes == ("shows 2.0 of 16.0 s",)


def test_key_frames_are_the_peaks(one: ExportItem, tmp_path: Path) -> None:
    """One JPEG for each segment, the frame itself; sizes shrink and never grow."""
    report = export_items([one], tmp_path / "out", ["keyframes"])
    assert [read_number(np.asarray(Image.open(path))) for path in report.paths()] == [35, 15, 51]
    assert [path.name for path in report.paths()] == [f"v-frame-0{i}.jpg" for i in (1, 2, 3)]
    assert [file.segments for file in report.files] == [(1,), (2,), (3,)]
    small = export_items([one], tmp_path / "small", ["keyframes"], options=ExportOptions(size=64, jpeg_quality=50))
    assert {Image.open(path).size for path in small.paths()} == {(128, 64)}
