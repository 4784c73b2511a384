"""The operators "Train summarizer" and "Evaluate summary": forms that say what is missing, work, and what they show."""

from __future__ import annotations

import fiftyone.operators as foo
import pytest
from fiftyone.operators.executor import ExecutionError

import fiftyone_clipit as clipit
from fiftyone_clipit.dataset.folders import checkpoint_folder
from tests.labelled_fixtures import SMALL, TINY
from tests.plugin.test_operators import PLUGIN, context, execute, form, problems

TRAIN = {
    "target": "frames.importance",
    "preset": "cosine",
    "network": SMALL,
    "epochs": 2,
    "learning_rate": 3e-3,
    "seeds": "0, 1",
    **TINY,
}


def results_of(name, dataset, params):
    """The messages of an operator that runs in the App, its result, and what is shown of it."""
    operator = foo.get_operator(f"{PLUGIN}/{name}")
    ctx = context(dataset, params)
    messages = [message.to_json() for message in operator.execute(ctx)]
    ctx.request_params["results"] = messages[-1]["body"]
    shown = operator.resolve_output(ctx).to_json()["type"]["properties"]
    return messages, messages[-1]["body"], shown


def test_training_from_the_app_gives_a_scorer_and_its_curves(labelled, tmp_path):
    folder = tmp_path / "mine"
    messages, result, shown = results_of("train_summarizer", labelled, {**TRAIN, "folder": str(folder)})
    shares = [m["body"]["params"]["progress"] for m in messages if "progress" in m["body"].get("params", {})]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert result["checkpoint"] == str(folder)
    assert (result["done"], result["failed"]) == (6, 0)
    names = [f"{what}, seed {seed}" for seed in (0, 1) for what in ("training", "validation")]
    assert [trace["name"] for trace in result["curves"]] == names
    assert all(trace["x"] == [1, 2] and len(trace["y"]) == 2 for trace in result["curves"])
    assert [trace["name"] for trace in result["correlations"]] == ["seed 0", "seed 1"]
    assert shown["headline"]["view"]["label"] == "Trained on 6 videos"
    assert "by correlation" in shown["headline"]["view"]["description"]
    assert shown["curves"]["view"]["name"] == "PlotlyView"
    assert {"checkpoint", "correlations", "note_0"} <= set(shown)
    assert "drawn pictures only" in shown["note_0"]["view"]["label"]
    params = {"mode": "video", "key": "mine", "scorer": str(folder), **TINY}
    execute("summarize_video", labelled, params)
    labelled.reload()
    assert labelled.first().mine_relevance is not None


def test_a_checkpoint_without_a_folder_is_offered_as_a_scorer(labelled):
    """Protects the way from training to using it: nobody has to type or remember a path."""
    params = {**TRAIN, "seeds": "0", "epochs": 1}
    home = checkpoint_folder(labelled, "frames.importance")
    assert str(home) in form("train_summarizer", labelled, params)["folder"]["view"]["description"]
    assert "if left empty" not in form("train_summarizer", labelled, {})["folder"]["view"]["description"]
    _, result, _ = results_of("train_summarizer", labelled, params)
    assert result["checkpoint"] == str(home)
    offered = form("summarize_video", labelled, {"advanced": True})["scorer"]["view"]["choices"]
    assert [choice["value"] for choice in offered] == ["zero-shot", str(home)]


def test_training_is_delegated_unless_asked_otherwise(labelled, tmp_path):
    from fiftyone.operators.delegated import DelegatedOperationService

    for name in ("train_summarizer", "evaluate_summary"):
        assert foo.get_operator(f"{PLUGIN}/{name}").config.default_choice_to_delegated
    service = DelegatedOperationService()
    params = {**TRAIN, "seeds": "0", "epochs": 1, "folder": str(tmp_path / "mine")}
    queued = execute("train_summarizer", labelled, params, request_delegation=True)
    assert queued.delegated
    service.execute_queued_operations(dataset_name=labelled.name)
    done = service.get(queued.result["id"])
    assert done.run_state == "completed", done.result
    assert done.result.result["checkpoint"] == str(tmp_path / "mine")
    assert done.status.progress == 1
    assert "curves" in done.metadata["outputs_schema"]["type"]["properties"]


