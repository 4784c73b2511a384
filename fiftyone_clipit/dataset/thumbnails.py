"""Small pictures of moments in videos: made once, kept beside the features, in the background where they take long."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import threading
import time
import uuid
from collections.abc import Collection, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from fractions import Fraction
from functools import cache
from pathlib import Path

import av
from PIL import Image

from fiftyone_clipit.errors import VideoError
from fiftyone_clipit.features.kept import kept_thumbnails
from fiftyone_clipit.media.pixels import Converter
from fiftyone_clipit.media.source import Source

HEIGHT = 144
# A moment at most that far ahead is reached by decoding on rather than by seeking.
_NEAR = 1.0
# One core is left to whoever waits for an answer: a slider that moves comes before pictures.
_MAKERS = min(2, max(1, len(os.sched_getaffinity(0)) - 1))
# Videos that wait for their pictures. Who leafs through many pages wants those of the last.
_MOST_WAITING = 16
# Seconds between two looks at how much room all pictures take: with many videos that is a long list.
_BETWEEN_CLEANING = 300.0

_lock = threading.RLock()  # who gives up a job is told of its end at once
_in_work: dict[Path, Future[None]] = {}
_n_late = 0
_cleaned = float("-inf")


def folder_of(path: str | os.PathLike[str]) -> Path:
    """Where a video's pictures are kept; a file that changes gets another folder.

    Raises:
        VideoError: there is no such file.
    """
    try:
        status = os.stat(path)
    except OSError as error:
        raise VideoError(path, f"the file cannot be read: {error.strerror}") from error
    identity = json.dumps([os.path.abspath(path), status.st_size, status.st_mtime_ns, HEIGHT])
    return kept_thumbnails().folder / hashlib.sha256(identity.encode()).hexdigest()[:32]


def thumbnails(path: str | os.PathLike[str], times: Sequence[float], *, patience: float = 0.5) -> list[Path | None]:
    """Pictures of moments in a video.

    Args:
        path: the video.
        times: seconds from the video's start.
        patience: how long to wait, in seconds, for those that are not there yet.

    Returns:
        A JPEG for each time; None where it comes too late (see `n_late`), or where the video has no picture to give.

    Raises:
        VideoError: there is no such file.
    """
    global _n_late
    folder, files = _files(path, times)
    missing = {file: at for file, at in zip(files, times, strict=True) if not file.exists()}
    if missing:
        job, is_ours = _start(os.fspath(path), folder, missing)
        wait([job], timeout=patience)
        if not (is_ours and job.done()):
            with _lock:
                _n_late += 1
    return _there(files)


def thumbnails_there(path: str | os.PathLike[str], times: Sequence[float]) -> list[Path | None]:
    """The pictures of moments in a video that were made before, None for the others; nothing is made.

    Raises:
        VideoError: there is no such file.
    """
    return _there(_files(path, times)[1])


def _files(path: str | os.PathLike[str], times: Sequence[float]) -> tuple[Path, list[Path]]:
    folder = folder_of(path)
    return folder, [folder / f"{round(at * 1000):09d}.jpg" for at in times]


def _there(files: Sequence[Path]) -> list[Path | None]:
    there = [file if file.exists() else None for file in files]
    for file in filter(None, there):
        with contextlib.suppress(OSError):
            os.utime(file)  # last use: those that nobody looks at go first
    return there


def n_late() -> int:
    """How many calls of `thumbnails` so far gave less than there will be.

    It only grows. Whoever shows pictures remembers it from before; where it has grown since, another look is worth it.
    """
    return _n_late


def _start(path: str, folder: Path, wanted: dict[Path, float]) -> tuple[Future[None], bool]:
    """Begins with the pictures of a video, one job a video at a time; the job, and whether it is for what is wanted."""
    with _lock:
        if job := _in_work.get(folder):
            return job, False
        waiting = [job for job in _in_work.values() if not (job.running() or job.done())]
        for old in waiting[:-_MOST_WAITING]:
            old.cancel()
        job = _in_work[folder] = _pool().submit(_make, path, folder, wanted)
        job.add_done_callback(lambda _: _in_work.pop(folder, None))
        return job, True


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_MAKERS, thread_name_prefix="clipit-thumbnails")


def _make(path: str, folder: Path, wanted: dict[Path, float]) -> None:
    # A video without a picture at some moment is still worth the others: whoever asks sees which are missing.
    with contextlib.suppress(VideoError, av.FFmpegError, OSError):
        folder.mkdir(parents=True, exist_ok=True)
        reader = _Reader(path)
        try:
            for file, at in sorted(wanted.items(), key=lambda item: item[1]):
                _save(reader.picture(at), file)
        finally:
            reader.source.close()
            _make_room(wanted)


def _make_room(keep: Collection[Path]) -> None:
    global _cleaned
    with _lock:
        if time.monotonic() - _cleaned < _BETWEEN_CLEANING:
            return
        _cleaned = time.monotonic()
    kept_thumbnails().make_room(keep=keep)


def _save(image: Image.Image, file: Path) -> None:
    temporary = file.with_name(f".{uuid.uuid4().hex}.jpg")
    image.save(temporary, quality=82)
    os.replace(temporary, file)


class _Reader:
    """Pictures of moments in increasing order; unlike frames by number, they need no pass over the whole video."""

    def __init__(self, path: str) -> None:
        self.source = Source(path)
        info = self.source.info
        self._convert = Converter(self.source, (max(1, round(HEIGHT * info.width / info.height)), HEIGHT))
        self._frame = self.source.first
        self._frames = iter(self.source.frames())

    def picture(self, at: float) -> Image.Image:
        """What is on the screen at a time, or the nearest before it that can be decoded."""
        source = self.source
        target = (source.start or 0) + int(Fraction(at) / source.time_base)
        ahead = (target - (source.stamp(self._frame) or 0)) * source.time_base
        if source.has_stamps and not 0 <= ahead <= _NEAR:
            with contextlib.suppress(av.FFmpegError, OSError):
                source.seek(target)
                self._frames = (frame for packet in source.packets() for frame in source.decode(packet))
        for frame in self._frames:
            stamp = source.stamp(frame)
            if stamp is not None and stamp > target:
                break
            self._frame = frame
        return Image.fromarray(self._convert(self._frame))
