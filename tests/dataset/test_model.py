"""ClipItModel through FiftyOne's apply_model."""

from __future__ import annotations

import eta.core.video as etav
import fiftyone as fo
import numpy as np
import pytest

import fiftyone_clipit as clipit
from fiftyone_clipit.dataset import reader
from fiftyone_clipit.dataset.model import ClipItModelConfig
from fiftyone_clipit.errors import EncoderError, UsageError
from tests.fiftyone_fixtures import plain


@pytest.fixture
def model(encoder):
    return clipit.ClipItModel(query="a dog", encoder=encoder, budget=0.25)


def test_it_stores_what_summarize_stores(dataset, model, encoder):
    dataset.apply_model(model, label_field="dogs")
    clipit.summarize(dataset, "same", query="a dog", encoder=encoder, budget=0.25)
    for one, other in (("frames.dogs", "frames.same"), ("dogs_relevance", "same_relevance")):
        assert dataset.values(one) == dataset.values(other)
    for one, other in (("dogs", "same"), ("dogs_shots", "same_shots")):
        assert list(map(plain, dataset.values(one))) == list(map(plain, dataset.values(other)))
    schema = dataset.get_field_schema()
    assert schema["dogs"].document_type is fo.TemporalDetections
    assert isinstance(dataset.get_frame_field_schema()["dogs"], fo.FloatField)
    applied, summarized = clipit.list_summaries(dataset)
    assert applied.config == summarized.config
    assert applied.status == "done"
    assert applied.results["totals"] == summarized.results["totals"]
    assert dataset.values("metadata.total_frame_count") == [72, 72, 72]


def test_the_result_can_be_resized_and_deleted(dataset, model):
    dataset.apply_model(model, label_field="dogs")
    clipit.resize(dataset, "dogs", 1.0)
    assert dataset.values("dogs.detections.support")[0][-1][1] == 72
    clipit.delete_summary(dataset, "dogs")
    assert "dogs" not in dataset.get_frame_field_schema()


def test_applied_again_it_replaces(dataset, model, encoder):
    dataset.apply_model(model, label_field="dogs")
    other = clipit.ClipItModel(query="a cat", encoder=encoder, frames="sampled")
    dataset.limit(1).apply_model(other, label_field="dogs")
    assert [set(labels) for labels in dataset.values("dogs.detections.label")] == [{"a cat"}, {"a dog"}, {"a dog"}]
    assert [len([v for v in values if v is not None]) for values in dataset.values("frames.dogs")] == [12, 72, 72]
    assert clipit.list_summaries(dataset)[0].results["totals"]["videos"] == 3


def test_a_broken_video_is_counted_and_the_others_go_on(make_dataset, videos, model, tmp_path):
    (tmp_path / "text.mp4").write_text("no video")
    dataset = make_dataset([videos[0], tmp_path / "text.mp4", videos[1]])
    dataset.apply_model(model, label_field="dogs")
    assert [labels is None for labels in dataset.values("dogs")] == [False, True, False]
    (run,) = clipit.list_summaries(dataset)
    assert [failure["path"] for failure in run.failures] == [str(tmp_path / "text.mp4")]
    with pytest.raises(Exception, match=r"text\.mp4"):
        dataset.apply_model(model, label_field="dogs", skip_failures=False)


def test_on_clips_their_frames_get_an_importance(dataset, model):
    clips = dataset.to_clips([[(1, 30)], [], [(10, 12), (40, 72)]])
    clips.apply_model(model, label_field="inside")
    scored = [[n for n, v in zip(ns, vs, strict=True) if v is not None] for ns, vs in frames(dataset, "inside")]
    assert scored == [list(range(1, 31)), [], [*range(10, 13), *range(40, 73)]]
    assert all(0 <= v <= 1 for _, vs in frames(dataset, "inside") for v in vs if v is not None)


def frames(dataset, name):
    return list(zip(*dataset.values(["frames.frame_number", f"frames.{name}"]), strict=True))


def test_on_summary_clips_and_existing_frames(dataset, model):
    dataset.apply_model(model, label_field="dogs")
    clips = clipit.summary_clips(dataset, "dogs")
    clips.apply_model(model, label_field="zoomed")
    lengths = [last - first + 1 for first, last in clips.values("support")]
    assert dataset.count("frames.zoomed") == sum(lengths)
    assert dataset.count("frames") == 3 * 72


def test_a_name_that_is_taken_beside_gets_frames_alone(dataset, model, caplog):
    dataset.add_sample_field("dogs_shots", fo.StringField)
    dataset.apply_model(model, label_field="dogs")
    assert dataset.count("frames.dogs") == 3 * 72
    assert dataset.list_runs() == []
    assert "no summary is registered" in caplog.text


def test_a_reader_of_ours_stands_in_while_the_model_is_applied():
    usual = etav.FFmpegVideoReader
    with reader.opened_with_pyav():
        assert etav.FFmpegVideoReader is reader.PyAVVideoReader
    assert etav.FFmpegVideoReader is usual


def test_the_stand_in_reads_like_the_usual_reader(videos):
    with reader.PyAVVideoReader(str(videos[0]), frames="2-3,72") as opened:
        assert (opened.frame_size, opened.frame_rate, opened.total_frame_count) == ((128, 96), 12.0, 72)
        images = list(opened)
    assert [image.shape for image in images] == [(96, 128, 3)] * 3
    assert all(image.dtype == np.uint8 for image in images)
    opened.reset()
    assert np.array_equal(opened.read(), images[0])


def test_the_configuration_survives_json(model):
    again = clipit.ClipItModel.from_config(ClipItModelConfig.from_dict(model.config.serialize()))
    assert again.config.serialize() == model.config.serialize()
    assert again.config.settings() == model.config.settings()


def test_one_video_by_hand(videos, model):
    labels = model.predict(reader.PyAVVideoReader(str(videos[0])))
    assert labels.detections[0].label == "a dog"


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"question": "a dog"}, UsageError, "knows no 'question'"),
        ({"query": ""}, UsageError, "empty sentence"),
        ({"frames": "none"}, UsageError, "frames must be"),
        ({"encoder": "no/such"}, EncoderError, "no/such"),
    ],
)
def test_wrong_use(dataset, arguments, error, message):
    with pytest.raises(error, match=message):
        dataset.apply_model(clipit.ClipItModel(**arguments), label_field="dogs")
    assert not dataset.has_field("dogs")
