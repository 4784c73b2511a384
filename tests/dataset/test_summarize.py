"""`summarize` on a real FiftyOne dataset: what it stores, how it goes on, what it refuses."""

from __future__ import annotations

import itertools

import fiftyone as fo
import numpy as np
import pytest

import fiftyone_clipit as clipit
from fiftyone_clipit.errors import EncoderError, UsageError, VideoError
from tests.fiftyone_fixtures import plain

FRAMES = 72


@pytest.fixture
def run(dataset, encoder):
    return clipit.summarize(dataset, "dogs", query="a dog", encoder=encoder, budget=0.25, fps=2)


def test_every_frame_gets_an_importance(dataset, run):
    schema = dataset.get_frame_field_schema()
    assert isinstance(schema["dogs"], fo.FloatField)
    for sample in dataset:
        values = [frame.dogs for frame in sample.frames.values()]
        assert list(sample.frames) == list(range(1, FRAMES + 1))
        assert all(isinstance(value, float) and 0 <= value <= 1 for value in values)
        assert max(values) == 1
        assert min(values) == 0


def test_new_frames_are_like_those_that_fiftyone_makes(dataset, run):
    frame = dataset.first().frames[3]
    assert frame.created_at is not None
    assert frame.last_modified_at is not None
    assert frame._doc._dataset_id == str(dataset._doc.id)
    assert dataset.count("frames") == dataset.count("frames.created_at") == 3 * FRAMES


def test_only_sampled_frames_on_request(dataset, encoder):
    clipit.summarize(dataset, "few", encoder=encoder, fps=2, frames="sampled")
    assert [list(sample.frames) for sample in dataset] == [list(range(1, FRAMES + 1, 6))] * 3


def test_segments_are_inside_the_video_and_within_the_budget(dataset, run):
    for sample in dataset:
        segments = sample.dogs.detections
        assert segments
        assert sum(last - first + 1 for first, last in (s.support for s in segments)) <= 0.25 * FRAMES
        assert sorted(s.rank for s in segments) == list(range(1, len(segments) + 1))
        for segment in segments:
            first, last = segment.support
            assert 1 <= first <= segment.peak_frame <= last <= FRAMES
            assert segment.label == "a dog"
            assert segment.start == pytest.approx((first - 1) / 12)
            assert segment.end == pytest.approx(last / 12)
            inside = [sample.frames[n].dogs for n in range(first, last + 1)]
            assert segment.confidence == pytest.approx(np.mean(inside), abs=1e-6)


def test_shots_cover_the_video_once(dataset, run):
    for sample in dataset:
        supports = sorted(tuple(shot.support) for shot in sample.dogs_shots.detections)
        assert supports[0][0] == 1
        assert supports[-1][1] == FRAMES
        assert all(after[0] == before[1] + 1 for before, after in itertools.pairwise(supports))
        assert all(0 <= shot.importance <= 1 and not shot.pinned for shot in sample.dogs_shots.detections)


def test_relevance_sorts_videos(dataset, run):
    values = dataset.sort_by("dogs_relevance", reverse=True).values("dogs_relevance")
    assert values == sorted(values, reverse=True)
    assert all(0 <= value <= 1 for value in values)


def test_the_run_says_what_was_done(dataset, run, encoder):
    assert dataset.list_runs(method="clipit") == ["dogs"]
    config = dataset.get_run_info("dogs").config
    assert (config.method, config.query, config.encoder) == ("clipit", ["a dog"], encoder)
    assert (config.budget, config.fps, config.frames) == (0.25, 2, "all")
    assert config.versions["fiftyone-clipit"] == clipit.__version__
    results = dataset.load_run_results("dogs", cache=False)
    assert results.status == "done"
    assert results.failures == []
    assert results.totals["videos"] == 3
    assert results.totals["video_seconds"] == pytest.approx(18)
    assert results.totals["summary_seconds"] <= 0.25 * 18
    assert results.last["frames_written"] == 3 * FRAMES
    assert (run.status, run.config["query"]) == ("done", ["a dog"])
    assert "a dog" in str(run)
    assert "3 videos" in str(run)


