"""Training on a dataset: each kind of label, what is refused, what is reported, and going on after a kill."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path

import fiftyone as fo
import numpy as np
import pytest
from fiftyone import ViewField as F
from safetensors.numpy import load_file
from scipy.stats import spearmanr

import fiftyone_clipit as clipit
from fiftyone_clipit.dataset.ground_truth import GroundTruth
from fiftyone_clipit.dataset.train_examples import ExampleMaker, at_samples
from fiftyone_clipit.dataset.train_options import TrainOptions
from fiftyone_clipit.dataset.videos import videos_of
from fiftyone_clipit.drawn.videos import draw_video, scene
from fiftyone_clipit.errors import CheckpointError, UsageError, VideoError
from fiftyone_clipit.features.decode import Decoding
from fiftyone_clipit.features.store import FeatureStore
from fiftyone_clipit.pipeline import Summarizer
from fiftyone_clipit.scoring import ClipIt, ClipItConfig
from fiftyone_clipit.settings import Settings
from tests.labelled_fixtures import QUICK, TINY


def agreement(dataset, key: str, thing: str) -> float:
    """Mean rank correlation of a summary's importance with where a thing is seen."""
    rhos = []
    for sample in dataset:
        values = np.array([sample.frames[n][key] for n in sorted(sample.frames)])
        seen = np.zeros(len(values))
        for label in sample.events.detections:
            if label.label == thing:
                seen[label.support[0] - 1 : label.support[1]] = 1
        if 0 < seen.mean() < 1:
            rhos.append(spearmanr(values, seen).statistic)
    return float(np.mean(rhos))


def test_a_network_learns_from_numbers_of_frames_and_scores_new_videos(labelled, tmp_path):
    learn, new = labelled.limit(4), labelled.skip(4)
    report = clipit.train(learn, "importance", tmp_path / "mine", **{**QUICK, "epochs": 10})
    assert (report.videos, report.failures) == (4, [])
    assert (report.training.n_train, report.training.n_val) == (3, 1)
    assert "clipit-tiny" in report.note
    assert report.training.curves_png.read_bytes().startswith(b"\x89PNG")
    assert len(report.training.curves_csv.read_text().splitlines()) == 11
    assert ClipIt.from_pretrained(str(report.checkpoint)).config.encoder == "clipit-tiny"
    origin = json.loads((tmp_path / "mine" / "dataset.json").read_text())
    assert (origin["dataset"], origin["target"]) == (labelled.name, "importance")
    assert len(origin["videos"]) == 4

    run = clipit.summarize(new, "mine", scorer=str(report.checkpoint), **TINY)
    assert run.failures == []
    assert agreement(new, "mine", "a boat") > 0.6


def test_each_label_is_a_question_that_its_segments_answer(labelled, tmp_path):
    report = clipit.train(labelled.limit(4), "events", tmp_path, query_per_label=True, val=0, **{**QUICK, "epochs": 10})
    assert report.training.n_train == 16
    new = labelled.skip(4)
    for key, question, other in (("boats", "a boat", "a car"), ("cars", "a car", "a boat")):
        clipit.summarize(new, key, query=question, scorer=str(tmp_path), **TINY)
        assert agreement(new, key, question) > 0.5
        assert agreement(new, key, other) < 0


@pytest.fixture
def single(make_dataset, tmp_path):
    """Videos of one thing each, which is marked from the first frame to the last; nothing is marked in the fifth."""
    things = ("boat", "car", "boat", "car", "house", "boat", "car")
    paths = [tmp_path / f"{v}.mp4" for v in range(len(things))]
    for v, (path, thing) in enumerate(zip(paths, things, strict=True)):
        draw_video(path, [scene(thing, "red", ("grass", "snow", "desert")[v % 3], 3)], rate=4, size=(96, 72), seed=v)
    dataset = make_dataset(paths)
    marks = [[] if t == "house" else [fo.TemporalDetection(label=f"a {t}", support=[1, 12])] for t in things]
    dataset.set_values("events", [fo.TemporalDetections(detections=mark) for mark in marks])
    return dataset


def test_a_question_about_what_is_not_there_is_learned_to_have_no_answer(single, tmp_path):
    learn, new = single.limit(5), single.skip(5)
    options = {**QUICK, "preset": "paper", "learning_rate": 1e-3, "epochs": 60, "val": 0}
    report = clipit.train(learn, "events", tmp_path / "out", query_per_label=True, **options)
    # Four labels that are there, four that are not, and one that the video without segments is asked for.
    assert (report.videos, report.training.n_train, report.failures) == (5, 9, [])
    for key, question in (("boats", "a boat"), ("cars", "a car")):
        clipit.summarize(new, key, query=question, scorer=str(tmp_path / "out"), **TINY)
    (boat_here, boat_absent), (car_absent, car_here) = new.values(["boats_relevance", "cars_relevance"])
    assert min(boat_here, car_here) > max(boat_absent, car_absent) + 0.5


