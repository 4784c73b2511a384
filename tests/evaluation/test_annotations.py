"""Files of annotations whose parts do not belong together: each a message that names the part."""

from __future__ import annotations

import h5py
import numpy as np
import pytest

from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.evaluation import read_summe, read_tvsum


@pytest.fixture
def write(tmp_path):
    """Writes a file with one video of 40 frames, with some parts changed; gives its path."""

    def make(**changed):
        parts = {"n_frames": 40, "picks": np.arange(0, 40, 5), "change_points": np.array([[0, 19], [20, 39]])}
        with h5py.File(tmp_path / "x.h5", "w") as file:
            for name, value in {**parts, **changed}.items():
                file[f"video_1/{name}"] = value
        return tmp_path / "x.h5"

    return make


@pytest.mark.parametrize("picks", [[0, 40], [-1, 3]])
def test_picks_beyond_the_video_are_named(write, picks):
    path = write(picks=picks, user_summary=np.eye(2, 40))
    with pytest.raises(UsageError, match=rf"picks go from {picks[0]} to {picks[1]}; expected .* from 0 to 39"):
        read_summe(path)


def test_people_of_another_video_are_named(write):
    with pytest.raises(UsageError, match="n_frames is 40, but user_summary has 30 frames a person"):
        read_summe(write(user_summary=np.eye(2, 30)))
    with pytest.raises(UsageError, match="n_frames is 40, but user_scores has 30 frames a person"):
        read_tvsum(write(user_scores=np.ones((2, 30))))
    with pytest.raises(UsageError, match="n_frames is 40, but user_scores has 30 frames a person"):
        read_tvsum(write(user_scores=np.ones((2, 30)), user_summary=np.eye(2, 40)))


def test_one_person_alone_may_stand_without_a_row(write):
    (video,) = read_tvsum(write(user_scores=np.arange(40.0)))
    assert video.user_summary.shape == (1, 40)
    assert video.user_scores.tolist() == [[0, 5, 10, 15, 20, 25, 30, 35]]
