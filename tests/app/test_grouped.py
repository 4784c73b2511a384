"""The panel on a grouped dataset: pictures and videos of the same moment, of which only the videos have summaries."""

from __future__ import annotations

import fiftyone as fo
import pytest
from PIL import Image

from tests.app.browser import MODAL


@pytest.fixture
def grouped(drawn, tmp_path):
    """Two groups of a picture, which the App shows first, and a video."""
    import fiftyone_clipit as clipit

    dataset = fo.Dataset(f"{drawn.name}-in-groups")
    dataset.add_group_field("group", default="picture")
    samples = []
    for video in drawn.limit(2):
        group, picture = fo.Group(), tmp_path / f"{video.filename}.png"
        Image.new("RGB", (240, 136), "seagreen").save(picture)
        samples.append(fo.Sample(filepath=str(picture), group=group.element("picture")))
        moved = fo.Sample(filepath=video.filepath, metadata=video.metadata, group=group.element("camera"))
        samples.append(moved)
    dataset.add_samples(samples)
    clipit.summarize(dataset.select_group_slices("camera"), "gist", encoder="clipit-tiny", budget=0.2)
    yield dataset
    dataset.delete()


def test_the_videos_of_groups_are_browsed_and_opened(browser, grouped):
    """Protects grouped datasets: the overview shows their videos, one shows alone, and opens in the App."""
    browser.open(grouped.name)
    browser.open_panel()
    browser.says("2 videos by relevance")
    browser.pictures_are_there()
    browser.watch("seaside")
    browser.says("of 15.0 s in")
    browser.button("All videos").click()
    browser.button("Open the video").first.click()
    modal = browser.page.locator(MODAL)
    modal.wait_for()
    modal.locator("canvas, video").first.wait_for()
    browser.picture("grouped")
