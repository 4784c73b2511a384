"""Measuring a stored summary against labels of the dataset: numbers checked by hand, and what is refused."""

from __future__ import annotations

import fiftyone as fo
import numpy as np
import pytest
from fiftyone import ViewField as F

import fiftyone_clipit as clipit
from fiftyone_clipit.dataset.judged import _held
from fiftyone_clipit.errors import UsageError, VideoError
from fiftyone_clipit.evaluation import from_json
from fiftyone_clipit.features.decode import Decoding
from tests.labelled_fixtures import TINY

QUICK = {"seeds": 2, "progress": False, "device": "cpu"}


@pytest.fixture
def summarized(labelled):
    """Each video with the summary `boats`, a third of it long."""
    clipit.summarize(labelled, "boats", query="a boat", budget=0.34, **TINY)
    return labelled


def shown(sample, field: str) -> set[int]:
    """The frames of a video's segments."""
    return {n for label in sample[field].detections for n in range(label.support[0], label.support[1] + 1)}


def test_the_f_score_of_numbers_and_of_segments_is_the_one_by_hand(summarized):
    only_boats = summarized.filter_labels("events", F("label") == "a boat")
    by_segments = clipit.evaluate(only_boats, "boats", "events", **QUICK)
    by_numbers = clipit.evaluate(summarized, "boats", "importance", **QUICK)
    assert [row["path"] for row in by_numbers.videos] == summarized.values("filepath")
    for one, other, sample in zip(by_segments.videos, by_numbers.videos, only_boats, strict=True):
        ours, theirs = shown(sample, "boats"), shown(sample, "events")
        both = len(ours & theirs)
        assert one["f1"] == other["f1"] == pytest.approx(200 * both / (len(ours) + len(theirs)))
        assert one["precision"] == pytest.approx(100 * both / len(ours))
        assert one["recall"] == pytest.approx(100 * both / len(theirs))
    assert by_numbers.methods == ["summary boats", "random", "constant", "uniform"]
    # The encoder knows boats, so its summary must beat chance by far.
    assert by_numbers.mean()["f1"] > by_numbers.mean("random")["f1"] + 30
    assert by_numbers.mean("random")["f1"] > 10
    assert by_numbers.mean("constant")["rho_mean_over_users"] == 0
    assert 0 < by_numbers.mean("constant")["f1"] < by_numbers.mean()["f1"]
    assert by_numbers.mean()["rho_mean_over_users"] > 0.5
    assert by_numbers.mean()["f1"] == pytest.approx(np.mean([row["f1"] for row in by_numbers.videos]))


def test_a_summary_agrees_fully_with_itself(summarized):
    summarized.clone_sample_field("boats", "gold")
    summarized.clone_frame_field("boats", "grades")
    against_segments = clipit.evaluate(summarized, "boats", "gold", **QUICK).mean()
    assert (against_segments["f1"], against_segments["precision"], against_segments["recall"]) == (100, 100, 100)
    against_grades = clipit.evaluate(summarized, "boats", "grades", **QUICK).mean()
    assert against_grades["f1"] > 80
    assert against_grades["tau_mean_over_users"] == pytest.approx(1)
    assert against_grades["rho_with_mean_user"] == pytest.approx(1)


def test_people_are_held_against_each_other(summarized):
    summarized.set_values(
        "second",
        [fo.TemporalDetections(detections=[fo.TemporalDetection(label="x", support=[1, 12])]) for _ in range(6)],
    )
    both = clipit.evaluate(summarized, "boats", ["importance", "second"], reduction="max", **QUICK)
    single = [clipit.evaluate(summarized, "boats", name, **QUICK) for name in ("importance", "second")]
    for row, first, second in zip(both.videos, single[0].videos, single[1].videos, strict=True):
        assert row["f1"] == max(first["f1"], second["f1"])
        assert row["tau_mean_over_users"] == pytest.approx(
            (first["tau_mean_over_users"] + second["tau_mean_over_users"]) / 2
        )
    assert both.methods == ["summary boats", "random", "constant", "uniform", "human"]
    people = both.result.methods["human"]
    for sample in summarized:
        boat = set(range(1, 13)) & {n for n in range(1, 13) if sample.frames[n].importance == 1}
        total = 12 + sum(frame.importance == 1 for frame in sample.frames.values())
        assert people[sample.filepath]["f1"] == pytest.approx(200 * len(boat) / total)


