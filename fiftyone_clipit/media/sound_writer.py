"""Joins stretches of sound, exact to the sample, for an encoder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

import av
import numpy as np

from fiftyone_clipit.media.sound import SoundTrack

_AAC_RATES = (96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350)
_AAC_FRAME = 1024


class SoundWriter:
    """Joins the sound of the ranges; places are rounded to samples in the whole, so that no error adds up."""

    def __init__(self, sound: SoundTrack, write: Callable[[av.AudioFrame], None]) -> None:
        """
        Args:
            sound: where it comes from.
            write: takes the joined sound, frame by frame.
        """
        self._sound = sound
        self._write = write
        self._rate = encodable_rate(sound.rate)
        self._resampler = None
        if self._rate != sound.rate:
            self._resampler = av.AudioResampler(format="fltp", layout=sound.layout, rate=self._rate)
        self._pieces: Iterator[np.ndarray] = iter(())
        self._pending = np.zeros((sound.n_channels, 0), dtype=np.float32)
        self._n_read = 0
        self._n_written = 0

    def begin(self, start: Fraction, at: Fraction, length: Fraction) -> None:
        """Goes to the sound from `start` on in the source, to be heard from `at` on in the target."""
        self._drain()
        n_samples = round((at + length) * self._sound.rate) - self._n_read
        self._pieces = self._sound.read(start, n_samples)

    def write_until(self, time: Fraction) -> None:
        """Writes sound up to a time in the target, so that sound and pictures lie side by side in the file."""
        while self._n_read < time * self._sound.rate:
            piece = next(self._pieces, None)
            if piece is None:
                return
            self._take(piece)

    def finish(self) -> None:
        """Writes what is left."""
        self._drain()
        if self._resampler:
            for frame in self._resampler.resample(None):
                self._queue(frame.to_ndarray())
        self._encode(self._pending)

    def _drain(self) -> None:
        for piece in self._pieces:
            self._take(piece)

    def _take(self, piece: np.ndarray) -> None:
        n_before, self._n_read = self._n_read, self._n_read + piece.shape[1]
        if not self._resampler:
            self._queue(piece)
            return
        for frame in self._resampler.resample(_audio_frame(piece, self._sound, self._sound.rate, n_before)):
            self._queue(frame.to_ndarray())

    def _queue(self, samples: np.ndarray) -> None:
        self._pending = np.concatenate([self._pending, samples], axis=1)
        n = self._pending.shape[1] // _AAC_FRAME * _AAC_FRAME
        for at in range(0, n, _AAC_FRAME):
            self._encode(self._pending[:, at : at + _AAC_FRAME])
        self._pending = self._pending[:, n:]

    def _encode(self, samples: np.ndarray) -> None:
        if samples.shape[1]:
            self._write(_audio_frame(samples, self._sound, self._rate, self._n_written))
            self._n_written += samples.shape[1]


def _audio_frame(samples: np.ndarray, sound: SoundTrack, rate: int, at: int) -> av.AudioFrame:
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples), format="fltp", layout=sound.layout)
    frame.sample_rate = rate
    frame.time_base = Fraction(1, rate)
    frame.pts = at
    return frame


def encodable_rate(rate: int) -> int:
    """The sample rate that AAC has for a rate: the same, or the next higher one."""
    return min((r for r in _AAC_RATES if r >= rate), default=_AAC_RATES[0])