def test_metadata_comes_from_decoding_where_it_is_missing(dataset, encoder):
    sample = dataset.first()
    sample.metadata = fo.VideoMetadata(frame_rate=99.0)
    sample.save()
    clipit.summarize(dataset, "dogs", encoder=encoder)
    assert dataset.values("metadata.frame_rate") == [99.0, 12.0, 12.0]
    assert dataset.values("metadata.total_frame_count") == [None, FRAMES, FRAMES]
    last = dataset.last().metadata
    assert (last.frame_width, last.frame_height, last.duration) == (128, 96, 6.0)


def test_a_budget_in_seconds_beyond_the_video_is_the_whole_video_and_noted(dataset, encoder):
    run = clipit.summarize(dataset, "all", encoder=encoder, budget="5min")
    assert run.results["totals"]["summary_seconds"] == pytest.approx(18)
    assert len(run.notes) == 3
    assert "longer than the video" in run.notes[0]


def test_captions_of_a_field_guide_and_their_absence_is_a_failure(dataset, encoder):
    for sample, sentences in zip(dataset, (["a dog", "a dog"], ["a red car"], []), strict=True):
        sample["said"] = fo.TemporalDetections(
            detections=[fo.TemporalDetection(label=label, support=[1, 5]) for label in sentences]
        )
        sample.save()
    run = clipit.summarize(dataset, "guided", captions="said", encoder=encoder)
    assert [failure["reason"] for failure in run.failures] == ["field 'said' has no captions for it"]
    assert dataset.count("guided_relevance") == 2
    assert run.config["captions_field"] == "said"
    same = clipit.summarize(dataset, "listed", captions=["a dog"], encoder=encoder)
    assert same.config["captions"] == ["a dog"]
    first = dataset.first()
    assert [f.guided for f in first.frames.values()] == [f.listed for f in first.frames.values()]


def test_broken_videos_are_counted_and_the_others_go_on(make_dataset, videos, encoder, tmp_path):
    empty, text = tmp_path / "empty.mp4", tmp_path / "text.mp4"
    empty.touch()
    text.write_text("no video")
    dataset = make_dataset([empty, videos[0], text, tmp_path / "gone.mp4", videos[1]])
    run = clipit.summarize(dataset, "dogs", encoder=encoder)
    assert [failure["path"] for failure in run.failures] == [str(empty), str(text), str(tmp_path / "gone.mp4")]
    assert all(failure["reason"] for failure in run.failures)
    assert run.status == "done"
    assert run.results["totals"]["videos"] == 2
    assert dataset.values("dogs_relevance").count(None) == 3
    with pytest.raises(VideoError, match=r"empty\.mp4"):
        clipit.summarize(dataset, "strict", encoder=encoder, skip_failures=False)
    assert clipit.list_summaries(dataset)[-1].status == "failed"


def test_a_repaired_video_joins(make_dataset, videos, encoder, tmp_path):
    path = tmp_path / "later.mp4"
    dataset = make_dataset([path, videos[0]])
    assert len(clipit.summarize(dataset, "dogs", encoder=encoder).failures) == 1
    path.write_bytes(videos[1].read_bytes())
    run = clipit.summarize(dataset, "dogs", encoder=encoder)
    assert run.failures == []
    assert run.results["last"]["summarized"] == 1
    assert None not in dataset.values("dogs_relevance")


def test_progress_goes_to_a_function(dataset, encoder):
    seen = []
    clipit.summarize(dataset, "dogs", encoder=encoder, progress=lambda bar: seen.append((bar.iteration, bar.total)))
    assert seen[-1] == (3, 3)


