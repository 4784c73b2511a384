"""The panel where something is not as it should be: a message that says what is the case, and the panel goes on."""

from __future__ import annotations

import fiftyone as fo
import pytest
from fiftyone import ViewField as F

import fiftyone_clipit as clipit
from fiftyone_clipit.errors import UsageError
from tests.plugin.test_operators import execute
from tests.plugin.test_panel import Panel, drawn, said


@pytest.fixture
def summarized(dataset, encoder):
    clipit.summarize(dataset, "dogs", query="a dog", encoder=encoder, budget=0.25)
    return dataset


@pytest.fixture
def grouped(videos, tmp_path):
    """Two groups: a picture, which the App shows first, and a video each; the second group has two videos."""
    from PIL import Image

    dataset = fo.Dataset()
    dataset.add_group_field("group", default="picture")
    samples = []
    for number, slices in enumerate((("left",), ("left", "right"))):
        group, picture = fo.Group(), tmp_path / f"{number}.png"
        Image.new("RGB", (8, 8)).save(picture)
        samples.append(fo.Sample(filepath=str(picture), group=group.element("picture")))
        samples += [fo.Sample(filepath=str(videos[number + i]), group=group.element(s)) for i, s in enumerate(slices)]
    dataset.add_samples(samples)
    yield dataset
    dataset.delete()


def test_a_grouped_dataset_says_which_samples_to_name(grouped, encoder):
    with pytest.raises(UsageError, match="select_group_slices"):
        clipit.summarize(grouped, "dogs", query="a dog", encoder=encoder)


def test_the_videos_of_a_grouped_dataset(grouped, encoder):
    assert "Summarize videos" in Panel(grouped).event("on_load")
    execute("summarize_video", grouped, {"key": "dogs", "query": "a dog", "encoder": encoder})
    assert clipit.list_summaries(grouped)[0].results["totals"]["videos"] == 3
    panel = Panel(grouped)
    assert "3 videos by relevance" in panel.event("on_load")
    # The App names the picture of a group: its video is meant.
    panel.current = grouped.first().id
    assert "ClipItVideo" in panel.event("on_change_current_sample")
    panel.event("on_budget", budget=0.8)
    panel.event("on_save")
    assert panel.message == "This video's summary now takes 80 %"
    panel.event("on_pin", shot=drawn(panel.event("on_refresh"))["shots"][0][:2], decided=True)
    assert not panel.message
    panel.event("on_clips")
    assert panel.asked("set_view")
    # The clips are of videos that are not in the slice that the App shows.
    clips = Panel(grouped, clipit.summary_clips(grouped.select_group_slices(media_type="video"), "dogs"))
    assert "3 videos by relevance" in clips.event("on_load")
    panel.event("on_open_segment", first=1, last=2)
    assert panel.asked("set_view")


def test_groups_without_videos_say_so(tmp_path):
    dataset = fo.Dataset()
    dataset.add_group_field("group", default="left")
    dataset.add_sample(fo.Sample(filepath=str(tmp_path / "a.png"), group=fo.Group().element("left")))
    assert "groups hold no videos" in Panel(dataset).event("on_load")
    dataset.delete()


@pytest.mark.parametrize("name", ["dogs", "dogs_shots", "dogs_relevance", "frames.dogs"])
def test_any_field_may_be_gone(summarized, encoder, name):
    if name.startswith("frames."):
        summarized.delete_frame_field("dogs")
    else:
        summarized.delete_sample_field(name)
    panel = Panel(summarized)
    assert said(f"{name} of this summary are gone") in panel.event("on_load")
    panel.current = summarized.first().id
    assert "are gone" in panel.event("on_change_current_sample")
    pin = {"shot": [1, 2], "decided": True}
    for event, params in (("on_budget", {"budget": 0.5}), ("on_pin", pin), ("on_clips", {})):
        panel.event(event, **params)
        assert "no summary any more" in panel.message or f"has lost '{name}'" in panel.message
    panel.event("on_again")
    assert panel.asked("prompt_user_for_operation")
    # What the message says helps.
    clipit.summarize(summarized, "dogs", query="a dog", encoder=encoder, budget=0.25)
    assert "ClipItVideo" in panel.event("on_refresh")


