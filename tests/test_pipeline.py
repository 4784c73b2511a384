"""The whole path of a video, on features with a known answer and on real videos."""

from __future__ import annotations

import json
from fractions import Fraction

import numpy as np
import pytest

from fiftyone_clipit.drawn.videos import scene, scene_frames
from fiftyone_clipit.features.types import VideoFeatures
from fiftyone_clipit.media.timeline import Timeline
from fiftyone_clipit.media.video import VideoInfo
from fiftyone_clipit.pipeline import Summarizer
from fiftyone_clipit.settings import Settings


def _video(scenes: list[tuple[np.ndarray, int]], fps: int = 24, noise: float = 0.05) -> VideoFeatures:
    """A video whose scenes have given vectors and numbers of samples, two samples a second."""
    generator = np.random.default_rng(0)
    rows = np.concatenate([np.tile(vector, (count, 1)) for vector, count in scenes]).astype(np.float64)
    rows += generator.normal(scale=noise / np.sqrt(rows.shape[1]), size=rows.shape)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    samples, frames = len(rows), len(rows) * fps // 2
    rate = Fraction(fps)
    return VideoFeatures(
        path="made.mp4",
        features=rows.astype(np.float16),
        frame_numbers=np.arange(samples) * (fps // 2) + 1,
        times=np.arange(samples) / 2,
        timeline=Timeline(np.arange(frames), 1 / rate, frames / rate),
        info=VideoInfo("made.mp4", 64, 48, 0, "h264", rate, frames / rate, frames, False),
    )


@pytest.fixture(scope="module")
def words() -> dict[str, np.ndarray]:
    """The tiny model's vectors of a few drawn pictures."""
    encoder = Summarizer(Settings(encoder="clipit-tiny"), device="cpu", cache=False).encoder
    scenes = {
        "star": scene("star", "red", "snow", 1),
        "boat": scene("boat", "blue", "water", 1),
        "house": scene("house", "green", "grass", 1),
    }
    pictures = [
        np.asarray(next(scene_frames(one, 1, rate=Fraction(1), size=(320, 240), seed=0))) for one in scenes.values()
    ]
    return dict(zip(scenes, encoder.encode_images(pictures).astype(np.float32), strict=True))


def _summarizer(**settings) -> Summarizer:
    return Summarizer(Settings(encoder="clipit-tiny", **settings), device="cpu", cache=False)


def test_a_query_finds_its_scene(words):
    video = _video([(words["boat"], 30), (words["star"], 10), (words["house"], 40)])
    summary = _summarizer(query="a red star on snow", budget=0.1).summarize(video)
    (segment,) = summary.segments
    assert 15 <= segment.start < segment.end <= 20
    assert segment.label == "a red star on snow"
    assert summary.relevance > 0.5


def test_two_queries_find_both_scenes_and_name_them(words):
    video = _video([(words["boat"], 10), (words["house"], 60), (words["star"], 10)])
    summary = _summarizer(query=["a red star on snow", "a blue boat on water"], budget=0.25).summarize(video)
    labels = {segment.label for segment in summary.segments}
    assert labels == {"a red star on snow", "a blue boat on water"}


def test_another_question_needs_no_new_summarizer(words):
    video = _video([(words["boat"], 20), (words["star"], 20)])
    summarizer = _summarizer(query="a red star on snow")
    star = summarizer.summarize(video)
    boat = summarizer.summarize(video, query=["a blue boat on water"])
    assert star.segments[0].start >= 10
    assert boat.segments[0].end <= 10


def test_what_is_excluded_is_left_out(words):
    video = _video([(words["boat"], 20), (words["star"], 20)])
    query = ["a red star on snow", "a blue boat on water"]
    summary = _summarizer(query=query, exclude="a blue boat on water", budget=0.5).summarize(video)
    assert all(segment.start >= 9.5 for segment in summary.segments)


def test_a_part_of_a_video_is_summarized_within_its_bounds(words):
    """What clip views need: frames outside the clip are neither shown nor counted."""
    video = _video([(words["boat"], 20), (words["star"], 20), (words["house"], 20)])
    summary = _summarizer(budget=0.25).summarize(video, frames=(100, 500))
    assert summary.shots[0].first_frame == 100
    assert summary.shots[-1].last_frame == 500
    assert all(100 <= s.first_frame <= s.last_frame <= 500 for s in summary.segments)
    assert sum(s.n_frames for s in summary.segments) <= 0.25 * 401
    assert ((summary.frame_numbers >= 100) & (summary.frame_numbers <= 500)).all()


def test_a_part_between_two_samples_still_has_a_score(words):
    video = _video([(words["boat"], 20)])
    summary = _summarizer().summarize(video, frames=(15, 18))
    assert len(summary.frame_numbers) == 1
    assert [(s.first_frame, s.last_frame) for s in summary.shots] == [(15, 18)]
    assert summary.segments


def test_every_frame_gets_an_importance(words):
    video = _video([(words["boat"], 20), (words["star"], 20)])
    summary = _summarizer(query="a red star on snow").summarize(video)
    numbers, importance = summary.every_frame()
    np.testing.assert_array_equal(numbers, np.arange(1, 481))
    assert ((importance >= 0) & (importance <= 1)).all()


def test_shots_are_found_once_and_kept(tmp_path, words, monkeypatch):
    """A new question about an hour of video must not pay for segmentation again."""
    from dataclasses import replace

    from fiftyone_clipit import pipeline

    video = replace(_video([(words["boat"], 20), (words["star"], 20)]), key="k")
    settings = Settings(encoder="clipit-tiny")
    first = Summarizer(settings, device="cpu", cache_dir=tmp_path).summarize(video)

    def fail(*_, **__):
        raise AssertionError("segmented again")

    monkeypatch.setattr(pipeline, "kts", fail)
    second = Summarizer(settings, device="cpu", cache_dir=tmp_path).summarize(video)
    assert second.shots == first.shots


def test_real_cuts_are_found(shared_data, tmp_path):
    """The five inner boundaries of six joined clips, within half a second and a frame; at most 15 in all."""
    folder = shared_data / "planted"
    planted = json.loads((folder / "dev_animals.json").read_text())
    summarizer = Summarizer(Settings(encoder="clipit-tiny"), device="cpu", cache_dir=tmp_path)
    (outcome,) = summarizer.extract([str(folder / "dev_animals.mp4")])
    summary = summarizer.summarize(outcome.features)
    found = [shot.start for shot in summary.shots[1:]]
    assert outcome.features.timeline.n_frames == planted["n_frames"]
    assert len(found) <= 15
    for segment in planted["segments"][1:]:
        assert min(abs(start - segment["start_s"]) for start in found) <= 0.5 + 1 / planted["fps"]
