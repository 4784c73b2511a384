"""The operators that learn from labels and measure against them, as people use them in the App."""

from __future__ import annotations

import fiftyone as fo
import pytest

from tests.app.waiting import until

# What somebody marked: first and last frame of what matters in each video.
MARKED = {"winter": (61, 108), "seaside": (133, 180), "journey": (61, 120)}


@pytest.fixture
def marked(drawn):
    """The dataset with temporal detections that say what matters."""
    for sample in drawn:
        if bounds := MARKED.get(sample.filename.removesuffix(".mp4")):
            found = fo.TemporalDetection(label="star", support=list(bounds))
            sample["events"] = fo.TemporalDetections(detections=[found])
            sample.save()
    return drawn


def test_training_shows_its_curves_and_where_the_checkpoint_is(marked, browser, tmp_path):
    """Protects the way from labels to a scorer: form, progress, curves, and a checkpoint in its folder."""
    browser.open(marked.name)
    form = browser.operator("Train summarizer")
    form.select("Network", "cosine")
    form.fill("Encoder", "clipit-tiny")
    form.fill("Folder", str(tmp_path / "mine"))
    form.switch("More options")
    form.fill("Epochs", "2")
    until(form.button("Schedule").is_enabled, "the form is complete")
    browser.picture("train_form")
    form.execute()
    form.says("Trained on 3 videos")
    form.says(str(tmp_path / "mine"))
    form.dialog.locator(".scatterlayer .trace").first.wait_for()
    browser.picture("trained")
    assert (tmp_path / "mine" / "model.safetensors").is_file()


def test_evaluation_shows_a_summary_beside_chance(marked, browser):
    """Protects honest numbers: what a summary reaches is never shown without what chance reaches."""
    browser.open(marked.name)
    form = browser.operator("Evaluate summary")
    form.select("Summary", "red_star")
    until(form.button("Schedule").is_enabled, "the form is complete")
    browser.picture("evaluate_form")
    form.execute()
    form.says("summary red_star")
    form.says("random")
    form.says("F1 %")
    browser.picture("evaluated")
