"""Does the question find its scene? Drawn videos with one planted answer each, through the whole pipeline.

    python benchmarks/planted.py [--videos 60] [--first-seed 9000] [--output results.json]

Each video has six scenes; the question is the sentence of one of them, which is true of no other, though some come
near (the same thing in another colour, the same colour on another thing). A video counts as answered when the summary's
first-ranked segment lies in the planted scene. The seeds from 9000 on were used for nothing else.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from reporting import keep

from fiftyone_clipit.drawn.videos import draw_video, random_scenes
from fiftyone_clipit.pipeline import Summarizer
from fiftyone_clipit.settings import Settings


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--videos", type=int, default=60)
    parser.add_argument("--first-seed", type=int, default=9000)
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    seeds = range(options.first_seed, options.first_seed + options.videos)
    with tempfile.TemporaryDirectory() as folder:
        result = measure(Path(folder), seeds)
    keep(result, options.output)


def measure(folder: Path, seeds: range) -> dict:
    """Draws, asks and counts."""
    summarizer = Summarizer(Settings(encoder="clipit-tiny"), device="cpu", cache=False)
    missed = []
    for seed in seeds:
        scenes, answer = random_scenes(seed, 6, seconds=(4, 8))
        path = folder / f"{seed}.mp4"
        planted = draw_video(path, scenes, rate=12, seed=seed)[answer]
        (outcome,) = summarizer.extract([str(path)])
        summary = summarizer.summarize(outcome.features, query=[planted.caption])
        best = min(summary.segments, key=lambda segment: segment.rank)
        inside = planted.first_frame <= best.peak_frame <= planted.last_frame
        if not inside:
            missed.append({"seed": seed, "query": planted.caption})
        path.unlink()
    return {"videos": len(seeds), "found first": 1 - len(missed) / len(seeds), "missed": missed}


if __name__ == "__main__":
    main()
