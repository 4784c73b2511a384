"""Videos drawn on the spot: every frame carries its number in blocks that survive lossy coding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cache
from pathlib import Path

import av
import numpy as np

WIDTH, HEIGHT = 128, 64
BITS = 16
BLOCK = 16


@cache
def _slope(width: int, height: int) -> np.ndarray:
    rows, columns = np.mgrid[:height, :width]
    return (rows * 2 + columns).astype(np.int32)


def draw(number: int, width: int = WIDTH, height: int = HEIGHT) -> np.ndarray:
    """A grey picture whose upper left 128 x 32 pixels spell the number, over a pattern that moves."""
    pattern = ((_slope(width, height) + number * 3) % 64 + 96).astype(np.uint8)
    image = np.repeat(pattern[..., None], 3, axis=2)
    for bit in range(BITS):
        row, column = divmod(bit, 8)
        value = 235 if number >> bit & 1 else 20
        image[row * BLOCK : (row + 1) * BLOCK, column * BLOCK : (column + 1) * BLOCK] = value
    return image


def read_number(image: np.ndarray) -> int:
    """The number that a picture spells."""
    number = 0
    for bit in range(BITS):
        row, column = divmod(bit, 8)
        block = image[row * BLOCK + 4 : row * BLOCK + 12, column * BLOCK + 4 : column * BLOCK + 12]
        number |= int(block.mean() > 128) << bit
    return number


def make_video(
    path: Path,
    ticks: Sequence[int],
    time_base: Fraction,
    *,
    codec: str = "libx264",
    options: dict[str, str] | None = None,
    rate: Fraction | None = None,
    size: tuple[int, int] = (WIDTH, HEIGHT),
    pix_fmt: str = "yuv420p",
    rotation: tuple[float, bool] | None = None,
    sound: tuple[int, np.ndarray] | None = None,
    sound_codec: str = "aac",
) -> Path:
    """Encodes frame i (from 1) at ticks[i - 1] with PyAV alone, independent of the package's own writer.

    `sound` is (samples per second, float32 of shape (channels, samples)), starting with the first frame.
    """
    with av.open(str(path), "w") as container:
        step = Fraction(ticks[1] - ticks[0]) if len(ticks) > 1 else 1 / (25 * time_base)
        stream = container.add_stream(codec, rate=rate or 1 / (step * time_base), options=options or {})
        stream.width, stream.height = size
        stream.pix_fmt = pix_fmt
        stream.time_base = stream.codec_context.time_base = time_base
        if rotation:
            stream.set_display_rotation(rotation[0], hflip=rotation[1])
        voice = None
        if sound:
            voice = container.add_stream(sound_codec, rate=sound[0])
            voice.layout = "mono" if len(sound[1]) == 1 else "stereo"
        pieces = _pieces(sound, ticks[0] * time_base) if sound else iter(())
        piece = next(pieces, None)
        for number, tick in enumerate(ticks, start=1):
            frame = av.VideoFrame.from_ndarray(draw(number, *size), format="rgb24").reformat(format=pix_fmt)
            frame.pts, frame.time_base = tick, time_base
            container.mux(stream.encode(frame))
            while voice and piece and piece.time <= tick * time_base:
                container.mux(voice.encode(piece))
                piece = next(pieces, None)
        container.mux(stream.encode(None))
        while voice and piece:
            container.mux(voice.encode(piece))
            piece = next(pieces, None)
        if voice:
            container.mux(voice.encode(None))
    return path


def _pieces(sound: tuple[int, np.ndarray], start: Fraction) -> Iterator[av.AudioFrame]:
    rate, samples = sound
    layout = "mono" if len(samples) == 1 else "stereo"
    for at in range(0, samples.shape[1], 1024):
        piece = np.ascontiguousarray(samples[:, at : at + 1024])
        frame = av.AudioFrame.from_ndarray(piece, format="fltp", layout=layout)
        frame.sample_rate, frame.pts, frame.time_base = rate, round(start * rate) + at, Fraction(1, rate)
        yield frame