def test_evaluation_shows_means_and_spread(labelled, tmp_path):
    clipit.summarize(labelled, "boats", query="a boat", **TINY)
    params = {"key": "boats", "ground_truth": ["importance"], "field": "boats_f_score", "folder": str(tmp_path)}
    messages, result, shown = results_of("evaluate_summary", labelled, params)
    assert [row["method"] for row in result["means"]] == ["summary boats", "random", "constant", "uniform"]
    expected = clipit.evaluate(labelled, "boats", "importance", device="cpu").mean()
    assert result["means"][0]["f1"] == f"{expected['f1']:.1f}"
    assert "coverage" in result["means"][0]
    assert [trace["name"] for trace in result["f1"]] == ["summary boats", "random", "constant", "uniform"]
    assert len(result["f1"][0]["y"]) == 6
    assert [trace["name"] for trace in result["tau"]] == ["summary boats", "random", "constant"]
    headings = [column["label"] for column in shown["means"]["view"]["columns"]]
    assert headings[:2] == ["", "F1 %"]
    assert "reload_dataset" in [m["body"].get("operator_uri") for m in messages]
    labelled.reload()
    assert None not in labelled.values("boats_f_score")
    assert (tmp_path / "boats.png").is_file()


def test_the_forms_follow_the_choices(labelled):
    asked = form("train_summarizer", labelled, {})
    assert {"supervision", "target", "words", "preset", "encoder", "folder"} <= set(asked)
    assert asked["target"]["type"]["values"] == ["events", "frames.importance"]
    assert not {"epochs", "query_field", "captions"} & set(asked)
    more = form("train_summarizer", labelled, {"words": "query", "advanced": True})
    assert {"query_field", "epochs", "seeds", "val", "start_from", "device"} <= set(more)
    assert {"question", "story"} <= set(more["query_field"]["type"]["values"])
    alone = form("train_summarizer", labelled, {"supervision": "unsupervised"})
    assert not {"target", "words"} & set(alone)
    assert "captions" in form("train_summarizer", labelled, {"supervision": "captions"})
    clipit.summarize(labelled.limit(1), "boats", **TINY)
    measured = form("evaluate_summary", labelled, {})
    assert {"key", "ground_truth", "reduction", "field", "folder", "features"} <= set(measured)
    assert problems(measured) == {}


@pytest.mark.parametrize(
    ("params", "where", "message"),
    [
        ({"words": "labels"}, "target", "labels are those of temporal detections"),
        ({"target": "question"}, "target", "field 'question' is a StringField"),
        ({"words": "query", "query_field": "nothing"}, "target", "has no field 'nothing'"),
        ({"encoder": "clipit-tiny", "fps": -1, "advanced": True}, "target", "fps must be"),
        ({"folder": __file__}, "folder", "is a file"),
        ({"seeds": "one", "advanced": True}, "folder", "expected whole numbers such as 0, 1, 2"),
    ],
)
def test_the_form_says_what_is_wrong_and_training_is_refused(labelled, tmp_path, params, where, message):
    given = {**TRAIN, "folder": str(tmp_path / "out"), **params}
    assert message in problems(form("train_summarizer", labelled, given))[where]
    with pytest.raises(ExecutionError, match=message):
        execute("train_summarizer", labelled, given)
    assert not (tmp_path / "out").exists()


def test_without_labels_the_forms_say_so(dataset):
    assert "no frame-level numbers" in problems(form("train_summarizer", dataset, {}))["target"]
    found = problems(form("evaluate_summary", dataset, {}))
    assert "no summaries yet" in found["key"]
    assert "no frame-level numbers" in found["ground_truth"]


@pytest.mark.parametrize(
    ("params", "where", "message"),
    [
        ({"ground_truth": ["nothing"]}, "ground_truth", "has no field 'nothing'"),
        ({"ground_truth": ["boats"]}, "ground_truth", "belongs to the summary 'boats'"),
        ({"field": "question"}, "field", "has something else than F-scores"),
        ({"folder": __file__}, "folder", "is a file"),
    ],
)
def test_the_form_says_what_is_wrong_and_measuring_is_refused(labelled, params, where, message):
    clipit.summarize(labelled.limit(1), "boats", **TINY)
    given = {"key": "boats", "ground_truth": ["events"], **params}
    assert message in problems(form("evaluate_summary", labelled, given))[where]
    with pytest.raises(ExecutionError, match=message):
        execute("evaluate_summary", labelled, given)
