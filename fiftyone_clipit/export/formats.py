"""The formats that there are: what each is for, which files it gives, what decides them, who writes them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from fiftyone_clipit.errors import UsageError

if TYPE_CHECKING:
    from fiftyone_clipit.export.options import ExportOptions
    from fiftyone_clipit.export.video import Video

Scope = Literal["video", "segment"]


@dataclass
class Job:
    """One thing to write.

    Attributes:
        videos: what it shows: one, or all that are joined.
        targets: the files to write, one for each of the format's endings; not their final names.
        options: how.
        index: of the stretch, for formats that write one file each.
        progress: takes the share that is done, 0 to 1; may raise to stop the work.
        threads: for decoding.
    """

    videos: Sequence[Video]
    targets: Sequence[Path]
    options: ExportOptions
    index: int | None = None
    progress: Callable[[float], None] = field(default=lambda share: None)
    threads: int = 1

    @property
    def video(self) -> Video:
        """The only, or the first, video."""
        return self.videos[0]


@dataclass(frozen=True)
class Format:
    """A format.

    Attributes:
        name: how users name it.
        description: one line for forms and help.
        part: what it adds to the file names.
        suffixes: the endings of its files.
        writer: where its function is: "module:function", a Job in, notes out.
        options: the names of the options that decide what it writes.
        scope: one set of files per video, or per segment.
        joins: whether `join` puts all videos into one file.
        empty: whether it makes sense without segments.
        extra: packages that it needs beyond those that are always there.
    """

    name: str
    description: str
    part: str
    suffixes: tuple[str, ...]
    writer: str
    options: tuple[str, ...]
    scope: Scope = "video"
    joins: bool = False
    empty: bool = False
    extra: tuple[str, ...] = ()

    def write(self, job: Job) -> list[str]:
        """Writes the files of a job.

        Returns:
            What the user should know.
        """
        module, function = self.writer.split(":")
        return getattr(import_module(f"fiftyone_clipit.export.{module}"), function)(job) or []

    def check(self) -> None:
        """Makes sure that what it needs is installed.

        Raises:
            UsageError: something is missing.
        """
        missing = [package for package in self.extra if find_spec(package) is None]
        if missing:
            raise UsageError(
                f"format {self.name!r} needs {' and '.join(missing)}: pip install 'fiftyone-clipit[otio]', "
                "or leave the format out"
            )


_STRETCH = ("order", "padding", "merge_gap", "min_length")
_FILM = (*_STRETCH, "audio", "size", "crf", "preset", "codec", "mode", "burn")
_PREVIEW = (*_STRETCH, "preview_width", "preview_fps", "preview_seconds")
_OTIO = ("opentimelineio",)

_ALL = (
    Format(
        "reel",
        "a film of the summary (mp4)",
        "reel",
        (".mp4",),
        "films:write_reel",
        (*_FILM, "cross_fade", "title_cards"),
        joins=True,
    ),
    Format("clips", "one film per segment (mp4)", "clip", (".mp4",), "films:write_clip", _FILM, scope="segment"),
    Format(
        "contact-sheet",
        "one picture with a thumbnail, time and importance of each segment (png)",
        "sheet",
        (".png",),
        "sheet:write_sheet",
        (*_STRETCH, "columns", "thumbnail_width"),
        joins=True,
    ),
    Format(
        "plot",
        "the importance curve with the segments (png, svg)",
        "plot",
        (".png", ".svg"),
        "plot:write_plot",
        _STRETCH,
        empty=True,
    ),
    Format("gif", "a short silent preview (gif)", "preview", (".gif",), "previews:write_gif", _PREVIEW),
    Format("webp", "a short silent preview (animated webp)", "preview", (".webp",), "previews:write_webp", _PREVIEW),
    Format(
        "keyframes",
        "the best frame of each segment (jpg)",
        "frame",
        (".jpg",),
        "keyframes:write_keyframe",
        (*_STRETCH, "jpeg_quality", "size"),
        scope="segment",
    ),
    Format(
        "otio",
        "an OpenTimelineIO timeline for editing programs",
        "timeline",
        (".otio",),
        "editing:write_otio",
        (*_STRETCH, "audio"),
        joins=True,
        extra=_OTIO,
    ),
    Format(
        "edl",
        "an edit decision list (CMX 3600)",
        "timeline",
        (".edl",),
        "editing:write_edl",
        (*_STRETCH, "audio"),
        joins=True,
        extra=(*_OTIO, "otio_cmx3600_adapter"),
    ),
    Format(
        "json", "everything about the summary (json)", "summary", (".json",), "tables:write_json", _STRETCH, empty=True
    ),
    Format(
        "csv",
        "a table of the segments (csv)",
        "segments",
        (".csv",),
        "tables:write_csv",
        _STRETCH,
        joins=True,
        empty=True,
    ),
    Format("webvtt", "chapters for web players (vtt)", "chapters", (".vtt",), "captions:write_webvtt", _STRETCH),
    Format("srt", "subtitles (srt)", "subtitles", (".srt",), "captions:write_srt", _STRETCH),
)

FORMATS: dict[str, Format] = {format.name: format for format in _ALL}
"""All formats by name."""

_REFUSED = {
    "fcpxml": "no maintained OpenTimelineIO adapter writes it; take 'otio' or 'edl'",
}


def find_formats(names: Sequence[str]) -> list[Format]:
    """Looks formats up by name.

    Raises:
        UsageError: one is unknown, cannot be written here, or there are none.
    """
    if isinstance(names, str):
        names = [names]
    if not names:
        raise UsageError(f"no format given; there are {', '.join(FORMATS)}")
    for name in names:
        if name in _REFUSED:
            raise UsageError(f"format {name!r} is not supported: {_REFUSED[name]}")
        if name not in FORMATS:
            raise UsageError(f"unknown format {name!r}; there are {', '.join(FORMATS)}")
    formats = [FORMATS[name] for name in dict.fromkeys(names)]
    for format in formats:
        format.check()
    return formats
