"""`clipit features`: from videos to the usual HDF5 structure."""

from __future__ import annotations

import numpy as np
import pytest

from fiftyone_clipit.cli import main
from fiftyone_clipit.media.writer import VideoWriter


@pytest.fixture(scope="module")
def video(tmp_path_factory) -> str:
    path = tmp_path_factory.mktemp("video") / "clip.mp4"
    with VideoWriter(path, rate=10) as writer:
        for colour in ((200, 30, 30), (30, 30, 200)):
            for _ in range(30):
                writer.write(np.full((64, 96, 3), colour, np.uint8))
    return str(path)


def _features(tmp_path, *arguments) -> int:
    options = ["--encoder", "clipit-tiny", "--cache-dir", str(tmp_path / "cache"), "--quiet"]
    return main(["features", *map(str, arguments), "--h5", str(tmp_path / "out.h5"), *options])


def test_the_file_has_the_usual_structure(tmp_path, video):
    import h5py

    assert _features(tmp_path, video) == 0
    with h5py.File(tmp_path / "out.h5") as file:
        (group,) = file.values()
        assert group["features"].shape == (12, 128)
        assert group["n_frames"][()] == 60
        assert group["picks"][:].tolist() == [0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55]
        assert group["change_points"][:].tolist()[0][0] == 0
        assert group["change_points"][:].tolist()[-1][1] == 59


def test_an_existing_file_is_not_replaced_unasked(tmp_path, video, capsys):
    (tmp_path / "out.h5").write_bytes(b"precious")
    assert _features(tmp_path, video) == 2
    assert "exists" in capsys.readouterr().err
    assert (tmp_path / "out.h5").read_bytes() == b"precious"


def test_a_bad_video_is_counted_and_left_out(tmp_path, video):
    text = tmp_path / "text.mp4"
    text.write_text("no video")
    assert _features(tmp_path, text, video) == 1
