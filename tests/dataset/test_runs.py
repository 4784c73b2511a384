"""Listing, renaming and deleting summaries: all fields go along, nothing stays behind."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import fiftyone as fo
import pytest

import fiftyone_clipit as clipit
from fiftyone_clipit.dataset import runs
from fiftyone_clipit.dataset.processes import this_process
from fiftyone_clipit.errors import UsageError


def state(dataset) -> tuple:
    """All that a summary may leave in a dataset."""
    return (
        dataset.get_field_schema(flat=True).keys(),
        dataset.get_frame_field_schema(flat=True).keys(),
        dataset.list_runs(),
        dataset.app_config.active_fields,
    )


@pytest.fixture
def summarized(dataset, encoder):
    clipit.summarize(dataset, "dogs", query="a dog", encoder=encoder)
    return dataset


def test_delete_leaves_nothing_behind(dataset, encoder):
    clipit.summarize(dataset, "first", encoder=encoder)
    before = state(dataset)
    clipit.summarize(dataset, "dogs", query="a dog", encoder=encoder)
    clipit.delete_summary(dataset, "dogs")
    assert state(dataset) == before
    document = dataset._sample_collection.find_one()
    assert not [name for name in document if "dogs" in name]
    assert not [name for name in dataset._frame_collection.find_one() if "dogs" in name]
    clipit.delete_summary(dataset, "first")
    assert dataset.app_config.active_fields is None


def test_fiftyones_own_delete_and_rename_take_the_fields_along(summarized):
    summarized.rename_run("dogs", "hounds")
    assert {"hounds", "hounds_shots", "hounds_relevance"} <= summarized.get_field_schema().keys()
    assert "hounds" in summarized.get_frame_field_schema()
    assert clipit.list_summaries(summarized)[0].key == "hounds"
    summarized.delete_run("hounds")
    assert not [name for name in summarized.get_field_schema() if "hounds" in name]
    assert "hounds" not in summarized.get_frame_field_schema()


def elsewhere(dataset, code: str) -> None:
    """Does something to a dataset in another process."""
    code = f"import sys, fiftyone as fo, fiftyone_clipit as clipit; dataset = fo.load_dataset(sys.argv[1]); {code}"
    subprocess.run([sys.executable, "-c", code, dataset.name], check=True)


@pytest.mark.parametrize("moment", ["load_summary", "require"])
def test_a_summary_that_another_process_deletes_while_they_are_listed_is_left_out(
    summarized, encoder, monkeypatch, moment
):
    clipit.summarize(summarized.limit(1), "cats", query="a cat", encoder=encoder)
    step, left = getattr(runs, moment), ["dogs"]

    def race(dataset, key, **how):
        """Before a summary is loaded, or between its check and its loading."""
        result = step(dataset, key) if moment == "require" else None
        if key in left:
            left.remove(key)
            elsewhere(dataset, "clipit.delete_summary(dataset, 'dogs')")
        return result if moment == "require" else step(dataset, key, **how)

    monkeypatch.setattr(runs, moment, race)
    assert [run.key for run in clipit.list_summaries(summarized)] == ["cats"]
    assert left == []
    with pytest.raises(UsageError, match="has no summary 'dogs'; its summaries: 'cats'"):
        runs.load_summary(summarized, "dogs")


def test_results_that_another_process_replaces_are_read_anew(summarized):
    elsewhere(summarized, "clipit.resize(dataset, 'dogs', 0.5)")
    (run,) = clipit.list_summaries(summarized)
    assert run.config["budget"] == 0.5
    assert run.results["totals"]["videos"] == 3


def test_results_are_read_once_where_the_dataset_was_just_loaded(summarized, monkeypatch):
    """Protects the panel's answers: long results are read when they are new, and not at each event."""
    (before,) = runs.load_summaries(summarized, just_loaded=True)
    monkeypatch.setattr(type(summarized), "load_run_results", lambda *_, **__: pytest.fail("read again"))
    (again,) = runs.load_summaries(summarized, just_loaded=True)
    assert (again.results, again.config) == (before.results, before.config)
    monkeypatch.undo()
    runs.save_results(summarized, "dogs", {**before.results, "status": "stopped"})
    assert [run.status for run in runs.load_summaries(summarized, just_loaded=True)] == ["stopped"]


def test_rename_takes_everything_along(summarized):
    values = summarized.values(["frames.dogs", "dogs_relevance"])
    run = clipit.rename_summary(summarized, "dogs", "hounds")
    assert (run.key, run.status, run.config["query"]) == ("hounds", "done", ["a dog"])
    assert summarized.values(["frames.hounds", "hounds_relevance"]) == values
    assert not [name for name in summarized.get_field_schema() if name.startswith("dogs")]
    assert "hounds" in summarized.app_config.active_fields.paths


def test_a_renamed_summary_goes_on(summarized, encoder):
    clipit.rename_summary(summarized, "dogs", "hounds")
    assert clipit.summarize(summarized, "hounds", query="a dog", encoder=encoder).results["last"]["skipped"] == 3


