"""Numbers beyond [0, 1] mean the same in the views that one trains on and tests on."""

from __future__ import annotations

import fiftyone as fo
import numpy as np
import pytest
from fiftyone import ViewField as F

from fiftyone_clipit.dataset.ground_truth import GroundTruth


@pytest.fixture
def rated(labelled):
    """Six videos, each rated with its own number throughout: 1, 2, 3, 4, 5, and one outlier."""
    labelled.add_frame_field("rating", fo.FloatField)
    ratings = dict(zip(labelled.values("id"), (1.0, 2.0, 3.0, 4.0, 5.0, 101.0), strict=True))
    marks = {sample_id: dict.fromkeys(range(1, 11), rating) for sample_id, rating in ratings.items()}
    labelled.set_values("frames.rating", marks, key_field="id")
    return labelled


def test_the_scale_is_that_of_the_whole_dataset_whichever_samples_a_view_shows(rated):
    train, test = rated.limit(3), rated.skip(3).limit(2)
    assert GroundTruth(rated, "rating").scale == (1, 101)
    assert GroundTruth(train, "rating").scale == (1, 101)
    assert GroundTruth(test, "rating").scale == (1, 101)
    (third,) = rated.skip(2).limit(1).values("id")
    assert GroundTruth(train, "rating").importance(third, "", 10)[0] == pytest.approx(0.02)


@pytest.mark.parametrize(
    "kept",
    [
        lambda samples: samples.filter_field("frames.rating", F() < 100),
        lambda samples: samples.match_frames(F("rating") < 100, omit_empty=False),
    ],
    ids=["filter_field", "match_frames"],
)
def test_numbers_that_a_view_filters_away_do_not_count(rated, kept):
    """An outlier that is filtered away does not press the others together."""
    for view in (kept(rated), kept(rated.limit(2)), kept(rated).limit(2)):
        assert GroundTruth(view, "rating").scale == (1, 5)


def test_numbers_that_a_view_changes_count_as_changed(rated):
    view = rated.limit(2).set_field("frames.rating", F("rating") / 101)
    truth = GroundTruth(view, "rating")
    assert truth.scale == (0, 1)
    np.testing.assert_allclose(truth.importance(view.first().id, "", 10), 1 / 101)


def test_all_slices_of_a_grouped_dataset_count(boats):
    dataset = fo.Dataset()
    group = fo.Group()
    for name, rating, (path, _) in zip(("left", "right"), (2.0, 6.0), boats, strict=False):
        sample = fo.Sample(filepath=str(path), group=group.element(name))
        sample.frames[1] = fo.Frame(rating=rating)
        dataset.add_sample(sample)
    try:
        assert GroundTruth(dataset.select_group_slices("left"), "rating").scale == (2, 6)
    finally:
        dataset.delete()