def test_coverage_needs_features_in_the_cache_and_never_decodes(summarized, tmp_path, monkeypatch):
    monkeypatch.setattr(Decoding, "run", lambda self: pytest.fail("decoded"))
    found = clipit.evaluate(summarized, "boats", "importance", **QUICK)
    for method in ("summary boats", "random", "constant", "uniform"):
        assert 0 < found.mean(method)["coverage"] <= 1
        assert 0 < found.mean(method)["redundancy"] <= 1
    # Boats alone show less of a video than even clips do, and more of the same.
    assert found.mean()["coverage"] < found.mean("uniform")["coverage"]
    assert found.mean()["redundancy"] > found.mean("uniform")["redundancy"]
    assert "coverage" not in clipit.evaluate(summarized, "boats", "importance", features=False, **QUICK).mean()
    monkeypatch.setenv("CLIPIT_CACHE_DIR", str(tmp_path))
    assert "coverage" not in clipit.evaluate(summarized, "boats", "importance", **QUICK).mean()


def test_an_encoder_that_cannot_be_loaded_costs_the_coverage_only(summarized, monkeypatch):
    from fiftyone_clipit.dataset import cached
    from fiftyone_clipit.errors import EncoderError

    def fail(name, **_):
        raise EncoderError(f"encoder {name!r} cannot be loaded")

    monkeypatch.setattr(cached, "load_encoder", fail)
    found = clipit.evaluate(summarized, "boats", "importance", **QUICK)
    assert "coverage" not in found.mean()
    assert found.notes == ["no coverage and redundancy: encoder 'clipit-tiny' cannot be loaded"]
    assert found.notes[0] in str(found)


def test_what_cannot_be_measured_is_reported(labelled):
    clipit.summarize(labelled.limit(5), "boats", query="a boat", **TINY)
    labelled.limit(1).clear_frame_field("importance")
    found = clipit.evaluate(labelled, "boats", "importance", **QUICK)
    first, last = labelled.first(), labelled.last()
    assert found.failures == [
        {"id": first.id, "path": first.filepath, "reason": "field 'importance' has no labels for it"},
        {"id": last.id, "path": last.filepath, "reason": "it has no summary 'boats'"},
    ]
    assert len(found.videos) == found.result.protocol["videos"] == 4
    with pytest.raises(VideoError, match="no labels for it"):
        clipit.evaluate(labelled, "boats", "importance", skip_failures=False, **QUICK)
    with pytest.raises(UsageError, match=r"none of the 1 videos can be measured: .*it has no summary 'boats'"):
        clipit.evaluate(labelled.skip(5), "boats", "importance", **QUICK)


def test_results_are_stored_and_written_where_asked_for(summarized, tmp_path):
    view = summarized.limit(3)
    found = clipit.evaluate(view, "boats", "importance", field="boats_f_score", folder=tmp_path, **QUICK)
    assert summarized.values("boats_f_score") == [row["f1"] for row in found.videos] + [None] * 3
    assert "against importance" in summarized.get_field("boats_f_score").description
    clipit.evaluate(summarized, "boats", "importance", field="boats_f_score", **QUICK)
    assert None not in summarized.values("boats_f_score")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["boats.json", "boats.md", "boats.png"]
    assert from_json((tmp_path / "boats.json").read_text()).mean("random") == found.mean("random")
    assert "| summary boats |" in (tmp_path / "boats.md").read_text()
    assert "coverage" in str(found)


def test_a_folder_that_is_a_file_is_refused_before_anything_is_measured(summarized, tmp_path, monkeypatch):
    monkeypatch.setattr("fiftyone_clipit.dataset.measuring.Measuring.run", lambda *_, **__: pytest.fail("measured"))
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="file: it is a file; choose a folder"):
        clipit.evaluate(summarized, "boats", "importance", folder=tmp_path / "file", **QUICK)


