"""The best frame of each segment, as images."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import fiftyone as fo
from fiftyone.core.collections import SampleCollection
from fiftyone.core.video import FramesView
from PIL import Image

from fiftyone_clipit.dataset import runs
from fiftyone_clipit.dataset.export_items import summary_items
from fiftyone_clipit.dataset.videos import select, videos_of
from fiftyone_clipit.errors import VideoError
from fiftyone_clipit.export.timing import Timelines
from fiftyone_clipit.export.types import ExportItem
from fiftyone_clipit.media.video import read_frames

logger = logging.getLogger(__name__)


def keyframes(samples: SampleCollection, key: str, *, output_dir: str | os.PathLike[str] | None = None) -> FramesView:
    """The best frame of each segment of a summary, as a view of images.

    Frames that have no image yet get one: a JPEG, whose path is kept in `frames.filepath`, as FiftyOne's own
    `to_frames` does. Videos that cannot be read are left out, with a warning.

    Args:
        samples: a dataset or view that has the summary.
        key: the summary's key.
        output_dir: where the images go; a folder of FiftyOne's default dataset folder if left out.

    Raises:
        UsageError: there is no such summary, or no video here has it.
    """
    dataset = videos_of(samples).dataset
    runs.require(dataset, key)
    dataset.add_frame_field("filepath", fo.StringField)
    folder = Path(output_dir or Path(fo.config.default_dataset_dir) / dataset.name / "keyframes")
    timelines = Timelines()
    images = {}
    for item in summary_items(samples, key):
        if item.segments:
            sample_id = item.attributes["id"]
            try:
                images[sample_id] = _save_frames(item, timelines, folder / sample_id)
            except VideoError as error:
                logger.warning("no key frames of %s", error)
    if images:
        select(dataset, list(images)).set_values("frames.filepath", images, key_field="id")
    frame_ids = _frame_ids(dataset, {i: set(numbers) for i, numbers in images.items()})
    return samples.select_frames(frame_ids).to_frames()


def _save_frames(item: ExportItem, timelines: Timelines, stem: Path) -> dict[int, str]:
    """Writes the best frames as JPEGs, those that are not there already; frame number -> file."""
    numbers = sorted({segment.peak_frame for segment in item.segments})
    files = {number: stem.with_name(f"{stem.name}-{number:06d}.jpg") for number in numbers}
    newest = os.path.getmtime(item.source) if os.path.exists(item.source) else 0.0
    missing = [n for n, file in files.items() if not file.exists() or file.stat().st_mtime < newest]
    if missing:
        stem.parent.mkdir(parents=True, exist_ok=True)
        # Knowing when each frame appears, only their surroundings are decoded.
        images = read_frames(item.source, missing, timeline=timelines.of(item))
        for number, image in zip(missing, images, strict=True):
            Image.fromarray(image).save(files[number], quality=92)
    return {number: str(file) for number, file in files.items()}


def _frame_ids(dataset: fo.Dataset, wanted: dict[str, set[int]]) -> list[str]:
    if not wanted:
        return []
    columns = select(dataset, list(wanted)).values(["id", "frames.id", "frames.frame_number"])
    return [
        frame_id
        for sample_id, ids, numbers in zip(*columns, strict=True)
        for frame_id, number in zip(ids, numbers, strict=True)
        if number in wanted[sample_id]
    ]
