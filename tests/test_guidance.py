"""Captions that videos bring themselves, or that a model makes: from the file to the summary."""

from __future__ import annotations

import pytest

from fiftyone_clipit.errors import EncoderError, UsageError, VideoError
from fiftyone_clipit.pipeline import Summarizer
from fiftyone_clipit.settings import Settings
from tests.fiftyone_fixtures import write_video
from tests.small_captioner import write_small_blip


@pytest.fixture
def video(tmp_path):
    return write_video(tmp_path / "scenes.mp4", ("red", "noise", "blue"))


def _summarizer(encoder, folder, **settings) -> Summarizer:
    return Summarizer(Settings(encoder=encoder, **settings), device="cpu", cache_dir=folder / "cache")


def _features(summarizer, video):
    (outcome,) = summarizer.extract([str(video)])
    return outcome.features


def test_subtitles_guide_as_the_same_sentences_would(encoder, video, tmp_path):
    video.with_suffix(".srt").write_text("1\n00:00:01,000 --> 00:00:02,000\nSomething blue.\n")
    guided = _summarizer(encoder, tmp_path, captions_from="subtitles")
    given = _summarizer(encoder, tmp_path, captions=["Something blue."])
    features = _features(guided, video)
    assert guided.summarize(features).scores.tolist() == given.summarize(features).scores.tolist()


def test_a_video_without_subtitles_is_a_reason(encoder, video, tmp_path):
    summarizer = _summarizer(encoder, tmp_path, captions_from="subtitles")
    with pytest.raises(VideoError, match="no subtitles"):
        summarizer.summarize(_features(summarizer, video))


def test_a_models_captions_guide_as_the_same_sentences_would(encoder, video, tmp_path):
    blip = write_small_blip(tmp_path / "blip")
    guided = _summarizer(encoder, tmp_path, captions_from="auto", captioner=blip)
    features = _features(guided, video)
    captions, _ = guided.caption(features)
    given = _summarizer(encoder, tmp_path, captions=[caption.sentence for caption in captions])
    assert guided.summarize(features).scores.tolist() == given.summarize(features).scores.tolist()
    assert guided.caption(features) == (captions, True), "what summarizing described is in the cache"


def test_a_captioner_that_is_none_fails_before_any_video_is_read(encoder, tmp_path):
    summarizer = _summarizer(encoder, tmp_path, captions_from="auto", captioner=str(tmp_path))
    with pytest.raises(EncoderError, match="captioner"):
        summarizer.load()


def test_a_captioner_is_loaded_only_where_it_is_needed(encoder, video, tmp_path):
    summarizer = _summarizer(encoder, tmp_path, captioner=str(tmp_path))
    summarizer.load()
    assert summarizer.summarize(_features(summarizer, video)).segments


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"captions_from": "guesses"}, "captions_from must be one of auto, subtitles, not 'guesses'"),
        ({"captions_from": "auto", "captions": ["a"]}, "not both"),
        ({"captions_from": "subtitles", "query": "a"}, "not both"),
        ({"captioner": ""}, "captioner must be named"),
    ],
)
def test_settings_that_contradict_each_other(arguments, message):
    with pytest.raises(UsageError, match=message):
        Settings(**arguments)
