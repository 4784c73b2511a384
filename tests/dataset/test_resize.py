"""Another budget, pinned and dropped shots: from what is stored, without models and videos."""

from __future__ import annotations

import pytest

import fiftyone_clipit as clipit
from fiftyone_clipit.dataset import resize_job, runs
from fiftyone_clipit.dataset.resize import stored_summary
from fiftyone_clipit.errors import UsageError
from tests.fiftyone_fixtures import plain


@pytest.fixture
def summarized(dataset, encoder):
    clipit.summarize(dataset, "dogs", query=["a dog", "a red thing"], encoder=encoder, budget=0.2)
    return dataset


@pytest.fixture(autouse=True)
def _no_models(request, monkeypatch):
    """From here on, neither encoders nor videos may be touched."""
    if "summarized" not in request.fixturenames:
        return
    request.getfixturevalue("summarized")
    from fiftyone_clipit.pipeline import Summarizer

    for name in ("load", "extract", "summarize"):
        monkeypatch.setattr(Summarizer, name, lambda *_, **__: pytest.fail("no new scores are needed"))


def lengths(dataset) -> list[int]:
    return [sum(last - first + 1 for first, last in supports) for supports in dataset.values("dogs.detections.support")]


def test_the_new_budget_is_kept_and_scores_stay(summarized):
    curves = summarized.values(["frames.dogs", "dogs_relevance", "dogs_shots.detections.id"])
    run = clipit.resize(summarized, "dogs", 0.5)
    assert all(0.2 * 72 < length <= 0.5 * 72 for length in lengths(summarized))
    assert summarized.values(["frames.dogs", "dogs_relevance", "dogs_shots.detections.id"]) == curves
    assert run.config["budget"] == 0.5
    assert run.results["totals"]["summary_seconds"] == pytest.approx(sum(lengths(summarized)) / 12)
    clipit.resize(summarized, "dogs", "1s")
    assert all(length <= 12 for length in lengths(summarized))


def test_back_to_the_first_budget_gives_the_first_segments(summarized):
    before = list(map(plain, summarized.values("dogs")))
    clipit.resize(summarized, "dogs", 1.0)
    assert lengths(summarized) == [72, 72, 72]
    clipit.resize(summarized, "dogs", 0.2)
    for old, new in zip(before, map(plain, summarized.values("dogs")), strict=True):
        for a, b in zip(old, new, strict=True):
            assert a == {**b, **{name: pytest.approx(b[name]) for name in ("confidence", "start", "end")}}


def test_a_resized_summary_goes_on_with_its_new_budget(summarized, encoder):
    clipit.resize(summarized, "dogs", 0.4)
    run = clipit.summarize(summarized, "dogs", query=["a dog", "a red thing"], encoder=encoder, budget=0.4)
    assert run.results["last"]["skipped"] == 3


def test_a_view_alone(summarized):
    before = lengths(summarized)
    run = clipit.resize(summarized.limit(1), "dogs", 0.6)
    after = lengths(summarized)
    assert after[0] > before[0]
    assert after[1:] == before[1:]
    assert run.config["budget"] == 0.2
    assert summarized.values("dogs.budget") == ["0.6", "0.2", "0.2"]


def test_pinned_shots_are_in_and_dropped_ones_out_at_every_budget(summarized):
    sample = summarized.first()
    stored = stored_summary(summarized, "dogs", sample.id)
    assert len(stored.shots) >= 3
    taken = {support[0] for support in summarized.values("dogs.detections.support")[0]}
    absent = next(i for i, shot in enumerate(stored.shots) if shot.first_frame not in taken)
    best = max(range(len(stored.shots)), key=lambda i: stored.shots[i].value)
    clipit.pin(summarized, "dogs", sample.id, absent)
    segments = clipit.drop(summarized, "dogs", sample.id, [best] if best != absent else [])
    for budget in (0.2, 0.6):
        clipit.resize(summarized, "dogs", budget)
        supports = summarized.values("dogs.detections.support")[0]
        shot = stored.shots[absent]
        assert any(shot.first_frame <= first <= shot.last_frame for first, _ in supports)
        if best != absent:
            shot = stored.shots[best]
            assert not any(shot.first_frame <= first <= shot.last_frame for first, _ in supports)
    assert segments
    shots = summarized.first().dogs_shots.detections
    assert [shot.pinned for shot in shots].count(True) == 1


def test_taking_a_decision_back(summarized):
    sample = summarized.first()
    before = plain(sample.dogs)
    everything = range(len(sample.dogs_shots.detections))
    assert clipit.drop(summarized, "dogs", sample.id, everything) == []
    clipit.drop(summarized, "dogs", sample.id, everything, dropped=False)
    after = plain(summarized[sample.id].dogs)
    assert [segment["support"] for segment in after] == [segment["support"] for segment in before]


