"""Summarizes three drawn videos in general and for two questions, or your own video for yours: `make demo`."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from fiftyone_clipit.cli.summarize import describe
from fiftyone_clipit.cli.table import print_table
from fiftyone_clipit.drawn.videos import Scene, draw_video, scene
from fiftyone_clipit.encoders.names import DEFAULT, TINY
from fiftyone_clipit.errors import ClipItError
from fiftyone_clipit.export import ExportItem, export_items
from fiftyone_clipit.features.types import VideoFeatures
from fiftyone_clipit.pipeline import Summarizer
from fiftyone_clipit.settings import Settings

OUTPUT = Path(__file__).resolve().parents[1] / "demo_output"
SIZE, RATE = (480, 270), 12
QUESTIONS = ("a red star", "a boat on the water")
FORMATS = ("reel", "contact-sheet", "plot")

VIDEOS: dict[str, list[Scene]] = {
    "winter": [
        scene("tree", "green", "snow", 9),
        scene("house", "yellow", "night", 10, size=0.5),
        scene("star", "red", "snow", 7),
        scene("car", "blue", "city", 11),
        scene("cup", "white", "room", 9),
        scene("moon", "yellow", "night", 8),
        scene("heart", "pink", "brick", 6),
    ],
    "seaside": [
        scene("umbrella", "orange", "desert", 10),
        scene("boat", "blue", "water", 9, count=2),
        scene("fish", "orange", "water", 8, count=3),
        scene("ball", "red", "grass", 10),
        scene("star", "red", "night", 6),
        scene("house", "white", "grass", 9, size=0.5),
        scene("flower", "purple", "grass", 8, count=3),
    ],
    "journey": [
        scene("car", "red", "city", 10),
        scene("tree", "green", "forest", 9, count=2),
        scene("boat", "white", "water", 8),
        scene("cup", "black", "room", 9),
        scene("arrow", "green", "brick", 8),
        scene("moon", "white", "space", 9),
        scene("flower", "yellow", "grass", 7, count=3),
    ],
}


def main() -> int:
    """Runs the demo; the exit status is 0 when every video could be summarized."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--video", help="a video of your own")
    parser.add_argument("--query", help="your question about it")
    parser.add_argument("--encoder", help=f"a CLIP model (default: {TINY} for the drawn videos, {DEFAULT} for yours)")
    options = parser.parse_args()
    began = time.monotonic()
    try:
        if options.video:
            questions = [options.query] if options.query else [None]
            failed = show([options.video], questions, options.encoder or DEFAULT)
        else:
            questions = [None, options.query] if options.query else [None, *QUESTIONS]
            failed = show(drawn_videos(), questions, options.encoder or TINY)
    except ClipItError as error:
        print(f"demo: {error}", file=sys.stderr)
        return 2
    print(f"\nDone in {time.monotonic() - began:.0f} s. Films, contact sheets and plots: {OUTPUT}")
    if not options.video:
        print("Open them in the FiftyOne App with: make app")
    return 1 if failed else 0


def drawn_videos() -> list[str]:
    """The three videos, drawn once."""
    folder = OUTPUT / "videos"
    folder.mkdir(parents=True, exist_ok=True)
    for number, (name, scenes) in enumerate(VIDEOS.items()):
        path = folder / f"{name}.mp4"
        if not path.exists():
            print(f"Drawing {path.name}: {', '.join(one.caption for one in scenes)}")
            draw_video(path, scenes, rate=RATE, size=SIZE, seed=number)
    return [str(folder / f"{name}.mp4") for name in VIDEOS]


def show(paths: list[str], questions: list[str | None], encoder: str) -> int:
    """Summarizes videos for each question, prints a table each and exports them; gives the number of failures."""
    summarizer = Summarizer(Settings(encoder=encoder))
    summarizer.load()
    if summarizer.encoder.note:
        print(f"Note: {summarizer.encoder.note}.")
    outcomes = list(summarizer.extract(paths))
    for outcome in outcomes:
        if outcome.error:
            print(f"failed: {outcome.error}", file=sys.stderr)
    videos = [outcome.features for outcome in outcomes if outcome.features]
    failed = len(outcomes) - len(videos)
    for question in questions:
        print(f"\n{f'For “{question}”' if question else 'In general'}")
        failed += summarize(summarizer, videos, question)
    return failed


def summarize(summarizer: Summarizer, videos: list[VideoFeatures], question: str | None) -> int:
    """One question about all videos."""
    asked = [question] if question else []
    summaries = [summarizer.summarize(video, query=asked) for video in videos]
    print_table([describe(video, summary) for video, summary in zip(videos, summaries, strict=True)])
    items = [
        ExportItem(
            source=video.path,
            segments=summary.segments,
            title=question or "summary",
            timeline=video.timeline,
            frame_numbers=summary.frame_numbers,
            importance=summary.importance,
            shots=summary.shots,
        )
        for video, summary in zip(videos, summaries, strict=True)
    ]
    folder = OUTPUT / (question or "in general").replace(" ", "_").replace("/", "_")
    report = export_items(items, folder, FORMATS, overwrite=True)
    for failure in report.failures:
        print(f"failed: {failure}", file=sys.stderr)
    return len(report.failures)


if __name__ == "__main__":
    sys.exit(main())
