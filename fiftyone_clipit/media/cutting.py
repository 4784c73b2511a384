"""Frame-exact cuts of existing videos, with their sound."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av

from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.media.output import AudioFormat, Encoding, Output
from fiftyone_clipit.media.pixels import YuvConverter, even_size
from fiftyone_clipit.media.seeking import FrameReader, check_frames
from fiftyone_clipit.media.sound import SoundTrack
from fiftyone_clipit.media.sound_writer import SoundWriter, encodable_rate
from fiftyone_clipit.media.timeline import Timeline


@dataclass(frozen=True)
class CutReport:
    """What a cut gave.

    Attributes:
        path: the file written.
        n_frames: its number of frames.
        duration: its length in seconds.
        spans: for each range its exact (start, end) in the new file, in seconds.
        has_audio: whether it has sound.
        warnings: what the user should know.
    """

    path: str
    n_frames: int
    duration: Fraction
    spans: list[tuple[Fraction, Fraction]]
    has_audio: bool
    warnings: list[str] = field(default_factory=list)


def cut(
    source: str | os.PathLike[str],
    ranges: Sequence[tuple[int, int]],
    target: str | os.PathLike[str],
    *,
    timeline: Timeline | None = None,
    audio: bool = True,
    max_height: int | None = None,
    crf: float = 20,
    preset: str = "veryfast",
    threads: int = 1,
) -> CutReport:
    """Writes stretches of a video to one mp4: exactly these frames, each as long as it was, with their sound.

    Pictures are turned for display; odd sizes grow by a pixel, as the format needs even ones. Nothing appears under
    the target's name before the file is whole.

    Args:
        source: the video.
        ranges: (first, last) frame numbers, 1-based and inclusive, in the order in which to show them.
        target: the file to write; replaced if it exists.
        timeline: the times of the source's frames as sampling gave them; None computes them, which decodes it once.
        audio: take the sound along, if there is any.
        max_height: scale down to that displayed height in pixels, if the source is higher.
        crf: constant quality of H.264, 0 (lossless) to 51 (worst).
        preset: x264's trade of speed for size, "ultrafast" to "veryslow".
        threads: decoding threads; 0 leaves it to the decoder.

    Raises:
        UsageError: no ranges, one outside the video or backwards, options that cannot work, the target is the source.
        VideoError: the source cannot be read, or one of the frames cannot be decoded.
        ExportError: the target cannot be written.
    """
    encoding = Encoding(crf, preset)
    if max_height is not None and max_height < 2:
        raise UsageError(f"max_height must be at least 2, not {max_height!r}")
    if not ranges:
        raise UsageError("a cut needs at least one range of frames")
    if Path(target).exists() and Path(source).exists() and os.path.samefile(source, target):
        raise UsageError(f"{os.fspath(target)} cannot be cut onto itself: name another target")
    with FrameReader(source, timeline=timeline, threads=threads) as reader:
        for first, last in ranges:
            check_frames(source, (first, last), reader.timeline)
            if last < first:
                raise UsageError(f"a range must not end before it starts: ({first}, {last})")
        warnings: list[str] = []
        sound = _open_sound(reader, warnings) if audio and reader.source.info.has_audio else None
        try:
            return _Cut(reader, sound, target, max_height, encoding, warnings).write(ranges)
        finally:
            if sound:
                sound.close()


def _open_sound(reader: FrameReader, warnings: list[str]) -> SoundTrack | None:
    try:
        sound = SoundTrack.of(reader.source)
    except (av.FFmpegError, OSError) as error:
        warnings.append(f"without sound: {error}")
        return None
    if sound is None:
        warnings.append("without sound: nothing decodes it")
    return sound


class _Cut:
    def __init__(
        self,
        reader: FrameReader,
        sound: SoundTrack | None,
        target: str | os.PathLike[str],
        max_height: int | None,
        encoding: Encoding,
        warnings: list[str],
    ) -> None:
        self._reader = reader
        self._timeline = reader.timeline
        self._warnings = warnings
        info = reader.source.info
        width, height = info.width, info.height
        if max_height is not None and height > max_height:
            width, height = max(1, round(width * max_height / height)), max_height
        self._convert = YuvConverter(reader.source, even_size(width, height))
        self._output = Output(
            target,
            size=even_size(width, height),
            time_base=self._timeline.time_base,
            rate=self._timeline.rate,
            encoding=encoding,
            look=self._convert.look,
            audio=AudioFormat(encodable_rate(sound.rate), sound.layout) if sound else None,
        )
        self._sound_writer = SoundWriter(sound, self._output.write_audio) if sound else None

    def write(self, ranges: Sequence[tuple[int, int]]) -> CutReport:
        spans: list[tuple[Fraction, Fraction]] = []
        n_frames, tick = 0, 0
        unit = self._timeline.time_base
        try:
            for first, last in ranges:
                begin = tick
                for number, frame in enumerate(self._reader.frames(first, last), start=first):
                    duration = max(1, round((self._timeline.end(number) - self._timeline.start(number)) / unit))
                    if self._sound_writer and number == first:
                        length = self._timeline.end(last) - self._timeline.start(first)
                        self._sound_writer.begin(self._timeline.start(first), tick * unit, length)
                    self._output.write_video(self._convert(frame), tick, duration)
                    tick += duration
                    n_frames += 1
                    if self._sound_writer:
                        self._sound_writer.write_until(tick * unit)
                spans.append((begin * unit, tick * unit))
            if self._sound_writer:
                self._sound_writer.finish()
            self._output.commit()
        except BaseException:
            self._output.abort()
            raise
        return CutReport(
            path=os.fspath(self._output.path),
            n_frames=n_frames,
            duration=tick * unit,
            spans=spans,
            has_audio=self._sound_writer is not None,
            warnings=self._warnings,
        )