def test_segments_keep_the_query_that_they_answer(summarized):
    clipit.resize(summarized, "dogs", 1.0)
    for sample in summarized:
        answers = {tuple(shot.support): shot.label for shot in sample.dogs_shots.detections}
        assert all(answers[tuple(segment.support)] == segment.label for segment in sample.dogs.detections)


def test_a_budget_beyond_the_video_is_noted(summarized):
    run = clipit.resize(summarized, "dogs", "10min")
    assert len(run.notes) == 3
    assert clipit.resize(summarized, "dogs", 0.2).notes == []


def test_trying_a_budget_stores_nothing(summarized):
    before = lengths(summarized)
    stored = stored_summary(summarized, "dogs", summarized.first().id)
    segments, _ = stored.choose(1.0, 1.0)
    assert sum(segment.n_frames for segment in segments) == 72
    assert lengths(summarized) == before


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda d: clipit.resize(d, "cats", 0.5), "no summary 'cats'"),
        (lambda d: clipit.resize(d, "dogs", 2), "budget"),
        (lambda d: clipit.resize(d.limit(0), "dogs", 0.5), "no samples"),
        (lambda d: clipit.pin(d, "dogs", d.first().id, 99), "shots 0 to"),
        (lambda d: clipit.pin(d, "dogs", "0" * 24, 0), "has nothing for sample"),
    ],
)
def test_wrong_use_is_named(summarized, call, message):
    with pytest.raises(UsageError, match=message):
        call(summarized)


def annotate(dataset, field="dogs") -> list:
    """Tags every label of the first video and gives it an attribute, as people do in the App."""
    sample = dataset.first()
    for number, label in enumerate(sample[field].detections):
        label.tags = [f"tag {number}"]
        label["reviewer"] = f"person {number}"
    sample.save()
    dataset.add_dynamic_sample_fields()
    return sample[field].detections


def additions(labels) -> dict[tuple, tuple]:
    return {tuple(label.support): (label.id, label.tags, label["reviewer"]) for label in labels}


def kept(dataset, before, field="dogs") -> set[tuple]:
    """The frames of the first video's labels that are as before; all have what people added to them then."""
    told = additions(before)
    after = {tuple(label.support): label for label in dataset.first()[field].detections}
    same = told.keys() & after.keys()
    assert additions(after[support] for support in same) == {support: told[support] for support in same}
    return same


def test_segments_that_stay_keep_id_tags_and_what_people_added(summarized):
    """Protects people's work: a resize of the whole dataset must not throw away what they wrote to segments."""
    clipit.resize(summarized, "dogs", 0.6)
    before = annotate(summarized)
    clipit.resize(summarized, "dogs", 0.7)
    assert kept(summarized, before)


def test_a_segment_that_grows_around_its_peak_keeps_its_tags(summarized):
    before = {label["peak_frame"]: label for label in annotate(summarized)}
    clipit.resize(summarized, "dogs", 0.6)
    after = summarized.first().dogs.detections
    grown = [label for label in after if label["peak_frame"] in before]
    assert grown
    for label in grown:
        assert label.tags == before[label["peak_frame"]].tags


def test_pins_and_drops_keep_what_people_added_to_segments_and_shots(summarized):
    clipit.resize(summarized, "dogs", 1.0)
    segments, shots = annotate(summarized), annotate(summarized, "dogs_shots")
    clipit.pin(summarized, "dogs", summarized.first().id, 0)
    assert len(kept(summarized, segments)) == len(segments)
    assert len(kept(summarized, shots, "dogs_shots")) == len(shots)
    assert summarized.first().dogs_shots.detections[0].pinned


def test_progress_is_told_and_what_stops_it_changes_nothing(summarized):
    before, told = lengths(summarized), []
    made = resize_job.ResizeJob(summarized, "dogs", 0.5).run(on_progress=lambda done, path: told.append(done))
    assert told == [1, 2, 3]
    assert made.sample_ids == summarized.values("id")
    clipit.resize(summarized, "dogs", 0.2)

    def stop(bar):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        clipit.resize(summarized, "dogs", 0.5, progress=stop)
    assert lengths(summarized) == before


def test_what_others_write_to_the_run_meanwhile_stays(summarized):
    """Protects against a lost update: results are written as they are then, not as they were at the start."""
    others = {"id": "", "path": "scorer", "note": "said meanwhile"}

    def write(done, path):
        results = runs.load_summary(summarized, "dogs").results
        runs.save_results(summarized, "dogs", {**results, "failures": [], "notes": [others], "more": done})

    made = resize_job.ResizeJob(summarized, "dogs", "10min").run(on_progress=write)
    assert made.run.results["more"] == 3
    assert made.run.notes[0] == "scorer: said meanwhile"
    assert len(made.run.notes) == 4
    assert len(made.notes) == 3
