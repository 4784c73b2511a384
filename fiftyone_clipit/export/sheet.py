"""Contact sheets: a thumbnail of each segment with its time and importance."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from fiftyone_clipit.errors import ExportError
from fiftyone_clipit.export.clock import clock
from fiftyone_clipit.export.fonts import fit, font_for
from fiftyone_clipit.export.formats import Job
from fiftyone_clipit.export.joining import shown_in_order
from fiftyone_clipit.export.look import ACCENT, BACKGROUND, LINE, PANEL, QUIET, TEXT, shade
from fiftyone_clipit.export.stretches import Stretch
from fiftyone_clipit.export.video import Video

_MAX_CELLS = 400
"""More thumbnails than that make a picture that nothing opens."""

_MAX_RATIO = 16 / 9


@dataclass(frozen=True)
class _Cell:
    video: Video
    stretch: Stretch
    image: np.ndarray


def write_sheet(job: Job) -> list[str]:
    """Writes a contact sheet as PNG."""
    shown = shown_in_order(job.videos, job.options)
    notes = []
    if len(shown) > _MAX_CELLS:
        notes.append(f"only the first {_MAX_CELLS} of {len(shown)} segments are on the sheet")
        shown = shown[:_MAX_CELLS]
    cells = _read(job, shown)
    sheet = _draw(job, cells)
    sheet.save(job.targets[0], format="PNG", optimize=False)
    return notes


def _read(job: Job, shown: list[tuple[Video, Stretch]]) -> list[_Cell]:
    width = job.options.thumbnail_width

    def resize(w: int, h: int) -> tuple[int, int]:
        scale = min(width / w, width / _MAX_RATIO * 1.34 / h)
        return max(1, round(w * scale)), max(1, round(h * scale))

    images: dict[tuple[int, int], np.ndarray] = {}
    for done, video in enumerate(job.videos):
        numbers = sorted({stretch.peak_frame for owner, stretch in shown if owner is video})
        if numbers:
            for number, image in zip(numbers, video.images(numbers, resize), strict=True):
                images[id(video), number] = image
        job.progress((done + 1) / len(job.videos) * 0.9)
    return [_Cell(video, stretch, images[id(video), stretch.peak_frame]) for video, stretch in shown]


def _draw(job: Job, cells: list[_Cell]) -> Image.Image:
    width = job.options.thumbnail_width
    unit = max(1.0, width / 320)
    height = max(cell.image.shape[0] for cell in cells)
    columns = min(job.options.columns or _columns(len(cells)), len(cells))
    rows = math.ceil(len(cells) / columns)
    margin, gap, caption = round(28 * unit), round(16 * unit), round(50 * unit)
    total_width = 2 * margin + columns * width + (columns - 1) * gap
    head = _head_height(unit)
    total_height = head + rows * (height + caption) + (rows - 1) * gap + margin
    if total_width * total_height > 300_000_000:
        raise ExportError(f"a sheet of {total_width} x {total_height} pixels is too large: fewer or smaller thumbnails")
    sheet = Image.new("RGB", (total_width, total_height), BACKGROUND)
    draw = ImageDraw.Draw(sheet)
    _draw_head(draw, job, cells, unit, margin, total_width)
    for index, cell in enumerate(cells):
        row, column = divmod(index, columns)
        left = margin + column * (width + gap)
        top = head + row * (height + caption + gap)
        _draw_cell(sheet, draw, cell, (left, top, width, height, caption), unit, len(job.videos) > 1)
    return sheet


def _head_height(unit: float) -> int:
    return round(134 * unit)


def _draw_head(
    draw: ImageDraw.ImageDraw, job: Job, cells: list[_Cell], unit: float, margin: int, total_width: int
) -> None:
    """Title, a line about the video, and a bar of the whole video with its segments."""
    room = total_width - 2 * margin
    video = job.video
    title = video.item.title
    font, text = fit(title[:1].upper() + title[1:], round(25 * unit), room, bold=True)
    draw.text((margin, round(22 * unit)), text, font=font, fill=TEXT)
    length = sum(cell.stretch.end - cell.stretch.start for cell in cells)
    whole = float(sum(v.timeline.duration for v in job.videos))
    name = video.name if len(job.videos) == 1 else f"{len(job.videos)} videos"
    noun = "segment" if len(cells) == 1 else "segments"
    detail = f"{len(cells)} {noun}, {clock(length)}" + (f" of {clock(whole)}" if whole else "")
    detail_font, detail = font_for(detail, round(15 * unit))
    used = detail_font.getlength(detail)
    font, text = fit(name, round(15 * unit), max(40 * unit, room - used - 24 * unit))
    draw.text((margin, round(63 * unit)), text, font=font, fill=QUIET)
    draw.text((margin + room - used, round(63 * unit)), detail, font=detail_font, fill=QUIET)
    if len(job.videos) == 1 and whole > 0:
        _draw_bar(draw, cells, whole, (margin, round(98 * unit), room, round(12 * unit)))


def _draw_bar(draw: ImageDraw.ImageDraw, cells: list[_Cell], whole: float, box: tuple[int, int, int, int]) -> None:
    left, top, width, height = box
    draw.rounded_rectangle((left, top, left + width - 1, top + height - 1), height // 2, fill=LINE)
    for cell in sorted(cells, key=lambda cell: cell.stretch.importance):
        start = left + width * min(cell.stretch.start / whole, 1.0)
        end = left + width * min(cell.stretch.end / whole, 1.0)
        end = max(end, start + max(2, height // 3))
        draw.rectangle(
            (round(start), top, min(round(end), left + width) - 1, top + height - 1),
            fill=shade(cell.stretch.importance),
        )


def _draw_cell(
    sheet: Image.Image,
    draw: ImageDraw.ImageDraw,
    cell: _Cell,
    box: tuple[int, int, int, int, int],
    unit: float,
    with_name: bool,
) -> None:
    left, top, width, height, caption = box
    stretch = cell.stretch
    radius = round(6 * unit)
    draw.rounded_rectangle((left, top, left + width - 1, top + height + caption - 1), radius, fill=PANEL)
    picture = Image.fromarray(cell.image)
    place = (left + (width - picture.width) // 2, top + (height - picture.height) // 2)
    backdrop = Image.new("RGB", (width, height), (24, 25, 28))
    backdrop.paste(picture, (place[0] - left, place[1] - top))
    mask = Image.new("L", (width, height + radius), 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, width - 1, height + radius - 1), radius, fill=255)
    sheet.paste(backdrop, (left, top), mask.crop((0, 0, width, height)))
    _draw_badge(draw, f"{stretch.rank}", left + round(8 * unit), top + round(8 * unit), unit)
    bar = round(4 * unit)
    share = min(max(stretch.importance, 0.0), 1.0)
    draw.rectangle((left, top + height, left + width - 1, top + height + bar - 1), fill=LINE)
    if share > 0:
        draw.rectangle(
            (left, top + height, left + max(1, round(width * share)) - 1, top + height + bar - 1), fill=ACCENT
        )
    inner, line = round(11 * unit), top + height + bar + round(13 * unit)
    value_font, value = font_for(f"{stretch.importance:.2f}", round(17 * unit), bold=True)
    used = value_font.getlength(value)
    draw.text((left + width - inner - used, line), value, font=value_font, fill=TEXT)
    label = f"{clock(stretch.start)} - {clock(stretch.end)}"
    if with_name:
        label = f"{label}  {Path(cell.video.name).stem}"
    font, text = fit(label, round(17 * unit), width - 2 * inner - used - round(10 * unit))
    draw.text((left + inner, line), text, font=font, fill=TEXT)


def _draw_badge(draw: ImageDraw.ImageDraw, text: str, left: int, top: int, unit: float) -> None:
    font, text = font_for(text, round(15 * unit), bold=True)
    height = round(25 * unit)
    width = max(height, round(font.getlength(text) + 14 * unit))
    draw.rounded_rectangle((left, top, left + width, top + height), height // 2, fill=BACKGROUND)
    draw.text((left + width / 2, top + height / 2), text, font=font, fill=TEXT, anchor="mm")


def _columns(n: int) -> int:
    """Wide rather than tall, and no lonely rest in the last row where it can be helped."""
    if n <= 4:
        return n
    candidates = range(3, 7) if n <= 30 else range(6, 11)
    return min(candidates, key=lambda columns: abs(columns / math.ceil(n / columns) - 1.4) + (-n % columns) / n * 3)
