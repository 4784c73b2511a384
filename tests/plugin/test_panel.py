"""The panel "Summaries", driven as the App drives it: events with a state, and what it shows afterwards."""

from __future__ import annotations

import json
import shutil
import threading
from pathlib import Path

import fiftyone as fo
import fiftyone.operators as foo
import numpy as np
import pytest
from fiftyone.operators.executor import ExecutionContext, Executor

import fiftyone_clipit as clipit
from fiftyone_clipit.dataset import runs
from fiftyone_clipit.dataset.processes import this_process
from fiftyone_clipit.plugin import background
from fiftyone_clipit.plugin.live import name_of
from fiftyone_clipit.plugin.panel import grid
from fiftyone_clipit.plugin.panel.curve import thin
from fiftyone_clipit.plugin.panel.words import plain
from tests.plugin.test_operators import execute, form, problems

PANEL = "@clipit/fiftyone-clipit/summaries"


class Panel:
    """One open panel: keeps its state between events, as the App does."""

    def __init__(self, dataset, view=None) -> None:
        self.operator = foo.get_operator(PANEL)
        self.dataset = dataset
        self.view = view
        self.current = None
        self.state: dict = {}
        self.requests: list[dict] = []

    def event(self, name: str, **params):
        """Sends an event; gives what the panel shows as JSON, or what the event answers if the panel stays."""
        request = {
            "dataset_name": self.dataset.name if self.dataset is not None else None,
            "current_sample": self.current,
            "params": {"panel_id": "panel", "panel_state": self.state, "__method__": name, **params},
        }
        if self.view is not None:
            request["view"] = self.view._serialize()
        ctx = ExecutionContext(request, executor=Executor(), operator_uri=PANEL)
        result = self.operator.execute(ctx)
        self.state = json.loads(json.dumps(ctx.panel.state._data))
        self.requests = ctx.executor.to_json()["requests"]
        if not self.asked("show_panel_output"):
            return result
        return json.dumps(self.asked("show_panel_output")[-1]["output"], ensure_ascii=False)

    def asked(self, operator: str) -> list[dict]:
        """What the last event asked the App to do."""
        return [r["params"] for r in self.requests if r["operator_uri"].split("/")[-1] == operator]

    @property
    def message(self) -> str:
        """What the panel told about the last event."""
        return (self.state.get("message") or {}).get("text", "")


def said(text: str) -> str:
    """Text of a notice as the panel sends it: kept from being read as Markdown, then as JSON."""
    return json.dumps(plain(text), ensure_ascii=False)[1:-1]


def drawn(sent: str) -> dict:
    """What the part in JavaScript gets to draw a video."""
    parts = json.loads(sent)["type"]["properties"]
    return next(part["view"]["shown"] for name, part in parts.items() if name.startswith("drawn_"))


def copy_first_video(panel: Panel, folder: Path) -> Path:
    """Puts a copy in the place of the dataset's first video: the same pictures, and nothing of it in any cache."""
    sample, copy = panel.dataset.first(), folder / "copy.mp4"
    sample.filepath = str(shutil.copyfile(sample.filepath, copy))
    sample.save()
    return copy


@pytest.fixture
def summarized(dataset, encoder):
    clipit.summarize(dataset, "dogs", query="a dog", encoder=encoder, budget=0.25)
    clipit.summarize(dataset, "gist", encoder=encoder, budget="1s")
    return dataset


@pytest.fixture
def panel(summarized):
    """The panel on the first video of a dataset with two summaries."""
    panel = Panel(summarized)
    panel.current = summarized.first().id
    panel.event("on_load")
    return panel


def test_without_dataset_videos_or_summaries_it_says_what_to_do(dataset):
    assert "Summarize videos" in Panel(dataset).event("on_load")
    empty = fo.Dataset()
    assert "add videos to it" in Panel(empty).event("on_load")
    empty.add_sample(fo.Sample(filepath="picture.png"))
    assert "summaries need videos" in Panel(empty).event("on_load")
    empty.delete()


