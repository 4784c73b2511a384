"""Small videos with known scenes, and datasets of them in a real database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from fiftyone_clipit.media.writer import VideoWriter
from tests.small_clip import write_small_clip

RATE = 12
SCENES = {
    "red then noise": ("red", "noise", "blue"),
    "noise first": ("noise", "green", "red"),
    "two colours": ("green", "blue", "green"),
}
COLOURS = {"red": (200, 30, 30), "green": (30, 180, 40), "blue": (30, 40, 200)}


def write_video(path: Path, scenes: tuple[str, ...], *, frames: int = 24, rate: int = RATE) -> Path:
    """A video of scenes of `frames` frames each: still colours, or noise that changes."""
    generator = np.random.default_rng(len(path.name))
    with VideoWriter(path, rate=rate) as writer:
        for scene in scenes:
            for _ in range(frames):
                blocks = generator.integers(0, 256, (6, 8, 3), np.uint8)
                small = blocks if scene == "noise" else np.full((6, 8, 3), COLOURS[scene], np.uint8)
                writer.write(np.kron(small, np.ones((16, 16, 1), np.uint8)))
    return path


def plain(labels) -> list[dict]:
    """Labels without what differs between two equal results: their ids."""
    return [{k: v for k, v in label.to_dict().items() if k != "_id"} for label in labels.detections]


@pytest.fixture(scope="session")
def encoder(tmp_path_factory) -> str:
    """A small CLIP model with random weights, by the name to load it."""
    return write_small_clip(tmp_path_factory.mktemp("clip") / "model")


@pytest.fixture(scope="session")
def videos(tmp_path_factory) -> list[Path]:
    """Three videos of 6 s."""
    folder = tmp_path_factory.mktemp("videos")
    return [write_video(folder / f"{name}.mp4", scenes) for name, scenes in SCENES.items()]


@pytest.fixture
def make_dataset() -> Iterator[Callable]:
    """Makes datasets of video files; they are deleted afterwards."""
    import fiftyone as fo

    made = []

    def make(paths):
        dataset = fo.Dataset()
        dataset.add_samples([fo.Sample(filepath=str(path)) for path in paths])
        made.append(dataset)
        return dataset

    yield make
    for dataset in made:
        dataset.delete()


@pytest.fixture
def dataset(make_dataset, videos):
    """A dataset of the three videos."""
    return make_dataset(videos)
