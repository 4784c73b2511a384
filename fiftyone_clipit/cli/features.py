"""`clipit features`: from raw videos to the HDF5 file that the field's code trains on."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from fiftyone_clipit.cli.options import add_computing, add_encoding, find_videos, summarizer_of
from fiftyone_clipit.cli.words import add_words, captions_of
from fiftyone_clipit.errors import UsageError, VideoError

if TYPE_CHECKING:
    from fiftyone_clipit.features.types import VideoFeatures
    from fiftyone_clipit.pipeline import Summarizer
    from fiftyone_clipit.training.h5_writing import Words


def add_parser(commands: argparse._SubParsersAction) -> None:
    """Adds the command."""
    parser = commands.add_parser(
        "features",
        help="write videos' features in the usual HDF5 structure",
        description="Encodes videos and writes features, picks and shots in the structure that SumMe's and TVSum's "
        "HDF5 files have, with people's labels where --annotations holds the videos, and with sentences for the "
        "network's language attention where --captions says whence: without them it trains without language.",
    )
    parser.add_argument("videos", nargs="+", metavar="VIDEO", help="a video file, or a folder of them")
    parser.add_argument("--h5", type=Path, required=True, metavar="FILE", help="the file to write")
    parser.add_argument(
        "--annotations", type=Path, metavar="FILE", help="HDF5 whose videos have these names: their labels come along"
    )
    parser.add_argument("--overwrite", action="store_true", help="replace an existing file")
    add_encoding(parser)
    add_words(parser)
    add_computing(parser)
    parser.add_argument("--quiet", action="store_true", help="no progress")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Encodes the videos that the options name."""
    from fiftyone_clipit.cli import OK, SOME_FAILED
    from fiftyone_clipit.cli.extraction import Extraction
    from fiftyone_clipit.settings import Settings
    from fiftyone_clipit.training.h5_labels import LabelledVideos
    from fiftyone_clipit.training.h5_writing import make_place, write_features_h5

    if options.h5.exists() and not options.overwrite:
        raise UsageError(f"{options.h5} exists; choose another --h5, or pass --overwrite")
    make_place(options.h5)
    videos = find_videos(options.videos)
    labelled = LabelledVideos(options.annotations) if options.annotations else None
    unknown: list[VideoError] = []
    if labelled:
        videos, unknown = labelled.split(videos)
    settings = Settings(encoder=options.encoder, fps=options.fps, **captions_of(options))
    summarizer = summarizer_of(options, settings)
    extraction = Extraction(summarizer, videos, quiet=options.quiet)
    for error in unknown:
        extraction.fail(error)
    written = write_features_h5(
        options.h5,
        extraction.features(),
        annotations=labelled,
        words=(lambda video: caption_vectors(summarizer, video)) if options.captions else None,
        encoder=options.encoder,
        fps=options.fps,
        overwrite=options.overwrite,
        on_failure=extraction.fail,
    )
    print(f"{options.h5}: {len(written)} videos, {len(extraction.failures)} failed", file=sys.stderr)
    return SOME_FAILED if extraction.failures else OK


def caption_vectors(summarizer: Summarizer, video: VideoFeatures) -> Words:
    """A video's captions and their vectors, in the form in which `summarize` gives them to a network.

    Raises:
        VideoError: it has no captions.
    """
    from fiftyone_clipit.scoring.sentences import choose_sentences
    from fiftyone_clipit.scoring.text import embed

    encoder = summarizer.encoder
    sentences = choose_sentences(summarizer.own_captions(video), encoder, most=summarizer.settings.max_sentences)
    return sentences, embed(sentences, encoder).sentences
