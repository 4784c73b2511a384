"""Folds: the published ones, and what is refused."""

from __future__ import annotations

import json

import pytest

from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.training import canonical_splits, read_splits
from fiftyone_clipit.training.splits import Split, check_splits


@pytest.mark.parametrize(
    ("dataset", "setting", "train", "test", "sources"),
    [
        ("summe", "standard", 20, 5, {"summe"}),
        ("summe", "augment", 159, 5, {"summe", "tvsum", "ovp", "youtube"}),
        ("summe", "transfer", 139, 25, {"tvsum", "ovp", "youtube"}),
        ("tvsum", "standard", 40, 10, {"tvsum"}),
        ("tvsum", "augment", 154, 10, {"summe", "tvsum", "ovp", "youtube"}),
        ("tvsum", "transfer", 114, 50, {"summe", "ovp", "youtube"}),
    ],
)
def test_the_published_folds_are_read_in_all_settings(shared_data, dataset, setting, train, test, sources):
    splits = canonical_splits(dataset, shared_data / "benchmarks" / "splits", setting=setting)
    assert [(len(split.train), len(split.test)) for split in splits] == [(train, test)] * 5
    assert {key.split("/")[0] for split in splits for key in split.train} == sources
    assert {key.split("/")[0] for split in splits for key in split.test} == {dataset}
    assert check_splits(splits, {key for split in splits for key in (*split.train, *split.test)}) == splits


def test_keys_without_a_path_stay_as_they_are(shared_data):
    splits = read_splits(shared_data / "benchmarks" / "splits" / "summe_splits.json")
    assert splits[0].test == ("video_16", "video_21", "video_25", "video_4", "video_9")


def test_absent_videos_are_named_or_skipped():
    splits = [Split(("a", "b"), ("c",)), Split(("a",), ("d",))]
    with pytest.raises(UsageError, match=r"name 1 videos that are not at hand \(d\).*there are a, b, c"):
        check_splits(splits, {"a", "b", "c"})
    assert check_splits(splits, {"a", "c"}, skip_missing=True) == [Split(("a",), ("c",))]
    with pytest.raises(UsageError, match="no fold has both"):
        check_splits(splits, {"d"}, skip_missing=True)


def test_a_video_on_both_sides_is_refused():
    with pytest.raises(UsageError, match="fold 1 has a on both sides"):
        check_splits([Split(("a", "b"), ("a",))], {"a", "b"})


@pytest.mark.parametrize("content", ["{", "[1, 2]", json.dumps([{"train": []}])])
def test_a_file_of_another_form_says_what_was_expected(tmp_path, content):
    (tmp_path / "splits.json").write_text(content)
    with pytest.raises(UsageError, match="expected a list of folds, each with train_keys and test_keys"):
        read_splits(tmp_path / "splits.json")


def test_an_unknown_setting_or_file_is_named(tmp_path):
    with pytest.raises(UsageError, match="unknown setting 'augmented': expected one of standard, augment, transfer"):
        canonical_splits("summe", tmp_path, setting="augmented")
    with pytest.raises(UsageError, match="no such file"):
        canonical_splits("summe", tmp_path)