def test_a_view_without_samples(summarized):
    panel = Panel(summarized, summarized.limit(0))
    assert "The view has no videos" in panel.event("on_load")
    panel.event("on_clips")
    assert "the view has no samples" in panel.message
    panel.event("on_new")
    assert panel.asked("prompt_user_for_operation")


def test_a_video_that_vanished(summarized):
    sample = summarized.first()
    sample.filepath = "/nowhere/gone.mp4"
    sample.save()
    panel = Panel(summarized)
    panel.current = sample.id
    assert "no longer there: /nowhere/gone.mp4" in panel.event("on_load")
    panel.event("on_budget", budget=0.6)
    panel.event("on_save")
    assert "60 %" in panel.message
    assert "the video file cannot be read" in panel.event("on_ask", question="a ball")
    panel.current = None
    assert "gone.mp4" in panel.event("on_back")


def test_two_tabs_at_once(summarized, encoder):
    one, other = Panel(summarized), Panel(summarized)
    for tab in (one, other):
        tab.event("on_load")
        tab.event("on_look", video=summarized.first().id)
    other.event("on_budget", budget=0.9)
    other.event("on_save")
    assert "90 % of the video" in one.event("on_refresh")
    shots = [shot[:2] for shot in drawn(one.event("on_refresh"))["shots"]]
    other.event("on_drop", shot=shots[0], decided=True)
    assert drawn(one.event("on_refresh"))["shots"][0][5] == "dropped"
    clipit.rename_summary(summarized, "dogs", "cats")
    assert "“dogs” is no longer there" in one.event("on_refresh")
    one.event("on_pin", shot=shots[1], decided=True)
    assert not one.message
    summarized.delete_samples([summarized.first().id])
    assert "no longer in the dataset" in one.event("on_refresh")
    one.event("on_save")
    assert one.message
    clipit.delete_summary(summarized, "cats")
    assert "Summarize videos" in one.event("on_back")


def test_the_clips_on_the_screen_are_exported_as_they_stand(summarized, tmp_path):
    clips = clipit.summary_clips(summarized, "dogs")
    kept = clips.sort_by("support", reverse=True).limit(2)
    kept.tag_samples("good")
    panel = Panel(summarized, clips)
    assert "Export these clips" in panel.event("on_load")
    assert "Export these clips" not in Panel(summarized).event("on_load")
    panel.event("on_export_clips")
    (prompt,) = panel.asked("prompt_user_for_operation")
    assert prompt["operator_uri"].endswith("/export_summary")
    shown = clips.match_tags("good").sort_by("support", reverse=True)
    params = {**prompt["params"], "folder": str(tmp_path), "formats": ["clips", "json"]}
    execute("export_summary", None, params, view=shown)
    assert len(list(tmp_path.glob("*.mp4"))) == len(shown) == 2
    described = "".join(path.read_text() for path in tmp_path.glob("*.json"))
    assert described.count('"good"') >= 2


def test_a_filter_in_the_sidebar_counts_for_the_clips(summarized, tmp_path):
    from fiftyone.operators.executor import ExecutionContext, Executor

    clips = clipit.summary_clips(summarized, "dogs")
    clips.match(F("support")[0] == clips.first().support[0]).tag_samples("good")
    request = {
        "dataset_name": summarized.name,
        "view": clips._serialize(),
        "filters": {"tags": {"values": ["good"], "exclude": False}},
        "params": {"folder": str(tmp_path), "formats": ["clips"]},
    }
    import fiftyone.operators as foo

    uri = "@clipit/fiftyone-clipit/export_summary"
    list(foo.get_operator(uri).execute(ExecutionContext(request, executor=Executor(), operator_uri=uri)))
    assert len(list(tmp_path.glob("*.mp4"))) == len(clips.match_tags("good")) < len(clips)
