"""One budget for all videos of a dataset: the best of them, copies once; resumed, resized and pinned as a whole."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

import fiftyone_clipit as clipit
from fiftyone_clipit.errors import UsageError
from tests.fiftyone_fixtures import plain


@pytest.fixture
def options(encoder) -> dict:
    return {"encoder": encoder, "scope": "dataset", "min_length": 0.0}


@pytest.fixture
def copied(make_dataset, videos, tmp_path):
    """The three videos and a copy of the first."""
    shutil.copy(videos[0], tmp_path / "copy.mp4")
    return make_dataset([*videos, tmp_path / "copy.mp4"])


def seconds(dataset, key) -> list[float]:
    return [sum(s.end - s.start for s in labels.detections) for labels in dataset.values(key)]


def shown(dataset, key) -> list[list]:
    return [[label.support for label in labels.detections] for labels in dataset.values(key)]


def test_one_budget_goes_to_the_best_shots_of_all_videos(dataset, options):
    run = clipit.summarize(dataset, "best", budget="4s", **options)
    assert sum(seconds(dataset, "best")) == pytest.approx(4, abs=0.1)
    assert run.results["totals"]["summary_seconds"] == pytest.approx(4, abs=0.1)
    assert run.config["scope"] == "dataset"
    shots = [shot for labels in dataset.values("best_shots") for shot in labels.detections]
    best = max(shots, key=lambda shot: shot.score)
    assert any(best.support[0] <= first <= best.support[1] for video in shown(dataset, "best") for first, _ in video)
    assert None not in dataset.values("best_relevance")


def test_a_copy_is_shown_once_unless_wanted(copied, options):
    clipit.summarize(copied, "once", budget=1.0, **options)
    first, *_, copy = seconds(copied, "once")
    assert first > 0
    assert copy == 0
    clipit.summarize(copied, "all", budget=1.0, deduplicate=False, **options)
    assert seconds(copied, "all") == pytest.approx([6] * 4, abs=0.1)


def test_new_videos_share_the_budget_with_those_that_were_there(dataset, options):
    clipit.summarize(dataset.limit(1), "best", budget="4s", **options)
    assert seconds(dataset.limit(1), "best") == pytest.approx([4], abs=0.1)
    clipit.summarize(dataset, "best", budget="4s", **options)
    clipit.summarize(dataset, "at_once", budget="4s", **options)
    assert shown(dataset, "best") == shown(dataset, "at_once")


def test_a_run_that_stopped_before_the_choice_makes_it_when_it_goes_on(dataset, options, monkeypatch):
    from fiftyone_clipit.dataset import job

    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(job, "choose_across", stop)
    with pytest.raises(KeyboardInterrupt):
        clipit.summarize(dataset, "best", budget="4s", **options)
    monkeypatch.undo()
    assert sum(seconds(dataset, "best")) == 0
    run = clipit.summarize(dataset, "best", budget="4s", **options)
    assert run.results["last"]["skipped"] == 3
    assert sum(seconds(dataset, "best")) == pytest.approx(4, abs=0.1)


def test_the_same_input_gives_the_same_output(dataset, options):
    for key in ("one", "two"):
        clipit.summarize(dataset, key, budget="5s", **options)
    for one, two in zip(dataset.values("one"), dataset.values("two"), strict=True):
        assert plain(one) == plain(two)


def test_another_budget_is_for_all_of_them_too(copied, options):
    clipit.summarize(copied, "best", budget="4s", **options)
    run = clipit.resize(copied, "best", "6s")
    assert sum(seconds(copied, "best")) == pytest.approx(6, abs=0.1)
    assert run.config["budget"] == "6s"
    clipit.summarize(copied, "fresh", budget="6s", **options)
    assert shown(copied, "best") == shown(copied, "fresh")
    with pytest.raises(UsageError, match="3 of them are not in this view"):
        clipit.resize(copied.limit(1), "best", "3s")


def test_what_a_person_pins_takes_from_the_others(dataset, options):
    clipit.summarize(dataset, "best", budget="4s", **options)
    before = seconds(dataset, "best")
    poorest = int(np.argmin(before))
    sample = dataset.skip(poorest).first()
    segments = clipit.pin(dataset, "best", sample.id, 0)
    shot = sample.best_shots.detections[0]
    assert segments[0].first_frame == shot.support[0]
    dataset.reload()
    assert seconds(dataset, "best")[poorest] > before[poorest]
    assert sum(seconds(dataset, "best")) == pytest.approx(4, abs=0.1)


def test_tags_outlive_another_budget_for_all(dataset, options):
    clipit.summarize(dataset, "best", budget="4s", **options)
    for sample in dataset.iter_samples(autosave=True):
        for label in sample.best.detections:
            label.tags = ["good"]
    before = {(sample.id, *label.support): label.id for sample in dataset for label in sample.best.detections}
    clipit.resize(dataset, "best", "5s")
    after = {(sample.id, *label.support): label for sample in dataset for label in sample.best.detections}
    same = before.keys() & after.keys()
    assert same
    assert all((after[place].id, after[place].tags) == (before[place], ["good"]) for place in same)


def test_apply_model_cannot_share_a_budget():
    with pytest.raises(UsageError, match="one video after the other"):
        clipit.ClipItModel(scope="dataset")
