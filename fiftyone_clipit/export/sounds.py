"""The sound of a film: stretches of several videos and silence, joined exactly to the sample."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

import av
import numpy as np

from fiftyone_clipit.export.scenes import Scene
from fiftyone_clipit.export.video import Video
from fiftyone_clipit.media.output import AudioFormat
from fiftyone_clipit.media.sound import SoundTrack
from fiftyone_clipit.media.sound_writer import encodable_rate
from fiftyone_clipit.media.source import Source

_AAC_FRAME = 1024
_JOINED = AudioFormat(48_000, "stereo")


class FilmSound:
    """Gives the sound of all scenes to an encoder, as far as the pictures have come.

    Attributes:
        format: of the film's sound; None if there is nothing to hear.
        warnings: what the user should know.
    """

    def __init__(self, scenes: Sequence[Scene]) -> None:
        """
        Args:
            scenes: of the film, in order.
        """
        self.warnings: list[str] = []
        self._scenes = scenes
        self._video: Video | None = None
        self._track: SoundTrack | None = None
        self._pieces: Iterator[np.ndarray] = iter(())
        self._pending: list[np.ndarray] = []
        self._n_pending = self._n_read = self._n_written = 0
        self.format = self._find_format()
        if self.format:
            self._pieces = self._joined(self.format)

    def write_until(self, time: Fraction, write: Callable[[av.AudioFrame], None]) -> None:
        """Writes what sounds before a time in the film, so that sound and pictures lie side by side in the file."""
        end = round(time * self._rate)
        while self._n_read < end:
            piece = next(self._pieces, None)
            if piece is None:
                break
            self._n_read += piece.shape[1]
            self._n_pending += piece.shape[1]
            self._pending.append(piece)
        self._encode(write, _AAC_FRAME)

    def finish(self, write: Callable[[av.AudioFrame], None]) -> None:
        """Writes the rest."""
        for piece in self._pieces:
            self._n_pending += piece.shape[1]
            self._pending.append(piece)
        self._encode(write, _AAC_FRAME)
        self._encode(write, 1)

    def close(self) -> None:
        """Releases the file."""
        if self._track:
            self._track.close()
            self._track = None

    @property
    def _rate(self) -> int:
        return self.format.rate if self.format else _JOINED.rate

    @property
    def _n_channels(self) -> int:
        return 1 if self.format and self.format.layout == "mono" else 2

    def _find_format(self) -> AudioFormat | None:
        """One video keeps its rate and layout; several that differ meet at 48 kHz stereo."""
        found: set[tuple[int, str]] = set()
        for video in {scene.video.item.source: scene.video for scene in self._scenes}.values():
            self._open(video)
            if self._track:
                found.add((encodable_rate(self._track.rate), self._track.layout))
        if not found:
            return None
        return AudioFormat(*found.pop()) if len(found) == 1 else _JOINED

    def _open(self, video: Video) -> None:
        if self._video is not None and video.item.source == self._video.item.source:
            return
        self.close()
        self._video = video
        source = Source(video.item.source)
        try:
            self._track = SoundTrack.of(source) if source.info.has_audio else None
            if source.info.has_audio and self._track is None:
                self.warnings.append(f"{video.name}: without sound, nothing decodes it")
        except (av.FFmpegError, OSError) as error:
            self.warnings.append(f"{video.name}: without sound: {error}")
        finally:
            source.close()

    def _joined(self, format: AudioFormat) -> Iterator[np.ndarray]:
        """All scenes; where two blend, the end of one is added to the beginning of the next."""
        carry = self._silence(0)
        for index, scene in enumerate(self._scenes):
            begin, end = round(scene.at * self._rate), round(scene.end * self._rate)
            is_last = index + 1 == len(self._scenes)
            n_after = 0 if is_last else end - round(self._scenes[index + 1].at * self._rate)
            n_before, n_own = carry.shape[1], end - begin - n_after
            position, held = 0, [self._silence(0)]
            for piece in self._read(scene, end - begin, format):
                places = np.arange(position, position + piece.shape[1])
                if position < n_before:
                    piece = piece * np.minimum((places + 0.5) / n_before, 1).astype(np.float32)
                    piece[:, : n_before - position] += carry[:, position : position + piece.shape[1]]
                if places[-1] >= n_own:
                    piece = piece * np.clip((end - begin - places - 0.5) / max(n_after, 1), 0, 1).astype(np.float32)
                cut = max(0, n_own - position)
                position += piece.shape[1]
                if cut:
                    yield piece[:, :cut]
                held.append(piece[:, cut:])
            carry = np.concatenate(held, axis=1)

    def _read(self, scene: Scene, n_samples: int, format: AudioFormat) -> Iterator[np.ndarray]:
        """Exactly so many samples of a scene, in pieces of at least one."""
        if not scene.is_card:
            self._open(scene.video)
            if self._track:
                for piece in self._converted(self._track, scene, n_samples, format):
                    piece = piece[:, :n_samples]
                    n_samples -= piece.shape[1]
                    if piece.shape[1]:
                        yield piece
        while n_samples > 0:
            piece = self._silence(min(n_samples, self._rate))
            n_samples -= piece.shape[1]
            yield piece

    def _converted(self, track: SoundTrack, scene: Scene, n_samples: int, format: AudioFormat) -> Iterator[np.ndarray]:
        if (track.rate, track.layout) == (format.rate, format.layout):
            yield from track.read(scene.source_start, n_samples)
            return
        resampler = av.AudioResampler(format="fltp", layout=format.layout, rate=format.rate)
        at = 0
        for piece in track.read(scene.source_start, -(-n_samples * track.rate // format.rate)):
            for frame in resampler.resample(_audio_frame(piece, AudioFormat(track.rate, track.layout), at)):
                yield frame.to_ndarray()
            at += piece.shape[1]
        for frame in resampler.resample(None):
            yield frame.to_ndarray()

    def _silence(self, n_samples: int) -> np.ndarray:
        return np.zeros((self._n_channels, n_samples), dtype=np.float32)

    def _encode(self, write: Callable[[av.AudioFrame], None], smallest: int) -> None:
        """Gives the encoder whole frames, and less only if `smallest` says so."""
        if self.format is None or self._n_pending < smallest:
            return
        samples = np.concatenate(self._pending, axis=1)
        while samples.shape[1] >= smallest:
            write(_audio_frame(samples[:, :_AAC_FRAME], self.format, self._n_written))
            self._n_written += min(_AAC_FRAME, samples.shape[1])
            samples = samples[:, _AAC_FRAME:]
        self._pending, self._n_pending = [samples], samples.shape[1]


def _audio_frame(samples: np.ndarray, format: AudioFormat, at: int) -> av.AudioFrame:
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples), format="fltp", layout=format.layout)
    frame.sample_rate = format.rate
    frame.time_base = Fraction(1, format.rate)
    frame.pts = at
    return frame