def test_the_overview_ranks_the_videos_of_the_view(summarized, videos):
    shown = Panel(summarized).event("on_load")
    assert "3 videos by relevance" in shown
    assert all(Path(path).name in shown for path in videos)
    assert shown.count("image/svg+xml") >= 3
    view = summarized.limit(1)
    assert "1 video by relevance" in Panel(summarized, view).event("on_load")
    assert "The view has no videos" in Panel(summarized, summarized.limit(0)).event("on_load")


def test_many_videos_come_in_pages_and_those_without_a_summary_are_a_click_away(summarized, monkeypatch, videos):
    monkeypatch.setattr(grid, "PAGE", 1)
    panel = Panel(summarized)
    assert "1 / 3" in panel.event("on_load")
    assert "3 / 3" in panel.event("on_page", page=2)
    summarized.add_sample(fo.Sample(filepath=str(videos[0])))
    assert "3 videos by relevance, 1 without" in panel.event("on_refresh")
    panel.event("on_missing")
    (asked,) = panel.asked("set_view")
    assert str(summarized.last().id) in json.dumps(asked, default=str)


def test_a_summary_in_the_making_shows_how_far_it_is_and_can_be_stopped(summarized):
    """Protects long work that was left alone: whoever comes back sees it going on, and can end it."""
    stored, heard = runs.load_summary(summarized, "dogs").results, threading.Event()
    going_on = {
        "status": "running",
        "process": this_process(),
        "last": {**stored["last"], "before": 1, "asked": 9, "skipped": 1},
    }
    runs.save_results(summarized, "dogs", {**stored, **going_on})

    def work(report):
        while not heard.wait(0.01):
            report(0.1, "working")

    labour = background.start(work, name_of(summarized.name, "dogs"))
    try:
        panel = Panel(summarized)
        shown = panel.event("on_load")
        assert "Being made: 2 of 8 videos so far" in shown
        assert "timer_" in shown  # it looks again by itself
        panel.event("on_stop")
        assert "what is finished is kept" in panel.message
        list(labour.news())
        with pytest.raises(background.GivenUp):
            labour.result()
    finally:
        heard.set()
    panel.event("on_stop")
    assert "nothing to stop" in panel.message


def test_a_clips_view_shows_the_videos_of_the_clips(summarized):
    clips = clipit.summary_clips(summarized, "dogs")
    panel = Panel(summarized, clips)
    assert "3 videos by relevance" in panel.event("on_load")
    panel.current = clips.first().id
    assert "ClipItVideo" in panel.event("on_change_current_sample")


def test_what_made_a_summary_and_why_videos_failed(make_dataset, videos, encoder, tmp_path):
    (tmp_path / "broken.mp4").write_text("no video")
    dataset = make_dataset([videos[0], tmp_path / "broken.mp4"])
    clipit.summarize(dataset, "dogs", query="a dog", encoder=encoder)
    panel = Panel(dataset)
    shown = panel.event("on_load")
    assert "a dog" in shown
    assert encoder.replace("_", "\\\\_") in shown
    assert "not a readable video" in shown
    panel.current = dataset.last().id
    assert "This video has no summary" in panel.event("on_change_current_sample")


def test_a_curve_has_less_than_a_thousand_points_and_both_ends(panel):
    sent = panel.event("on_load")
    assert len(sent) < 120_000
    (curve,) = drawn(sent)["curves"]
    assert len(curve["times"]) == len(curve["values"]) == len(curve["frames"]) < 1000
    assert (curve["times"][0], curve["frames"][-1]) == (0, 72)


@pytest.mark.parametrize("length", [1, 2, 399, 400, 401, 7200, 45_000])
def test_a_thinned_curve_keeps_both_ends_and_every_peak(length):
    """Protects the picture of a long video: no more points than a screen shows, from the first to the last."""
    values = np.random.default_rng(length).random(length)
    kept = thin(values, 400)
    assert len(kept) <= 400
    assert (np.diff(kept) > 0).all()
    assert (kept[0], kept[-1]) == (0, length - 1)
    assert {int(values.argmin()), int(values.argmax())} <= set(kept.tolist())


