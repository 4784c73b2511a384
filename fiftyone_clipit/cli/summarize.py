"""`clipit summarize`: videos in, summary.json out, and films, pictures and timelines where asked for."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fiftyone_clipit.cli.options import add_computing, add_settings, find_videos, settings_of

if TYPE_CHECKING:
    from fiftyone_clipit.features.types import VideoFeatures
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
    add_computing(parser)
    parser.add_argument("--quiet", action="store_true", help="no progress, no table")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Summarizes the videos that the options name."""
    from tqdm import tqdm

    from fiftyone_clipit.cli import OK, SOME_FAILED
    from fiftyone_clipit.cli.files import make_folder, write_json
    from fiftyone_clipit.cli.table import print_table
    from fiftyone_clipit.pipeline import Summarizer
    from fiftyone_clipit.version import __version__

    settings = settings_of(options)
    videos = find_videos(options.videos)
    make_folder(options.output)
    summarizer = Summarizer(
        settings,
        device=options.device,
        batch_size=options.batch_size,
        num_workers=options.num_workers,
        cache_dir=options.cache_dir,
        cache=not options.no_cache,
    )
    summarizer.load()
    if summarizer.encoder.note and not options.quiet:
        print(f"note: {summarizer.encoder.note}", file=sys.stderr)
    done: list[dict[str, Any]] = []
    failures: list[dict[str, str]] = []
    with tqdm(total=len(videos), unit="video", disable=options.quiet, file=sys.stderr) as bar:
        for outcome in summarizer.extract(videos, on_progress=_shower(bar)):
            bar.update()
            if outcome.features is None:
                reason = outcome.error.reason if outcome.error else "unknown"
                failures.append({"path": outcome.path, "reason": reason})
                bar.write(f"failed: {outcome.path}: {reason}", file=sys.stderr)
            else:
                done.append(describe(outcome.features, summarizer.summarize(outcome.features)))
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
            }
            for segment in summary.segments
        ],
        "notes": [*video.warnings, *summary.notes],
    }


def _shower(bar):
    def show(path: str, share: float) -> None:
        bar.set_postfix_str(f"{Path(path).name} {share:.0%}", refresh=True)

    return show
