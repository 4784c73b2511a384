"""How long training takes: 20 epochs on 200 videos of 300 samples, on the processor's cores or a GPU.

    python benchmarks/training_speed.py [--preset cosine paper] [--device cpu] [--threads 2] [--output results.json]

The features are random: speed does not depend on what they mean. Every video has four sentences. Networks have the
presets' full size (for features 512 wide); training is supervised with everything at its default.
"""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from reporting import keep

from fiftyone_clipit.scoring import ClipItConfig
from fiftyone_clipit.training import TrainingConfig, VideoExample, fit

DIM, VIDEOS, SAMPLES, SENTENCES = 512, 200, 300, 4


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--preset", nargs="+", default=["cosine", "paper"])
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--mixed-precision", action="store_true")
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    examples = random_videos()
    result: dict = {
        "videos": VIDEOS,
        "samples": SAMPLES,
        "dim": DIM,
        "epochs": options.epochs,
        "device": options.device,
        "threads": options.threads,
        "mixed precision": options.mixed_precision,
        "processor": platform.processor() or platform.machine(),
        "presets": {},
    }
    for preset in options.preset:
        result["presets"][preset] = measure(examples, preset, options)
        print(preset, result["presets"][preset], flush=True)
    keep(result, options.output)


def measure(examples: list[VideoExample], preset: str, options: argparse.Namespace) -> dict:
    """Trains and measures wall time, and processor time, which other programs do not slow down as much."""
    config = TrainingConfig(epochs=options.epochs, mixed_precision=options.mixed_precision)
    began, used = time.perf_counter(), time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        fit(
            examples,
            output=folder,
            network=ClipItConfig(preset=preset, dim=DIM),
            config=config,
            device=options.device,
        )
    return {
        "minutes": round((time.perf_counter() - began) / 60, 2),
        "processor minutes": round((time.process_time() - used) / 60, 2),
        "load of the machine": round(os.getloadavg()[1], 1),
    }


def random_videos() -> list[VideoExample]:
    """Videos of random unit vectors with random importance."""
    generator = np.random.default_rng(0)

    def unit(count: int) -> np.ndarray:
        values = generator.normal(size=(count, DIM)).astype(np.float32)
        return values / np.linalg.norm(values, axis=1, keepdims=True)

    return [
        VideoExample(f"video {index}", unit(SAMPLES), generator.random(SAMPLES), unit(SENTENCES))
        for index in range(VIDEOS)
    ]


if __name__ == "__main__":
    main()