def test_a_budget_is_tried_without_a_trace_in_panel_or_dataset(panel, summarized):
    """Protects the slider while it moves: segments for its place, and nothing drawn or written anew."""
    before, state = drawn(panel.event("on_load")), dict(panel.state)
    tried = panel.event("on_try", budget=0.6)
    assert tried["mark"] == before["mark"]
    assert tried["budget"]["on_trial"]
    assert tried["selection"] != before["selection"]
    assert (panel.state, panel.requests) == (state, [])
    assert drawn(panel.event("on_refresh")) == before
    # What cannot be tried is said by the event that follows.
    assert panel.event("on_try", budget="long") == {}
    panel.event("on_budget", budget="long")
    assert "long" in panel.message


def test_another_budget_is_tried_without_writing_and_saved_on_request(panel, summarized):
    def stored():
        return [tuple(d.support) for d in summarized.reload() or summarized.first()["dogs"].detections]

    before = stored()
    panel.event("on_budget", budget=0.6)
    assert '"on_trial": true' in panel.event("on_refresh")
    assert stored() == before
    panel.event("on_save")
    assert "60 %" in panel.message
    frames = sum(last - first + 1 for first, last in stored())
    assert sum(last - first + 1 for first, last in before) < frames <= 0.6 * 72
    assert '"on_trial": false' in panel.event("on_refresh")


def test_a_budget_in_seconds_is_tried_and_saved(panel, summarized):
    slider = drawn(panel.event("on_load"))["budget"]
    assert (slider["unit"], slider["share"], slider["seconds"], slider["most"]) == ("share", 25.0, 1.5, 6.0)
    panel.event("on_budget", budget="3s")
    slider = drawn(panel.event("on_refresh"))["budget"]
    assert (slider["said"], slider["on_trial"]) == ("Budget: 50 % of the video, 3.0 s", True)
    panel.event("on_save_all")
    (prompt,) = panel.asked("prompt_user_for_operation")
    assert (prompt["params"]["budget_unit"], prompt["params"]["budget_seconds"]) == ("seconds", 3.0)
    panel.event("on_save")
    assert panel.message == "This video's summary now takes 3.0 s"
    summarized.reload()
    chosen = summarized.first()["dogs"]
    assert chosen.budget == "3s"
    assert sum(d.support[1] - d.support[0] + 1 for d in chosen.detections) <= 36


def test_pictures_come_after_everything_else(panel, tmp_path):
    """Protects the first look: a video shows without waiting for pictures, which are then asked for by frame."""
    copy_first_video(panel, tmp_path)  # nobody has looked at it, so that it has no pictures yet
    segments = drawn(panel.event("on_load"))["segments"]
    assert [segment["picture"] for segment in segments] == [None] * len(segments)
    frames, made = [segment["peak"] for segment in segments], {}
    for _ in range(50):
        made |= panel.event("on_pictures", frames=[frame for frame in frames if str(frame) not in made])
        if len(made) == len(frames):
            break
    assert not panel.requests
    assert all("media?filepath" in made[str(frame)] for frame in frames)
    again = drawn(panel.event("on_refresh"))["segments"]
    assert [segment["picture"] for segment in again] == [made[str(frame)] for frame in frames]


def test_a_video_without_its_file_has_no_pictures(panel):
    sample = panel.dataset.first()
    sample.filepath = "/nowhere/gone.mp4"
    sample.save()
    assert panel.event("on_pictures", frames=[1, 5]) == {"1": None, "5": None}


def test_the_budget_that_is_saved_is_the_one_that_shows(panel, summarized):
    """Protects a quick hand: the button says its budget, whatever the panel has heard of the slider by then."""
    panel.event("on_budget", budget=0.5)
    panel.event("on_save", budget=0.9)
    assert "90 %" in panel.message


def test_the_slider_counts_as_the_summary_was_made(panel):
    slider = drawn(panel.event("on_summary", value="gist"))["budget"]
    assert (slider["unit"], slider["seconds"]) == ("seconds", 1.0)


