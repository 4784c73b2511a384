"""Options that several commands share, and the videos that their arguments name."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from fiftyone_clipit.cli.words import add_scope, add_words, words_of
from fiftyone_clipit.encoders.names import DEFAULT
from fiftyone_clipit.errors import UsageError

if TYPE_CHECKING:
    from fiftyone_clipit.pipeline import Summarizer
    from fiftyone_clipit.settings import Settings

FPS = 2.0
_SUFFIXES = frozenset(
    [
        ".3gp",
        ".avi",
        ".flv",
        ".m2ts",
        ".m4v",
        ".mkv",
        ".mov",
        ".mp4",
        ".mpeg",
        ".mpg",
        ".mts",
        ".mxf",
        ".ogv",
        ".ts",
        ".vob",
        ".webm",
        ".wmv",
    ]
)


def add_settings(parser: argparse.ArgumentParser) -> None:
    """Adds what decides a summary."""
    group = parser.add_argument_group("what decides the summary")
    group.add_argument("--query", action="append", default=[], metavar="TEXT", help="what to look for; may be repeated")
    group.add_argument(
        "--caption",
        action="append",
        default=[],
        metavar="TEXT",
        help="a sentence that guides a generic summary",
    )
    group.add_argument(
        "--exclude", action="append", default=[], metavar="TEXT", help="what to leave out; commas separate"
    )
    group.add_argument(
        "--language-weight", type=float, metavar="W", help="0: the video alone decides, 1: the words alone"
    )
    group.add_argument(
        "--scorer",
        default="zero-shot",
        metavar="NAME",
        help="'zero-shot', or a CLIP-It checkpoint: a folder, a hub id, 'modelscope:path' (default: %(default)s)",
    )
    group.add_argument(
        "--budget",
        type=_budget,
        default=0.15,
        help="length of the summary: a fraction, or seconds as '90s', '5min' (default: %(default)s)",
    )
    group.add_argument(
        "--min-length",
        type=float,
        default=1.0,
        metavar="SECONDS",
        help="shortest segment (default: %(default)s)",
    )
    add_words(parser)
    add_scope(parser)


def add_encoding(parser: argparse.ArgumentParser, *, unset: bool = False) -> None:
    """Adds which frames are taken and what encodes them.

    Args:
        parser: gets the options.
        unset: leave them None where they are not given, for commands that must know.
    """
    group = parser.add_argument_group("encoding")
    group.add_argument(
        "--encoder",
        default=None if unset else DEFAULT,
        metavar="NAME",
        help="open_clip 'model/tag', 'hf-hub:owner/name', 'local-dir:folder', or 'clipit-tiny' "
        f"(default: {DEFAULT}{'; for HDF5 files what they say' if unset else ''})",
    )
    group.add_argument(
        "--fps", type=float, default=None if unset else FPS, help=f"samples per second of video (default: {FPS})"
    )


def add_computing(parser: argparse.ArgumentParser) -> None:
    """Adds where and how to compute."""
    group = parser.add_argument_group("computing")
    group.add_argument("--device", help="'cpu', 'cuda', ... (default: a GPU where there is one)")
    group.add_argument("--batch-size", type=_positive, metavar="N", help="pictures encoded at once")
    group.add_argument("--num-workers", type=_positive, metavar="N", help="videos decoded at once")
    group.add_argument("--cache-dir", type=Path, metavar="DIR", help="where features are kept")
    group.add_argument("--no-cache", action="store_true", help="keep no features")


def summarizer_of(options: argparse.Namespace, settings: Settings) -> Summarizer:
    """A summarizer that computes as the options say."""
    from fiftyone_clipit.pipeline import Summarizer

    return Summarizer(
        settings,
        device=options.device,
        batch_size=options.batch_size,
        num_workers=options.num_workers,
        cache_dir=options.cache_dir,
        cache=not options.no_cache,
    )


def settings_of(options: argparse.Namespace) -> Settings:
    """The settings that the options give.

    Raises:
        UsageError: a value that cannot work.
    """
    from fiftyone_clipit.settings import Settings

    return Settings(
        query=tuple(options.query),
        captions=tuple(options.caption),
        exclude=tuple(part for text in options.exclude for part in text.split(",")),
        language_weight=options.language_weight,
        encoder=options.encoder,
        scorer=options.scorer,
        fps=options.fps,
        budget=options.budget,
        min_length=options.min_length,
        **words_of(options),
    )


def find_videos(arguments: Sequence[str]) -> list[str]:
    """The videos that arguments name; a folder stands for the video files in it, whose names tell.

    Raises:
        UsageError: a folder without videos.
    """
    videos: list[str] = []
    for argument in arguments:
        if not os.path.isdir(argument):
            videos.append(argument)
            continue
        inside = sorted(p for p in Path(argument).iterdir() if p.suffix.lower() in _SUFFIXES and p.is_file())
        if not inside:
            raise UsageError(f"folder {argument} holds no video files ({' '.join(sorted(_SUFFIXES))})")
        videos.extend(map(str, inside))
    return list(dict.fromkeys(videos))


def _budget(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"must be at least 1, not {value}")
    return value
