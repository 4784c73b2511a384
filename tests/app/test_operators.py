"""The forms of the operators in the App: what they check, what they start."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

from tests.app.drawn import summaries
from tests.app.waiting import until


def test_summarize_from_the_operator_browser_with_a_typed_question(browser, drawn):
    """Protects the whole way of someone who never opens Python: from the operator browser to fields and a report."""
    form = browser.operator("Summarize video")
    form.fill("Question", "a black cup")
    form.fill("Encoder", "clipit-tiny")
    form.fill("Name of the summary", "cups")
    until(form.button("Execute").is_enabled, "the form is complete")
    browser.picture("form")
    form.execute()
    form.says("Summarized 3 videos, 1 failed")
    form.says("broken.mp4")
    browser.picture("report")
    form.press("Close")
    form.gone()
    drawn.reload()
    assert drawn.count("cups_relevance") == 3
    best = drawn.sort_by("cups_relevance", reverse=True).first()
    assert best.filename == "journey.mp4"
    assert all(first > 110 for first, _ in (segment.support for segment in best.cups.detections))
    browser.open_panel()
    browser.choose("cups", "a black cup")


def test_the_form_says_what_is_wrong_before_anything_runs(browser, drawn):
    """Protects bad input: the form names what is wrong beside it, and cannot be sent."""
    form = browser.operator("Summarize video")
    form.says("Required property")
    form.fill("Question", "a black cup")
    form.fill("Name of the summary", "not a name")
    form.says(re.compile("'not a name' cannot name fields"))
    browser.picture("form_with_a_message")
    assert form.button("Execute").is_disabled()
    form.fill("Name of the summary", "red_star")
    form.says(re.compile("“red_star” was made otherwise .*query.*: choose another name, or replace it"))
    assert form.button("Execute").is_disabled()
    form.fill("Name of the summary", "cups")
    form.choose("seconds of each video")
    form.fill("Seconds", "0")
    form.says("A summary needs more than 0 seconds")
    assert form.button("Execute").is_disabled()
    form.fill("Seconds", "5")
    until(form.button("Execute").is_enabled, "a form without mistakes")
    assert list(summaries(drawn)) == ["gist", "red_star"]


def test_a_delegated_summary_appears_when_it_is_done(browser, drawn):
    """Protects background work: scheduled in the App, run by FiftyOne's service, then shown in the panel."""
    from fiftyone.operators.delegated import DelegatedOperationService

    form = browser.operator("Summarize video")
    form.fill("Question", "a white moon")
    form.fill("Encoder", "clipit-tiny")
    form.fill("Name of the summary", "moons")
    form.schedule()
    service = DelegatedOperationService()
    browser.page.get_by_text("Operation successfully scheduled").wait_for()
    browser.picture("scheduled")
    # In a thread of its own: the service runs an event loop, and so does Playwright in this one.
    with ThreadPoolExecutor(1) as worker:
        (outcome,) = worker.submit(service.execute_queued_operations, dataset_name=drawn.name).result()
    assert outcome.error is None
    browser.open(drawn.name)
    browser.open_panel()
    browser.choose("moons", "a white moon")
    browser.says("3 videos by relevance")
