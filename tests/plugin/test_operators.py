"""The operators, executed by FiftyOne on a real dataset: forms, messages, results."""

from __future__ import annotations

import asyncio
import json

import fiftyone.operators as foo
import pytest
from fiftyone.operators.executor import ExecutionContext, ExecutionError, Executor, resolve_type_with_context

import fiftyone_clipit as clipit
from fiftyone_clipit.dataset import runs
from fiftyone_clipit.dataset.processes import this_process
from fiftyone_clipit.dataset.videos import select
from fiftyone_clipit.plugin.form import budget, target

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
    execute("resize_summary", summarized, {"key": "dogs", "budget_share": 50})
    summarized.reload()
    assert clipit.list_summaries(summarized)[0].config["budget"] == 0.5
    assert "letters" in problems(form("rename_summary", summarized, {"key": "dogs", "new_key": "a b"}))["new_key"]
    assert "already" in problems(form("rename_summary", summarized, {"key": "dogs", "new_key": "dogs"}))["new_key"]
    assert "hounds" in execute("rename_summary", summarized, {"key": "dogs", "new_key": "hounds"}).result["headline"]
    summarized.reload()
    assert summarized.list_runs() == ["hounds"]
    assert "hounds_shots" in form("delete_summary", summarized, {"key": "hounds"})["lost"]["view"]["label"]
    execute("delete_summary", summarized, {"key": "hounds"})
    summarized.reload()
    assert summarized.list_runs() == []


def test_a_resize_reports_what_it_changed(summarized):
    """Protects the report: it is about this resize, not about the last run of the summary."""
    operator = foo.get_operator(f"{PLUGIN}/resize_summary")
    ctx = context(summarized, {"key": "dogs", "budget_unit": "seconds", "budget_seconds": 600})
    ctx.request_params["view"] = summarized.limit(2)._serialize()
    ctx.request_params["view_target"] = "CURRENT_VIEW"
    messages = [message.to_json() for message in operator.execute(ctx)]
    assert messages[0]["body"]["operator_uri"] == "set_progress"
    result = messages[-1]["body"]
    assert (result["done"], len(result["notes"])) == (2, 2)
    ctx.request_params["results"] = result
    shown = operator.resolve_output(ctx).to_json()["type"]["properties"]
    assert shown["headline"]["view"]["label"] == "Resized 2 videos"


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("resize_summary", {"key": "dogs", "budget_share": 50}),
        ("rename_summary", {"key": "dogs", "new_key": "hounds"}),
        ("delete_summary", {"key": "dogs"}),
    ],
)
def test_what_may_take_long_can_be_delegated_and_reports(summarized, name, params):
    from fiftyone.operators.delegated import DelegatedOperationService

    service = DelegatedOperationService()
    queued = execute(name, summarized, params, request_delegation=True)
    service.execute_queued_operations(dataset_name=summarized.name)
    done = service.get(queued.result["id"])
    assert done.run_state == "completed"
    assert done.metadata["outputs_schema"]["type"]["properties"]["headline"]["view"]["label"]


@pytest.mark.parametrize("name", ["resize_summary", "rename_summary", "delete_summary"])
def test_the_forms_say_that_a_summary_is_being_made(summarized, name):
    running = {"status": "running", "process": this_process()}
    runs.save_results(summarized, "dogs", {**runs.load_summary(summarized, "dogs").results, **running})
    assert "is being made at this moment by this process" in problems(form(name, summarized, {"key": "dogs"}))["key"]
    made = form("summarize_video", summarized, {"query": "a dog", "key": "dogs"})
    assert "is being made at this moment" in problems(made)["key"]


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


TAKE_VIDEOS = (
    "summarize_video",
    "encode_videos",
    "caption_videos",
    "resize_summary",
    "export_summary",
    "train_summarizer",
    "evaluate_summary",
)


@pytest.fixture
def pictures(tmp_path):
    """A dataset without videos."""
    import fiftyone as fo

    dataset = fo.Dataset()
    dataset.add_sample(fo.Sample(filepath=str(tmp_path / "one.png")))
    yield dataset
    dataset.delete()


