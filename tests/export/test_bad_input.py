"""What cannot work: a message that says why, nothing half-written, what was there before untouched."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from fiftyone_clipit.errors import ExportError, UsageError
from fiftyone_clipit.export import ExportOptions, export_items, formats
from tests.export.making import as_nobody, in_child, numbers_of


def test_one_bad_video_never_stops_the_others(make, tmp_path: Path) -> None:
    """Broken, vanished, without segments: each with its reason, the good one complete, nothing half-written."""
    good, empty = make("good.mp4"), make("empty.mp4", ())
    broken = replace(make("good.mp4"), source=str(tmp_path / "broken.mp4"), name="broken", timeline=None)
    (tmp_path / "broken.mp4").write_bytes(b"no video at all" * 100)
    gone = replace(make("good.mp4"), source=str(tmp_path / "gone.mp4"), timeline=None)
    report = export_items([broken, gone, empty, good], tmp_path / "out", ["reel", "contact-sheet"])
    assert [(failure.path.name, failure.reason) for failure in report.failures] == [
        ("broken-reel.mp4", BROKEN),
        ("broken-sheet.png", BROKEN),
        ("gone-reel.mp4", "no such file"),
        ("gone-sheet.png", "no such file"),
        ("empty-reel.mp4", "the summary has no segments"),
        ("empty-sheet.png", "the summary has no segments"),
    ]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "good-reel.mp4",
        "good-sheet.png",
        "manifest.json",
    ]
    with pytest.raises(ExportError, match=r"gone\.mp4.*no such file"):
        export_items([gone], tmp_path / "out2", ["reel"], skip_failures=False)


BROKEN = "not a readable video: unknown format, or a recording that was cut off before its index"


def test_joined_files_do_without_what_cannot_be_read(make, tmp_path: Path) -> None:
    """One film of two good videos and a broken one shows the good ones, and its note names the other."""
    (tmp_path / "broken.mp4").write_bytes(b"no video at all" * 100)
    broken = replace(make("a.mp4"), source=str(tmp_path / "broken.mp4"), timeline=None)
    items = [make("a.mp4"), broken, make("b.mp4")]
    options = ExportOptions(join=True, preset="ultrafast")
    report = export_items(items, tmp_path / "out", ["reel", "contact-sheet", "otio"], options=options)
    assert report.failures == []
    assert {file.notes for file in report.files} == {(f"without broken.mp4: {BROKEN}",)}
    assert numbers_of(report.paths("reel")[0]) == [*range(11, 21), *range(31, 41)] * 2


def test_an_error_nobody_foresaw_is_reported_too(make, tmp_path: Path) -> None:
    """A curve of the wrong shape breaks its own plot only."""
    wrong = replace(make(), importance=[0.1, 0.2])
    report = export_items([wrong], tmp_path / "out", ["plot", "webvtt"])
    assert [failure.format for failure in report.failures] == ["plot"]
    assert report.paths("webvtt")[0].exists()


def test_wrong_arguments_are_told_before_any_work(make, tmp_path: Path) -> None:
    """Unknown and unsupported formats, no videos, no formats, options out of range; the folder is not even made."""
    cases: list[tuple[Callable[[], object], str]] = [
        (lambda: export_items([make()], tmp_path / "out", ["avi"]), "unknown format 'avi'; there are reel, clips"),
        (lambda: export_items([make()], tmp_path / "out", ["fcpxml"]), "no maintained OpenTimelineIO adapter"),
        (lambda: export_items([make()], tmp_path / "out", []), "no format given"),
        (lambda: export_items([], tmp_path / "out", ["csv"]), "nothing to export"),
        (lambda: export_items([make()], tmp_path / "out", ["csv"], num_workers=0), "num_workers"),
        (lambda: ExportOptions(naming="../{name}"), "inside the folder"),
        (lambda: ExportOptions(order="best"), "order must be one of 'given', 'time', 'rank'"),
        (lambda: ExportOptions(padding=-1), "padding must be a number of seconds"),
        (lambda: ExportOptions(padding=(1, 2, 3)), "padding"),
        (lambda: ExportOptions(merge_gap=float("nan")), "merge_gap"),
        (lambda: ExportOptions(size=1), "size"),
        (lambda: ExportOptions(crf=60), "crf must lie between 0 and 51"),
        (lambda: ExportOptions(codec="vp8"), "codec must be one of h264, hevc, av1"),
        (lambda: ExportOptions(burn="date"), "burn takes 'time'"),
        (lambda: ExportOptions(mode="copy", size=100), "mode 'copy' takes the pictures as they are"),
    ]
    for call, message in cases:
        with pytest.raises(UsageError, match=message):
            call()
    assert not (tmp_path / "out").exists()


def test_missing_packages_are_named(make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without OpenTimelineIO the other formats work, and its own say how to get it."""
    monkeypatch.setattr(formats, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"needs opentimelineio and otio_cmx3600_adapter: pip install .*\[otio\]"):
        export_items([make()], tmp_path / "out", ["csv", "edl"])
    assert export_items([make()], tmp_path / "out", ["csv"]).failures == []


def test_a_folder_that_cannot_be_written(make, tmp_path: Path) -> None:
    """A file in its place, and a folder without permission: one message each, nothing left behind."""
    (tmp_path / "file").write_text("mine")
    with pytest.raises(ExportError, match="it is a file, not a folder"):
        export_items([make()], tmp_path / "file", ["csv"])
    with pytest.raises(ExportError, match="cannot write to folder"):
        export_items([make()], tmp_path / "file" / "inside", ["csv"])
    locked = tmp_path / "locked"
    locked.mkdir()
    locked.chmod(0o555)
    child = as_nobody(tmp_path, f"export_items([one], {str(locked)!r}, ['csv'])", make())
    assert "ExportError: cannot write to folder" in child.stderr
    assert "Permission denied; choose another folder" in child.stderr
    assert list(locked.iterdir()) == []


@pytest.mark.parametrize("wanted", [["reel"], ["contact-sheet", "plot"], ["gif"]])
def test_no_room_on_the_disk(make, tmp_path: Path, wanted: list[str]) -> None:
    """A write that the system refuses half-way: a reason, no half file, what was there untouched."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("keep")
    code = (
        "import resource, signal\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))\n"
        f"report = export_items([one], {str(tmp_path / 'out')!r}, {wanted!r})\n"
        "print([failure.reason for failure in report.failures])"
    )
    child = in_child(code, make())
    assert child.returncode == 0, child.stderr
    assert child.stdout.count("cannot be written: File too large") == len(wanted)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["manifest.json", "mine.txt"]
    assert json.loads((tmp_path / "out" / "manifest.json").read_text())["files"] == []
