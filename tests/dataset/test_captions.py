"""Captions in FiftyOne: made, stored, cached, gone on with; and all the places that captions can come from."""

from __future__ import annotations

from itertools import pairwise

import fiftyone as fo
import pytest

import fiftyone_clipit as clipit
from fiftyone_clipit.encoders.captions import Captioner
from fiftyone_clipit.errors import EncoderError, UsageError, VideoError
from tests.small_captioner import write_small_blip


@pytest.fixture(scope="module")
def blip(tmp_path_factory) -> str:
    return write_small_blip(tmp_path_factory.mktemp("blip"))


@pytest.fixture
def models(blip, encoder) -> dict[str, str]:
    return {"captioner": blip, "encoder": encoder}


def sentences(dataset, field="captions"):
    return dataset.values(f"{field}.detections.label")


def test_every_shot_gets_a_sentence(dataset, models):
    report = clipit.caption(dataset, **models)
    assert (report.field, report.captioned, report.skipped, report.failures) == ("captions", 3, 0, [])
    assert report.captions == dataset.count("captions.detections")
    for sample in dataset:
        shots = [label.support for label in sample.captions.detections]
        assert all(1 <= first <= last <= 72 for first, last in shots)
        assert all(before[1] < after[0] for before, after in pairwise(shots))
        for label in sample.captions.detections:
            assert label.label
            assert label.support[0] <= label.frame <= label.support[1]
    assert dataset.count("metadata.frame_rate") == 3
    assert "3 videos got" in str(report)


def test_a_second_call_goes_on_with_what_is_missing(dataset, models, monkeypatch):
    clipit.caption(dataset.limit(1), **models)
    first = dataset.first().captions.to_dict()
    report = clipit.caption(dataset, **models)
    assert (report.captioned, report.skipped) == (2, 1)
    assert dataset.first().captions.to_dict() == first
    monkeypatch.setattr(Captioner, "caption", lambda *_: pytest.fail("described again"))
    assert clipit.caption(dataset, **models).captioned == 0


def test_captions_come_from_the_cache_after_the_field_is_gone(dataset, models, monkeypatch):
    clipit.caption(dataset, **models)
    before = sentences(dataset)
    dataset.delete_sample_field("captions")
    monkeypatch.setattr(Captioner, "caption", lambda *_: pytest.fail("described again"))
    clipit.caption(dataset, **models)
    assert sentences(dataset) == before


def test_a_stopped_run_keeps_whole_videos_and_goes_on(dataset, models):
    from fiftyone_clipit.dataset.caption_field import CaptionOptions
    from fiftyone_clipit.dataset.captioning import CaptionJob
    from fiftyone_clipit.dataset.videos import videos_of

    options = CaptionOptions(captioner=models["captioner"], encoder=models["encoder"])

    def stop(done, path):
        if done >= 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        CaptionJob(videos_of(dataset), "captions", options).run(on_progress=stop)
    assert [labels is None for labels in dataset.values("captions")] == [False, True, True]
    assert clipit.caption(dataset, **models).captioned == 2
    assert None not in dataset.values("captions")


def test_other_options_need_another_field_or_overwriting(dataset, models):
    clipit.caption(dataset, **models)
    before = sentences(dataset)
    with pytest.raises(UsageError, match="made otherwise \\(prompt: None there, 'ba' asked for\\)"):
        clipit.caption(dataset, prompt="ba", **models)
    clipit.caption(dataset, prompt="ba", overwrite=True, **models)
    assert sentences(dataset) != before


def test_a_field_of_something_else_is_not_touched(dataset, models):
    dataset.add_sample_field("captions", fo.StringField)
    with pytest.raises(UsageError, match="something else than temporal detections"):
        clipit.caption(dataset, overwrite=True, **models)
    dataset.add_sample_field("mine", fo.EmbeddedDocumentField, embedded_doc_type=fo.TemporalDetections)
    with pytest.raises(UsageError, match="was not made by captioning"):
        clipit.caption(dataset, "mine", **models)
    with pytest.raises(UsageError, match="cannot hold captions"):
        clipit.caption(dataset, "my captions", **models)


def test_a_captioner_that_is_none_changes_nothing(dataset, encoder, tmp_path):
    with pytest.raises(EncoderError, match="captioner"):
        clipit.caption(dataset, captioner=str(tmp_path), encoder=encoder)
    assert not dataset.has_field("captions")


def test_a_broken_video_is_a_failure_and_the_others_go_on(make_dataset, videos, models, tmp_path):
    dataset = make_dataset([videos[0], tmp_path / "gone.mp4", videos[1]])
    report = clipit.caption(dataset, **models)
    assert report.captioned == 2
    assert [(f["path"], f["reason"]) for f in report.failures] == [(str(tmp_path / "gone.mp4"), "no such file")]
    with pytest.raises(VideoError, match="no such file"):
        clipit.caption(dataset, skip_failures=False, **models)


