"""Words in the operators' forms: captions, each video's own question, what to leave out, one budget for all."""

from __future__ import annotations

import fiftyone as fo
import fiftyone.operators as foo
import pytest
from fiftyone.operators.executor import ExecutionError

import fiftyone_clipit as clipit
from tests.plugin.test_operators import PLUGIN, context, execute, form, problems
from tests.small_captioner import write_small_blip


@pytest.fixture(scope="module")
def blip(tmp_path_factory) -> str:
    return write_small_blip(tmp_path_factory.mktemp("blip"))


def test_caption_videos_stores_sentences_and_shows_progress(dataset, encoder, blip):
    operator = foo.get_operator(f"{PLUGIN}/caption_videos")
    params = {"captioner": blip, "encoder": encoder, "field": "said"}
    messages = [message.to_json() for message in operator.execute(context(dataset, params))]
    shares = [m["body"]["params"]["progress"] for m in messages if "progress" in m["body"].get("params", {})]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    result = messages[-1]["body"]
    assert (result["done"], result["skipped"], result["failed"]) == (3, 0, 0)
    dataset.reload()
    assert all(labels.detections for labels in dataset.values("said"))


def test_caption_videos_delegated(dataset, encoder, blip):
    from fiftyone.operators.delegated import DelegatedOperationService

    service = DelegatedOperationService()
    params = {"captioner": blip, "encoder": encoder, "caption_prompt": "ba"}
    queued = execute("caption_videos", dataset, params, request_delegation=True)
    service.execute_queued_operations(dataset_name=dataset.name)
    done = service.get(queued.result["id"])
    assert done.run_state == "completed"
    assert done.result.result["done"] == 3
    dataset.reload()
    assert dataset.get_field("captions").info["clipit_captions"]["prompt"] == "ba"


def test_a_field_that_cannot_take_captions_is_named_in_the_form(dataset):
    assert "something else" in problems(form("caption_videos", dataset, {"field": "filepath"}))["field"]
    assert problems(form("caption_videos", dataset, {})) == {}
    with pytest.raises(ExecutionError, match="something else"):
        execute("caption_videos", dataset, {"field": "filepath"})


def test_captions_by_a_model_ask_for_the_model(dataset, encoder, blip):
    assert "captioner" not in form("summarize_video", dataset, {"mode": "captions"})
    params = {"mode": "captions", "captions": "auto", "captioner": blip, "encoder": encoder, "key": "gist"}
    asked = form("summarize_video", dataset, params)
    assert {"captioner", "caption_prompt"} <= set(asked)
    assert problems(asked) == {}
    execute("summarize_video", dataset, params)
    dataset.reload()
    (run,) = clipit.list_summaries(dataset)
    assert (run.config["captions_from"], run.config["captioner"]) == ("auto", blip)
    assert len(run.failures) + run.results["totals"]["videos"] == 3


def test_each_video_may_have_its_own_question(dataset, encoder):
    dataset.set_values("question", ["a red wall", "noise", "a wall"])
    params = {"mode": "query", "query_field": "question", "key": "asked", "encoder": encoder}
    assert "query" not in form("summarize_video", dataset, params)
    execute("summarize_video", dataset, params)
    dataset.reload()
    labels = [labels.detections[0].label for labels in dataset.values("asked")]
    assert labels == ["a red wall", "noise", "a wall"]
    assert clipit.list_summaries(dataset)[0].config["query"] == []


def test_more_options_decide_the_summary(dataset, encoder):
    params = {
        "query": "a wall",
        "key": "best",
        "encoder": encoder,
        "budget_unit": "seconds",
        "budget_seconds": 3,
        "scope": "dataset",
        "deduplicate": False,
        "exclude": "noise, black",
        "language_weight": 0.8,
        "advanced": True,
    }
    asked = form("summarize_video", dataset, params)
    assert {"scope", "deduplicate", "exclude", "language_weight"} <= set(asked)
    assert "max_sentences" not in asked
    execute("summarize_video", dataset, params)
    dataset.reload()
    config = clipit.list_summaries(dataset)[0].config
    assert (config["scope"], config["deduplicate"]) == ("dataset", False)
    assert (config["exclude"], config["language_weight"]) == (["noise", "black"], 0.8)
    shown = [s for labels in dataset.values("best") for s in labels.detections]
    assert sum(s.end - s.start for s in shown) == pytest.approx(3, abs=0.1)


def test_fields_with_sentences_are_offered_as_questions(dataset):
    assert "query_field" not in form("summarize_video", dataset, {})
    dataset.add_sample_field("question", fo.StringField)
    offered = form("summarize_video", dataset, {})["query_field"]
    assert [choice["value"] for choice in offered["view"]["choices"]] == ["question"]