def test_one_budget_for_all_videos_is_not_tried_on_one(dataset, encoder):
    clipit.summarize(dataset, "best", query="a dog", encoder=encoder, budget="4s", scope="dataset")
    panel = Panel(dataset)
    panel.current = dataset.first().id
    assert "One budget for all videos" in panel.event("on_load")
    panel.event("on_budget", budget=0.8)
    assert '"on_trial": false' in panel.event("on_refresh")
    panel.event("on_save_all")
    (prompt,) = panel.asked("prompt_user_for_operation")
    assert prompt["operator_uri"].endswith("/resize_summary")
    assert prompt["params"]["budget_seconds"] == 4.0
    # A question about one video has a budget of its own.
    shown = panel.event("on_ask", question="a red ball")
    assert "One budget for all videos" not in shown
    panel.event("on_budget", budget=0.8)
    assert '"on_trial": true' in panel.event("on_refresh")


def test_what_the_panel_shows_already_changes_nothing(panel):
    panel.event("on_budget", budget=0.25)
    assert not drawn(panel.event("on_refresh"))["budget"]["on_trial"]
    panel.event("on_summary", value="dogs")
    assert panel.state["choice"]["summary"] == "dogs"


def test_a_question_is_answered_from_the_cache(panel):
    shown = panel.event("on_ask", question="a red ball")
    assert "“a red ball”" in shown
    assert drawn(shown)["question"]["asked"] == "a red ball"
    panel.event("on_keep")
    (prompt,) = panel.asked("prompt_user_for_operation")
    assert prompt["operator_uri"].endswith("/summarize_video")
    assert (prompt["params"]["query"], prompt["params"]["key"]) == ("a red ball", "a_red_ball")
    assert drawn(panel.event("on_close_question"))["question"]["asked"] is None


def test_a_question_without_words_or_features_says_so(panel, monkeypatch, tmp_path):
    panel.event("on_ask", question="  ")
    assert "write what to look for" in panel.message
    copy = copy_first_video(panel, tmp_path)
    assert "not in the cache" in panel.event("on_ask", question="a red ball")
    copy.unlink()
    assert "cannot be read" in panel.event("on_refresh")


def test_pins_and_drops_hold_at_every_budget(panel, summarized):
    sample = summarized.first()
    shots = sample["dogs_shots"].detections
    out = max(range(len(shots)), key=lambda i: shots[i].value)
    first, last = shots[out].support
    panel.event("on_drop", shot=[first, last], decided=True)
    for share in (0.2, 0.9):
        panel.event("on_budget", budget=share)
        panel.event("on_save")
        summarized.reload()
        chosen = [d.support for d in summarized.first()["dogs"].detections]
        assert all(end < first or begin > last for begin, end in chosen)
    assert drawn(panel.event("on_refresh"))["shots"][out][5] == "dropped"
    panel.event("on_drop", shot=[first, last], decided=False)
    panel.event("on_pin", shot=[first, last], decided=True)
    summarized.reload()
    assert summarized.first()["dogs_shots"].detections[out].pinned
    assert drawn(panel.event("on_refresh"))["shots"][out][5] == "pinned"
    panel.event("on_pin", shot=[first, last + 1], decided=True)
    assert "other shots by now" in panel.message


def test_a_segment_gets_a_tag(panel, summarized):
    first, last = summarized.first()["dogs"].detections[0].support
    panel.event("on_tag", first=first, last=last, tag=" ")
    assert "write the tag" in panel.message
    shown = panel.event("on_tag", first=first, last=last, tag="good")
    summarized.reload()
    assert summarized.first()["dogs"].detections[0].tags == ["good"]
    assert [segment["tags"] for segment in drawn(shown)["segments"] if segment["first"] == first] == [["good"]]


