"""How fast importance gets into FiftyOne: through summarize, through apply_model, and FiftyOne's own way.

    python benchmarks/writing.py [--output results.json]

Features are drawn and at hand, so that no video is decoded or encoded: what is measured is scores, shots, selection
and the database, a mongod of the benchmark's own.
"""

from __future__ import annotations

import argparse
import atexit
import os
import shutil
import tempfile
import time
from fractions import Fraction
from pathlib import Path

import numpy as np
from reporting import keep

from fiftyone_clipit.dataset.own_database import start_database

VIDEOS, FRAMES, RATE, EVERY, DIM = 50, 6000, 30, 15, 64
OWN_WAY_FRAMES = 3000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="clipit-writing-"))
    os.environ.update(
        FIFTYONE_CONFIG_PATH=str(folder / "config.json"),
        FIFTYONE_DO_NOT_TRACK="true",
        FIFTYONE_SHOW_PROGRESS_BARS="false",
        CLIPIT_CACHE_DIR=str(folder / "features"),
    )
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    start_database(folder / "database")
    result = measure()
    keep(result, options.output)


def drawn(path: str):
    """The features of a video of 200 s whose scenes last 5 s on average."""
    from fiftyone_clipit.features.types import VideoFeatures
    from fiftyone_clipit.media.timeline import Timeline
    from fiftyone_clipit.media.video import VideoInfo

    rng = np.random.default_rng(int(Path(path).stem))
    samples = FRAMES // EVERY
    rows = np.repeat(rng.normal(size=(samples // 10, DIM)), 10, axis=0) + 0.3 * rng.normal(size=(samples, DIM))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    rate, length = Fraction(RATE), Fraction(FRAMES, RATE)
    return VideoFeatures(
        path=path,
        features=rows.astype(np.float16),
        frame_numbers=np.arange(samples) * EVERY + 1,
        times=np.arange(samples) / 2,
        timeline=Timeline(np.arange(FRAMES), 1 / rate, length),
        info=VideoInfo(path, 640, 360, 0, "h264", rate, length, FRAMES, False),
    )


def measure() -> dict[str, float]:
    import fiftyone as fo

    from fiftyone_clipit.dataset import fields
    from fiftyone_clipit.dataset.model import ClipItModel
    from fiftyone_clipit.dataset.writing import SummaryWriter
    from fiftyone_clipit.features.types import Extracted
    from fiftyone_clipit.pipeline import Summarizer

    class Cached(Summarizer):
        """Has the features of every video at hand."""

        def extract(self, paths, on_progress=None):
            for path in paths:
                yield Extracted(path, drawn(path))

    class Model(ClipItModel):
        """The model on features at hand."""

        def __init__(self) -> None:
            super().__init__(encoder="clipit-tiny")
            self._summarizer = Cached(self._settings, device="cpu", cache=False)

    def dataset() -> fo.Dataset:
        made = fo.Dataset()
        made.add_samples([fo.Sample(filepath=f"/drawn/{number}.mp4") for number in range(VIDEOS)])
        return made

    n_frames = VIDEOS * FRAMES
    one = dataset()
    model = Model()
    one.limit(1).apply_model(model, label_field="warm_up")
    summaries = {
        i: model._summarizer.summarize(drawn(path)) for i, path in zip(*one.values(["id", "filepath"]), strict=True)
    }
    result = {"frames": n_frames}
    for name in ("new", "existing"):
        key = f"written_{name}"
        fields.declare(one, key)
        if name == "new":
            one.delete_frames(one.values("frames.id", unwind=True))
        began = time.perf_counter()
        writer = SummaryWriter(one, key, budget=0.15)
        for sample_id, summary in summaries.items():
            writer.add(sample_id, summary)
        writer.flush()
        result[f"summarize, {name} frames, frames/s"] = round(n_frames / (time.perf_counter() - began))
        assert one.count(f"frames.{key}") == n_frames

    two = dataset()
    for name in ("new", "existing"):
        began = time.perf_counter()
        two.apply_model(model, label_field=f"applied_{name}")
        result[f"apply_model, {name} frames, frames/s"] = round(n_frames / (time.perf_counter() - began))
        assert two.count(f"frames.applied_{name}") == n_frames

    three = dataset().limit(1)
    sample = three.first()
    values = {number: {"own": 0.5} for number in range(1, OWN_WAY_FRAMES + 1)}
    began = time.perf_counter()
    sample.add_labels(values, label_field="way")
    sample.save()
    result["FiftyOne's own way for models, new frames, frames/s"] = round(
        OWN_WAY_FRAMES / (time.perf_counter() - began)
    )
    return result


if __name__ == "__main__":
    main()
