"""What a call of `summarize` will do, decided and checked before any work begins."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import fiftyone as fo

from fiftyone_clipit.dataset import fields, runs
from fiftyone_clipit.dataset.captions import captions_path, read_sentences
from fiftyone_clipit.dataset.videos import VideoSamples
from fiftyone_clipit.dataset.writing import Frames
from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.settings import Settings
from fiftyone_clipit.version import __version__


@dataclass(frozen=True)
class Plan:
    """One call's work.

    Attributes:
        videos: all videos that it was asked for.
        pending: those that need work.
        key: the summary's key.
        settings: what decides the result.
        frames: which frames get their importance stored.
        captions_field: the field that captions come from.
        query_field: the field that each video's own query comes from.
        captions: sentences per sample id, where they come from a field.
        queries: the same of queries.
        earlier: what the run's results say about configurations that some videos still have values of.
        new: whether the run, or its configuration, is new.
    """

    videos: VideoSamples
    pending: VideoSamples
    key: str
    settings: Settings
    frames: Frames
    captions_field: str | None
    query_field: str | None
    captions: dict[str, tuple[str, ...]]
    queries: dict[str, tuple[str, ...]]
    earlier: list[dict[str, Any]]
    new: bool

    @property
    def dataset(self) -> fo.Dataset:
        """The dataset that gets the summary."""
        return self.videos.dataset

    def config(self) -> dict[str, Any]:
        """What the run stores: enough to repeat it, and the versions that made it."""
        return config_of(self.settings, self.frames, self.captions_field, self.query_field)


@dataclass(frozen=True)
class Standing:
    """How a call stands to what is there under its key.

    Attributes:
        run: the summary of this key; None when there is none yet.
        differences: what the call asks for otherwise than the summary was made, in words; empty: it goes on.
    """

    run: runs.SummaryRun | None
    differences: dict[str, str]


def look_up(
    dataset: fo.Dataset,
    key: str,
    settings: Settings,
    *,
    frames: Frames = "all",
    captions_field: str | None = None,
    query_field: str | None = None,
) -> Standing:
    """Compares a call with what is there under its key. Reads no samples: quick enough for every key stroke.

    Raises:
        UsageError: the key cannot be used, a process is at work on the summary at this moment, or sentences cannot be
            read from the fields.
    """
    ours = isinstance(key, str) and runs.has_summary(dataset, key)
    fields.check_key(dataset, key, ours=ours)
    if captions_field is not None:
        captions_path(dataset, captions_field)
    if query_field is not None:
        captions_path(dataset, query_field, argument="query_field")
    if not ours:
        return Standing(None, {})
    run = runs.load_summary(dataset, key)
    runs.require_finished(run)
    asked = {
        **settings.config(),
        "frames": frames,
        "captions_field": captions_field,
        "query_field": query_field,
    }
    stored = stored_config(run)
    return Standing(
        run,
        {
            name: f"{name}: {stored[name]!r} there, {asked[name]!r} asked for"
            for name in asked
            if asked[name] != stored[name]
        },
    )


def make_plan(
    videos: VideoSamples,
    key: str,
    settings: Settings,
    *,
    frames: Frames = "all",
    captions_field: str | None = None,
    query_field: str | None = None,
    overwrite: bool = False,
) -> Plan:
    """Checks everything that can be checked without touching a video or a model.

    Raises:
        UsageError: the key cannot be used, there is a summary of this key with another configuration or a process is
            at work on it, sentences cannot be read from the fields, or arguments contradict each other.
    """
    if frames not in ("all", "sampled"):
        raise UsageError(f'frames must be "all" or "sampled", not {frames!r}')
    _check_sources(settings, captions_field, query_field)
    standing = look_up(
        videos.dataset, key, settings, frames=frames, captions_field=captions_field, query_field=query_field
    )
    if standing.differences and not overwrite:
        hint = (
            " (for another budget alone, resize() needs no new scores)"
            if list(standing.differences) == ["budget"]
            else ""
        )
        raise UsageError(
            f"there is a summary {key!r} with another configuration ({'; '.join(standing.differences.values())}): "
            f"choose another key, or pass overwrite=True{hint}"
        )
    captions = {} if captions_field is None else read_sentences(videos, captions_field)
    queries = {} if query_field is None else read_sentences(videos, query_field, argument="query_field")
    earlier: list[dict[str, Any]] = []
    if standing.run:
        earlier = standing.run.results.get("earlier", [])
        if standing.differences:
            earlier = [*earlier, {"config": stored_config(standing.run)}]
    whole = overwrite or standing.run is None
    return Plan(
        videos,
        videos if whole else videos.where(_missing(videos, key)),
        key,
        settings,
        frames,
        captions_field,
        query_field,
        captions,
        queries,
        earlier,
        new=standing.run is None or bool(standing.differences),
    )


def stored_config(run: runs.SummaryRun) -> dict[str, Any]:
    """What decided a stored result; what an older version did not know has its default."""
    return {
        **Settings.from_config(run.config).config(),
        "frames": run.config.get("frames", "all"),
        "captions_field": run.config.get("captions_field"),
        "query_field": run.config.get("query_field"),
    }


def config_of(
    settings: Settings, frames: Frames, captions_field: str | None = None, query_field: str | None = None
) -> dict[str, Any]:
    """What a run stores: enough to repeat it, and the versions that made it."""
    return {
        **settings.config(),
        "frames": frames,
        "captions_field": captions_field,
        "query_field": query_field,
        "versions": _versions(),
    }


def _check_sources(settings: Settings, captions_field: str | None, query_field: str | None) -> None:
    asked = bool(settings.query) + (query_field is not None)
    guided = bool(settings.captions) + (settings.captions_from is not None) + (captions_field is not None)
    if asked > 1:
        raise UsageError("give a query for all videos or query_field for each its own, not both")
    if guided > 1:
        raise UsageError("captions come from one place: sentences, a field, a model or subtitles")
    if asked and guided:
        raise UsageError("give a query or captions, not both: a query already says what matters")


def _missing(videos: VideoSamples, key: str) -> list[bool]:
    """For each video, whether it lacks the mark of being done; where fields are gone, nothing is done."""
    names = fields.SummaryFields(key)
    mark = names.relevance
    if names.missing(videos.dataset):
        return [True] * len(videos)
    ids, marks = fields.select(videos.dataset, videos.ids).values(["id", mark])
    done = {sample_id for sample_id, value in zip(ids, marks, strict=True) if value is not None}
    return [sample_id not in done for sample_id in videos.ids]


def _versions() -> dict[str, str]:
    versions = {"fiftyone-clipit": __version__}
    for package in ("fiftyone", "torch", "open_clip_torch", "av"):
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            continue
    return versions
