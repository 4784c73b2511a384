"""Decode, batch across videos, encode: overlapped, in order, cached.

Threads decode the next videos while this one encodes. Batches are filled in the order of videos and frames, and all
have one shape, so the number of threads changes no bit of the result.

Where encoder and decoders share a few cores, they take turns: the threads of a matrix product wait for the slowest of
them, so that a decoder on one of their cores costs more than it does (measured on two cores: taking turns takes 0.89 of
the time).
"""

from __future__ import annotations

import logging
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from fiftyone_clipit.encoders.clip import Encoder
from fiftyone_clipit.errors import VideoError
from fiftyone_clipit.features.decode import Decoding
from fiftyone_clipit.features.store import FeatureStore
from fiftyone_clipit.features.types import Extracted, VideoFeatures
from fiftyone_clipit.media.sampler import parse_fps
from fiftyone_clipit.media.video import Frame

logger = logging.getLogger(__name__)

Progress = Callable[[str, float], None]

# With more cores a small model leaves some of them idle, which decoders can use.
_FEW_CORES = 4


@dataclass
class _Job:
    """One video on its way through: either its result, or what is being built of it."""

    path: str
    key: str | None = None
    result: Extracted | None = None
    decoding: Decoding | None = None
    error: VideoError | None = None
    numbers: list[int] = field(default_factory=list)
    times: list[Fraction] = field(default_factory=list)
    vectors: list[np.ndarray] = field(default_factory=list)
    decoded: bool = False

    @property
    def ready(self) -> bool:
        return self.decoded and len(self.vectors) == len(self.numbers)


def extract(
    paths: Iterable[str],
    encoder: Encoder,
    *,
    fps: Fraction | float,
    store: FeatureStore | None = None,
    num_workers: int | None = None,
    on_progress: Progress | None = None,
) -> Iterator[Extracted]:
    """Encodes videos, or reads their features from the store.

    Args:
        paths: the videos.
        encoder: what encodes their frames.
        fps: samples per second of video.
        store: where features are kept; None to keep none.
        num_workers: videos decoded at once; as many as there are processors, at most 8, if left out.
        on_progress: called with a path and the share of it that is done, in [0, 1].

    Yields:
        One outcome a video, in the order of `paths`: features, or the error that says why there are none.
    """
    cores = len(os.sched_getaffinity(0))
    workers = num_workers or min(cores, 8)
    fps = parse_fps(fps)
    upcoming = iter(paths)
    started: deque[_Job] = deque()
    waiting: deque[_Job] = deque()
    batch: list[tuple[_Job, Frame]] = []
    may_decode = threading.Event()
    may_decode.set()
    take_turns = encoder.device == "cpu" and cores <= _FEW_CORES

    def encode() -> None:
        if take_turns:
            may_decode.clear()
        try:
            _encode(batch, encoder, on_progress)
        finally:
            may_decode.set()

    pool = ThreadPoolExecutor(workers, thread_name_prefix="clipit-decode")
    try:
        while True:
            while len(started) < workers and (path := next(upcoming, None)) is not None:
                threads = max(1, cores // workers)
                started.append(_start(path, encoder, fps, store, pool, threads, may_decode))
            if not started:
                break
            job = started[0]
            waiting.append(job)
            for frame in _frames(job):
                job.numbers.append(frame.number)
                job.times.append(frame.time)
                batch.append((job, frame))
                if len(batch) == encoder.batch_size:
                    encode()
                    yield from _finished(waiting, store, on_progress)
            started.popleft()
            if not batch:
                yield from _finished(waiting, store, on_progress)
        encode()
        yield from _finished(waiting, store, on_progress)
    finally:
        for job in started:
            if job.decoding:
                job.decoding.cancel()
        pool.shutdown(wait=True, cancel_futures=True)


def _start(
    path: str,
    encoder: Encoder,
    fps: Fraction,
    store: FeatureStore | None,
    pool: ThreadPoolExecutor,
    threads: int,
    may_decode: threading.Event,
) -> _Job:
    key = None
    if store:
        try:
            key = store.key(path, encoder.fingerprint, fps)
        except OSError:
            pass  # not there or not readable: the decoder says so, and says it better
        else:
            if (cached := store.get(key, path)) is not None:
                return _Job(path, key, Extracted(path, cached, cached=True), decoded=True)
    decoding = Decoding(path, encoder, fps, threads, may_decode)
    pool.submit(decoding.run)
    return _Job(path, key, decoding=decoding)


def _frames(job: _Job) -> Iterator[Frame]:
    if job.decoding is None:
        return
    try:
        yield from job.decoding.frames()
    except VideoError as error:
        job.error = error
    job.decoded = True


def _encode(batch: list[tuple[_Job, Frame]], encoder: Encoder, on_progress: Progress | None) -> None:
    vectors = encoder.encode_images([frame.image for _, frame in batch])
    for (job, _), vector in zip(batch, vectors, strict=True):
        job.vectors.append(vector)
    if batch and on_progress:
        job, frame = batch[-1]
        info = job.decoding.info if job.decoding else None
        if info and info.duration:
            on_progress(job.path, min(float(frame.time / info.duration), 1.0))
    batch.clear()


def _finished(waiting: deque[_Job], store: FeatureStore | None, on_progress: Progress | None) -> Iterator[Extracted]:
    while waiting and waiting[0].ready:
        job = waiting.popleft()
        if on_progress:
            on_progress(job.path, 1.0)
        yield job.result or _result(job, store)


def _result(job: _Job, store: FeatureStore | None) -> Extracted:
    if job.error:
        return Extracted(job.path, error=job.error)
    decoding = job.decoding
    if not job.vectors or decoding is None or decoding.timeline is None or decoding.info is None:
        return Extracted(job.path, error=VideoError(job.path, "no frame of it can be decoded"))
    features = VideoFeatures(
        path=job.path,
        features=np.stack(job.vectors),
        frame_numbers=np.array(job.numbers, np.int64),
        times=np.array([float(time) for time in job.times]),
        timeline=decoding.timeline,
        info=decoding.info,
        warnings=decoding.warnings,
        key=job.key,
    )
    if store and job.key:
        try:
            store.put(job.key, features)
        except OSError as error:
            # Without room for the cache the work itself can go on.
            logger.warning("features of %s are not kept: %s", job.path, error)
    return Extracted(job.path, features)
