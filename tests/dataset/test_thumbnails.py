"""Pictures of moments: made once, late ones counted, and nobody waits for those that never come."""

from __future__ import annotations

import shutil
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fiftyone_clipit.dataset import thumbnails as module
from fiftyone_clipit.dataset.thumbnails import n_late, thumbnails, thumbnails_there
from fiftyone_clipit.errors import VideoError

PATIENT = {"patience": 60.0}


@pytest.fixture(autouse=True)
def _own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("CLIPIT_CACHE_DIR", str(tmp_path / "cache"))


@pytest.fixture
def slow(monkeypatch):
    """Pictures are made once this is set."""
    gate, save = threading.Event(), module._save
    monkeypatch.setattr(module, "_save", lambda *arguments: (gate.wait(60), save(*arguments)))
    yield gate
    gate.set()


def idle() -> None:
    """Waits until nothing is being made."""
    while module._in_work:
        time.sleep(0.01)


def test_a_picture_shows_its_moment_and_is_made_once(videos):
    path, before = videos[2], n_late()  # 2 s of green, 2 of blue, 2 of green
    made = thumbnails(path, [1.0, 3.0], **PATIENT)
    colours = [np.asarray(Image.open(file)).mean(axis=(0, 1)).argmax() for file in made]
    assert colours == [1, 2]
    stamps = [file.read_bytes() for file in made]
    assert thumbnails(path, [1.0, 3.0], patience=0) == made
    assert [file.read_bytes() for file in made] == stamps
    assert n_late() == before


def test_everybody_who_asks_learns_that_a_picture_was_late(videos, slow):
    first = second = n_late()
    assert thumbnails(videos[0], [1.0], patience=0) == [None]
    slow.set()
    idle()
    # Made by now, but what was shown lacks it; asking once does not hide that from the next who asks.
    assert n_late() > first
    assert n_late() > second
    again = n_late()
    assert None not in thumbnails(videos[0], [1.0], patience=0)
    assert n_late() == again


def test_other_moments_of_a_video_that_is_being_worked_on_are_late(videos, slow):
    thumbnails(videos[0], [1.0], patience=0)
    before = n_late()
    threading.Timer(0.2, slow.set).start()
    assert thumbnails(videos[0], [3.0], **PATIENT) == [None]
    assert n_late() > before
    idle()
    assert None not in thumbnails(videos[0], [3.0], **PATIENT)


def test_who_leafs_through_many_videos_gets_the_pictures_of_the_last(videos, tmp_path, slow, monkeypatch):
    """Protects patience: pictures that nobody looks at any more do not stand in the way of those on the screen."""
    monkeypatch.setattr(module, "_MOST_WAITING", 2)
    copies = [Path(shutil.copyfile(videos[0], tmp_path / f"{number}.mp4")) for number in range(8)]
    for copy in copies:
        thumbnails(copy, [1.0], patience=0)
    slow.set()
    idle()
    made = [bool(thumbnails_there(copy, [1.0])[0]) for copy in copies]
    assert made[-2:] == [True, True]
    assert made.count(False) >= 3
    assert None not in thumbnails(copies[3], [1.0], **PATIENT)  # whoever comes back gets them after all


def test_a_picture_that_never_comes_is_not_late(tmp_path):
    broken, before = tmp_path / "broken.mp4", n_late()
    broken.write_text("no video")
    assert thumbnails(broken, [1.0], **PATIENT) == [None]
    assert n_late() == before
    with pytest.raises(VideoError, match="cannot be read"):
        thumbnails(tmp_path / "absent.mp4", [1.0])