def test_an_event_counts_for_what_was_on_the_screen(panel, summarized):
    """Protects decisions: a click lands on the video and summary that showed, whatever is at hand when it arrives."""
    of = drawn(panel.event("on_load"))["of"]
    first, second = summarized.values("id")[:2]
    assert of == {"video": first, "summary": "dogs"}
    shot = summarized.first()["dogs_shots"].detections[0].support
    panel.current = second
    panel.event("on_summary", value="gist")
    panel.event("on_drop", shot=shot, decided=True, of=of)
    panel.event("on_budget", budget=0.9, of=of)
    summarized.reload()
    dropped = {key: [s[0].dropped for s in summarized.values(f"{key}_shots.detections")] for key in ("dogs", "gist")}
    assert dropped == {"dogs": [True, False, False], "gist": [False, False, False]}
    assert not drawn(panel.event("on_refresh"))["budget"]["on_trial"]


def test_a_decision_about_a_summary_that_is_gone_changes_no_other(panel, summarized):
    of, shot = {"video": panel.current, "summary": "dogs"}, summarized.first()["dogs_shots"].detections[0].support
    panel.event("on_summary", value="dogs")
    clipit.delete_summary(summarized, "dogs")
    before = summarized.reload() or summarized.first().to_dict()
    for event, params in (("on_drop", {"shot": shot, "decided": True}), ("on_save", {"budget": 0.9})):
        panel.state["choice"]["summary"] = "dogs"
        panel.event(event, of=of, **params)
        assert "“dogs” is no longer there, so nothing was done" in panel.message
        assert panel.asked("notify")  # what was clicked may be far below the message
    panel.state["choice"]["summary"] = "dogs"
    panel.event("on_delete")
    assert not panel.asked("prompt_user_for_operation")
    assert (summarized.reload() or summarized.first().to_dict()) == before


def test_a_message_outlives_what_the_panel_does_by_itself(panel):
    panel.event("on_tag", first=1, last=2, tag="good")
    assert "not in the saved summary" in panel.message
    panel.event("on_refresh")
    assert "not in the saved summary" in panel.message
    panel.event("on_back")
    assert not panel.message


def test_the_overview_notices_a_view_that_changed_meanwhile(summarized):
    """Protects the ranking: it shows the grid's videos, also when the view changed while a single video showed."""
    panel = Panel(summarized)
    assert "3 videos by relevance" in panel.event("on_load")
    panel.event("on_look", video=summarized.first().id)
    panel.view = summarized.limit(1)
    panel.event("on_change_view")
    assert "1 video by relevance" in panel.event("on_back")
    panel.view = None
    assert "3 videos by relevance" in panel.event("on_change_view")


def test_two_summaries_are_compared(panel):
    shown = panel.event("on_other", value="gist")
    assert "The two selections share" in shown
    assert "the video itself" in shown


def test_clips_and_single_segments_open_in_the_app(panel, summarized):
    panel.event("on_clips")
    assert panel.asked("set_view")
    first, last = summarized.first()["dogs"].detections[0].support
    panel.event("on_open_segment", first=first, last=last)
    assert panel.asked("set_view")
    # The App cannot open what its view does not have yet.
    assert not panel.asked("open_sample")
    panel.event("on_change_view")
    assert not panel.asked("open_sample")
    panel.view = summarized.select(panel.current).to_clips("dogs")
    panel.event("on_change_view")
    (opened,) = panel.asked("open_sample")
    assert opened["id"] in panel.view.values("id")
    # What the view has opens at once.
    panel.current = opened["id"]
    panel.event("on_open_segment", first=first, last=last)
    assert (panel.asked("open_sample"), panel.asked("set_view")) == ([opened], [])
    panel.event("on_open_segment", first=1, last=2)
    assert panel.asked("set_view")


def test_forms_are_filled_in(panel):
    for event, operator in (("on_rename", "rename_summary"), ("on_delete", "delete_summary")):
        panel.event(event)
        (prompt,) = panel.asked("prompt_user_for_operation")
        assert prompt["operator_uri"].endswith(f"/{operator}")
        assert prompt["params"] == {"key": "dogs"}
    panel.event("on_again")
    (prompt,) = panel.asked("prompt_user_for_operation")
    assert (prompt["params"]["query"], prompt["params"]["budget_share"]) == ("a dog", 25.0)
    panel.event("on_budget", budget=0.5)
    panel.event("on_save_all")
    (prompt,) = panel.asked("prompt_user_for_operation")
    assert prompt["params"]["budget_share"] == 50.0