def test_four_workers_give_what_one_gives(dataset, encoder, tmp_path, monkeypatch):
    results = []
    for workers in (1, 4):
        monkeypatch.setenv("CLIPIT_CACHE_DIR", str(tmp_path / str(workers)))
        clipit.summarize(dataset, f"w{workers}", query="a dog", encoder=encoder, num_workers=workers)
        columns = dataset.values([f"frames.w{workers}", f"w{workers}_relevance", f"w{workers}_shots", f"w{workers}"])
        results.append([*columns[:2], *([plain(labels) for labels in column] for column in columns[2:])])
    assert results[0] == results[1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"key": "two words"}, "letters, digits and underscores"),
        ({"key": ""}, "letters, digits and underscores"),
        ({"key": "_hidden"}, "letters, digits and underscores"),
        ({"key": "filepath"}, "taken"),
        ({"key": "weather"}, "taken"),
        ({"key": "x", "query": "  "}, "query holds an empty sentence"),
        ({"key": "x", "query": ["a dog", ""]}, "query holds an empty sentence"),
        ({"key": "x", "budget": 0}, "budget"),
        ({"key": "x", "budget": 1.5}, "budget"),
        ({"key": "x", "budget": "soon"}, "budget"),
        ({"key": "x", "captions": "nowhere"}, "no field 'nowhere'"),
        ({"key": "x", "captions": "metadata"}, "sentences are read from"),
        ({"key": "x", "frames": "some"}, "frames must be"),
        ({"key": "x", "fps": 0}, "fps"),
    ],
)
def test_wrong_use_is_refused_before_any_work(dataset, arguments, message):
    dataset.add_sample_field("weather_shots", fo.StringField)
    before = dataset.get_field_schema(flat=True)
    with pytest.raises(UsageError, match=message):
        clipit.summarize(dataset, **{"encoder": "no/such-encoder", **arguments})
    assert dataset.get_field_schema(flat=True) == before
    assert dataset.list_runs() == []


def test_an_encoder_that_cannot_be_loaded_changes_nothing(dataset):
    with pytest.raises(EncoderError):
        clipit.summarize(dataset, "dogs", encoder="no/such-encoder")
    assert dataset.list_runs() == []
    assert not dataset.has_field("dogs")


def test_what_holds_no_videos_is_refused(dataset, encoder, tmp_path):
    pictures, nothing = fo.Dataset(), fo.Dataset()
    pictures.add_sample(fo.Sample(filepath=str(tmp_path / "a.png")))
    grouped = fo.Dataset()
    grouped.add_group_field("group", default="left")
    group = fo.Group()
    grouped.add_samples(
        [fo.Sample(filepath=path, group=group.element(side)) for side, path in (("left", "a.mp4"), ("right", "b.mp4"))]
    )
    clips = dataset.to_clips([[(1, 5)], [], []])
    for samples, message in (
        (pictures, "summaries need videos"),
        (nothing, "the dataset has no samples"),
        (dataset.limit(0), "the view has no samples"),
        (grouped, "select_group_slices"),
        (clips, "apply_model"),
        ("a name", "must be a FiftyOne dataset or view"),
    ):
        with pytest.raises(UsageError, match=message):
            clipit.summarize(samples, "dogs", encoder=encoder)
    for extra in (pictures, nothing, grouped):
        extra.delete()


def test_a_slice_of_a_grouped_dataset(videos, encoder):
    dataset = fo.Dataset()
    dataset.add_group_field("group", default="left")
    for path in videos[:2]:
        group = fo.Group()
        for side, file in (("left", path), ("right", videos[2])):
            dataset.add_sample(fo.Sample(filepath=str(file), group=group.element(side)))
    right = dataset.select_group_slices("right")
    run = clipit.summarize(right, "dogs", encoder=encoder)
    assert run.results["totals"]["videos"] == 2
    assert None not in right.values("dogs_relevance")
    assert dataset.select_group_slices("left").values("dogs_relevance") == [None, None]
    assert right.count("frames.dogs") == 2 * FRAMES
    clipit.delete_summary(dataset, "dogs")
    dataset.delete()
