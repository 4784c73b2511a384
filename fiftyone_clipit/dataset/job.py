"""The work of summarizing a dataset: extract, summarize, write; resumable, and honest about what failed."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from fiftyone_clipit.dataset import fields, runs
from fiftyone_clipit.dataset.across import choose_across
from fiftyone_clipit.dataset.plan import Plan
from fiftyone_clipit.dataset.processes import BEAT, now, this_process
from fiftyone_clipit.dataset.videos import features_of, metadata_of, select
from fiftyone_clipit.dataset.writing import SummaryWriter
from fiftyone_clipit.errors import VideoError
from fiftyone_clipit.features.types import VideoFeatures
from fiftyone_clipit.pipeline import Summarizer

Progress = Callable[[float, str], None]

# A video that is encoded is done only when it is written.
_ALMOST = 0.99


class SummaryJob:
    """Carries out a plan.

    Args:
        plan: what to do.
        device: where to compute.
        batch_size: pictures encoded at once.
        num_workers: videos decoded at once.
    """

    def __init__(
        self,
        plan: Plan,
        *,
        device: str | None = None,
        batch_size: int | None = None,
        num_workers: int | None = None,
    ) -> None:
        self.plan = plan
        self._summarizer = Summarizer(plan.settings, device=device, batch_size=batch_size, num_workers=num_workers)
        self._failures: list[dict[str, str]] = []
        self._notes: list[dict[str, str]] = []
        self._summarized = 0
        self._frames_written = 0
        self._beaten = 0.0
        self._before: int | None = None

    def run(self, *, skip_failures: bool = True, on_progress: Progress | None = None) -> runs.SummaryRun:
        """Does the work.

        Args:
            skip_failures: go on with the other videos when one cannot be read.
            on_progress: called with the number of videos that are done, fractions included, and the path
                of the one at hand. Whatever it raises stops the work; what is finished by then is kept.

        Returns:
            The run as stored.

        Raises:
            EncoderError: the encoder cannot be loaded; nothing is changed then.
            CheckpointError: the scorer cannot be loaded or does not fit; nothing is changed then.
            VideoError: a video cannot be read, and `skip_failures` is False.
        """
        plan = self.plan
        if plan.pending.ids:
            self._summarizer.load()
        self._prepare()
        if plan.pending.ids and (note := self._summarizer.scorer.note):
            self._notes.append({"id": "", "path": plan.settings.scorer, "note": note})
        started = self._beaten = time.monotonic()
        status = "stopped"

        def tell(done: float, path: str) -> None:
            self._beat(started)
            if on_progress:
                on_progress(done, path)

        try:
            self._work(skip_failures, tell)
            if plan.settings.scope == "dataset":
                choose_across(plan.dataset, plan.key, plan.settings)
            status = "done"
        except Exception:
            status = "failed"
            raise
        finally:
            self._save(status, time.monotonic() - started)
        return runs.load_summary(plan.dataset, plan.key)

    def _prepare(self) -> None:
        plan = self.plan
        if runs.has_summary(plan.dataset, plan.key):
            # What is about to be replaced must not count as done any more when the configuration changes.
            fields.clear(plan.dataset, plan.pending.ids, plan.key)
            self._remember()
        if plan.new:
            runs.save_config(plan.dataset, plan.key, plan.config())
        fields.declare(plan.dataset, plan.key)
        self._save("running", 0.0)

    def _remember(self) -> None:
        """Keeps what is known about videos that this call does not work on."""
        known = runs.load_summary(self.plan.dataset, self.plan.key).results
        pending = set(self.plan.pending.ids)
        self._failures = [failure for failure in known.get("failures", []) if failure["id"] not in pending]
        # A note without a sample is about the scorer; who loads it again says it again.
        about_scorer = {""} if pending else set()
        self._notes = [note for note in known.get("notes", []) if note["id"] not in pending | about_scorer]

    def _work(self, skip_failures: bool, on_progress: Progress) -> None:
        plan = self.plan
        if not plan.pending.ids:
            return
        writer = SummaryWriter(plan.dataset, plan.key, budget=plan.settings.budget, frames=plan.frames)
        pending = plan.pending
        without_metadata = self._without_metadata()
        done = 0

        def report(path: str, share: float) -> None:
            on_progress(done + min(share, _ALMOST), path)

        try:
            outcomes = self._summarizer.extract(pending.paths, report)
            for sample_id, outcome in zip(pending.ids, outcomes, strict=True):
                try:
                    features = features_of(outcome)
                    summary = self._summarizer.summarize(
                        features,
                        query=_own(features, plan.query_field, plan.queries.get(sample_id), "query"),
                        captions=_own(features, plan.captions_field, plan.captions.get(sample_id), "captions"),
                    )
                except VideoError as error:
                    if not skip_failures:
                        raise
                    self._failures.append({"id": sample_id, "path": error.path, "reason": error.reason})
                else:
                    metadata = metadata_of(features) if sample_id in without_metadata else None
                    writer.add(sample_id, summary, metadata)
                    self._summarized += 1
                    self._notes += [
                        {"id": sample_id, "path": features.path, "note": note}
                        for note in (*summary.notes, *features.warnings)
                    ]
                done += 1
                on_progress(done, outcome.path)
        finally:
            writer.flush()
            self._frames_written = writer.n_frames

    def _beat(self, started: float) -> None:
        """Gives a sign of life, now and then: on other machines it is all that says that this process is at work."""
        moment = time.monotonic()
        if moment - self._beaten >= BEAT:
            self._beaten = moment
            self._save("running", moment - started)

    def _without_metadata(self) -> set[str]:
        view = select(self.plan.dataset, self.plan.pending.ids)
        ids, rates = view.values(["id", "metadata.frame_rate"])
        return {sample_id for sample_id, rate in zip(ids, rates, strict=True) if rate is None}

    def _save(self, status: str, seconds: float) -> None:
        plan = self.plan
        totals = runs.count_totals(plan.dataset, plan.key)
        if self._before is None:
            self._before = int(totals["videos"])
        results: dict[str, Any] = {
            "status": status,
            "updated": now(),
            "totals": totals,
            "last": {
                # Videos that had the summary when this began: whoever looks on counts those that have come since.
                "before": self._before,
                "asked": len(plan.videos),
                "skipped": len(plan.videos) - len(plan.pending),
                "summarized": self._summarized,
                "frames_written": self._frames_written,
                "seconds": round(seconds, 3),
            },
            "failures": self._failures,
            "notes": self._notes,
            "earlier": plan.earlier,
        }
        if status == "running":
            results["process"] = this_process()
        runs.save_results(plan.dataset, plan.key, results)


def _own(
    video: VideoFeatures, field: str | None, sentences: tuple[str, ...] | None, what: str
) -> tuple[str, ...] | None:
    """The video's own sentences; None where those of the settings, if any, count for all videos."""
    if field is None:
        return None
    if not sentences:
        raise VideoError(video.path, f"field {field!r} has no {what} for it")
    return sentences