def test_list_shows_ours_alone(summarized, encoder):
    summarized.register_run("other", summarized.init_run(method="something"))
    clipit.summarize(summarized, "gist", encoder=encoder)
    assert [(run.key, run.asked) for run in clipit.list_summaries(summarized)] == [
        ("dogs", "a dog"),
        ("gist", "the video itself"),
    ]


def test_fields_deleted_by_hand_do_not_stop_list_and_delete(summarized):
    summarized.delete_sample_field("dogs_shots")
    summarized.delete_frame_field("dogs")
    assert clipit.list_summaries(summarized)[0].key == "dogs"
    clipit.delete_summary(summarized, "dogs")
    assert summarized.list_runs() == []


def test_fields_deleted_by_hand_are_made_again(summarized, encoder):
    summarized.delete_sample_fields(["dogs", "dogs_shots", "dogs_relevance"])
    run = clipit.summarize(summarized, "dogs", query="a dog", encoder=encoder)
    assert run.results["totals"]["videos"] == 3


def test_the_app_shows_the_summary_but_not_its_shots(dataset, encoder):
    dataset.add_sample_field("truth", fo.EmbeddedDocumentField, embedded_doc_type=fo.Classification)
    clipit.summarize(dataset, "dogs", encoder=encoder)
    shown = dataset.app_config.active_fields.paths
    assert "dogs" in shown
    assert "truth" in shown
    assert "dogs_shots" not in shown


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda d: clipit.delete_summary(d, "cats"), "no summary 'cats'; its summaries: 'dogs'"),
        (lambda d: clipit.rename_summary(d, "cats", "x"), "no summary 'cats'"),
        (lambda d: clipit.rename_summary(d, "dogs", "tags"), "taken"),
        (lambda d: clipit.rename_summary(d, "dogs", "a b"), "letters, digits and underscores"),
        (lambda d: clipit.delete_summary(d, "other"), "no summary 'other'"),
        (lambda d: clipit.summarize(d, "other"), "taken by a run of another method"),
        (lambda d: clipit.list_summaries("name"), "must be a FiftyOne dataset or view"),
    ],
)
def test_wrong_names_are_named(summarized, call, message):
    summarized.register_run("other", summarized.init_run(method="something"))
    with pytest.raises(UsageError, match=message):
        call(summarized)


def running(dataset, process, minutes_ago=0) -> None:
    """Makes it look as if a process were at work on the summary."""
    sign = (datetime.now(UTC) - timedelta(minutes=minutes_ago)).isoformat()
    results = runs.load_summary(dataset, "dogs").results
    runs.save_results(dataset, "dogs", {**results, "status": "running", "process": process, "updated": sign})


@pytest.mark.parametrize(
    "call",
    [
        lambda d, _: clipit.delete_summary(d, "dogs"),
        lambda d, _: clipit.rename_summary(d, "dogs", "hounds"),
        lambda d, _: clipit.resize(d, "dogs", 0.5),
        lambda d, encoder: clipit.summarize(d, "dogs", query="a dog", encoder=encoder, overwrite=True),
    ],
)
def test_a_summary_that_is_being_made_is_left_alone(summarized, encoder, call):
    """Protects against fields without a run: whoever makes it goes on writing into them."""
    running(summarized, this_process())
    with pytest.raises(UsageError, match="'dogs' is being made at this moment by this process: wait"):
        call(summarized, encoder)
    assert summarized.list_runs() == ["dogs"]
    running(summarized, {**this_process(), "created": 0.0})
    call(summarized, encoder)


def test_a_process_on_another_machine_is_gone_when_it_is_silent(summarized):
    elsewhere = {"host": "elsewhere", "pid": 7, "created": 0.0}
    running(summarized, elsewhere, minutes_ago=1)
    with pytest.raises(UsageError, match="by process 7 on elsewhere"):
        clipit.delete_summary(summarized, "dogs")
    running(summarized, elsewhere, minutes_ago=60)
    assert clipit.list_summaries(summarized)[0].status == "interrupted"
    clipit.delete_summary(summarized, "dogs")


def test_a_process_at_work_gives_signs_of_life(dataset, encoder, monkeypatch):
    monkeypatch.setattr("fiftyone_clipit.dataset.job.BEAT", 0.0)
    seen = []

    def look(bar):
        run = runs.load_summary(dataset, "dogs")
        last = run.results["last"]
        seen.append((run.status, last["summarized"], last["before"]))

    clipit.summarize(dataset.limit(1), "dogs", encoder=encoder)
    clipit.summarize(dataset, "dogs", encoder=encoder, num_workers=1, progress=look)
    assert {status for status, _, _ in seen} == {"running"}
    assert {summarized for _, summarized, _ in seen} > {0, 1}
    # What was there before stays what it was, so that onlookers can count what has come since.
    assert {before for _, _, before in seen} == {1}


def test_reports_name_ten_failures_and_count_the_others():
    failures = [{"id": str(n), "path": f"{n}.mp4", "reason": "no video"} for n in range(12)]
    shown = str(clipit.CaptionReport("captions", 0, 0, 0, failures)).splitlines()
    assert shown[1] == "  failed: 0.mp4: no video"
    assert shown[10:] == ["  failed: 9.mp4: no video", "  ... and 2 more, see .failures"]
