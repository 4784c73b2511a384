"""The operators, executed by FiftyOne on a real dataset: forms, messages, results."""

from __future__ import annotations

import asyncio
import json
import threading
import time

import fiftyone.operators as foo
import pytest
from fiftyone.operators.executor import ExecutionContext, ExecutionError, Executor, resolve_type_with_context

import fiftyone_clipit as clipit
from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.plugin import live

PLUGIN = "@clipit/fiftyone-clipit"


def execute(name, dataset, params, **kwargs):
    return foo.execute_operator(f"{PLUGIN}/{name}", dataset=dataset, params=params, **kwargs)


def context(dataset, params, **request) -> ExecutionContext:
    return ExecutionContext(
        {"dataset_name": dataset.name, "params": params, **request},
        executor=Executor(),
        operator_uri=f"{PLUGIN}/summarize_video",
    )


def form(name, dataset, params, **request) -> dict:
    """The form as the App gets it: inputs by name."""
    operator = foo.get_operator(f"{PLUGIN}/{name}")
    prop = asyncio.run(resolve_type_with_context(operator, context(dataset, params, **request)))
    described = prop.to_json()
    json.dumps(described)
    return described["type"]["properties"]


def problems(properties: dict) -> dict[str, str]:
    return {name: prop["error_message"] for name, prop in properties.items() if prop.get("invalid")}


@pytest.fixture
def summarized(dataset, encoder):
    clipit.summarize(dataset, "dogs", query="a dog", encoder=encoder)
    return dataset


def test_the_plugin_loads_without_errors():
    from fiftyone.operators.registry import OperatorRegistry

    registry = OperatorRegistry()
    assert not registry.list_errors()
    names = {op.name for op in registry.list_operators() if op.plugin_name == PLUGIN}
    verbs = {"encode_videos", "caption_videos", "resize_summary", "rename_summary", "delete_summary"}
    assert {"summarize_video", *verbs} <= names


def test_summarize_for_a_question(dataset, encoder):
    params = {"mode": "query", "query": "a dog\na ball", "key": "play", "encoder": encoder, "budget_share": 30}
    execute("summarize_video", dataset, params)
    dataset.reload()
    (run,) = clipit.list_summaries(dataset)
    assert (run.key, run.status) == ("play", "done")
    assert (run.config["query"], run.config["budget"]) == (["a dog", "a ball"], 0.3)
    assert None not in dataset.values("play_relevance")


def test_summarize_a_view_in_general_with_seconds(dataset, encoder):
    view = dataset.limit(1)
    params = {"mode": "video", "key": "gist", "encoder": encoder, "budget_unit": "seconds", "budget_seconds": 2}
    foo.execute_operator(f"{PLUGIN}/summarize_video", view=view, params={**params, "view_target": "CURRENT_VIEW"})
    dataset.reload()
    assert [value is None for value in dataset.values("gist_relevance")] == [False, True, True]
    assert clipit.list_summaries(dataset)[0].config["budget"] == "2s"


def test_the_video_that_is_open(dataset, encoder):
    last = dataset.last().id
    params = {"mode": "video", "key": "one", "encoder": encoder}
    execute("summarize_video", dataset, params, current_sample=last)
    dataset.reload()
    assert [i for i, value in zip(*dataset.values(["id", "one_relevance"]), strict=True) if value is not None] == [last]


def test_clips_stand_for_their_videos(summarized, encoder):
    clips = clipit.summary_clips(summarized, "dogs").limit(1)
    params = {"mode": "video", "key": "again", "encoder": encoder, "view_target": "CURRENT_VIEW"}
    foo.execute_operator(f"{PLUGIN}/summarize_video", view=clips, params=params)
    summarized.reload()
    assert [value is None for value in summarized.values("again_relevance")] == [False, True, True]


def test_live_progress_then_sidebar_then_report(dataset, encoder):
    operator = foo.get_operator(f"{PLUGIN}/summarize_video")
    ctx = context(dataset, {"query": "a dog", "key": "dogs", "encoder": encoder}, active_fields=["tags"])
    messages = [message.to_json() for message in operator.execute(ctx)]
    calls = [m["body"]["operator_uri"] for m in messages if m["cls"] == "InvocationRequest"]
    assert calls[0] == "set_progress"
    assert calls[-2:] == ["reload_dataset", "set_active_fields"]
    shares = [m["body"]["params"]["progress"] for m in messages if "progress" in m["body"].get("params", {})]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert messages[-2]["body"]["params"] == {"fields": ["tags", "dogs"]}
    assert messages[-1]["cls"] == "ExecutionResult"
    result = messages[-1]["body"]
    assert (result["done"], result["failed"], result["key"]) == (3, 0, "dogs")
    ctx.request_params["results"] = result
    shown = operator.resolve_output(ctx).to_json()["type"]["properties"]
    assert shown["headline"]["view"]["label"] == "Summarized 3 videos"


def test_failures_are_counted_and_shown(make_dataset, videos, encoder, tmp_path):
    dataset = make_dataset([videos[0], tmp_path / "gone.mp4"])
    operator = foo.get_operator(f"{PLUGIN}/summarize_video")
    ctx = context(dataset, {"mode": "video", "key": "dogs", "encoder": encoder})
    result = [message.to_json() for message in operator.execute(ctx)][-1]["body"]
    assert result["failures"] == [{"path": str(tmp_path / "gone.mp4"), "reason": "no such file"}]
    ctx.request_params["results"] = result
    shown = operator.resolve_output(ctx).to_json()["type"]["properties"]
    assert shown["headline"]["view"]["label"] == "Summarized 1 videos, 1 failed"
    assert "failures" in shown