def test_absent_labels_are_drawn_from_other_videos_and_the_same_each_time(labelled):
    first, second, unnamed, unseen = labelled.limit(4).values("id")
    twin = fo.Sample(filepath=labelled[first].filepath, events=fo.TemporalDetections())
    labelled.add_sample(twin)
    nameless = fo.TemporalDetections(detections=[fo.TemporalDetection(support=[1, 5])])
    labelled.set_values("events", {unnamed: nameless, unseen: None}, key_field="id")
    videos, options = videos_of(labelled), TrainOptions("events", query_per_label=True, encoder="clipit-tiny")
    summarizer = Summarizer(options.settings(), device="cpu")
    features = {outcome.path: outcome.features for outcome in summarizer.extract(videos.paths)}

    def examples(sample_id, **options_of_maker):
        maker = ExampleMaker(videos, options, GroundTruth(labelled, "events"), summarizer, **options_of_maker)
        made = maker.make(sample_id, features[labelled[sample_id].filepath])
        return {example.name.partition("?")[2]: example.targets for example in made}

    found = examples(first)
    assert list(found)[:2] == ["a boat", "a house"]
    assert set(list(found)[2:]) == {"a car", "a star"}
    assert [targets.any() for targets in found.values()] == [True, True, False, False]
    assert list(examples(first)) == list(found)
    assert list(examples(second))[3:] == ["a house"]
    assert list(examples(first, negatives=False)) == ["a boat", "a house"]
    # The other sample of the same video shows a boat and a house: it is asked for neither.
    assert set(examples(twin.id)) < {"a car", "a star"}
    for sample_id in (unnamed, unseen):
        with pytest.raises(VideoError, match="has no labels for it"):
            examples(sample_id)


@pytest.mark.parametrize(
    ("truth", "options", "parts", "correlated"),
    [
        ("frames.importance", {"query_field": "question"}, {"classification"}, True),
        ("importance", {"captions": "story"}, {"classification"}, True),
        (None, {"supervision": "captions", "captions": "story"}, {"classification"}, True),
        (None, {"supervision": "unsupervised"}, {"diversity", "length"}, False),
        ("importance", {"supervision": "unsupervised"}, {"diversity", "length"}, True),
        ("importance", {"losses": {"regression": 1.0}, "preset": "modelscope"}, {"regression"}, True),
    ],
)
def test_every_way_to_learn(labelled, tmp_path, truth, options, parts, correlated):
    report = clipit.train(labelled, truth, tmp_path, **{**QUICK, "epochs": 1, **options})
    (row,) = report.training.seeds[0].history
    assert set(row.parts) == parts
    assert (row.val_correlation is not None) is correlated
    run = clipit.summarize(labelled.limit(1), "mine", scorer=str(tmp_path), **TINY)
    assert run.failures == []


# What the killed process does: it dies by SIGKILL when a given share of its work is done.
_VICTIM = """
    import json, os, signal, sys
    import fiftyone as fo
    import fiftyone_clipit as clipit

    name, folder, options, percent = sys.argv[1:]

    def watch(bar):
        if bar.iteration >= int(percent):
            os.kill(os.getpid(), signal.SIGKILL)

    clipit.train(fo.load_dataset(name), "importance", folder, **{**json.loads(options), "progress": watch})
"""


def test_a_killed_training_goes_on_and_ends_as_if_nothing_had_happened(labelled, tmp_path, monkeypatch):
    options = {**QUICK, "epochs": 6, "seeds": [0, 1]}
    arguments = [labelled.name, str(tmp_path / "killed"), json.dumps(options), "70"]
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(_VICTIM), *arguments], capture_output=True, text=True)
    assert done.returncode == -9, done.stderr
    assert not (tmp_path / "killed" / "model.safetensors").exists()
    # Nothing is decoded again either.
    monkeypatch.setattr(Decoding, "run", lambda self: pytest.fail("decoded again"))
    seen = []
    resumed = clipit.train(
        labelled, "importance", tmp_path / "killed", **{**options, "progress": lambda bar: seen.append(bar.iteration)}
    )
    assert resumed.training.resumed
    assert min(i for i in seen if i > 50) > 70
    whole = clipit.train(labelled, "importance", tmp_path / "whole", **options)
    assert [seed.history for seed in resumed.training.seeds] == [seed.history for seed in whole.training.seeds]
    one, other = (load_file(tmp_path / name / "model.safetensors") for name in ("killed", "whole"))
    assert all(np.array_equal(one[name], other[name]) for name in other)


