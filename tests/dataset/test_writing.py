"""Writing frame values: new and existing frames, all and some, without touching anything else."""

from __future__ import annotations

import fiftyone as fo
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fiftyone_clipit.dataset import writing
from fiftyone_clipit.dataset.writing import write_frames


@pytest.fixture
def empty(make_dataset):
    dataset = make_dataset(["a.mp4", "b.mp4"])
    dataset.add_frame_field("x", fo.FloatField)
    return dataset


def stored(dataset, sample_id, field="x") -> dict[int, float]:
    ((numbers, values),) = zip(
        *dataset.select(sample_id).values(["frames.frame_number", f"frames.{field}"]), strict=True
    )
    return {number: value for number, value in zip(numbers, values, strict=True) if value is not None}


def curve(values: dict[int, float]):
    return np.array(sorted(values), np.int64), np.array([values[n] for n in sorted(values)], np.float64)


frame_values = st.dictionaries(st.integers(1, 60), st.floats(0, 1), max_size=40)


def test_any_frames_over_any_others(empty, monkeypatch):
    """What is written is there and nothing else, whatever was there before: in one piece and in many."""
    sample_id = empty.first().id
    monkeypatch.setattr(writing, "_MOST_FRAMES", 7)

    @settings(max_examples=25, deadline=None)
    @given(frame_values, frame_values)
    def check(first, second):
        empty.delete_frames(empty.values("frames.id", unwind=True))
        for values in (first, second):
            write_frames(empty, "x", {sample_id: curve(values)})
        assert stored(empty, sample_id) == second
        assert empty.count("frames") == len(first | second)

    check()


def test_other_fields_and_other_videos_stay(empty):
    one, two = empty
    for sample in (one, two):
        for number in (1, 2, 3):
            sample.frames[number]["weather"] = fo.Classification(label="rain")
        sample.save()
    write_frames(empty, "x", {one.id: curve({2: 0.25, 3: 0.5, 4: 0.75})})
    assert stored(empty, one.id) == {2: 0.25, 3: 0.5, 4: 0.75}
    assert stored(empty, two.id) == {}
    assert empty.values("frames.weather.label") == [["rain", "rain", "rain", None], ["rain", "rain", "rain"]]


def test_frames_held_in_memory_show_what_is_stored(empty):
    sample = empty.first()
    sample.frames[1]["x"] = 0.1
    sample.save()
    frame = sample.frames[1]
    write_frames(empty, "x", {sample.id: curve({1: 0.9, 2: 0.8})})
    assert frame.x == 0.9
    assert sample.frames[2].x == 0.8


def test_when_frames_were_changed(empty):
    sample = empty.first()
    write_frames(empty, "x", {sample.id: curve({1: 0.1})})
    made, changed = empty.values(["frames.created_at", "frames.last_modified_at"])
    write_frames(empty, "x", {sample.id: curve({1: 0.2})})
    again, later = empty.values(["frames.created_at", "frames.last_modified_at"])
    assert again == made
    assert later[0][0] >= changed[0][0]