def test_closing_the_page_stops_the_work(dataset):
    stopped = threading.Event()

    def work(tell):
        try:
            while True:
                tell(0.5, "still at it")
                time.sleep(0.01)
        except live.GivenUp:
            stopped.set()
            raise

    messages = live.run(context(dataset, {}), work, lambda result: iter(()))
    next(messages)
    messages.close()
    assert stopped.wait(10)


def test_an_error_of_the_work_reaches_the_app(dataset):
    def work(tell):
        raise UsageError("not like this")

    with pytest.raises(UsageError, match="not like this"):
        list(live.run(context(dataset, {}), work, lambda result: iter(())))


def test_delegated(dataset, encoder):
    from fiftyone.operators.delegated import DelegatedOperationService

    service = DelegatedOperationService()
    params = {"query": "a dog", "key": "dogs", "encoder": encoder}
    queued = execute("summarize_video", dataset, params, request_delegation=True)
    assert queued.delegated
    assert dataset.list_runs() == []
    service.execute_queued_operations(dataset_name=dataset.name)
    done = service.get(queued.result["id"])
    assert done.run_state == "completed"
    assert done.result.result["done"] == 3
    assert done.status.progress == 1
    assert "headline" in done.metadata["outputs_schema"]["type"]["properties"]
    dataset.reload()
    assert dataset.list_runs() == ["dogs"]


def test_the_form_follows_the_choices(dataset):
    asks = form("summarize_video", dataset, {})
    assert {"mode", "query", "budget_share", "encoder", "key"} <= set(asks)
    assert "captions" not in asks
    assert "fps" not in asks
    assert asks["key"]["default"] == "summary"
    captions = form("summarize_video", dataset, {"mode": "captions", "budget_unit": "seconds", "advanced": True})
    assert {"captions", "budget_seconds", "fps", "scorer", "device", "num_workers"} <= set(captions)
    assert "query" not in captions
    assert captions["captions"]["type"]["values"] == ["auto", "subtitles"]
    assert "only_current" in form("summarize_video", dataset, {}, current_sample=dataset.first().id)


def test_captions_fields_are_offered_but_not_our_own(summarized):
    import fiftyone as fo

    summarized.add_sample_field("story", fo.StringField)
    choices = form("summarize_video", summarized, {"mode": "captions"})["captions"]["type"]["values"]
    assert choices == ["auto", "subtitles", "story"]


@pytest.mark.parametrize(
    ("params", "where", "message"),
    [
        ({"query": "a dog", "key": "two words"}, "key", "letters, digits and underscores"),
        ({"query": "a dog", "key": "filepath"}, "key", "taken"),
        ({"query": "a dog", "key": "x", "advanced": True, "fps": -1}, "key", "fps"),
        ({"query": "a dog", "key": "dogs"}, "overwrite", "was made otherwise"),
        ({"mode": "video", "budget_unit": "seconds", "budget_seconds": 0}, "budget_seconds", "more than 0 seconds"),
    ],
)
def test_the_form_says_what_is_wrong_and_the_run_is_refused(summarized, params, where, message):
    assert message in problems(form("summarize_video", summarized, params))[where]
    before = clipit.list_summaries(summarized)[0].results
    with pytest.raises(ExecutionError, match=message):
        execute("summarize_video", summarized, params)
    assert clipit.list_summaries(summarized)[0].results == before


def test_the_same_summary_goes_on_and_another_may_replace(summarized, encoder):
    same = form("summarize_video", summarized, {"query": "a dog", "key": "dogs", "encoder": encoder})
    assert problems(same) == {}
    assert same["goes_on"]["view"]["label"].startswith("3 videos have this summary")
    params = {"query": "a cat", "key": "dogs", "encoder": encoder, "overwrite": True}
    assert problems(form("summarize_video", summarized, params)) == {}
    execute("summarize_video", summarized, params)
    summarized.reload()
    assert clipit.list_summaries(summarized)[0].config["query"] == ["a cat"]


def test_resize_rename_delete(summarized):
    result = execute("resize_summary", summarized, {"key": "dogs", "budget_share": 50}).result
    assert result["key"] == "dogs"
    summarized.reload()
    assert clipit.list_summaries(summarized)[0].config["budget"] == 0.5
    assert "letters" in problems(form("rename_summary", summarized, {"key": "dogs", "new_key": "a b"}))["new_key"]
    assert "already" in problems(form("rename_summary", summarized, {"key": "dogs", "new_key": "dogs"}))["new_key"]
    execute("rename_summary", summarized, {"key": "dogs", "new_key": "hounds"})
    summarized.reload()
    assert summarized.list_runs() == ["hounds"]
    assert "hounds_shots" in form("delete_summary", summarized, {"key": "hounds"})["lost"]["view"]["label"]
    execute("delete_summary", summarized, {"key": "hounds"})
    summarized.reload()
    assert summarized.list_runs() == []


@pytest.mark.parametrize("name", ["resize_summary", "rename_summary", "delete_summary"])
def test_without_summaries_the_forms_say_so(dataset, name):
    assert "no summaries yet" in problems(form(name, dataset, {}))["key"]


def test_encoding_ahead_leaves_nothing_to_decode(dataset, encoder, tmp_path, monkeypatch):
    monkeypatch.setenv("CLIPIT_CACHE_DIR", str(tmp_path))
    operator = foo.get_operator(f"{PLUGIN}/encode_videos")
    for expected in ((3, 0), (0, 3)):
        result = list(operator.execute(context(dataset, {"encoder": encoder})))[-1].to_json()["body"]
        assert (result["done"], result["skipped"]) == expected
    assert dataset.list_runs() == []
