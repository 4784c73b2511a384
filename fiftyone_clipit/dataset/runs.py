"""Summaries as FiftyOne runs: how each came about, how it went; listing, renaming, deleting."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import fiftyone as fo
from fiftyone.core.collections import SampleCollection
from fiftyone.core.runs import Run, RunConfig

from fiftyone_clipit.dataset import fields
from fiftyone_clipit.dataset.failed import failed_lines
from fiftyone_clipit.dataset.processes import in_words, is_alive
from fiftyone_clipit.dataset.videos import dataset_of, everything
from fiftyone_clipit.errors import UsageError

METHOD = "clipit"

# The results that were read last, by the id of their file.
_known: dict[Any, dict[str, Any]] = {}
_MOST_KNOWN = 64


class ClipItRunConfig(RunConfig):
    """The configuration of a summary's run: FiftyOne stores and loads it."""


class ClipItRun(Run):
    """A summary's run: FiftyOne's own `rename_run` and `delete_run` take the fields along, too."""

    def get_fields(self, samples: SampleCollection, key: str) -> list[str]:
        return fields.SummaryFields(key).existing(samples._root_dataset)

    def rename(self, samples: SampleCollection, key: str, new_key: str) -> None:
        fields.rename(samples._root_dataset, key, new_key)

    def cleanup(self, samples: SampleCollection, key: str) -> None:
        fields.delete(samples._root_dataset, key)


@dataclass(frozen=True)
class SummaryRun:
    """One summary of a dataset: what made it and how that went.

    Attributes:
        key: the summary's key; its fields are `frames.<key>`, `<key>`, `<key>_shots`, `<key>_relevance`.
        dataset_name: the dataset that has it.
        created: when it was first made, UTC.
        config: everything needed to repeat it.
        results: counts, durations, failures, notes.
    """

    key: str
    dataset_name: str
    created: datetime
    config: dict[str, Any]
    results: dict[str, Any]

    @property
    def status(self) -> str:
        """ "running", "done", "failed", "stopped", or "interrupted" when the process that ran it is gone."""
        status = self.results.get("status", "interrupted")
        if status == "running" and not is_alive(self.results.get("process"), self.results.get("updated")):
            return "interrupted"
        return status

    @property
    def is_running(self) -> bool:
        """Whether a process is making it at this moment."""
        return self.status == "running"

    @property
    def failures(self) -> list[dict[str, str]]:
        """The videos that have no summary: their `id`, `path` and the `reason`."""
        return self.results.get("failures", [])

    @property
    def notes(self) -> list[str]:
        """What the user should know about the result, one line each."""
        return [f"{note['path']}: {note['note']}" for note in self.results.get("notes", [])]

    @property
    def asked(self) -> str:
        """What was asked for, in a few words: the query, or what guided the summary."""
        config = self.config
        if query := config.get("query"):
            return " / ".join(query)
        if field := config.get("query_field"):
            return f"the question in {field!r}"
        if field := config.get("captions_field"):
            return f"captions from {field!r}"
        if config.get("captions_from"):
            return "its subtitles" if config["captions_from"] == "subtitles" else "captions by a model"
        return "captions" if config.get("captions") else "the video itself"

    def __str__(self) -> str:
        totals, last = self.results.get("totals", {}), self.results.get("last", {})
        lines = [f"summary {self.key!r} of {self.dataset_name!r}: {self.asked}"]
        if last:
            lines.append(
                f"  {self.status}: {last['summarized']} videos summarized in {last['seconds']:.1f} s, "
                f"{last['skipped']} had it already, {len(self.failures)} failed"
            )
        if totals.get("videos"):
            lines.append(
                f"  in all: {totals['videos']} videos of {totals['video_seconds']:.1f} s, their summaries "
                f"{totals['summary_seconds']:.1f} s in {totals['segments']} segments"
            )
        lines += failed_lines(self.failures)
        return "\n".join([*lines, *(f"  note: {note}" for note in self.notes[:10])])

    def __repr__(self) -> str:
        return f"<SummaryRun {self.key!r}: {self.status}, {self.asked}>"


def has_summary(dataset: fo.Dataset, key: str) -> bool:
    """Whether a dataset has a summary of this key."""
    return key in dataset.list_runs() and dataset.get_run_info(key).config.method == METHOD


def load_summary(dataset: fo.Dataset, key: str, *, just_loaded: bool = False) -> SummaryRun:
    """The summary of this key.

    Args:
        dataset: the dataset.
        key: the summary's key.
        just_loaded: whether the dataset was read from the database a moment ago. Results that were read before and
            have not been replaced since are then not read again: with many videos they are long.

    Raises:
        UsageError: there is none.
    """
    try:
        return _load(dataset, key, just_loaded)
    except (AttributeError, ValueError):
        # Another process has deleted the run, or replaced its results, since FiftyOne read the dataset here.
        dataset.reload()
        return _load(dataset, key, just_loaded)


