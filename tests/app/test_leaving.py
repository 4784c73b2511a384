"""Leaving the App while an operator works."""

from __future__ import annotations

from tests.app.drawn import summaries
from tests.app.waiting import until


def test_work_goes_on_when_the_page_is_closed(browser, drawn):
    """Protects long work: who closes the page in the middle of it finds the summary whole later."""
    form = browser.operator("Summarize video")
    form.fill("Question", "a black cup")
    form.fill("Encoder", "clipit-tiny")
    form.fill("Name of the summary", "cups")
    until(form.button("Execute").is_enabled, "the form is complete")
    form.press("Execute")
    form.button("Done").wait_for()
    browser.page.goto("about:blank")
    until(lambda: summaries(drawn).get("cups") == "done", "the summary is made although nobody looks")
    assert drawn.count("cups_relevance") == 3
