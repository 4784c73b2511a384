"""`clipit summarize`: videos in, summary.json out, and films, pictures and timelines where asked for."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fiftyone_clipit.cli.options import (
    add_computing,
    add_encoding,
    add_settings,
    find_videos,
    settings_of,
    summarizer_of,
)

if TYPE_CHECKING:
    from fiftyone_clipit.cli.extraction import Extraction
    from fiftyone_clipit.features.types import VideoFeatures
    from fiftyone_clipit.pipeline import Summarizer
    from fiftyone_clipit.summary.types import Summary


def add_parser(commands: argparse._SubParsersAction) -> None:
    """Adds the command."""
    parser = commands.add_parser(
        "summarize",
        help="summarize video files",
        description="Scores the frames of video files and writes DIR/summary.json: scores, shots and segments.",
    )
    parser.add_argument("videos", nargs="+", metavar="VIDEO", help="a video file, or a folder of them")
    parser.add_argument("--output", type=Path, default=Path("clipit_output"), metavar="DIR", help="where results go")
    add_settings(parser)
    add_encoding(parser)
    add_computing(parser)
    parser.add_argument("--quiet", action="store_true", help="no progress, no table")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Summarizes the videos that the options name."""
    from fiftyone_clipit.cli import OK, SOME_FAILED
    from fiftyone_clipit.cli.extraction import Extraction
    from fiftyone_clipit.cli.files import make_folder, write_json
    from fiftyone_clipit.cli.table import print_table
    from fiftyone_clipit.version import __version__

    settings = settings_of(options)
    videos = find_videos(options.videos)
    make_folder(options.output)
    summarizer = summarizer_of(options, settings)
    extraction = Extraction(summarizer, videos, quiet=options.quiet)
    done = [describe(video, summary) for video, summary in _summaries(summarizer, extraction)]
    failures = extraction.failures
    write_json(
        options.output / "summary.json",
        {
            "version": __version__,
            "settings": settings.config(),
            "note": summarizer.encoder.note,
            "videos": done,
            "failures": failures,
        },
    )
    if not options.quiet:
        print_table(done)
        print(f"\n{options.output / 'summary.json'}: {len(done)} summarized, {len(failures)} failed")
    return SOME_FAILED if failures else OK


def _summaries(summarizer: Summarizer, extraction: Extraction) -> list[tuple[VideoFeatures, Summary]]:
    """The videos with their summaries, in order; what cannot be summarized counts as failed."""
    from fiftyone_clipit.across import share_budget
    from fiftyone_clipit.errors import VideoError

    videos, summaries = [], []
    for video in extraction.features():
        try:
            summaries.append(summarizer.summarize(video))
        except VideoError as error:
            extraction.fail(error)
        else:
            # Without its features, of which a hundred hours have a gigabyte.
            videos.append(replace(video, features=video.features[:0]))
    if summarizer.settings.scope == "dataset":
        timelines = [video.timeline for video in videos]
        summaries = share_budget(list(zip(summaries, timelines, strict=True)), summarizer.settings)
    return list(zip(videos, summaries, strict=True))


def describe(video: VideoFeatures, summary: Summary) -> dict[str, Any]:
    """A video's summary as plain JSON values. Frames are 1-based and inclusive, times are seconds."""
    return {
        "path": video.path,
        "frames": video.timeline.n_frames,
        "fps": float(video.timeline.rate),
        "duration": float(video.timeline.duration),
        "relevance": summary.relevance,
        "scores": [
            {"frame": int(frame), "time": float(time), "score": float(score), "importance": float(importance)}
            for frame, time, score, importance in zip(
                summary.frame_numbers, summary.times, summary.scores, summary.importance, strict=True
            )
        ],
        "shots": [
            {
                "first_frame": shot.first_frame,
                "last_frame": shot.last_frame,
                "start": shot.start,
                "end": shot.end,
                "importance": shot.importance,
            }
            for shot in summary.shots
        ],
        "segments": [
            {
                "first_frame": segment.first_frame,
                "last_frame": segment.last_frame,
                "start": segment.start,
                "end": segment.end,
                "importance": segment.importance,
                "rank": segment.rank,
                "label": segment.label,
                "peak_frame": segment.peak_frame,
            }
            for segment in summary.segments
        ],
        "notes": [*video.warnings, *summary.notes],
    }