def test_a_bad_video_is_reported_and_the_others_go_on(labelled, tmp_path):
    broken = tmp_path / "broken.mp4"
    broken.write_text("no video")
    labelled.add_sample(fo.Sample(filepath=str(broken), events=fo.TemporalDetections()))
    unmarked, beyond = labelled.limit(2).values("id")
    labelled.select(unmarked).set_values("events", [None])
    far = fo.TemporalDetections(detections=[fo.TemporalDetection(label="a boat", support=[900, 950])])
    labelled.select(beyond).set_values("events", [far])
    report = clipit.train(labelled, "events", tmp_path / "out", **{**QUICK, "epochs": 1})
    reasons = {failure["id"]: failure["reason"] for failure in report.failures}
    assert report.videos == 4
    assert reasons.pop(unmarked) == "field 'events' has no labels for it"
    assert reasons.pop(beyond) == "field 'events' has a segment [900, 950], but the frames are 1 to 36"
    assert len(reasons) == 1
    assert str(broken) in str(report)
    with pytest.raises(VideoError, match="no labels for it"):
        clipit.train(labelled, "events", tmp_path / "strict", skip_failures=False, **QUICK)


def test_features_that_are_no_numbers_are_reported(labelled, tmp_path, monkeypatch):
    monkeypatch.setenv("CLIPIT_CACHE_DIR", str(tmp_path / "cache"))
    summarizer = Summarizer(Settings(encoder="clipit-tiny"), device="cpu")
    (outcome,) = summarizer.extract([labelled.first().filepath])
    broken = outcome.features.features.copy()
    broken[2, 0] = np.nan
    FeatureStore().put(outcome.features.key, replace(outcome.features, features=broken))
    report = clipit.train(labelled, "importance", tmp_path / "out", **{**QUICK, "epochs": 1})
    (failure,) = report.failures
    assert failure["path"] == labelled.first().filepath
    assert failure["reason"].startswith("features hold NaN or infinity in row 2")
    with pytest.raises(UsageError, match=r"none of the 1 videos can take part: .*features hold NaN"):
        clipit.train(labelled.limit(1), "importance", tmp_path / "none", **QUICK)


def test_a_view_chooses_the_epoch_and_filters_count(labelled, tmp_path):
    labels = F("label") == "a boat"
    view = labelled.filter_labels("events", labels, only_matches=False)
    report = clipit.train(view.limit(4), "events", tmp_path, val=view.skip(4), **{**QUICK, "epochs": 2})
    assert (report.training.n_train, report.training.n_val, report.training.chosen_by) == (4, 2, "correlation")
    with pytest.raises(UsageError, match=r"0\.mp4 is among the training videos, too"):
        clipit.train(view, "events", tmp_path / "no", val=view.limit(1), **QUICK)


def test_ratings_are_scaled_by_the_range_of_the_whole_field(labelled, tmp_path):
    labelled.add_frame_field("rating", fo.FloatField)
    first, second = labelled.limit(2).values("id")
    ratings = {first: dict.fromkeys(range(1, 25), 1.0), second: {n: 2.0 + (n > 12) * 3 for n in range(1, 20)}}
    labelled.set_values("frames.rating", ratings, key_field="id")
    truth = GroundTruth(labelled, "rating")
    assert truth.scale == (1, 5)
    assert set(truth.importance(first, "", 24)) == {0}
    values = truth.importance(second, "", 36)
    assert values[:19].tolist() == [0.25] * 12 + [1] * 7
    assert np.isnan(values[19:]).all()
    targets = at_samples(values, np.array([1, 12, 15, 21, 31]))
    np.testing.assert_allclose(targets[:3], [0.25, (0.25 + 2) / 3, 1])
    assert np.isnan(targets[3:]).all()


def test_without_a_folder_the_checkpoint_goes_where_a_second_call_finds_it(labelled):
    options = {**QUICK, "epochs": 1}
    report = clipit.train(labelled, target="events", **options)
    home = Path(fo.config.default_dataset_dir) / "clipit-checkpoints" / labelled.slug
    assert report.checkpoint == home / "events"
    assert str(report.checkpoint) in str(report)
    assert (home / "events" / "model.safetensors").is_file()
    assert clipit.train(labelled.view(), target="events", **options).training.resumed
    alone = clipit.train(labelled, supervision="unsupervised", **options)
    assert alone.checkpoint == home / "unsupervised"


def test_a_folder_of_another_training_is_refused_unless_overwritten(labelled, tmp_path):
    clipit.train(labelled, "importance", tmp_path, **{**QUICK, "epochs": 1})
    with pytest.raises(UsageError, match="overwrite=True"):
        clipit.train(labelled, "importance", tmp_path, **{**QUICK, "epochs": 2})
    again = clipit.train(labelled, "importance", tmp_path, overwrite=True, **{**QUICK, "epochs": 2})
    assert len(again.training.seeds[0].history) == 2


