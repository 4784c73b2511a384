"""What goes wrong in an operator shows in the App in words, and breaks nothing."""

from __future__ import annotations

import re

from tests.app.drawn import summaries
from tests.app.waiting import until


def test_an_unknown_encoder_is_named_where_the_report_would_be(browser, drawn):
    """Protects the words of an error: the App by itself would say “network error”."""
    form = browser.operator("Summarize video")
    form.fill("Question", "a black cup")
    form.fill("Encoder", "nothing/at-all")
    form.fill("Name of the summary", "cups")
    until(form.button("Execute").is_enabled, "the form is complete")
    form.press("Execute")
    form.says(re.compile("100%"))
    browser.picture("error_progress")
    form.press("Done")
    form.says(re.compile("encoder 'nothing/at-all': open_clip has no model"))
    browser.picture("error")
    assert list(summaries(drawn)) == ["gist", "red_star"]


def test_a_form_says_that_the_view_is_empty(browser, drawn):
    """Protects people from filling in a form for nothing."""
    browser.page.get_by_placeholder("+ add stage").click()
    for word in ("Limit", "0"):
        browser.page.keyboard.type(word)
        browser.page.keyboard.press("Enter")
    browser.page.locator('[data-cy="looker"]').first.wait_for(state="detached")
    form = browser.operator("Summarize video")
    form.says("nothing to do: the view has no samples")
    browser.picture("empty_view")
    form.fill("Question", "a black cup")
    until(form.button("Execute").is_disabled, "a form that cannot be sent")


def test_a_relative_folder_is_refused_with_a_whole_path(browser, drawn):
    """Protects files: a relative folder would lie inside FiftyOne's own code."""
    form = browser.operator("Export summary")
    form.select("Summary", "gist")
    form.fill("Folder", "films")
    form.says(re.compile(r"folder 'films' is relative.*clipit-exports"))
    until(form.button("Execute").is_disabled, "a form that cannot be sent")
