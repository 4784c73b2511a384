"""Which files an export will write, before anything is written."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from fiftyone_clipit.errors import ExportError
from fiftyone_clipit.export.formats import Format
from fiftyone_clipit.export.manifest import Manifest, fingerprint, identity
from fiftyone_clipit.export.names import UniqueNames, expand
from fiftyone_clipit.export.options import ExportOptions
from fiftyone_clipit.export.types import ExportItem
from fiftyone_clipit.export.video import Video
from fiftyone_clipit.summary.types import Segment
from fiftyone_clipit.version import __version__

_SHOWN = 3


@dataclass(frozen=True)
class Planned:
    """One job's files.

    Attributes:
        format: what is written.
        videos: what it shows.
        index: the stretch, for formats that write one file each.
        paths: relative to the folder, one for each of the format's endings.
        about: what decides the files, as plain JSON values; goes into the manifest.
        fingerprint: the same as one short text.
    """

    format: Format
    videos: tuple[Video, ...]
    index: int | None
    paths: tuple[PurePosixPath, ...]
    about: dict[str, Any]
    fingerprint: str

    @property
    def sources(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(video.item.source for video in self.videos))

    @property
    def segments(self) -> tuple[int, ...]:
        """1-based numbers of the segments in it; empty for all."""
        return () if self.index is None else tuple(n + 1 for n in self.videos[0].plans[self.index].numbers)


def plan_files(
    videos: Sequence[Video], formats: Sequence[Format], options: ExportOptions, manifest: Manifest
) -> list[Planned]:
    """All files of an export, in the order of videos and formats, with names that nobody else has."""
    owners = {PurePosixPath(path): str(entry.get("owner", "")) for path, entry in manifest.entries.items()}
    names = UniqueNames(owners)
    joined = [format for format in formats if options.join and format.joins]
    planned = [_plan(format, tuple(videos), None, options, names) for format in joined]
    for video in videos:
        for format in formats:
            if format in joined:
                continue
            # Without segments one file is planned all the same: it fails with a reason instead of silently.
            indexes: Iterable[int | None] = [None]
            if format.scope == "segment" and video.plans:
                indexes = range(len(video.plans))
            planned += [_plan(format, (video,), index, options, names) for index in indexes]
    return planned


def check_conflicts(planned: Sequence[Planned], folder: Path, own: set[str] | None) -> None:
    """Makes sure that nothing is in the way.

    Args:
        planned: what will be written.
        folder: where.
        own: paths that may be there; None for all.

    Raises:
        ExportError: a file is there already, a name is that of a source, or a folder inside leads out of the folder.
    """
    root = folder.resolve()
    sources = {os.path.realpath(source) for job in planned for source in job.sources}
    taken = []
    for path in (path for job in planned for path in job.paths):
        target = folder / path
        if not target.parent.resolve().is_relative_to(root):
            raise ExportError(f"{target.parent} leads out of {folder}: choose another naming pattern or folder")
        if os.path.realpath(target) in sources:
            raise ExportError(f"{target} is one of the videos to export: choose another naming pattern or folder")
        if own is not None and str(path) not in own and (target.exists() or target.is_symlink()):
            taken.append(str(path))
    if taken:
        more = f" and {len(taken) - _SHOWN} more" if len(taken) > _SHOWN else ""
        raise ExportError(
            f"{folder} holds {', '.join(taken[:_SHOWN])}{more} already; nothing was written: "
            "allow to overwrite, or choose another folder or naming pattern"
        )


def _plan(
    format: Format, videos: tuple[Video, ...], index: int | None, options: ExportOptions, names: UniqueNames
) -> Planned:
    about: dict[str, Any] = {
        "format": format.name,
        "program": __version__,
        "options": options.chosen(format.options),
        "videos": [_describe(video.item, video.item.segments) for video in videos],
    }
    if index is not None:
        about["videos"] = [_describe(videos[0].item, videos[0].plans[index].segments)]
    mark = fingerprint({**about, "curves": [_curve(video.item) for video in videos]})
    owner = fingerprint({"format": format.name, "sources": [video.item.source for video in videos]})
    values = _values(format, videos, index, joined=options.join and format.joins)
    first = names.give(expand(options.naming, values, format.suffixes[0]), owner)
    paths = (first, *(names.give(first.with_suffix(suffix), owner) for suffix in format.suffixes[1:]))
    return Planned(format, videos, index, paths, {**about, "owner": owner}, mark)


def _values(format: Format, videos: tuple[Video, ...], index: int | None, *, joined: bool) -> dict[str, object]:
    """What the fields of a naming pattern stand for."""
    video = videos[0]
    name = "all" if joined else video.item.name or Path(video.item.source).stem
    values: dict[str, object] = {"name": name, "part": format.part, "title": video.item.title}
    if format.scope == "segment" and index is not None:
        plan = video.plans[index]
        width = max(2, len(str(len(video.plans))))
        values |= {
            "part": f"{format.part}-{index + 1:0{width}d}",
            "number": f"{index + 1:0{width}d}",
            "rank": plan.best.rank,
            "first_frame": plan.segments[0].first_frame,
            "last_frame": plan.segments[-1].last_frame,
            "label": plan.best.label,
        }
    return values


def _describe(item: ExportItem, segments: Sequence[Segment]) -> dict[str, Any]:
    return {
        **identity(item.source),
        "title": item.title,
        "segments": [
            [s.first_frame, s.last_frame, round(s.importance, 6), s.rank, s.label, s.peak_frame] for s in segments
        ],
    }


def _curve(item: ExportItem) -> list[Any]:
    """What else decides some of the files, too long for the manifest."""
    curve = [] if item.importance is None else [round(float(value), 6) for value in item.importance]
    shots = [[shot.first_frame, shot.last_frame, round(shot.importance, 6)] for shot in item.shots or ()]
    return [item.name, curve, shots, dict(item.attributes), [dict(a) for a in item.segment_attributes]]
