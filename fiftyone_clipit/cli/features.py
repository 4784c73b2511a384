"""`clipit features`: from raw videos to the HDF5 file that the field's code trains on."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from fiftyone_clipit.cli.options import add_computing, add_encoding, find_videos, summarizer_of


def add_parser(commands: argparse._SubParsersAction) -> None:
    """Adds the command."""
    parser = commands.add_parser(
        "features",
        help="write videos' features in the usual HDF5 structure",
        description="Encodes videos and writes features, picks and shots in the structure that SumMe's and TVSum's "
        "HDF5 files have, with people's labels where --annotations holds the videos.",
    )
    parser.add_argument("videos", nargs="+", metavar="VIDEO", help="a video file, or a folder of them")
    parser.add_argument("--h5", type=Path, required=True, metavar="FILE", help="the file to write")
    parser.add_argument(
        "--annotations", type=Path, metavar="FILE", help="HDF5 whose videos have these names: their labels come along"
    )
    parser.add_argument("--overwrite", action="store_true", help="replace an existing file")
    add_encoding(parser)
    add_computing(parser)
    parser.add_argument("--quiet", action="store_true", help="no progress")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Encodes the videos that the options name."""
    from fiftyone_clipit.cli import OK, SOME_FAILED
    from fiftyone_clipit.cli.extraction import Extraction
    from fiftyone_clipit.settings import Settings
    from fiftyone_clipit.training.h5_writing import write_features_h5

    if options.h5.exists() and not options.overwrite:
        from fiftyone_clipit.errors import UsageError

        raise UsageError(f"{options.h5} exists; choose another --h5, or pass --overwrite")
    videos = find_videos(options.videos)
    summarizer = summarizer_of(options, Settings(encoder=options.encoder, fps=options.fps))
    extraction = Extraction(summarizer, videos, quiet=options.quiet)
    written = write_features_h5(
        options.h5, extraction.features(), annotations=options.annotations, overwrite=options.overwrite
    )
    print(f"{options.h5}: {len(written)} videos, {len(extraction.failures)} failed", file=sys.stderr)
    return SOME_FAILED if extraction.failures else OK
