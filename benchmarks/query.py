"""How long a new question takes on features that are there: an hour of video, and a hundred.

    python benchmarks/query.py [--output results.json]

Scores, curve and selection; the features (512 wide, 2 samples a second, drawn) lie in a store on disk, as they do
after a first run. Reading them is measured apart: the panel keeps one video's in memory.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
from reporting import keep

from fiftyone_clipit.features.store import FeatureStore
from fiftyone_clipit.features.types import VideoFeatures
from fiftyone_clipit.media.timeline import Timeline
from fiftyone_clipit.media.video import VideoInfo
from fiftyone_clipit.pipeline import Summarizer
from fiftyone_clipit.settings import Settings

HOURS, RATE, SAMPLES_AN_HOUR = 100, 25, 7200


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        result = measure(Path(folder))
    keep(result, options.output)


def hour(seed: int, dim: int) -> VideoFeatures:
    """An hour of scenes of 2 to 40 seconds."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(4, 80, SAMPLES_AN_HOUR // 4)
    rows = np.repeat(1 + 0.5 * rng.normal(size=(len(sizes), dim)), sizes, axis=0)[:SAMPLES_AN_HOUR]
    rows += 0.3 * rng.normal(size=rows.shape)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    frames, rate = 3600 * RATE, Fraction(RATE)
    times = np.arange(SAMPLES_AN_HOUR) / 2
    return VideoFeatures(
        path=f"{seed}.mp4",
        features=rows.astype(np.float16),
        frame_numbers=np.ceil(times * RATE).astype(np.int64) + 1,
        times=times,
        timeline=Timeline(np.arange(frames), 1 / rate, Fraction(3600)),
        info=VideoInfo(f"{seed}.mp4", 640, 360, 0, "h264", rate, Fraction(3600), frames, True),
        key=f"hour-{seed}",
    )


def measure(folder: Path) -> dict[str, float]:
    summarizer = Summarizer(Settings(query="warm up", encoder="clipit-tiny"), device="cpu", cache_dir=folder)
    dim = summarizer.encoder.dim
    store = FeatureStore(folder)
    keys = []
    for seed in range(HOURS):
        video = hour(seed, dim)
        store.put(video.key, video)
        keys.append(video.key)
        if seed == 0:
            began = time.perf_counter()
            summarizer.summarize(video)  # finds the shots, which the store then keeps
            first = time.perf_counter() - began
        else:
            summarizer.summarize(video)

    one = replace(store.get(keys[0], "0.mp4"))
    seconds = []
    for word in ("a dog", "a boat at night", "two red stars", "someone waving", "snow"):
        began = time.perf_counter()
        summarizer.summarize(one, query=[word])
        seconds.append(time.perf_counter() - began)

    began = time.perf_counter()
    videos = [store.get(key, f"{index}.mp4") for index, key in enumerate(keys)]
    reading = time.perf_counter() - began
    began = time.perf_counter()
    for video in videos:
        summarizer.summarize(video, query=["a horse on a beach"])
    return {
        "feature width": dim,
        "first summary of an hour, shots included, ms": round(1000 * first, 1),
        "new question, one hour, ms (median of 5)": round(1000 * statistics.median(seconds), 1),
        "new question, 100 hours, s": round(time.perf_counter() - began, 2),
        "reading the features of 100 hours from disk, s": round(reading, 2),
    }


if __name__ == "__main__":
    main()
