"""What a call of `summarize` will do, decided and checked before any work begins."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import fiftyone as fo

from fiftyone_clipit.dataset import fields, runs
from fiftyone_clipit.dataset.captions import captions_path, read_captions
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
        captions: sentences per sample id, where they come from a field.
        earlier: what the run's results say about configurations that some videos still have values of.
        new: whether the run, or its configuration, is new.
    """

    videos: VideoSamples
    pending: VideoSamples
    key: str
    settings: Settings
    frames: Frames
    captions_field: str | None
    captions: dict[str, tuple[str, ...]]
    earlier: list[dict[str, Any]]
    new: bool

    @property
    def dataset(self) -> fo.Dataset:
        """The dataset that gets the summary."""
        return self.videos.dataset

    def config(self) -> dict[str, Any]:
        """What the run stores: enough to repeat it, and the versions that made it."""
        return config_of(self.settings, self.frames, self.captions_field)


def make_plan(
    videos: VideoSamples,
    key: str,
    settings: Settings,
    *,
    frames: Frames,
    captions_field: str | None,
    overwrite: bool,
) -> Plan:
    """Checks everything that can be checked without touching a video or a model.

    Raises:
        UsageError: the key cannot be used, there is a summary of this key with another configuration, or
            captions cannot be read from the field.
    """
    dataset = videos.dataset
    if frames not in ("all", "sampled"):
        raise UsageError(f'frames must be "all" or "sampled", not {frames!r}')
    ours = isinstance(key, str) and runs.has_summary(dataset, key)
    fields.check_key(dataset, key, ours=ours)
    captions = {}
    if captions_field is not None:
        captions = read_captions(videos, captions_path(dataset, captions_field))
    asked = {**settings.config(), "frames": frames, "captions_field": captions_field}
    earlier: list[dict[str, Any]] = []
    differs = False
    if ours:
        run = runs.load_summary(dataset, key)
        earlier = run.results.get("earlier", [])
        stored = {**Settings.from_config(run.config).config(), **_others(run.config)}
        differences = [name for name in asked if asked[name] != stored[name]]
        differs = bool(differences)
        if differs and not overwrite:
            raise UsageError(_refusal(key, differences, stored, asked))
        if differs:
            earlier = [*earlier, {"config": stored}]
    pending = videos if overwrite or not ours else videos.where(_missing(videos, key))
    return Plan(videos, pending, key, settings, frames, captions_field, captions, earlier, new=not ours or differs)


def config_of(settings: Settings, frames: Frames, captions_field: str | None = None) -> dict[str, Any]:
    """What a run stores: enough to repeat it, and the versions that made it."""
    return {
        **settings.config(),
        "frames": frames,
        "captions_field": captions_field,
        "versions": _versions(),
    }


def _others(config: dict[str, Any]) -> dict[str, Any]:
    return {"frames": config.get("frames", "all"), "captions_field": config.get("captions_field")}


def _missing(videos: VideoSamples, key: str) -> list[bool]:
    """For each video, whether it lacks the mark of being done."""
    mark = fields.SummaryFields(key).relevance
    if not videos.dataset.has_field(mark):
        return [True] * len(videos)
    ids, marks = fields.select(videos.dataset, videos.ids).values(["id", mark])
    done = {sample_id for sample_id, value in zip(ids, marks, strict=True) if value is not None}
    return [sample_id not in done for sample_id in videos.ids]


def _refusal(key: str, differences: list[str], stored: dict[str, Any], asked: dict[str, Any]) -> str:
    changes = "; ".join(f"{name}: {stored[name]!r} there, {asked[name]!r} asked for" for name in differences)
    hint = " (for another budget alone, resize() needs no new scores)" if differences == ["budget"] else ""
    return (
        f"there is a summary {key!r} with another configuration ({changes}): choose another key, or pass "
        f"overwrite=True{hint}"
    )


def _versions() -> dict[str, str]:
    versions = {"fiftyone-clipit": __version__}
    for package in ("fiftyone", "torch", "open_clip_torch", "av"):
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            continue
    return versions
