"""One budget for many videos, from features to segments: the planted minutes are found, copies are shown once."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from fiftyone_clipit.across import share_budget
from fiftyone_clipit.features.types import VideoFeatures
from fiftyone_clipit.media.timeline import Timeline
from fiftyone_clipit.media.video import VideoInfo
from fiftyone_clipit.pipeline import Summarizer
from fiftyone_clipit.settings import Settings

STAR = "a red star on the snow"
OTHERS = ["a blue boat on the water", "a green house in a meadow", "a black car in a city street"]
PLANTED = {7: 12, 23: 30, 40: 4}


@pytest.fixture(scope="module")
def vectors():
    encoder = Summarizer(Settings(encoder="clipit-tiny"), device="cpu", cache=False).encoder
    return encoder.encode_texts([STAR, *OTHERS])


@pytest.fixture(scope="module")
def videos(vectors) -> list[VideoFeatures]:
    """Fifty videos of 30 s; three show the star for 3 s, and the last is a copy of one of them."""
    generator = np.random.default_rng(0)
    made = []
    for v in range(49):
        # Each video has footage of its own, however alike the scenes are.
        scenes = vectors + generator.normal(scale=0.4 / np.sqrt(vectors.shape[1]), size=vectors.shape)
        rows = np.repeat(scenes[[1, 2, 3]], 20, axis=0)
        if v in PLANTED:
            rows[PLANTED[v] : PLANTED[v] + 6] = scenes[0]
        rows += generator.normal(scale=0.02 / np.sqrt(rows.shape[1]), size=rows.shape)
        made.append(_video(f"{v}.mp4", rows))
    copy = made[23].features + generator.normal(scale=0.02 / np.sqrt(vectors.shape[1]), size=made[23].features.shape)
    return [*made, _video("copy.mp4", copy)]


def _video(path: str, rows: np.ndarray) -> VideoFeatures:
    rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    rate, frames = Fraction(24), len(rows) * 12
    return VideoFeatures(
        path=path,
        features=rows.astype(np.float16),
        frame_numbers=np.arange(len(rows)) * 12 + 1,
        times=np.arange(len(rows)) / 2,
        timeline=Timeline(np.arange(frames), 1 / rate, frames / rate),
        info=VideoInfo(path, 64, 48, 0, "h264", rate, frames / rate, frames, False),
    )


def _summaries(videos, **settings):
    summarizer = Summarizer(
        Settings(encoder="clipit-tiny", query=STAR, scope="dataset", **settings), device="cpu", cache=False
    )
    pairs = [(summarizer.summarize(video), video.timeline) for video in videos]
    assert not any(summary.segments for summary, _ in pairs)
    return share_budget(pairs, summarizer.settings)


def test_the_planted_seconds_among_fifty_videos_are_found_and_copies_dropped(videos):
    summaries = _summaries(videos, budget="9s")
    shown = {v: summary.segments for v, summary in enumerate(summaries) if summary.segments}
    copied = 23 if 23 in shown else 49
    assert set(shown) == {7, 40, copied}
    for v, segments in shown.items():
        start = PLANTED[23 if v == 49 else v] / 2
        assert len(segments) == 1
        assert segments[0].start == pytest.approx(start, abs=0.51)
        assert segments[0].end == pytest.approx(start + 3, abs=0.51)
        assert segments[0].label == STAR


def test_copies_are_shown_on_request(videos):
    summaries = _summaries(videos, budget="12s", deduplicate=False)
    assert {v for v, summary in enumerate(summaries) if summary.segments} == {7, 23, 40, 49}


def test_a_share_of_all_videos_together(videos):
    summaries = _summaries(videos[:10], budget=0.05)
    assert sum(s.end - s.start for summary in summaries for s in summary.segments) == pytest.approx(15, abs=0.3)


def test_the_same_input_gives_the_same_output(videos):
    first, second = (_summaries(videos, budget=0.1) for _ in range(2))
    assert [summary.segments for summary in first] == [summary.segments for summary in second]


def test_relevance_puts_the_videos_that_answer_first(videos):
    summaries = _summaries(videos, budget="9s")
    order = sorted(range(len(videos)), key=lambda v: -summaries[v].relevance)
    assert set(order[:4]) == {7, 23, 40, 49}


def test_nothing_to_share():
    assert share_budget([], Settings(scope="dataset")) == []


def test_what_a_person_dropped_stays_out(videos):
    summarizer = Summarizer(Settings(encoder="clipit-tiny", query=STAR, scope="dataset", budget="3s"), device="cpu")
    summary = summarizer.summarize(videos[7])
    kept = share_budget([(summary, videos[7].timeline)], summarizer.settings)[0].segments
    shots = [replace(shot, dropped=abs(shot.start - PLANTED[7] / 2) < 1) for shot in summary.shots]
    assert any(shot.dropped for shot in shots)
    other = share_budget([(replace(summary, shots=shots), videos[7].timeline)], summarizer.settings)[0].segments
    assert other
    assert other != kept
