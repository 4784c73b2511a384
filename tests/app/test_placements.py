"""The operators' buttons beside the video that is open."""

from __future__ import annotations

from fiftyone_clipit.dataset.folders import export_folder


def press(browser, icon: str):
    """Presses a button of the bar above what is open, which FiftyOne gives no name; gives the form."""
    beside = browser.page.locator('[data-cy="modal"] [data-cy="action-browse-operations"]')
    beside.locator(f"xpath=../following-sibling::*[.='{icon}']").click()
    return browser.form()


def test_the_video_that_is_open_is_summarized_and_exported_where_it_is_watched(browser, drawn):
    """Protects the way from one video: both forms are one press away, and mean that video alone."""
    browser.open_modal()
    form = press(browser, "auto_awesome_motion")
    form.says("Only the video that is open")
    form.says("What matters?")
    form.press("Cancel")
    form.gone()
    form = press(browser, "ios_share")
    form.says("Only the video that is open")
    form.select("Summary", "gist")
    browser.picture("export_from_the_modal")
    form.execute()
    form.says("winter")
    form.press("Close")
    assert [film.stem for film in export_folder(drawn, "gist").glob("*.mp4")] == ["winter-reel"]
