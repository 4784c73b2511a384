"""Exporting a summary, or the clips on the screen, as films, timelines, tables and pictures."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Any

import fiftyone as fo
from fiftyone.core.clips import ClipsView
from fiftyone.core.collections import SampleCollection

from fiftyone_clipit.dataset.export_items import clip_items, summary_items
from fiftyone_clipit.dataset.exported import make_dataset
from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.export.formats import find_formats
from fiftyone_clipit.export.options import ExportOptions
from fiftyone_clipit.export.run import export_items
from fiftyone_clipit.export.types import ExportReport

Report = Callable[[float, str], None]


def export(
    samples: SampleCollection,
    key: str | os.PathLike[str] | None = None,
    folder: str | os.PathLike[str] | None = None,
    *,
    formats: Sequence[str] = ("reel",),
    dataset_name: str | None = None,
    overwrite: bool = False,
    num_workers: int | None = None,
    skip_failures: bool = True,
    progress: bool | Callable[[fo.ProgressBar], None] | None = None,
    on_progress: Report | None = None,
    **options: Any,
) -> ExportReport:
    """Exports a summary, or a clips view as it stands: filtered, sorted and tagged by hand.

    Call it as `export(samples, "dogs", "out/")`, or as `export(clips_view, "out/")`.

    Args:
        samples: a dataset or view that has the summary, or a clips view.
        key: the summary's key; for a clips view the folder may stand here.
        folder: where the files go; made if it is not there. What lies in it is never touched unasked.
        formats: any of "reel", "clips", "contact-sheet", "plot", "gif", "webp", "keyframes", "otio", "edl", "json",
            "csv", "webvtt", "srt".
        dataset_name: also make a FiftyOne dataset of this name from the exported clips or key frames, with their
            labels and importance; it is written to `dataset` in the folder, too.
        overwrite: replace files that are in the way.
        num_workers: files that are written at once.
        skip_failures: report what fails; False raises the first failure.
        progress: whether to show a progress bar, or a function that gets it; FiftyOne's setting if left out.
        on_progress: called with the share that is done and a name, beside the progress bar.
        **options: how things look, see `fiftyone_clipit.export.ExportOptions`: `join=True`, `burn=("time",)`, ...

    Returns:
        What was written, and what failed, with reasons.

    Raises:
        UsageError: no such summary, format or option, or nothing to export; before anything is written.
        ExportError: the folder cannot be written, or files are in the way; nothing is written then.
    """
    looks = _options(options)
    names = [known.name for known in find_formats(formats)]
    joined = [known.name for known in find_formats(formats) if looks.join and known.joins]
    if dataset_name is not None:
        _check_dataset(dataset_name, names)
    if isinstance(samples, ClipsView):
        if folder is not None and key is not None:
            raise UsageError("clips are exported as they stand, without a summary's key: export(clips_view, folder)")
        folder = folder if folder is not None else key
        grouped, in_order = clip_items(samples), clip_items(samples, in_order=True)
    else:
        if not isinstance(key, str):
            raise UsageError("which summary? export(samples, key, folder)")
        grouped = in_order = summary_items(samples, key)
    if folder is None:
        raise UsageError("where to? export needs a folder")
    # What joins all videos follows the order on the screen, even where it goes back and forth between videos.
    parts = [(joined, in_order), ([name for name in names if name not in joined], grouped)]
    parts = [(some, items) for some, items in parts if some]
    reports = []
    with fo.ProgressBar(total=100, progress=progress, iters_str="%") as bar:
        for number, (some, items) in enumerate(parts):
            reports.append(
                export_items(
                    items,
                    folder,
                    some,
                    options=looks,
                    overwrite=overwrite,
                    num_workers=num_workers,
                    skip_failures=skip_failures,
                    progress=_share_of(number, len(parts), bar, on_progress),
                )
            )
        bar.set_iteration(100)
    report = ExportReport(
        reports[0].folder, [f for r in reports for f in r.files], [f for r in reports for f in r.failures]
    )
    if dataset_name is not None:
        make_dataset(report, grouped, dataset_name)
    return report


def _options(options: dict[str, Any]) -> ExportOptions:
    known = {field.name for field in fields(ExportOptions)}
    if unknown := sorted(set(options) - known):
        raise UsageError(f"export knows no option {unknown[0]!r}; it knows {', '.join(sorted(known))}")
    return ExportOptions(**options)


def _check_dataset(name: str, formats: Sequence[str]) -> None:
    if not {"clips", "keyframes"} & set(formats):
        raise UsageError("dataset_name: a dataset is made of clips or key frames; add one of these formats")
    if {"clips", "keyframes"} <= set(formats):
        raise UsageError("dataset_name: clips are videos and key frames are images; export one of them at a time")
    if fo.dataset_exists(name):
        raise UsageError(f"dataset_name: there is a dataset {name!r} already; choose another name")


def _share_of(part: int, parts: int, bar: fo.ProgressBar, on_progress: Report | None) -> Report:
    def report(share: float, name: str) -> None:
        whole = (part + share) / parts
        bar.set_iteration(int(100 * whole))
        if on_progress:
            on_progress(whole, name)

    return report
