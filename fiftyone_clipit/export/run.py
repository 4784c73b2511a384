"""Runs an export: plans it, writes its files side by side, and keeps what is finished whatever happens."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path

from fiftyone_clipit.errors import ExportError, UsageError, VideoError
from fiftyone_clipit.export.formats import Format, Job, find_formats
from fiftyone_clipit.export.lock import WORKSHOP, workshop
from fiftyone_clipit.export.manifest import NAME, Manifest
from fiftyone_clipit.export.options import ExportOptions
from fiftyone_clipit.export.placing import Placer
from fiftyone_clipit.export.planning import Planned, check_conflicts, plan_files
from fiftyone_clipit.export.timing import Timelines
from fiftyone_clipit.export.types import ExportItem, ExportReport, Failure, Written
from fiftyone_clipit.export.video import Video

Progress = Callable[[float, str], None]
"""Takes the share that is done, 0 to 1, and what was just finished or is at work."""

_TICK = 0.2


class _Stopped(Exception):
    """Raised inside a job to end it early."""


def export_items(
    items: Sequence[ExportItem],
    folder: str | os.PathLike[str],
    formats: Sequence[str],
    *,
    options: ExportOptions | None = None,
    overwrite: bool = False,
    num_workers: int | None = None,
    progress: Progress | None = None,
    skip_failures: bool = True,
) -> ExportReport:
    """Writes summaries into a folder, in one or several formats, with a manifest.json that tells what is what.

    Every file appears under its name only when it is whole. What cannot be made is reported and stops nothing else.
    The same export again goes on where it stopped: files that an earlier one finished in the same way stay.

    Args:
        items: one for each video.
        folder: where the files go; made if it is not there. What lies in it is never touched unasked.
        formats: names of `FORMATS`.
        options: how things look; see `ExportOptions`.
        overwrite: replace files that are in the way.
        num_workers: files that are written at once; as many as processors, at most 4, if left out.
        progress: called in this thread from time to time; what it raises stops the export.
        skip_failures: report what fails; False raises the first failure, once what is at work has come to its end.

    Raises:
        UsageError: a format, an option or the items cannot work; raised before anything is written.
        ExportError: the folder cannot be written, or files are in the way; nothing was written then.
    """
    chosen = find_formats(formats)
    options = options or ExportOptions()
    items = list(items)
    if not items:
        raise UsageError("nothing to export: no videos")
    if num_workers is not None and num_workers < 1:
        raise UsageError(f"num_workers must be at least 1, not {num_workers!r}")
    root = Path(folder)
    if root.exists() and not root.is_dir():
        raise ExportError(f"cannot write to {root}: it is a file, not a folder")
    timelines = Timelines()
    videos = [Video(item, options, timelines) for item in items]
    with workshop(root) as place:
        manifest = Manifest(root, place)
        if manifest.is_foreign and not overwrite:
            raise ExportError(f"{root / NAME} is of another program: allow to overwrite, or choose another folder")
        planned = plan_files(videos, chosen, options, manifest)
        own = {str(path) for job in planned for path in job.paths if manifest.finished(str(path), job.fingerprint)}
        check_conflicts(planned, root, None if overwrite else own)
        placer = Placer(root, place, manifest, replaceable=None if overwrite else own)
        processors = os.cpu_count() or 1
        workers = min(num_workers or min(4, processors), len(planned))
        threads = max(1, processors // workers)
        run = _Run(planned, options, placer, own, progress or (lambda share, label: None), threads)
        try:
            run.work(workers, skip_failures=skip_failures)
        finally:
            manifest.save()
    return ExportReport(root, run.files, run.failures)


@dataclass
class _Run:
    planned: list[Planned]
    options: ExportOptions
    placer: Placer
    kept: set[str]
    progress: Progress
    threads: int
    shares: dict[int, float] = field(default_factory=dict)
    stop: threading.Event = field(default_factory=threading.Event)
    results: dict[int, list[Written] | Failure] = field(default_factory=dict)

    @property
    def files(self) -> list[Written]:
        """What is there now, in the order of the plan."""
        done = (self.results[number] for number in sorted(self.results))
        return [written for result in done if not isinstance(result, Failure) for written in result]

    @property
    def failures(self) -> list[Failure]:
        """What failed, in the order of the plan."""
        done = (self.results[number] for number in sorted(self.results))
        return [result for result in done if isinstance(result, Failure)]

    def work(self, workers: int, *, skip_failures: bool) -> None:
        with ThreadPoolExecutor(workers, thread_name_prefix="export") as pool:
            pending = {pool.submit(self._one, number): number for number in range(len(self.planned))}
            waiting: set[Future[None]] = set(pending)
            try:
                while waiting:
                    done, waiting = wait(waiting, timeout=_TICK, return_when=FIRST_COMPLETED)
                    for future in done:
                        future.result()
                    self._report([pending[future] for future in done])
                    if self.failures and not skip_failures:
                        first = self.failures[0]
                        raise ExportError(f"{', '.join(first.sources)}: {first}")
            except BaseException:
                self.stop.set()
                pool.shutdown(wait=True, cancel_futures=True)
                raise

    def _report(self, finished: Sequence[int]) -> None:
        share = sum(dict(self.shares).values()) / len(self.planned)
        names = [self.planned[number].paths[0].name for number in finished]
        self.progress(min(share, 1.0), names[-1] if names else "")

    def _one(self, number: int) -> None:
        if self.stop.is_set():
            return
        job = self.planned[number]
        self.shares[number] = 0.0
        try:
            if all(str(path) in self.kept for path in job.paths):
                self.results[number] = self.placer.kept(job)
            else:
                self.results[number] = self.placer.write(job, lambda targets: self._write(number, job, targets))
        except _Stopped:
            return
        except Exception as error:
            # One video, or one format, never stops the others: even an error that nobody foresaw is only reported.
            path = self.placer.folder / job.paths[0]
            self.results[number] = Failure(path, job.format.name, job.sources, _reason(error, job))
        self.shares[number] = 1.0

    def _write(self, number: int, job: Planned, targets: Sequence[Path]) -> list[str]:
        def progress(share: float) -> None:
            self.shares[number] = min(max(share, 0.0), 1.0)
            if self.stop.is_set():
                raise _Stopped

        videos = list(job.videos)
        notes: list[str] = []
        while True:
            _check_segments(job.format, videos)
            try:
                return notes + job.format.write(Job(videos, targets, self.options, job.index, progress, self.threads))
            except VideoError as error:
                bad = [video for video in videos if video.item.source == error.path]
                if not bad or len(bad) == len(videos):
                    raise
                # What joins many videos does without those that cannot be read.
                videos = [video for video in videos if video not in bad]
                notes.append(f"without {bad[0].name}: {error.reason}")


def _check_segments(format: Format, videos: Sequence[Video]) -> None:
    if not format.empty and not any(video.plans for video in videos):
        raise ExportError("the summary has no segments")


def _reason(error: Exception, job: Planned) -> str:
    """One line without the names of unfinished files."""
    if isinstance(error, VideoError):
        return error.reason if len(job.sources) == 1 else str(error)
    if isinstance(error, OSError) and error.strerror:
        return f"cannot be written: {error.strerror}"
    if isinstance(error, ExportError) and WORKSHOP in str(error):
        return f"cannot be written: {str(error).rpartition(': ')[2]}"
    if isinstance(error, ExportError | UsageError):
        return str(error)
    return f"{type(error).__name__}: {error}"
