"""The work of giving a summary another length: choose again from what is stored, and write it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from fiftyone.core.collections import SampleCollection

from fiftyone_clipit.dataset import fields, runs, score_fields
from fiftyone_clipit.dataset.across import choose_across
from fiftyone_clipit.dataset.selection import read_summaries
from fiftyone_clipit.dataset.videos import everything, select, videos_of
from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.settings import Settings

Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Resized:
    """What a resize changed.

    Attributes:
        run: the summary's run, as stored.
        sample_ids: the videos that have the new length.
        notes: what the user should know about them, one line each.
    """

    run: runs.SummaryRun
    sample_ids: list[str]
    notes: list[str]


class ResizeJob:
    """Gives a summary another length.

    Args:
        samples: a dataset or view that has the summary; only its samples change.
        key: the summary's key.
        budget: a share of the video in (0, 1], or seconds as "90s" or "5min".
        min_length: the least length of a segment in seconds; as before if left out.

    Raises:
        UsageError: there is no such summary, it is being made at this moment, the budget cannot be used, it has no
            finished video here, or its budget is for all its videos and some of them are not here.
    """

    def __init__(
        self, samples: SampleCollection, key: str, budget: float | str, *, min_length: float | None = None
    ) -> None:
        videos = videos_of(samples)
        self._dataset, self._key = videos.dataset, key
        run = runs.load_summary(videos.dataset, key)
        runs.require_finished(run)
        fields.require_fields(videos.dataset, key)
        before = Settings.from_config(run.config)
        self._settings = replace(
            before, budget=budget, min_length=before.min_length if min_length is None else min_length
        )
        done = everything(videos.dataset).exists(fields.SummaryFields(key).relevance).values("id")
        marked, here = set(done), set(videos.ids)
        if self._settings.scope == "dataset" and (missing := len(marked - here)):
            raise UsageError(
                f"summary {key!r} has one budget for all its videos, and {missing} of them are not in this view: "
                "resize it on the dataset"
            )
        self.pending = videos.where([sample_id in marked for sample_id in videos.ids])
        if not self.pending.ids:
            raise UsageError(f"summary {key!r} has no finished video here: nothing to resize")

    def run(self, *, on_progress: Progress | None = None) -> Resized:
        """Does the work.

        Args:
            on_progress: called with the number of videos that are done, and the path of the one at hand. Whatever it
                raises stops the work; with a budget for each video nothing is changed then.

        Returns:
            What changed.
        """
        tell = on_progress or (lambda done, path: None)
        if self._settings.scope == "dataset":
            choose_across(self._dataset, self._key, self._settings, on_progress=lambda done: tell(done, ""))
            return self._save(self.pending.ids, [])
        labels, notes = {}, []
        paths = dict(zip(self.pending.ids, self.pending.paths, strict=True))
        for stored in read_summaries(self._dataset, self._key, self.pending.ids):
            segments, remarks = stored.choose(self._settings.budget, self._settings.min_length)
            labels[stored.sample_id] = stored.to_labels(segments, self._settings.budget)
            path = paths[stored.sample_id]
            notes += [{"id": stored.sample_id, "path": path, "note": note} for note in remarks]
            tell(len(labels), path)
        names = fields.SummaryFields(self._key)
        score_fields.clear(self._dataset, self._key, list(labels))
        select(self._dataset, list(labels)).set_values(names.summary, labels, key_field="id")
        return self._save(list(labels), notes)

    def _save(self, changed: list[str], notes: list[dict[str, str]]) -> Resized:
        """Keeps with the run what this has changed, and nothing else: another process may have written there."""
        dataset, key = self._dataset, self._key
        totals = runs.count_totals(dataset, key)
        now = runs.load_summary(dataset, key)
        if len(changed) == totals["videos"]:
            asked = self._settings.config()
            config = {name: value for name, value in now.config.items() if name != "method"}
            runs.save_config(dataset, key, {**config, **{name: asked[name] for name in ("budget", "min_length")}})
        ours = set(changed)
        others = [note for note in now.results.get("notes", []) if note["id"] not in ours]
        runs.save_results(dataset, key, {**now.results, "totals": totals, "notes": [*others, *notes]})
        told = [f"{note['path']}: {note['note']}" for note in notes]
        return Resized(runs.load_summary(dataset, key), changed, told)