def test_auto_guides_as_the_stored_captions_do(dataset, models, encoder, monkeypatch):
    clipit.caption(dataset, **models)
    clipit.summarize(dataset, "stored", captions="captions", encoder=encoder)
    monkeypatch.setattr(Captioner, "caption", lambda *_: pytest.fail("described again"))
    run = clipit.summarize(dataset, "auto", captions="auto", **models)
    assert run.config["captions_from"] == "auto"
    assert run.asked == "captions by a model"
    assert dataset.values("frames.auto") == dataset.values("frames.stored")
    clipit.summarize(dataset, "plain", encoder=encoder)
    assert dataset.values("frames.auto") != dataset.values("frames.plain")


def test_subtitles_beside_some_videos(make_dataset, encoder, videos, tmp_path):
    copies = [tmp_path / video.name for video in videos]
    for video, copy in zip(videos, copies, strict=True):
        copy.write_bytes(video.read_bytes())
    copies[0].with_suffix(".srt").write_text("1\n00:00:01,000 --> 00:00:02,000\nSomething red.\n")
    copies[2].with_suffix(".vtt").write_text("no subtitles")
    dataset = make_dataset(copies)
    run = clipit.summarize(dataset, "said", captions="subtitles", encoder=encoder)
    assert [value is None for value in dataset.values("said_relevance")] == [False, True, True]
    reasons = [failure["reason"] for failure in run.failures]
    assert "no text stream in it" in reasons[0]
    assert "two colours.vtt: not a subtitle file" in reasons[1]


@pytest.mark.parametrize(
    "make",
    [
        lambda words: fo.TemporalDetections(
            detections=[fo.TemporalDetection(label=word, support=[1, 9]) for word in words]
        ),
        lambda words: fo.Classifications(classifications=[fo.Classification(label=word) for word in words]),
        lambda words: list(words),
    ],
)
def test_a_field_of_any_kind_gives_the_same_captions(dataset, encoder, make):
    clipit.summarize(dataset, "given", captions=["a red wall", "a blue wall"], encoder=encoder)
    dataset.set_values("said", [make(["a red wall", "a blue wall", "a red wall"]) for _ in range(3)])
    clipit.summarize(dataset, "read", captions="said", encoder=encoder)
    assert dataset.values("frames.read") == dataset.values("frames.given")


@pytest.mark.parametrize("make", [str, lambda word: fo.Classification(label=word)])
def test_frames_may_have_the_sentences(dataset, encoder, make):
    clipit.summarize(dataset, "given", captions=["a red wall", "a blue wall"], encoder=encoder)
    for sample in dataset:
        for number, words in ((3, "a red wall"), (5, "a blue wall"), (9, "a red wall")):
            sample.frames[number]["said"] = make(words)
        sample.save()
    clipit.summarize(dataset, "read", captions="frames.said", encoder=encoder)
    assert dataset.values("frames.read") == dataset.values("frames.given")


def test_a_field_that_is_empty_everywhere_is_refused(dataset, encoder):
    dataset.add_sample_field("said", fo.StringField)
    with pytest.raises(UsageError, match="captions: field 'said' is empty for all 3 videos"):
        clipit.summarize(dataset, "dogs", captions="said", encoder=encoder)
    assert not dataset.list_runs()


def test_each_video_may_have_its_own_question(dataset, encoder):
    dataset.set_values("question", ["a red wall", None, "noise"])
    run = clipit.summarize(dataset, "asked", query_field="question", encoder=encoder)
    assert [failure["reason"] for failure in run.failures] == ["field 'question' has no query for it"]
    assert run.asked == "the question in 'question'"
    labels = [labels and {label.label for label in labels.detections} for labels in dataset.values("asked")]
    assert labels == [{"a red wall"}, None, {"noise"}]
    clipit.summarize(dataset, "same", query="a red wall", encoder=encoder)
    assert dataset.first().asked_relevance == dataset.first().same_relevance
    dataset.set_values("question", ["a red wall", "sand", "noise"])
    again = clipit.summarize(dataset, "asked", query_field="question", encoder=encoder)
    assert again.failures == []
    assert again.results["last"]["skipped"] == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"query": "a", "query_field": "question"}, "not both"),
        ({"query": "a", "captions": "auto"}, "not both"),
        ({"query_field": "question", "captions": ["a"]}, "not both"),
        ({"query_field": "nothing"}, "query_field: dataset .* has no field 'nothing'"),
        ({"captions": "nothing"}, "captions: dataset .* has no field 'nothing'"),
    ],
)
def test_sources_that_contradict_each_other(dataset, encoder, arguments, message):
    dataset.add_sample_field("question", fo.StringField)
    with pytest.raises(UsageError, match=message):
        clipit.summarize(dataset, "dogs", encoder=encoder, **arguments)


def test_what_is_excluded_and_how_much_words_count_is_stored(dataset, encoder):
    run = clipit.summarize(
        dataset, "dogs", query=["a dog", "a ball"], exclude="titles, black", language_weight=0.7, encoder=encoder
    )
    config = run.config
    assert (config["exclude"], config["language_weight"]) == (["titles", "black"], 0.7)
    with pytest.raises(UsageError, match="exclude"):
        clipit.summarize(dataset, "dogs", query=["a dog", "a ball"], language_weight=0.7, encoder=encoder)
