"""Clips and key frames of a summary."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

import fiftyone_clipit as clipit
from fiftyone_clipit.errors import UsageError


@pytest.fixture
def summarized(dataset, encoder):
    clipit.summarize(dataset, "dogs", query="a dog", encoder=encoder, budget=0.5)
    return dataset


def test_one_clip_a_segment(summarized):
    clips = clipit.summary_clips(summarized, "dogs")
    assert clips.values("support") == [s for supports in summarized.values("dogs.detections.support") for s in supports]
    assert set(clips.values("dogs.label")) == {"a dog"}
    assert len(clipit.summary_clips(summarized.limit(1), "dogs")) == len(summarized.first().dogs.detections)


def test_key_frames_show_the_peak_of_each_segment(summarized, tmp_path):
    frames = clipit.keyframes(summarized, "dogs", output_dir=tmp_path)
    peaks = [(s.id, d.peak_frame) for s in summarized for d in s.dogs.detections]
    assert sorted(zip(*frames.values(["sample_id", "frame_number"]), strict=True)) == sorted(set(peaks))
    assert frames.media_type == "image"
    for sample in frames:
        assert sample.filepath.startswith(str(tmp_path))
        assert np.asarray(Image.open(sample.filepath)).shape == (96, 128, 3)
        assert sample.dogs == summarized[sample.sample_id].frames[sample.frame_number].dogs


def test_key_frames_are_made_once(summarized, tmp_path):
    clipit.keyframes(summarized, "dogs", output_dir=tmp_path)
    times = {file: file.stat().st_mtime_ns for file in tmp_path.iterdir()}
    clipit.keyframes(summarized, "dogs", output_dir=tmp_path)
    assert {file: file.stat().st_mtime_ns for file in tmp_path.iterdir()} == times


def test_a_video_that_is_gone_is_left_out(make_dataset, videos, encoder, tmp_path):
    path = tmp_path / "soon gone.mp4"
    path.write_bytes(videos[0].read_bytes())
    dataset = make_dataset([path, videos[1]])
    clipit.summarize(dataset, "dogs", encoder=encoder)
    path.unlink()
    frames = clipit.keyframes(dataset, "dogs", output_dir=tmp_path)
    assert set(frames.values("sample_id")) == {dataset.last().id}


def test_without_such_a_summary(dataset):
    for function in (clipit.summary_clips, clipit.keyframes):
        with pytest.raises(UsageError, match="no summary 'dogs'; its summaries: it has none"):
            function(dataset, "dogs")