@pytest.mark.parametrize(
    ("truth", "options", "message"),
    [
        ("importance", {"preset": "papyrus"}, "unknown preset 'papyrus': expected one of cosine, modelscope, paper"),
        ("importance", {"network": {"wide": 3}}, "no field 'wide'"),
        ("importance", {"epochs": 0}, "epochs is 0: expected a whole number"),
        ("importance", {"supervision": "some"}, "supervision is 'some': expected one of supervised"),
        ("importance", {"speed": 3}, "no option 'speed'"),
        ("importance", {"val": 1.5}, r"val is 1\.5"),
        ("importance", {"fps": 0}, "fps must be"),
        ("nothing", {}, "target: dataset .* has no field 'nothing'; fields that can serve: events, nobody, frames.imp"),
        ("question", {}, "field 'question' is a StringField; expected a number for each frame"),
        ("unused", {}, "field 'unused' is empty for all 6 videos"),
        ("nobody", {}, "no positives: field 'nobody' marks nothing"),
        ("flat", {}, "no positives: field 'flat' marks nothing"),
        (None, {}, "supervised training needs a target"),
        (None, {"supervision": "captions"}, "needs captions"),
        ("events", {"query_per_label": True, "captions": "story"}, "words come from one place"),
        ("importance", {"query_per_label": True}, "holds numbers of frames; labels are those of temporal detections"),
        ("importance", {"query_field": "nothing"}, "query_field: dataset .* has no field 'nothing'"),
    ],
)
def test_what_cannot_work_is_refused_before_any_work(labelled, tmp_path, monkeypatch, truth, options, message):
    monkeypatch.setattr(Summarizer, "load", lambda self: pytest.fail("the encoder is loaded for nothing"))
    labelled.add_frame_field("unused", fo.FloatField)
    labelled.add_frame_field("flat", fo.FloatField)
    labelled.set_values("frames.flat", {labelled.first().id: {1: 0.0, 2: 0.0}}, key_field="id")
    labelled.set_values("nobody", [fo.TemporalDetections()] * 6)
    with pytest.raises(UsageError, match=message):
        clipit.train(labelled, truth, tmp_path / "out", **{**QUICK, **options})
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("truth", ["events", "rating"])
def test_validation_videos_without_anything_important_are_refused_before_any_work(
    labelled, tmp_path, monkeypatch, truth
):
    monkeypatch.setattr(Summarizer, "load", lambda self: pytest.fail("the encoder is loaded for nothing"))
    labelled.skip(4).set_values("events", [fo.TemporalDetections()] * 2)
    labelled.add_frame_field("rating", fo.FloatField)
    ids = labelled.values("id")
    # By the scale of the ratings to learn from, 2 to 5, the others are all 0.
    ratings = {sample_id: {1: 2.0, 2: 5.0 if sample_id in ids[:4] else 2.0} for sample_id in ids}
    labelled.set_values("frames.rating", ratings, key_field="id")
    with pytest.raises(UsageError, match=r"marks nothing as important in 2 validation videos; .*name others as val"):
        clipit.train(labelled.limit(4), truth, tmp_path / "out", val=labelled.skip(4), **QUICK)
    assert not (tmp_path / "out").exists()


def test_the_folder_may_be_no_file_and_the_beginning_must_fit(labelled, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="is a file"):
        clipit.train(labelled, "importance", tmp_path / "file", **QUICK)
    small = {"width": 32, "layers": 1, "heads": 2, "head_dim": 16, "feed_forward": 32, "text_head_dim": 16}
    ClipIt(ClipItConfig(preset="cosine", dim=24, **small)).save_pretrained(tmp_path / "other")
    with pytest.raises(CheckpointError, match="takes features of width 24, the encoder gives 128"):
        clipit.train(labelled, "importance", tmp_path / "out", start_from=str(tmp_path / "other"), **QUICK)
    assert not Path(tmp_path / "out").exists()


def test_a_scorer_of_another_encoder_is_noted_with_the_summary(labelled, tmp_path, caplog):
    small = {"width": 32, "layers": 1, "heads": 2, "head_dim": 16, "feed_forward": 32, "text_head_dim": 16}
    network = ClipIt(ClipItConfig(preset="cosine", dim=128, encoder="ViT-B-32/openai", **small))
    network.save_pretrained(tmp_path / "foreign")
    for count in (1, 2):
        run = clipit.summarize(labelled.limit(count), "odd", scorer=str(tmp_path / "foreign"), **TINY)
        (note,) = run.notes
        assert "trained on features of encoder 'ViT-B-32/openai', not of 'clipit-tiny'" in note
    assert note.split(": ", 1)[1] in caplog.text
