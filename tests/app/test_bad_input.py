"""The panel in the App where something is not as it should be: it says what is the case, and goes on."""

from __future__ import annotations

import fiftyone_clipit as clipit
from tests.app.browser import Browser
from tests.app.drawn import only, supports
from tests.app.waiting import until


def test_pictures_are_no_videos(browser, make_dataset, tmp_path):
    """Protects a dataset without videos: the panel says so, and the form of an operator does."""
    from PIL import Image

    Image.new("RGB", (240, 136), "seagreen").save(tmp_path / "picture.png")
    browser.open(make_dataset([tmp_path / "picture.png"]).name)
    browser.open_panel()
    browser.says("This dataset holds image samples; summaries need videos.")
    browser.picture("no_videos")


def test_without_summaries_the_panel_says_what_to_do(browser, drawn, make_dataset):
    """Protects the first day: an invitation, and a button that opens the form."""
    dataset = make_dataset(only(drawn, "winter").values("filepath"))
    dataset.set_values("metadata", only(drawn, "winter").values("metadata"))
    browser.open(dataset.name)
    browser.open_panel()
    browser.says("What matters in these videos?")
    browser.picture("no_summaries")
    browser.button("Summarize videos").click()
    form = browser.form()
    form.says("What matters?")
    form.press("Cancel")
    form.gone()


def test_fields_that_were_deleted_by_hand(browser, drawn):
    """Protects a summary that lost a field: named, and it can be run again."""
    drawn.delete_sample_field("red_star_shots")
    browser.open(drawn.name)
    browser.open_panel()
    browser.choose("red_star", "a red star")
    browser.says("The fields red_star_shots of this summary are gone. Run it again, or delete it.")
    browser.picture("lost_field")


def test_a_video_file_that_vanished(browser, drawn, tmp_path):
    """Protects what is stored: curve and segments still show when the file is gone, and the panel says that it is."""
    # What the App's own grid has to say of it.
    browser.expected.append(r"error: Failed to load resource: .* status of 404 .*/media\?filepath=.*gone_for_good.*")
    sample = only(drawn, "seaside").first()
    sample.filepath = str(tmp_path / "gone_for_good.mp4")
    sample.save()
    browser.open(drawn.name)
    browser.open_panel()
    browser.choose("gist", "the video itself")
    browser.watch("gone_for_good")
    browser.says("gone_for_good.mp4")
    browser.says("The video file is no longer there")
    browser.picture("vanished")


def test_a_view_without_samples(panel, drawn):
    """Protects an empty view: the panel says so, and shows the videos again with the next one."""
    panel.page.evaluate("view => window.__foo__.executeOperator('set_view', {view})", drawn.limit(0)._serialize())
    panel.says("The view has no videos: clear the view, or run “Summarize video” for it.")
    panel.picture("empty_view")
    panel.page.evaluate("view => window.__foo__.executeOperator('set_view', {view})", [])
    panel.says("3 videos by relevance")


def test_a_summary_that_was_deleted_elsewhere_while_it_shows(panel, drawn):
    """Protects decisions: what a page shows of a summary that somebody else deleted changes no other summary.

    Deleted in Python, as in another process: when another tab does it, the App may bring this page up to date before
    the click, which then rightly counts for what the page shows by that time.
    """
    panel.watch("seaside")
    before = supports(drawn, "gist", "seaside")
    clipit.delete_summary(drawn, "red_star")
    panel.button("Drop: in no summary of this video").first.click()
    panel.page.get_by_text("the summary “red_star” is no longer there, so nothing was done").first.wait_for()
    panel.picture("two_tabs")
    assert supports(drawn, "gist", "seaside") == before
    until(lambda: panel.panel.get_by_role("combobox").first.inner_text().startswith("gist"), "the other summary")


def test_two_tabs_at_once(panel, drawn, chromium, tmp_path):
    """Protects two tabs: when one deletes a summary, the other goes on with what is left."""
    other = Browser(chromium, panel.address, tmp_path)
    other.open(drawn.name)
    other.open_panel()
    other.choose("red_star", "a red star")
    other.button("Delete this summary").click()
    other.form().press("Delete")
    other.says("The summary “red_star” is no longer there")
    other.close()
    assert [run.key for run in clipit.list_summaries(drawn.reload() or drawn)] == ["gist"]
    panel.close_panel()
    panel.open_panel()
    panel.says("3 videos by relevance")
    until(lambda: panel.panel.get_by_role("combobox").first.inner_text().startswith("gist"), "the other summary")