def test_a_stored_score_goes_when_the_segments_that_it_measured_do(summarized):
    def measure(samples, truth="importance", **options):
        clipit.evaluate(samples, "boats", truth, field="score", **QUICK, **options)

    def scored():
        return [value is not None for value in summarized.values("score")]

    first = summarized.first().id
    measure(summarized)
    clipit.resize(summarized.limit(2), "boats", 0.6)
    assert scored() == [False] * 2 + [True] * 4
    measure(summarized.limit(2))
    for decide in (clipit.pin, clipit.drop):
        decide(summarized, "boats", first, 0)
        assert scored() == [False] + [True] * 5
        measure(summarized.limit(1))
    assert scored() == [True] * 6
    # What was measured against something else does not stand beside it.
    measure(summarized.limit(1), "events")
    assert scored() == [True] + [False] * 5
    # Nor does a score of labels that are gone.
    summarized.limit(1).set_field("events", None).save("events")
    measure(summarized.limit(2), "events")
    assert scored() == [False, True] + [False] * 4
    clipit.summarize(summarized, "boats", query="a car", overwrite=True, **TINY)
    assert scored() == [False] * 6
    measure(summarized)
    clipit.rename_summary(summarized, "boats", "ships")
    assert "'ships'" in summarized.get_field("score").description
    clipit.resize(summarized, "ships", 0.1)
    assert scored() == [False] * 6
    clipit.delete_summary(summarized, "ships")
    assert not summarized.has_field("score")


def test_one_budget_for_all_changes_the_scores_of_all(labelled):
    clipit.summarize(labelled, "few", query="a boat", scope="dataset", budget="9s", **TINY)
    clipit.evaluate(labelled, "few", "importance", field="score", **QUICK)
    assert None not in labelled.values("score")
    clipit.drop(labelled, "few", labelled.first().id, 0)
    assert set(labelled.values("score")) == {None}


def test_one_budget_for_all_may_show_nothing_of_a_video(labelled):
    clipit.summarize(labelled, "few", query="a boat", scope="dataset", budget="3s", **TINY)
    found = clipit.evaluate(labelled, "few", "importance", **QUICK)
    empty = [not labels.detections for labels in labelled.values("few")]
    assert any(empty)
    assert {row["f1"] for row, nothing in zip(found.videos, empty, strict=True) if nothing} == {0}
    assert found.failures == []


def test_marks_hold_until_the_next():
    marks = np.array([np.nan, 0.5, np.nan, np.nan, 1.0, np.nan])
    assert _held(marks).tolist() == [0.5, 0.5, 0.5, 0.5, 1.0, 1.0]


@pytest.mark.parametrize(
    ("key", "truth", "options", "message"),
    [
        ("cats", "importance", {}, "has no summary 'cats'; its summaries: 'boats'"),
        ("boats", "nothing", {}, "has no field 'nothing'; fields that can serve: events, frames.importance"),
        ("boats", "question", {}, "field 'question' is a StringField; expected a number for each frame"),
        ("boats", [], {}, "name at least one field"),
        ("boats", ["events", "events"], {}, "names a field twice"),
        ("boats", "boats", {}, "'boats' belongs to the summary 'boats' that is to be measured"),
        ("boats", "frames.boats", {}, "'frames.boats' belongs to the summary"),
        ("boats", "events", {"reduction": "median"}, '"mean" or "max", not \'median\''),
        ("boats", "events", {"seeds": 0}, "seeds must be a whole number from 1 on, not 0"),
        ("boats", "events", {"field": "question"}, "field 'question' has something else than F-scores"),
        ("boats", "events", {"field": "rating"}, "field 'rating' has something else than F-scores"),
        ("boats", "events", {"field": "boats_relevance"}, "field 'boats_relevance' has something else"),
        ("boats", "events", {"field": "two words"}, "use letters, digits and underscores"),
    ],
)
def test_what_cannot_work_is_refused(summarized, key, truth, options, message):
    summarized.add_sample_field("rating", fo.FloatField)
    with pytest.raises(UsageError, match=message):
        clipit.evaluate(summarized, key, truth, **{**QUICK, **options})
