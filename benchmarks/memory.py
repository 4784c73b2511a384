"""Peak memory must not grow with a video's length: 10 minutes against 10 hours.

    python benchmarks/memory.py [--hours 10] [--output results.json]

Each length is encoded in a process of its own, from a small drawn video (64x48, 12 frames a second; the size of the
pictures does not depend on the length) to its summary, with clipit-tiny.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import tempfile
from pathlib import Path

import numpy as np
from reporting import keep

RATE = 12


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hours", type=float, default=10)
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    lengths = {"10 minutes": 600, f"{options.hours:g} hours": int(3600 * options.hours)}
    result: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, seconds in lengths.items():
            path = draw(Path(folder) / f"{seconds}.mp4", seconds)
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                result[f"peak MB, {name}"] = round(pool.apply(peak, (path,)))
    short, long = result.values()
    result["ratio"] = round(long / short, 3)
    keep(result, options.output)


def draw(path: Path, seconds: int) -> str:
    from fiftyone_clipit.media.writer import VideoWriter

    rng = np.random.default_rng(0)
    with VideoWriter(path, rate=RATE, preset="ultrafast") as writer:
        for _ in range(seconds // 10):
            picture = rng.integers(0, 256, (6, 8, 3), np.uint8).repeat(8, 0).repeat(8, 1)
            for frame in range(10 * RATE):
                writer.write(np.roll(picture, frame, axis=1))
    return str(path)


def peak(path: str) -> float:
    """The most memory that a process took which summarized one video, in MB."""
    from fiftyone_clipit.pipeline import Summarizer
    from fiftyone_clipit.settings import Settings

    summarizer = Summarizer(Settings(query="a red star", encoder="clipit-tiny"), device="cpu", cache=False)
    for outcome in summarizer.extract([path]):
        summarizer.summarize(outcome.features)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
