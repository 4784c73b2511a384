"""The operator "Export summary"."""

from __future__ import annotations

import fiftyone.operators as foo
import pytest

import fiftyone_clipit as clipit
from fiftyone_clipit.dataset.folders import export_folder
from tests.plugin.test_operators import PLUGIN, context, execute, form, problems


@pytest.fixture
def summarized(dataset, encoder):
    clipit.summarize(dataset, "dogs", query="a dog", encoder=encoder)
    return dataset


def test_a_summary(summarized, tmp_path):
    params = {"key": "dogs", "folder": str(tmp_path), "formats": ["reel", "csv"], "join": True}
    assert problems(form("export_summary", summarized, params)) == {}
    execute("export_summary", summarized, params)
    assert {path.suffix for path in tmp_path.iterdir() if path.name != "manifest.json"} >= {".mp4", ".csv"}


def test_the_clips_on_the_screen(summarized, tmp_path):
    clips = clipit.summary_clips(summarized, "dogs").limit(1)
    params = {"folder": str(tmp_path), "formats": ["clips"]}
    foo.execute_operator(f"{PLUGIN}/export_summary", view=clips, params=params)
    assert len(list(tmp_path.glob("*.mp4"))) == 1


def test_checked_clips_and_the_one_that_is_open_are_exported_alone(summarized, tmp_path):
    """Protects what people chose on the screen: not every clip of the view goes out."""
    clips = clipit.summary_clips(summarized, "dogs")
    first, *_, last = clips.values("id")
    for number, chosen in enumerate(({"selected": [first, last]}, {"current_sample": last})):
        shown = form("export_summary", summarized, {}, view=clips._serialize(), **chosen)
        assert ("only_current" in shown) == ("current_sample" in chosen)
        params = {"folder": str(tmp_path / str(number)), "formats": ["clips"]}
        foo.execute_operator(f"{PLUGIN}/export_summary", view=clips, params=params, **chosen)
    assert [len(list((tmp_path / number).glob("*.mp4"))) for number in "01"] == [2, 1]
    params = {"folder": str(tmp_path / "all"), "formats": ["clips"], "only_current": False}
    foo.execute_operator(f"{PLUGIN}/export_summary", view=clips, params=params, current_sample=last)
    assert len(list((tmp_path / "all").glob("*.mp4"))) == len(clips)


def test_the_report_lists_files(summarized, tmp_path):
    operator = foo.get_operator(f"{PLUGIN}/export_summary")
    ctx = context(summarized, {"key": "dogs", "folder": str(tmp_path), "formats": ["json"]})
    result = [message.to_json() for message in operator.execute(ctx)][-1]["body"]
    assert len(result["files"]) == 3
    assert all(file["bytes"] > 0 for file in result["files"])
    ctx.request_params["results"] = result
    assert "files" in operator.resolve_output(ctx).to_json()["type"]["properties"]


def test_without_a_folder_files_go_where_the_form_says(summarized):
    """Protects the quick way: whoever names no folder is told which one it will be, and finds the files there."""
    described = form("export_summary", summarized, {"key": "dogs"})["folder"]["view"]["description"]
    home = export_folder(summarized, "dogs")
    assert str(home) in described
    execute("export_summary", summarized, {"key": "dogs", "formats": ["csv"]})
    assert len(list(home.glob("*.csv"))) == 3
    clips = clipit.summary_clips(summarized, "dogs").limit(1)
    foo.execute_operator(f"{PLUGIN}/export_summary", view=clips, params={"formats": ["json"]})
    assert list(export_folder(summarized, "clips").glob("*.json"))


def test_what_is_wrong_is_said(summarized, tmp_path):
    (tmp_path / "file").touch()
    found = problems(form("export_summary", summarized, {"folder": str(tmp_path / "file"), "formats": ["film"]}))
    assert "not a folder" in found["folder"]
    assert "unknown format" in found["formats"]


def test_more_options(summarized, tmp_path):
    assert "dataset_name" not in form("export_summary", summarized, {})
    assert "dataset_name" in form("export_summary", summarized, {"advanced": True})
