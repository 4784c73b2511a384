"""Words that decide, on drawn videos of which one knows what they show, with the encoder that knows drawn pictures."""

from __future__ import annotations

import shutil
from pathlib import Path

import fiftyone as fo
import pytest

import fiftyone_clipit as clipit
from fiftyone_clipit.drawn.videos import Planted, draw_video, scene
from tests.fiftyone_fixtures import plain

STAR, BOAT, CAR = "a red star on the snow", "a blue boat on the water", "a purple car in the desert"
SHORT = {"rate": 4, "size": (128, 96)}
OPTIONS = {"encoder": "clipit-tiny", "device": "cpu"}
# Which of the fifty videos show a red star for 3 s, where, and after how many other scenes.
PLANTED = {4: ("snow", 1), 21: ("night", 0), 37: ("brick", 2)}


@pytest.fixture(scope="module")
def four(tmp_path_factory) -> tuple[Path, list[Planted]]:
    """A video of four scenes of 6 s."""
    path = tmp_path_factory.mktemp("drawn") / "four.mp4"
    scenes = [
        scene("star", "red", "snow", 6),
        scene("boat", "blue", "water", 6),
        scene("house", "green", "grass", 6),
        scene("car", "purple", "desert", 6),
    ]
    return path, draw_video(path, scenes, **SHORT)


@pytest.fixture
def one(make_dataset, four):
    return make_dataset([four[0]])


@pytest.fixture(scope="module")
def fifty(tmp_path_factory) -> list[Path]:
    """Fifty videos of 6 s or more; three of them show a red star, and the last is a copy of one of these."""
    folder = tmp_path_factory.mktemp("fifty")
    things = [("boat", "blue", "water"), ("house", "green", "grass"), ("car", "purple", "desert")]
    paths = []
    for v in range(49):
        scenes = [scene(*things[(v + k) % 3], 3) for k in range(2)]
        if v in PLANTED:
            setting, place = PLANTED[v]
            scenes.insert(place, scene("star", "red", setting, 3))
        paths.append(folder / f"{v:02d}.mp4")
        draw_video(paths[-1], scenes, rate=2, size=(96, 72), seed=v)
    return [*paths, Path(shutil.copy(paths[21], folder / "copy of 21.mp4"))]


def scenes_shown(dataset, key, planted) -> list[set[int]]:
    """For each video, which of the planted scenes its segments show, by more than two frames."""
    found = []
    for labels in dataset.values(key):
        supports = [label.support for label in labels.detections]
        found.append(
            {
                k
                for k, one in enumerate(planted)
                if any(min(last, one.last_frame) - max(first, one.first_frame) > 1 for first, last in supports)
            }
        )
    return found


def test_two_questions_find_both_scenes_and_name_them(one, four):
    clipit.summarize(one, "both", query=[CAR, STAR], budget=0.4, **OPTIONS)
    assert scenes_shown(one, "both", four[1]) == [{0, 3}]
    labels = {label.label: label.support[0] for label in one.first().both.detections}
    assert set(labels) == {CAR, STAR}
    assert labels[STAR] < labels[CAR]


@pytest.mark.parametrize(("caption", "described"), [(BOAT, 1), (CAR, 3)])
def test_captions_guide_the_generic_summary_toward_what_they_describe(one, four, caption, described):
    labels = fo.TemporalDetections(detections=[fo.TemporalDetection(label=caption, support=[1, 96])])
    one.set_values("story", [labels])
    clipit.summarize(one, "guided", captions="story", budget=0.2, **OPTIONS)
    assert scenes_shown(one, "guided", four[1]) == [{described}]
    assert {label.label for label in one.first().guided.detections} == {"summary"}


def test_what_is_excluded_is_gone(one, four):
    clipit.summarize(one, "plain", budget=0.5, **OPTIONS)
    wanted = scenes_shown(one, "plain", four[1])[0]
    names = [planted.caption for planted in four[1]]
    clipit.summarize(one, "less", exclude=[names[k] for k in wanted], budget=0.4, **OPTIONS)
    assert scenes_shown(one, "less", four[1])[0].isdisjoint(wanted)


def test_each_video_is_asked_its_own_question(make_dataset, four, tmp_path):
    path, planted = four
    dataset = make_dataset([path, shutil.copy(path, tmp_path / "again.mp4")])
    dataset.set_values("question", [BOAT, STAR])
    clipit.summarize(dataset, "asked", query_field="question", budget=0.2, **OPTIONS)
    assert scenes_shown(dataset, "asked", planted) == [{1}, {0}]


def test_the_planted_seconds_among_fifty_videos_are_found_and_the_copy_dropped(make_dataset, fifty):
    dataset = make_dataset(fifty)
    for key in ("best", "again"):
        run = clipit.summarize(
            dataset, key, query="a red star", scope="dataset", budget="9s", min_length=0.5, **OPTIONS
        )
        assert run.failures == []
    shown = {v: labels.detections for v, labels in enumerate(dataset.values("best")) if labels.detections}
    assert set(shown) == set(PLANTED)
    for v, (segment,) in shown.items():
        start = 3 * PLANTED[v][1]
        assert start - 0.51 <= segment.start < segment.end <= start + 3.51
    for first, second in zip(dataset.values("best"), dataset.values("again"), strict=True):
        assert plain(first) == plain(second)
    order = dataset.sort_by("best_relevance", reverse=True).values("filepath")
    assert {fifty.index(Path(path)) for path in order[:4]} == {*PLANTED, 49}
