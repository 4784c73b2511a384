"""A FiftyOne dataset of what was exported: clips as videos, key frames as images."""

from __future__ import annotations

from collections.abc import Sequence

import fiftyone as fo

from fiftyone_clipit.export.types import ExportItem, ExportReport, Written

_FORMATS = ("clips", "keyframes")
_FOLDER = "dataset"


def make_dataset(report: ExportReport, items: Sequence[ExportItem], name: str) -> fo.Dataset:
    """Makes a persistent dataset of exported clips or key frames, and writes it beside them.

    Each sample has the segment's label with its importance as confidence (`segment`), the video that it comes from
    (`source`, and `source_id` where that has one), its frames and seconds there, and its tags. The folder's
    `dataset` loads back with `fo.Dataset.from_dir(dataset_dir, fo.types.FiftyOneDataset, rel_dir=folder)`.

    Args:
        report: what was written.
        items: what it was written from, one a video.
        name: the dataset's name.
    """
    by_source = {item.source: item for item in items}
    files = [file for file in report.files if file.format in _FORMATS]
    dataset = fo.Dataset(name, persistent=True)
    dataset.add_samples([_sample(file, by_source[file.sources[0]], report) for file in files], progress=False)
    dataset.export(
        export_dir=str(report.folder / _FOLDER),
        dataset_type=fo.types.FiftyOneDataset,
        export_media=False,
        rel_dir=str(report.folder),
        overwrite=True,
        progress=False,
    )
    return dataset


def _sample(file: Written, item: ExportItem, report: ExportReport) -> fo.Sample:
    # Segments that were joined into one clip answer together: the most important one speaks for them.
    indices = [number - 1 for number in file.segments]
    best = max(indices, key=lambda i: item.segments[i].importance)
    segments = [item.segments[i] for i in indices]
    tags = dict.fromkeys(tag for i in indices for tag in item.attributes_of(i).get("tags", []))
    return fo.Sample(
        filepath=str((report.folder / file.path).absolute()),
        tags=list(tags),
        segment=fo.Classification(label=item.segments[best].label, confidence=item.segments[best].importance),
        rank=item.segments[best].rank,
        source=item.source,
        source_id=item.attributes.get("id"),
        source_support=[min(s.first_frame for s in segments), max(s.last_frame for s in segments)],
        source_start=min(s.start for s in segments),
        source_end=max(s.end for s in segments),
    )