def _load(dataset: fo.Dataset, key: str, just_loaded: bool) -> SummaryRun:
    require(dataset, key)
    info = dataset.get_run_info(key)
    config = {name: value for name, value in info.config.serialize().items() if name not in ("cls", "type")}
    # Results are never changed, but replaced, by a file with another id.
    file = ClipItRun._get_run_doc(dataset, key).results.grid_id
    results = _known.get(file) if just_loaded else None
    if results is None:
        stored = dataset.load_run_results(key, cache=False, load_view=False)
        results = {} if stored is None else {k: v for k, v in stored.serialize().items() if k != "cls"}
        _known[file] = results
        for old in list(_known)[:-_MOST_KNOWN]:
            _known.pop(old, None)
    return SummaryRun(key, dataset.name, info.timestamp, config, dict(results))


def require(dataset: fo.Dataset, key: str) -> None:
    """Checks that a summary exists.

    Raises:
        UsageError: it does not; names those that do.
    """
    if not has_summary(dataset, key):
        keys = dataset.list_runs(method=METHOD)
        known = ", ".join(repr(known) for known in keys) if keys else "it has none"
        raise UsageError(f"dataset {dataset.name!r} has no summary {key!r}; its summaries: {known}")


def require_finished(run: SummaryRun) -> None:
    """Checks that no process is making a summary at this moment: it would write into fields that are gone or renamed.

    Raises:
        UsageError: one is; says which, and what to do.
    """
    if run.is_running:
        raise UsageError(
            f"summary {run.key!r} is being made at this moment by {in_words(run.results['process'])}: wait until that "
            "is done, or stop it first; what is finished by then is kept"
        )


def save_config(dataset: fo.Dataset, key: str, config: dict[str, Any]) -> None:
    """Registers a summary's run, or gives it another configuration."""
    run_config = ClipItRunConfig(method=METHOD, **config)
    if key in dataset.list_runs():
        dataset.update_run_config(key, run_config)
    else:
        dataset.register_run(key, run_config, cleanup=False)


def save_results(dataset: fo.Dataset, key: str, results: dict[str, Any]) -> None:
    """Stores how a summary's run went."""
    dataset.save_run_results(key, dataset.init_run_results(key, **results), overwrite=True, cache=False)


def count_totals(dataset: fo.Dataset, key: str) -> dict[str, float]:
    """How much of a dataset a summary covers: videos, segments, seconds of both."""
    names = fields.SummaryFields(key)
    if len(names.existing(dataset)) < 4:
        return {"videos": 0, "segments": 0, "video_seconds": 0.0, "summary_seconds": 0.0}
    done = everything(dataset).exists(names.relevance)
    shots, segments = f"{names.shots}.detections", f"{names.summary}.detections"
    videos, n_segments, *seconds = done.aggregate(
        [
            fo.Count(names.relevance),
            fo.Count(segments),
            *(fo.Sum(f"{path}.{bound}") for path in (shots, segments) for bound in ("end", "start")),
        ]
    )
    return {
        "videos": videos,
        "segments": n_segments,
        "video_seconds": seconds[0] - seconds[1],
        "summary_seconds": seconds[2] - seconds[3],
    }


def list_summaries(samples: SampleCollection) -> list[SummaryRun]:
    """The summaries of a dataset, in the order of their keys; one that somebody deletes at this moment is left out.

    Raises:
        UsageError: not a FiftyOne collection.
    """
    return load_summaries(dataset_of(samples))


def load_summaries(dataset: fo.Dataset, *, just_loaded: bool = False) -> list[SummaryRun]:
    """As `list_summaries`, for a dataset that may have been read a moment ago: see `load_summary`."""
    found = []
    for key in dataset.list_runs(method=METHOD):
        with contextlib.suppress(UsageError):
            found.append(load_summary(dataset, key, just_loaded=just_loaded))
    return found


def rename_summary(samples: SampleCollection, key: str, new_key: str) -> SummaryRun:
    """Renames a summary with all its fields.

    Raises:
        UsageError: there is no such summary, it is being made at this moment, or the new key is taken or no
            identifier.
    """
    dataset = dataset_of(samples)
    require_finished(load_summary(dataset, key))
    fields.check_key(dataset, new_key, ours=False)
    fields.rename(dataset, key, new_key)
    dataset.rename_run(key, new_key)
    return load_summary(dataset, new_key)


def delete_summary(samples: SampleCollection, key: str) -> None:
    """Deletes a summary: its fields and its run. Cached features stay; they belong to the videos.

    Raises:
        UsageError: there is no such summary, or it is being made at this moment.
    """
    dataset = dataset_of(samples)
    require_finished(load_summary(dataset, key))
    fields.delete(dataset, key)
    dataset.delete_run(key)
