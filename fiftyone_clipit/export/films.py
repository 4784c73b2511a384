"""Films: reels of a summary and clips of its segments, exact to the frame, with their sound."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import closing
from fractions import Fraction

import av

from fiftyone_clipit.errors import ExportError
from fiftyone_clipit.export.copying import copy_stretches
from fiftyone_clipit.export.formats import Job
from fiftyone_clipit.export.frames import Picture, SceneReader
from fiftyone_clipit.export.joining import shown_in_order
from fiftyone_clipit.export.overlay import Overlay
from fiftyone_clipit.export.planes import blend
from fiftyone_clipit.export.scenes import Scene, plan_scenes
from fiftyone_clipit.export.sounds import FilmSound
from fiftyone_clipit.export.stretches import Stretch
from fiftyone_clipit.export.video import Video
from fiftyone_clipit.media.handover import ahead
from fiftyone_clipit.media.output import Output

_FINEST = 1_000_000
"""Ticks per second, at most: several videos' time bases meet at their common multiple up to here."""

_BYTES_AHEAD = 100 * 2**20
"""So much of decoded pictures waits for the encoder: long enough to seek and decode up to the next scene meanwhile."""


def write_reel(job: Job) -> list[str]:
    """Writes one film of all stretches."""
    options = job.options
    shown = shown_in_order(job.videos, options)
    return _write(job, shown, title_cards=options.title_cards, cross_fade=options.cross_fade)


def write_clip(job: Job) -> list[str]:
    """Writes one film of one stretch, and of nothing but it."""
    return _write(job, [(job.video, job.video.stretches[job.index or 0])])


def _write(job: Job, shown: Sequence[tuple[Video, Stretch]], **effects: float) -> list[str]:
    for video, stretch in shown:
        if not 1 <= stretch.first_frame <= stretch.last_frame <= video.timeline.n_frames:
            raise ExportError(
                f"frames {stretch.first_frame} to {stretch.last_frame} of {video.name} do not exist: "
                f"it has {video.timeline.n_frames}"
            )
    if job.options.mode == "copy":
        return copy_stretches(shown, job.targets[0], audio=job.options.audio, progress=job.progress)
    return _Film(plan_scenes(shown, **effects), job).write()


class _Film:
    def __init__(self, scenes: Sequence[Scene], job: Job) -> None:
        options = job.options
        self._scenes = scenes
        self._job = job
        self._unit = _common_unit(list(dict.fromkeys(scene.video for scene in scenes)))
        self._sound: FilmSound | None = None
        overlay = Overlay(options.burn) if options.burn else None
        self._reader = SceneReader(scenes[0].video, options.size, overlay, job.threads)
        try:
            if options.audio:
                self._sound = FilmSound(scenes)
            self._output = Output(
                job.targets[0],
                size=self._reader.size,
                time_base=self._unit,
                rate=scenes[0].video.timeline.rate,
                encoding=options.encoding,
                look=self._reader.look,
                audio=self._sound.format if self._sound else None,
            )
        except BaseException:
            self._close()
            raise

    def write(self) -> list[str]:
        """Writes the film and gives what the user should know."""
        end = self._scenes[-1].end
        try:
            width, height = self._reader.size
            room = max(4, _BYTES_AHEAD // (width * height * 3 // 2))
            with closing(ahead(self._timed(end), room)) as pictures:
                for time, duration, frame in pictures:
                    tick = round(time / self._unit)
                    self._output.write_video(frame, tick, max(1, round((time + duration) / self._unit) - tick))
                    if self._sound and self._sound.format:
                        self._sound.write_until(time + duration, self._output.write_audio)
                    self._job.progress(float((time + duration) / end))
            if self._sound and self._sound.format:
                self._sound.finish(self._output.write_audio)
            self._output.commit()
        except BaseException:
            self._output.abort()
            raise
        finally:
            self._close()
        return self._sound.warnings if self._sound else []

    def _close(self) -> None:
        self._reader.close()
        if self._sound:
            self._sound.close()

    def _timed(self, end: Fraction) -> Iterator[tuple[Fraction, Fraction, av.VideoFrame]]:
        """All pictures of the film: when each appears, for how long, and what it shows."""
        waiting: Picture | None = None
        for picture in self._pictures():
            if waiting:
                yield waiting[0], picture[0] - waiting[0], waiting[1]
            waiting = picture
        if waiting:
            yield waiting[0], end - waiting[0], waiting[1]

    def _pictures(self) -> Iterator[Picture]:
        """All pictures; where two scenes blend, those of the later one, mixed with what the earlier one shows then."""
        leaving: list[Picture] = []
        for index, scene in enumerate(self._scenes):
            is_last = index + 1 == len(self._scenes)
            turn = scene.end if is_last or not self._scenes[index + 1].fade else self._scenes[index + 1].at
            arriving, leaving = leaving, []
            for time, frame in self._reader.pictures(scene):
                if time < scene.at + scene.fade:
                    while len(arriving) > 1 and arriving[1][0] <= time:
                        del arriving[0]
                    share = float((time - scene.at) / scene.fade)
                    yield time, blend(arriving[0][1], frame, share)
                elif time < turn:
                    yield time, frame
                if turn < scene.end:
                    # The last picture before the turn is still on the screen then.
                    leaving = [(time, frame)] if time <= turn else [*leaving, (time, frame)]


def _common_unit(videos: Sequence[Video]) -> Fraction:
    """Seconds per tick of a film: every frame of every video begins on a tick, if that can be."""
    units = [video.timeline.time_base for video in videos]
    numerator = math.gcd(*(unit.numerator for unit in units))
    denominator = math.lcm(*(unit.denominator for unit in units))
    if len(units) > 1 and denominator > _FINEST * numerator:
        return Fraction(1, _FINEST)
    return Fraction(numerator, denominator)
