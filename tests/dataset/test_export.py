"""Exporting from FiftyOne: a summary, and a clips view as it stands."""

from __future__ import annotations

import json

import fiftyone as fo
import pytest
from fiftyone import ViewField as F

import fiftyone_clipit as clipit
from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.media.video import scan


@pytest.fixture
def summarized(dataset, encoder):
    clipit.summarize(dataset, "dogs", query="a dog", encoder=encoder, budget=0.3)
    return dataset


def frames_in(report) -> list[int]:
    return [scan(path).n_frames for path in report.paths() if path.suffix == ".mp4"]


def lengths(supports) -> list[int]:
    return [last - first + 1 for first, last in supports]


def test_a_reel_a_video(summarized, tmp_path):
    report = clipit.export(summarized, "dogs", tmp_path)
    assert frames_in(report) == [sum(lengths(supports)) for supports in summarized.values("dogs.detections.support")]
    assert report.failures == []


def test_a_clip_a_segment_of_a_view(summarized, tmp_path):
    report = clipit.export(summarized.limit(2), "dogs", tmp_path, formats=["clips"])
    supports = clipit.summary_clips(summarized.limit(2), "dogs").values("support")
    assert frames_in(report) == lengths(supports)


def test_everything_about_it_as_json(summarized, tmp_path):
    report = clipit.export(summarized.limit(1), "dogs", tmp_path, formats=["json"])
    told = json.dumps(json.loads(report.paths()[0].read_text()))
    assert summarized.first().id in told
    assert "a dog" in told


def test_clips_as_filtered_and_sorted(summarized, tmp_path):
    clips = clipit.summary_clips(summarized, "dogs")
    chosen = clips.match(F("dogs.rank") == 1).sort_by("dogs.confidence", reverse=True)
    report = clipit.export(chosen, tmp_path, formats=["clips"])
    assert len(report.paths()) == len(chosen)
    by_source = dict(zip(chosen.values("filepath"), lengths(chosen.values("support")), strict=True))
    assert [by_source[file.sources[0]] for file in report.files] == frames_in(report)
    assert [file.sources[0] for file in report.files] == chosen.values("filepath")


def test_one_reel_in_the_order_on_the_screen(summarized, tmp_path):
    first, second = summarized.limit(2).values("filepath")
    clips = summarized.limit(2).to_clips([[(1, 10), (40, 50)], [(20, 25)]])
    ids = clips.values("id")
    mixed = clips.select([ids[1], ids[2], ids[0]], ordered=True)
    report = clipit.export(mixed, tmp_path, formats=["reel", "csv"], join=True)
    assert frames_in(report) == [11 + 6 + 10]
    rows = next(p for p in report.paths("csv")).read_text().splitlines()[1:]
    assert [first in row or second not in row for row in rows] == [True, False, True]


def test_clips_without_labels(summarized, tmp_path):
    clips = summarized.to_clips([[(3, 9)], [], []])
    assert frames_in(clipit.export(clips, tmp_path, formats=["clips"])) == [7]


def test_clips_become_a_dataset_that_loads_back(summarized, tmp_path):
    clips = clipit.summary_clips(summarized, "dogs")
    label = clips.first().dogs
    clips.limit(1).tag_labels("good", "dogs")
    report = clipit.export(clipit.summary_clips(summarized, "dogs"), tmp_path, formats=["clips"], dataset_name="cut")
    made = fo.load_dataset("cut")
    assert made.media_type == "video"
    assert len(made) == len(report.paths()) == len(clips)
    assert made.values("source_support") == clips.values("support")
    assert made.values("segment.confidence") == pytest.approx(clips.values("dogs.confidence"))
    sample = made.first()
    assert (sample.segment.label, sample.segment.confidence) == (label.label, pytest.approx(label.confidence))
    assert sample.source_id == summarized.first().id
    assert "good" in sample.tags
    loaded = fo.Dataset.from_dir(
        dataset_dir=str(tmp_path / "dataset"), dataset_type=fo.types.FiftyOneDataset, rel_dir=str(tmp_path)
    )
    assert loaded.values(["filepath", "segment.label"]) == made.values(["filepath", "segment.label"])
    with pytest.raises(UsageError, match="there is a dataset 'cut' already"):
        clipit.export(clips, tmp_path, formats=["clips"], dataset_name="cut")
    for extra in (made, loaded):
        extra.delete()


def test_key_frames_become_a_dataset_of_images(summarized, tmp_path):
    clipit.export(summarized, "dogs", tmp_path, formats=["keyframes"], dataset_name="stills")
    made = fo.load_dataset("stills")
    assert made.media_type == "image"
    assert len(made) == summarized.count("dogs.detections")
    made.delete()


def test_a_video_that_vanished_is_reported(make_dataset, videos, encoder, tmp_path):
    path = tmp_path / "soon gone.mp4"
    path.write_bytes(videos[0].read_bytes())
    dataset = make_dataset([path, videos[1]])
    clipit.summarize(dataset, "dogs", encoder=encoder)
    path.unlink()
    report = clipit.export(dataset, "dogs", tmp_path / "out")
    assert [failure.sources for failure in report.failures] == [(str(path),)]
    assert len(report.paths()) == 1


def test_progress_goes_to_a_function(summarized, tmp_path):
    seen = []
    clipit.export(summarized, "dogs", tmp_path, progress=lambda bar: seen.append(bar.iteration))
    assert seen == sorted(seen)
    assert seen[-1] == 100


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda d, f: clipit.export(d, "cats", f), "no summary 'cats'"),
        (lambda d, f: clipit.export(d, "dogs"), "where to"),
        (lambda d, f: clipit.export(d, folder=f), "which summary"),
        (lambda d, f: clipit.export(d, "dogs", f, formats=["film"]), "unknown format 'film'"),
        (lambda d, f: clipit.export(d, "dogs", f, colour="red"), "knows no option 'colour'"),
        (lambda d, f: clipit.export(d, "dogs", f, padding=-1), "padding"),
        (lambda d, f: clipit.export(d, "dogs", f, dataset_name="x"), "clips or key frames"),
        (lambda d, f: clipit.export(d.limit(0), "dogs", f), "no samples"),
        (lambda d, f: clipit.export(d.to_clips([[], [], []]), f), "no clips"),
        (lambda d, f: clipit.export(d.to_clips("dogs"), "dogs", f), "as they stand"),
    ],
)
def test_wrong_use_writes_nothing(summarized, tmp_path, call, message):
    folder = tmp_path / "out"
    with pytest.raises(UsageError, match=message):
        call(summarized, folder)
    assert not folder.exists()
