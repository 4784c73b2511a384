"""Drawn videos of which one knows which frames matter, with labels of every kind that can say so."""

from __future__ import annotations

from pathlib import Path

import pytest

from fiftyone_clipit.drawn.videos import draw_video, scene

# What each video shows, 3 s each. What matters is the boat.
SHOWN = (
    ("boat", "house"),
    ("car", "boat", "star"),
    ("star", "boat"),
    ("house", "car", "boat"),
    ("boat", "car"),
    ("house", "boat", "star"),
)
SETTINGS = ("grass", "snow", "desert", "night")
TINY = {"encoder": "clipit-tiny", "device": "cpu"}
# Small enough to train in a second or two.
SMALL = {"width": 32, "heads": 2, "head_dim": 16, "feed_forward": 32, "text_heads": 2, "text_head_dim": 16}
QUICK = {"preset": "cosine", "network": SMALL, "learning_rate": 3e-3, "epochs": 4, "progress": False, **TINY}


@pytest.fixture(scope="session")
def boats(tmp_path_factory) -> list[tuple[Path, list[tuple[str, int, int]]]]:
    """Videos, each with what it shows from which frame to which."""
    folder = tmp_path_factory.mktemp("boats")
    drawn = []
    for v, things in enumerate(SHOWN):
        scenes = [scene(thing, "red", SETTINGS[(v + k) % 4], 3) for k, thing in enumerate(things)]
        path = folder / f"{v}.mp4"
        planted = draw_video(path, scenes, rate=4, size=(96, 72), seed=v)
        drawn.append((path, [(t, p.first_frame, p.last_frame) for t, p in zip(things, planted, strict=True)]))
    return drawn


@pytest.fixture
def labelled(make_dataset, boats):
    """A dataset of them: `events` are segments, `frames.importance` numbers, `question` and `story` words."""
    import fiftyone as fo

    dataset = make_dataset([path for path, _ in boats])
    ids = dataset.values("id")
    dataset.set_values(
        "events",
        [
            fo.TemporalDetections(
                detections=[fo.TemporalDetection(label=f"a {thing}", support=[a, b]) for thing, a, b in shown]
            )
            for _, shown in boats
        ],
    )
    dataset.add_frame_field("importance", fo.FloatField)
    marks = {
        sample_id: {n: float(thing == "boat") for thing, a, b in shown for n in range(a, b + 1)}
        for sample_id, (_, shown) in zip(ids, boats, strict=True)
    }
    dataset.set_values("frames.importance", marks, key_field="id")
    dataset.set_values("question", ["a boat"] * len(ids))
    dataset.set_values("story", [[f"a red {thing}" for thing, _, _ in shown] for _, shown in boats])
    return dataset
