"""Short silent previews of a summary: animated GIF and WebP."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

import numpy as np
from PIL import Image

from fiftyone_clipit.export.formats import Job
from fiftyone_clipit.export.frames import fit_into
from fiftyone_clipit.export.stretches import Stretch
from fiftyone_clipit.media.pixels import Converter
from fiftyone_clipit.media.seeking import FrameReader
from fiftyone_clipit.media.timeline import Timeline

_GIF_TICK = 10
"""Milliseconds: GIF counts in hundredths of a second."""


def write_gif(job: Job) -> list[str]:
    """Writes an animated GIF with one palette for all its frames, so that colours do not flicker."""
    images, times, notes = _read(job)
    palette = _palette(images)
    frames = [image.quantize(palette=palette, dither=Image.Dither.NONE) for image in images]
    durations = _durations(times, _GIF_TICK)
    frames[0].save(
        job.targets[0],
        format="GIF",
        save_all=True,
        append_images=frames[1:],
        duration=durations,
        loop=0,
        optimize=False,
    )
    return notes


def write_webp(job: Job) -> list[str]:
    """Writes an animated WebP."""
    images, times, notes = _read(job)
    durations = _durations(times, 1)
    images[0].save(
        job.targets[0],
        format="WEBP",
        save_all=True,
        append_images=images[1:],
        duration=durations,
        loop=0,
        quality=72,
        method=3,
    )
    return notes


def _read(job: Job) -> tuple[list[Image.Image], list[float], list[str]]:
    """The frames of the preview, and when each begins in it; one time more for the end."""
    video, options = job.video, job.options
    timeline, stretches = video.timeline, video.stretches
    total = sum(s.end - s.start for s in stretches)
    share = min(1.0, options.preview_seconds / total) if total else 1.0
    picked = [_pick(stretch, timeline, share, Fraction(str(options.preview_fps))) for stretch in stretches]
    images: list[Image.Image] = []
    times: list[float] = []
    at = 0.0
    with FrameReader(video.item.source, timeline=timeline, threads=job.threads) as reader:
        info = reader.source.info
        size = fit_into((info.width, info.height), (options.preview_width, 10 * options.preview_width), enlarge=False)
        convert = Converter(reader.source, size)
        for count, (numbers, length) in enumerate(picked, start=1):
            for index, number in enumerate(numbers):
                images += [Image.fromarray(convert(frame)) for frame in reader.frames(number, number)]
                times.append(at + length * index / len(numbers))
            at += length
            job.progress(0.8 * count / len(picked))
    notes = [f"shows {at:.1f} of {total:.1f} s"] if share < 1 else []
    return images, [*times, at], notes


def _pick(stretch: Stretch, timeline: Timeline, share: float, fps: Fraction) -> tuple[Sequence[int], float]:
    """Frames at a steady rate from the part of a stretch around its most important frame, and that part's length."""
    length = (stretch.end - stretch.start) * share
    peak = float(timeline.start(stretch.peak_frame))
    begin = min(max(peak - length / 2, stretch.start), stretch.end - length)
    n_frames = max(1, round(length * float(fps)))
    places = begin + (np.arange(n_frames) + 0.5) * length / n_frames
    numbers = [timeline.frame_at(float(place)) for place in places]
    return [min(max(number, stretch.first_frame), stretch.last_frame) for number in numbers], length


def _durations(times: Sequence[float], tick: int) -> list[int]:
    """Milliseconds of each frame, in whole ticks that add up to the whole."""
    places = [round(time * 1000 / tick) * tick for time in times]
    return [max(2 * tick, after - before) for before, after in pairwise(places)]


def _palette(images: Sequence[Image.Image]) -> Image.Image:
    """255 colours for all frames, from samples of some of them."""
    some = images[:: max(1, len(images) // 12)]
    width, height = some[0].size
    small = [image.resize((max(1, width // 3), max(1, height // 3))) for image in some]
    mosaic = Image.new("RGB", (small[0].width, small[0].height * len(small)))
    for index, image in enumerate(small):
        mosaic.paste(image, (0, index * image.height))
    return mosaic.quantize(colors=255, method=Image.Quantize.MEDIANCUT)
