"""`clipit export`: from a summary.json to films, pictures, timelines and tables."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from fiftyone_clipit.export.formats import FORMATS


def add_parser(commands: argparse._SubParsersAction) -> None:
    """Adds the command."""
    width = max(map(len, FORMATS))
    listing = "\n".join(f"  {name.ljust(width)}  {format.description}" for name, format in FORMATS.items())
    parser = commands.add_parser(
        "export",
        help="write films, pictures, timelines and tables of summaries",
        description="Exports what `clipit summarize` found. The same command again goes on where it stopped.",
        epilog=f"formats:\n{listing}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("summary", type=Path, metavar="SUMMARY", help="a summary.json, or the folder with it")
    parser.add_argument("--output", type=Path, default=Path("clipit_export"), metavar="DIR", help="where files go")
    parser.add_argument(
        "--formats",
        type=lambda text: [name.strip() for name in text.split(",") if name.strip()],
        default=["reel", "contact-sheet"],
        metavar="A,B,...",
        help="what to write (default: reel,contact-sheet)",
    )
    parser.add_argument("--overwrite", action="store_true", help="replace files that are in the way")
    parser.add_argument("--num-workers", type=int, metavar="N", help="files written at once")
    parser.add_argument("--quiet", action="store_true", help="no progress, no list of files")
    _add_segments(parser)
    _add_films(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Exports the summaries that the options name."""
    from tqdm import tqdm

    from fiftyone_clipit.cli import OK, SOME_FAILED
    from fiftyone_clipit.export import ExportOptions, export_items
    from fiftyone_clipit.export.reading import read_items

    chosen = {name: getattr(options, name) for name in _OPTIONS if getattr(options, name) is not None}
    with tqdm(total=100, unit="%", bar_format=_BAR, disable=options.quiet, file=sys.stderr) as bar:

        def progress(share: float, label: str) -> None:
            bar.update(share * 100 - bar.n)
            if label:
                bar.set_postfix_str(label)

        report = export_items(
            read_items(options.summary),
            options.output,
            options.formats,
            options=ExportOptions(**chosen),
            overwrite=options.overwrite,
            num_workers=options.num_workers,
            progress=progress,
        )
    for failure in report.failures:
        print(f"failed: {failure}", file=sys.stderr)
    if not options.quiet:
        for file in report.files:
            notes = f"  ({'; '.join(file.notes)})" if file.notes else ""
            print(f"{file.path}{notes}")
        print(f"\n{report}")
    return SOME_FAILED if report.failures else OK


_BAR = "{l_bar}{bar}| {elapsed}<{remaining}{postfix}"

_OPTIONS = (
    *("order", "join", "padding", "merge_gap", "min_length", "naming"),
    *("audio", "size", "crf", "preset", "codec", "mode", "cross_fade", "title_cards", "burn"),
)


def _add_segments(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("which parts")
    group.add_argument("--order", choices=["time", "rank"], help="of the segments (default: time)")
    group.add_argument("--join", action="store_true", default=None, help="one film, timeline, table for all videos")
    group.add_argument("--padding", type=_padding, metavar="S[,S]", help="seconds added before and after each segment")
    group.add_argument("--merge-gap", type=float, metavar="S", help="join segments at most so many seconds apart")
    group.add_argument("--min-length", type=float, metavar="S", help="shorter segments grow to so many seconds")
    group.add_argument("--naming", metavar="PATTERN", help="of the files, such as '{name}/{part}-{rank}'")


def _add_films(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("films")
    group.add_argument("--no-audio", dest="audio", action="store_false", default=None, help="leave the sound out")
    group.add_argument("--size", type=_size, metavar="H|WxH", help="a height, or a size to fit into, in pixels")
    group.add_argument("--crf", type=float, metavar="Q", help="quality, 0 (lossless) to 51 (worst) (default: 20)")
    group.add_argument("--preset", metavar="NAME", help="the encoder's speed (default: veryfast)")
    group.add_argument("--codec", metavar="NAME", help="h264, hevc or av1 (default: h264)")
    group.add_argument("--mode", choices=["exact", "copy"], help="copy takes packets as they are, at key frames")
    group.add_argument("--cross-fade", type=float, metavar="S", help="seconds that segments blend")
    group.add_argument("--title-cards", type=float, metavar="S", help="seconds of a card before each segment")
    group.add_argument(
        "--burn",
        type=lambda text: tuple(word.strip() for word in text.split(",")),
        metavar="A,B,...",
        help="what to write into the picture: time, title, name, importance",
    )


def _padding(text: str) -> Any:
    values = [float(value) for value in text.split(",")]
    return values[0] if len(values) == 1 else tuple(values)


def _size(text: str) -> Any:
    values = [int(value) for value in text.lower().split("x")]
    return values[0] if len(values) == 1 else tuple(values)
