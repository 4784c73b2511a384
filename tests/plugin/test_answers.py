"""What goes wrong in an operator: the App gets it in words, Python and the records of delegated runs as failures."""

from __future__ import annotations

import asyncio
import json

import fiftyone.operators as foo
import pytest
from fiftyone.operators.executor import ExecutionError, execute_or_delegate_operator

import fiftyone_clipit as clipit
from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.plugin import live
from fiftyone_clipit.plugin.operators import OPERATORS, delete_summary
from tests.plugin.test_operators import PLUGIN, context, execute, form, problems

UNKNOWN = "nothing/at-all"


@pytest.fixture
def summarized(dataset, encoder):
    clipit.summarize(dataset, "dogs", query="a dog", encoder=encoder)
    return dataset


def as_the_app(name, dataset, params, **request) -> dict:
    """Runs an operator as the App's server does; what the App shows at the end."""
    operator = foo.get_operator(f"{PLUGIN}/{name}")
    asked = {"dataset_name": dataset.name, "params": params, "operator_uri": operator.uri, **request}
    outcome = asyncio.run(execute_or_delegate_operator(operator.uri, asked))
    assert outcome.error is None
    result = outcome.result
    if outcome.is_generator:
        result = json.loads([message.to_json_line() for message in outcome.result][-1])["body"]
    ctx = context(dataset, params, results=result)
    return operator.resolve_output(ctx).to_json()["type"]["properties"]


def said(properties: dict) -> str:
    assert properties["notice"]["view"]["severity"] == "error"
    return properties["notice"]["view"]["label"]


@pytest.mark.parametrize("name", ["summarize_video", "encode_videos"])
def test_an_encoder_that_cannot_be_loaded_is_named_in_the_app(dataset, name):
    params = {"query": "a dog", "key": "dogs", "encoder": UNKNOWN}
    assert "nothing/at-all" in said(as_the_app(name, dataset, params))


def test_what_is_wrong_before_the_work_begins_is_said_in_the_app(summarized):
    """Protects what the form cannot know: another tab deleted the summary after the form was filled in."""
    operator = foo.get_operator(f"{PLUGIN}/resize_summary")
    ctx = context(summarized, {"key": "cats"}, operator_uri=operator.uri)
    (message,) = operator.execute(ctx)
    assert "no summary 'cats'" in message.to_json()["body"]["error"]


@pytest.mark.parametrize("operator", OPERATORS, ids=lambda operator: operator.__name__)
def test_no_operator_raises_in_the_app(dataset, operator, monkeypatch, caplog):
    """Protects every operator: the App gets words from all of them, and the log what led to them."""

    def fail(*_):
        raise ZeroDivisionError("by the test")

    monkeypatch.setattr("fiftyone.operators.ExecutionContext.dataset", property(fail))
    made = operator()
    ctx = context(dataset, {"key": "dogs", "new_key": "x"}, operator_uri=f"{PLUGIN}/{made.name}")
    outcome = made.execute(ctx)
    result = outcome if isinstance(outcome, dict) else list(outcome)[-1].to_json()["body"]
    assert result == {"error": "Something went wrong: ZeroDivisionError: by the test"}
    assert "Traceback" in caplog.text
    ctx.request_params["results"] = result
    words = made.resolve_output(ctx).to_json()["type"]["properties"]["notice"]["view"]["label"]
    assert words == "Something went wrong: ZeroDivisionError: by the test"


def test_python_gets_the_exception(summarized, monkeypatch):
    with pytest.raises(ExecutionError, match="encoder 'nothing/at-all'"):
        execute("encode_videos", summarized, {"encoder": UNKNOWN})

    def refuse(*_):
        raise UsageError("not this one")

    monkeypatch.setattr(delete_summary, "delete_summary", refuse)
    with pytest.raises(ExecutionError, match="not this one"):
        execute("delete_summary", summarized, {"key": "dogs"})


def test_an_error_of_the_work_reaches_python(dataset):
    def work(tell):
        raise UsageError("not like this")

    with pytest.raises(UsageError, match="not like this"):
        list(live.run(context(dataset, {}), work, lambda result: iter(())))


def test_a_delegated_run_that_fails_is_recorded_as_failed(dataset):
    from fiftyone.operators.delegated import DelegatedOperationService

    service = DelegatedOperationService()
    operator = f"{PLUGIN}/encode_videos"
    # As the App asks for it.
    asked = {"dataset_name": dataset.name, "params": {"encoder": UNKNOWN}, "operator_uri": operator}
    queued = asyncio.run(execute_or_delegate_operator(operator, {**asked, "request_delegation": True}))
    service.execute_queued_operations(dataset_name=dataset.name)
    done = service.get(queued.result["id"])
    assert done.run_state == "failed"
    assert "nothing/at-all" in done.result.error


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("export_summary", {"key": "dogs", "formats": ["json"]}),
        ("evaluate_summary", {"key": "dogs", "ground_truth": ["marked"]}),
        ("train_summarizer", {"target": "marked"}),
    ],
)
@pytest.mark.parametrize("folder", ["here", "~nobody-of-that-name/here"])
def test_a_relative_folder_is_refused_with_another_one(summarized, name, params, folder):
    """Protects files: FiftyOne's server is at home in FiftyOne's own code, where nobody looks for them."""
    asked, app = {**params, "folder": folder}, {"operator_uri": f"{PLUGIN}/{name}"}
    message = problems(form(name, summarized, asked, **app))["folder"]
    assert "clipit-" in message
    assert message.startswith(f"folder '{folder}'")
    operator = foo.get_operator(f"{PLUGIN}/{name}")
    (told,) = operator.execute(context(summarized, asked, **app))
    assert told.to_json()["body"]["error"] == message
    for good in ("~/here", "/somewhere/here"):
        assert "folder" not in problems(form(name, summarized, {**params, "folder": good}, **app))
    # In Python it is clear what a relative folder means.
    if folder == "here":
        assert "folder" not in problems(form(name, summarized, asked))
