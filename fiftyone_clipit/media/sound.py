"""The sound of a video by exact times, as float samples; silence where there is none."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import av
import numpy as np

from fiftyone_clipit.media.source import Source

_PREROLL = Fraction(1, 4)
"""Seconds decoded before a wanted stretch: audio decoders need some packets to swing in."""

_JITTER = Fraction(1, 100)
"""Time stamps that deviate less than this from the running count of samples are rounding, not gaps."""

_STEPS_BACK = (0, 2, 10)


class SoundTrack:
    """Reads stretches of the sound that belongs to a video.

    Attributes:
        rate: samples per second.
        layout: "mono" or "stereo"; more channels are mixed down.
    """

    def __init__(
        self,
        container: av.container.InputContainer,
        stream: av.AudioStream,
        zero: Fraction,
        first: av.AudioFrame,
    ) -> None:
        """
        Args:
            container: the open file, used by nobody else.
            stream: its sound.
            zero: the time stamp of the video's first frame, in seconds.
            first: the first decoded piece of the sound.
        """
        self._container = container
        self._stream = stream
        self._zero = zero
        self.rate = first.sample_rate
        self.layout = "mono" if first.layout.nb_channels == 1 else "stereo"
        self._time_base = stream.time_base or Fraction(1, self.rate)
        self._resampler = self._new_resampler()
        self._input: tuple[str, str, int] | None = None

    @classmethod
    def of(cls, source: Source) -> SoundTrack | None:
        """Opens the sound of a video anew, beside it; None if it has none that can be decoded.

        Times count from the video's first frame.
        """
        container = av.open(f"file:{source.path}", metadata_errors="replace")
        related = container.streams[source.stream.index]
        best = container.streams.best("audio", related=related) or container.streams.audio[0]
        stream = next(s for s in container.streams.audio if s.index == best.index)
        if stream.codec_context is not None:
            # Where the header is silent about the sound (MPEG-TS that begins without any), its first frame tells.
            frame = next(_decode(container, stream), None)
            if frame is not None and frame.sample_rate:
                zero = (source.start or 0) * source.time_base
                return cls(container, stream, zero, frame)
        container.close()
        return None

    @property
    def n_channels(self) -> int:
        return 1 if self.layout == "mono" else 2

    def close(self) -> None:
        """Releases the file."""
        self._container.close()

    def read(self, start: Fraction, n_samples: int) -> Iterator[np.ndarray]:
        """Exactly `n_samples` from a time on, in pieces.

        Args:
            start: seconds from the video's first frame.
            n_samples: how many; silence fills what the file does not have.

        Yields:
            float32 of shape (channels, samples).
        """
        position = round(start * self.rate)
        end = position + n_samples
        for at, samples in self._chunks(start):
            if at >= end:
                break
            yield from self._silence(at - position)
            position = max(position, at)
            piece = samples[:, position - at : end - at]
            if piece.shape[1]:
                yield piece
                position += piece.shape[1]
        yield from self._silence(end - position)

    def _silence(self, n_samples: int) -> Iterator[np.ndarray]:
        while n_samples > 0:
            n = min(n_samples, self.rate)
            yield np.zeros((self.n_channels, n), dtype=np.float32)
            n_samples -= n

    def _chunks(self, start: Fraction) -> Iterator[tuple[int, np.ndarray]]:
        """Decoded samples from somewhat before `start`, each with its place counted from the video's start."""
        wanted = round(start * self.rate)
        for seconds in _STEPS_BACK:
            chunks = self._decode_from(start - _PREROLL - seconds)
            first = next(chunks, None)
            if first is not None and first[0] <= wanted:
                break
        if first is not None:
            yield first
            yield from chunks

    def _decode_from(self, time: Fraction) -> Iterator[tuple[int, np.ndarray]]:
        stamp = (time + self._zero) / self._time_base
        try:
            self._container.seek(int(stamp), stream=self._stream)
        except (av.FFmpegError, OSError):
            return
        self._input = None
        expected: int | None = None
        for frame in _decode(self._container, self._stream):
            if frame.pts is None:
                if expected is None:
                    continue
                at = expected
            else:
                at = round((frame.pts * (frame.time_base or self._time_base) - self._zero) * self.rate)
                if expected is not None and abs(at - expected) <= _JITTER * self.rate:
                    at = expected
            for samples in self._convert(frame):
                yield at, samples
                at += samples.shape[1]
            expected = at

    def _convert(self, frame: av.AudioFrame) -> Iterator[np.ndarray]:
        """To float, with the track's rate and layout, whatever the stream changes to on its way."""
        kind = (frame.format.name, frame.layout.name, frame.sample_rate)
        if kind != self._input:
            self._input = kind
            self._resampler = self._new_resampler()
        for converted in self._resampler.resample(frame):
            yield converted.to_ndarray()

    def _new_resampler(self) -> av.AudioResampler:
        return av.AudioResampler(format="fltp", layout=self.layout, rate=self.rate)


def _decode(container: av.container.InputContainer, stream: av.AudioStream) -> Iterator[av.AudioFrame]:
    """What can be decoded from where the file stands; damaged packets leave a gap."""
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets, None)
            if packet is None:
                return
            yield from packet.decode()
        except av.InvalidDataError:
            continue
        except (av.FFmpegError, OSError):
            return
