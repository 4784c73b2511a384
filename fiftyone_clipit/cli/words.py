"""Options about captions and about one budget for all videos."""

from __future__ import annotations

import argparse
from typing import Any

from fiftyone_clipit.encoders.captions import DEFAULT_CAPTIONER
from fiftyone_clipit.settings import DEFAULT_MOST


def add_words(parser: argparse.ArgumentParser) -> None:
    """Adds where captions come from."""
    group = parser.add_argument_group("captions of each video's own")
    group.add_argument(
        "--captions",
        choices=["auto", "subtitles"],
        help="guide the summary by what a model says about each shot, or by the subtitles beside or inside the video",
    )
    group.add_argument(
        "--captioner",
        default=DEFAULT_CAPTIONER,
        metavar="NAME",
        help="model for '--captions auto': a hub id or a folder of transformers (default: %(default)s)",
    )
    group.add_argument("--caption-prompt", metavar="TEXT", help="what to tell that model")
    group.add_argument(
        "--max-sentences",
        type=int,
        default=DEFAULT_MOST,
        metavar="N",
        help="captions that guide a summary at most, each meaning once (default: %(default)s)",
    )


def add_scope(parser: argparse.ArgumentParser) -> None:
    """Adds what the budget is for."""
    group = parser.add_argument_group("many videos")
    group.add_argument(
        "--scope",
        choices=["video", "dataset"],
        default="video",
        help="the budget is for each video, or one for all of them together (default: %(default)s)",
    )
    group.add_argument(
        "--keep-duplicates",
        action="store_true",
        help="with one budget for all: show footage that several videos have each time",
    )


def captions_of(options: argparse.Namespace) -> dict[str, Any]:
    """What the options about captions say, as fields of `Settings`."""
    return {
        "captions_from": options.captions,
        "captioner": options.captioner,
        "caption_prompt": options.caption_prompt,
        "max_sentences": options.max_sentences,
    }


def words_of(options: argparse.Namespace) -> dict[str, Any]:
    """What all these options say, as fields of `Settings`."""
    return {
        **captions_of(options),
        "scope": options.scope,
        "deduplicate": not options.keep_duplicates,
    }