def test_forms_about_one_video_are_about_that_one(panel, summarized, videos, tmp_path):
    """Protects the others: what is opened at one video exports or summarizes that one, not the whole view."""
    video, panel.current = panel.current, None
    panel.event("on_look", video=video)
    panel.event("on_export")
    (prompt,) = panel.asked("prompt_user_for_operation")
    assert prompt["params"] == {"key": "dogs", "video": video}
    params = {**prompt["params"], "folder": str(tmp_path), "formats": ["csv"]}
    shown = form("export_summary", summarized, params)
    assert problems(shown) == {}
    assert shown["only_video"]["view"]["label"] == plain(f"Only {videos[0].name}")
    execute("export_summary", summarized, params)
    assert [path.stem for path in tmp_path.glob("*-segments.csv")] == [f"{videos[0].stem}-segments"]
    new = fo.Sample(filepath=str(videos[1]))
    summarized.add_samples([new, fo.Sample(filepath=str(videos[2]))])
    panel.event("on_again", video=new.id)
    (prompt,) = panel.asked("prompt_user_for_operation")
    execute("summarize_video", summarized, prompt["params"])
    summarized.reload()
    assert [value is None for value in summarized.values("dogs_relevance")] == [False] * 4 + [True]


@pytest.mark.parametrize(
    "made",
    [
        {"query": ["a dog", "a ball"], "exclude": ["title card", "black screen"], "budget": "2s"},
        {"query_field": "said", "language_weight": 0.7, "fps": 4.0},
        {"captions": "said", "max_sentences": 3, "budget": 0.255},
        {"captions": "subtitles"},
        {"scope": "dataset", "deduplicate": False, "frames": "sampled", "min_length": 0.5},
    ],
    ids=lambda made: " ".join(made),
)
def test_a_summary_runs_again_as_it_was_made(dataset, encoder, made):
    dataset.set_values("said", [["a dog"], ["a ball", "a cat"], ["snow"]])
    clipit.summarize(dataset, "made", encoder=encoder, **made)
    panel = Panel(dataset)
    panel.event("on_again")
    (prompt,) = panel.asked("prompt_user_for_operation")
    shown = form("summarize_video", dataset, prompt["params"])
    assert problems(shown) == {}
    # The form itself found no difference to what is there.
    assert "videos have this summary: goes on with the others" in json.dumps(shown)


def test_a_summary_of_sentences_from_python_runs_again_there(dataset, encoder):
    clipit.summarize(dataset, "told", captions=["a dog runs"], encoder=encoder)
    panel = Panel(dataset)
    panel.event("on_again")
    assert "captions given in Python" in panel.message
    assert not panel.asked("prompt_user_for_operation")


def test_fields_that_were_deleted_by_hand_are_named(summarized):
    summarized.delete_sample_field("dogs_shots")
    panel = Panel(summarized)
    assert said("dogs_shots of this summary are gone") in panel.event("on_load")
    panel.current = summarized.first().id
    assert "are gone" in panel.event("on_change_current_sample")


def test_a_summary_that_another_tab_deleted_is_missed(panel, summarized):
    panel.event("on_summary", value="gist")
    panel.state["choice"] = {"summary": "gist"}
    clipit.delete_summary(summarized, "gist")
    assert "“gist” is no longer there" in panel.event("on_refresh")


def test_a_video_that_vanished_keeps_its_curve(panel, summarized):
    sample = summarized.first()
    sample.filepath = "/nowhere/gone.mp4"
    sample.save()
    shown = panel.event("on_refresh")
    assert "ClipItVideo" in shown
    assert "gone.mp4" in shown


def test_a_failing_handler_becomes_a_message(panel):
    panel.event("on_page")
    assert "Something went wrong: KeyError" in panel.message


def test_another_dataset_starts_afresh(panel, make_dataset, videos):
    panel.state["video"] = panel.current
    panel.event("on_change_dataset")
    other = make_dataset(videos)
    panel.dataset, panel.current = other, None
    assert "Summarize videos" in panel.event("on_change_dataset")
    assert panel.state.get("video") is None