@pytest.mark.parametrize("name", TAKE_VIDEOS)
def test_the_forms_say_that_there_are_no_videos(summarized, pictures, name):
    """Protects people from filling in a form for nothing; FiftyOne refuses to run it, too."""
    assert "holds image samples" in problems(form(name, pictures, {}))["no_videos"]
    empty = {"view": summarized.limit(0)._serialize(), "view_target": "CURRENT_VIEW"}
    assert "the view has no samples" in problems(form(name, summarized, {}, **empty))["no_videos"]
    clips = clipit.summary_clips(summarized, "dogs")
    empty["view"] = clips.limit(0)._serialize()
    if name != "export_summary":
        assert "the view has no clips" in problems(form(name, summarized, {}, **empty))["no_videos"]
    assert "no_videos" not in form(name, summarized, {})
    assert "no_videos" not in form(name, summarized, {}, view=clips._serialize())


def test_a_form_reads_one_sample_to_see_whether_there_are_videos(summarized, monkeypatch):
    from fiftyone.core.collections import SampleCollection

    usual, read = SampleCollection.values, []

    def values(self, *args, **kwargs):
        found = usual(self, *args, **kwargs)
        read.append(len(found))
        return found

    monkeypatch.setattr(SampleCollection, "values", values)
    form("encode_videos", summarized, {})
    assert sum(read) == 1


@pytest.fixture
def grouped(videos, tmp_path):
    """Two groups of a picture, which is shown first, and a video."""
    import fiftyone as fo

    dataset = fo.Dataset()
    dataset.add_group_field("group", default="picture")
    samples = []
    for video in videos[:2]:
        group = fo.Group()
        samples.append(fo.Sample(filepath=str(tmp_path / f"{video.stem}.png"), group=group.element("picture")))
        samples.append(fo.Sample(filepath=str(video), group=group.element("camera")))
    dataset.add_samples(samples)
    yield dataset
    dataset.delete()


def test_clips_of_a_grouped_dataset_stand_for_their_videos(grouped, encoder):
    """Protects grouped datasets: the videos of clips are found although the App shows another slice, in their order."""
    camera = grouped.select_group_slices("camera")
    clipit.summarize(camera, "dogs", encoder=encoder)
    clips = clipit.summary_clips(camera, "dogs")
    ids = list(reversed(camera.values("id")))
    ctx = context(grouped, {}, view=clips.sort_by("filepath", reverse=True)._serialize())
    assert sorted(target(ctx).values("id")) == sorted(ids)
    assert target(ctx).values("id") == list(dict.fromkeys(clips.sort_by("filepath", reverse=True).values("sample_id")))


def test_what_is_open_in_a_grouped_dataset_is_found(grouped):
    camera = grouped.select_group_slices("camera").values("id")
    assert target(context(grouped, {}, current_sample=camera[1])).values("id") == camera[1:]
    picture = grouped.first().id
    assert target(context(grouped, {}, current_sample=picture)).values("id") == camera[:1]


def test_groups_without_videos_are_refused_in_words(pictures):
    import fiftyone as fo

    dataset = fo.Dataset()
    dataset.add_group_field("group", default="left")
    dataset.add_sample(fo.Sample(filepath="/one.png", group=fo.Group().element("left")))
    try:
        assert "no videos in its groups" in problems(form("summarize_video", dataset, {}))["no_videos"]
    finally:
        dataset.delete()


@pytest.mark.parametrize(
    ("seconds", "written"), [(2, "2s"), (1e6, "1000000s"), (1234567.25, "1234567.25s"), (0.05, "0.05s"), (90.0, "90s")]
)
def test_seconds_are_written_in_full(seconds, written):
    assert budget({"budget_unit": "seconds", "budget_seconds": seconds}) == written


def test_checked_clips_and_videos_are_the_target(summarized):
    ids = summarized.values("id")
    checked = context(summarized, {}, selected=ids[1:2], view_target="SELECTED_SAMPLES")
    assert target(checked).values("id") == ids[1:2]
    clips = clipit.summary_clips(summarized, "dogs")
    last = clips.last()
    view = {"view": clips._serialize(), "view_target": "SELECTED_SAMPLES", "selected": [last.id]}
    assert target(context(summarized, {}, **view)).values("id") == [last.sample_id]
    opened = context(summarized, {}, view=clips._serialize(), current_sample=last.id)
    assert target(opened).values("id") == select(summarized, [last.sample_id]).values("id")
