"""The frame of an export: nothing half-written, nothing overwritten unasked, nothing done twice."""

from __future__ import annotations

import hashlib
import json
import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from fiftyone_clipit.errors import ExportError
from fiftyone_clipit.export import FORMATS, ExportOptions, export_items
from tests.export.making import in_child, numbers_of, snapshot

FORMATS_HERE = ["contact-sheet", "json", "csv", "webvtt"]


def test_a_manifest_tells_what_is_what(make, tmp_path: Path) -> None:
    """Every file with its format, source, segments, options and a checksum that holds."""
    report = export_items([make()], tmp_path / "out", ["clips", "csv"], options=ExportOptions(crf=30))
    manifest = json.loads(report.manifest.read_text())
    assert manifest["generator"] == "fiftyone-clipit"
    assert [entry["path"] for entry in manifest["files"]] == ["v-clip-01.mp4", "v-clip-02.mp4", "v-segments.csv"]
    for entry in manifest["files"]:
        data = (tmp_path / "out" / entry["path"]).read_bytes()
        assert (entry["sha256"], entry["bytes"]) == (hashlib.sha256(data).hexdigest(), len(data))
        assert entry["videos"][0]["path"] == str(tmp_path / "videos" / "v.mp4")
        assert entry["libraries"]["av"]
    assert manifest["files"][0]["options"]["crf"] == 30
    assert [entry["videos"][0]["segments"] for entry in manifest["files"][:2]] == [
        [[11, 20, 0.9, 1, "a dog", 15]],
        [[31, 40, 0.8, 2, "a dog", 35]],
    ]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "manifest.json",
        *[entry["path"] for entry in manifest["files"]],
    ]


def test_the_same_again_does_nothing(make, tmp_path: Path) -> None:
    """What is finished stays, byte for byte and with its time; what is missing or damaged is made again."""
    one = make()
    wanted = ["clips", "plot", "csv"]
    export_items([one], tmp_path / "out", wanted)
    before = snapshot(tmp_path / "out")
    again = export_items([one], tmp_path / "out", wanted)
    assert all(file.kept for file in again.files)
    after = snapshot(tmp_path / "out")
    assert {name: after[name] for name in after if name != "manifest.json"} == {
        name: before[name] for name in before if name != "manifest.json"
    }
    (tmp_path / "out" / "v-clip-02.mp4").unlink()
    (tmp_path / "out" / "v-plot.svg").unlink()
    third = export_items([one], tmp_path / "out", wanted)
    assert third.failures == []
    assert {file.path.name for file in third.files if not file.kept} == {"v-clip-02.mp4", "v-plot.png", "v-plot.svg"}
    assert numbers_of(tmp_path / "out" / "v-clip-02.mp4") == list(range(31, 41))


def test_what_was_changed_is_not_taken_for_finished(make, tmp_path: Path) -> None:
    """A file that somebody edited, or a source that is another now, is in the way and not silently replaced."""
    one = make()
    export_items([one], tmp_path / "out", ["csv"])
    (tmp_path / "out" / "v-segments.csv").write_text("mine")
    with pytest.raises(ExportError, match=r"v-segments\.csv already"):
        export_items([one], tmp_path / "out", ["csv"])
    assert (tmp_path / "out" / "v-segments.csv").read_text() == "mine"
    assert export_items([one], tmp_path / "out", ["csv"], overwrite=True).failures == []
    os.utime(one.source, (1, 1))
    with pytest.raises(ExportError, match="already"):
        export_items([one], tmp_path / "out", ["csv"])


def test_files_in_the_folder_are_never_touched(make, tmp_path: Path) -> None:
    """One name in the way stops everything before it begins; the message names it and the ways out."""
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "notes.txt").write_text("keep")
    (folder / "v-sheet.png").write_text("also mine")
    before = snapshot(folder)
    with pytest.raises(ExportError, match=r"v-sheet\.png already; nothing was written: allow to overwrite"):
        export_items([make()], folder, FORMATS_HERE)
    assert snapshot(folder) == before
    assert [path.name for path in sorted(folder.iterdir())] == ["notes.txt", "v-sheet.png"]
    export_items([make()], folder, FORMATS_HERE, overwrite=True)
    assert (folder / "notes.txt").read_text() == "keep"
    assert (folder / "v-sheet.png").read_bytes().startswith(b"\x89PNG")


def test_a_source_is_never_overwritten(make, tmp_path: Path) -> None:
    """Not even when it is allowed to overwrite and the pattern gives just its name."""
    one = make()
    before = Path(one.source).read_bytes()
    options = ExportOptions(naming="{name}")
    with pytest.raises(ExportError, match="is one of the videos to export"):
        export_items([one], Path(one.source).parent, ["reel"], options=options, overwrite=True)
    assert Path(one.source).read_bytes() == before


def test_another_s_manifest_is_respected(make, tmp_path: Path) -> None:
    """A manifest.json of another program is nobody's to replace."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "manifest.json").write_text('{"name": "a web page"}')
    with pytest.raises(ExportError, match="another program"):
        export_items([make()], tmp_path / "out", ["csv"])
    assert "a web page" in (tmp_path / "out" / "manifest.json").read_text()


def test_exports_into_one_folder_add_up(make, tmp_path: Path) -> None:
    """Another format, another video: the manifest grows, older entries stay."""
    export_items([make("a.mp4")], tmp_path / "out", ["csv"])
    export_items([make("b.mp4")], tmp_path / "out", ["csv", "webvtt"])
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert [entry["path"] for entry in manifest["files"]] == ["a-segments.csv", "b-chapters.vtt", "b-segments.csv"]


def test_names_of_all_kinds(make, tmp_path: Path) -> None:
    """Spaces, quotes, Cyrillic, emoji, 300 characters, and two videos of one name in different folders."""
    names = [
        "with space.mp4",
        'it\'s "quoted".mp4',
        "собака & кот.mp4",
        "🐕‍🦺.mp4",
        "a/same.mp4",
        "b/same.mp4",
        "-dash.mp4",
    ]
    items = [make(name) for name in names]
    items.append(make("with space.mp4", name="x" * 300))
    report = export_items(items, tmp_path / "out", ["contact-sheet", "otio", "edl", "json"])
    assert report.failures == []
    sheets = [path.name for path in report.paths("contact-sheet")]
    assert sheets[:-1] == [
        "with space-sheet.png",
        "it's _quoted_-sheet.png",
        "собака & кот-sheet.png",
        "🐕‍🦺-sheet.png",
        "same-sheet.png",
        "same-sheet-2.png",
        "_dash-sheet.png",
    ]
    assert sheets[-1].startswith("xxxx")
    assert len({path.name.casefold() for path in report.paths()}) == len(report.paths()) == 32
    reordered = export_items(items[::-1], tmp_path / "out", ["contact-sheet"])
    assert all(file.kept for file in reordered.files)


def test_patterns_make_folders_but_never_leave(make, tmp_path: Path) -> None:
    """A folder per video; one that is a link to elsewhere is refused."""
    naming = "{name}/{part}_{first_frame}-{last_frame}_{label}"
    report = export_items([make()], tmp_path / "out", ["keyframes"], options=ExportOptions(naming=naming))
    assert [str(path.relative_to(tmp_path / "out")) for path in report.paths()] == [
        "v/frame-01_11-20_a dog.jpg",
        "v/frame-02_31-40_a dog.jpg",
    ]
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked" / "v").symlink_to(elsewhere)
    with pytest.raises(ExportError, match="leads out of"):
        export_items([make()], tmp_path / "linked", ["keyframes"], options=ExportOptions(naming=naming))
    assert list(elsewhere.iterdir()) == []


def test_a_killed_export_goes_on_where_it_stopped(make, tmp_path: Path) -> None:
    """Killed between files: what is finished stays and is recognised, no leftovers, one manifest for all."""
    ranges = [(first, first + 9) for first in range(1, 51, 10)]
    one = make("v.mp4", ranges)
    code = (
        "import os, signal\n"
        "def progress(share, label):\n"
        "    if label == 'v-clip-03.mp4': os.kill(os.getpid(), signal.SIGKILL)\n"
        f"export_items([one], {str(tmp_path / 'out')!r}, ['clips'], num_workers=1, progress=progress)"
    )
    child = in_child(code, one, ranges)
    assert child.returncode == -signal.SIGKILL
    finished = {path.name for path in (tmp_path / "out").glob("*.mp4")}
    assert len(finished) >= 3
    assert not (tmp_path / "out" / "manifest.json").exists()
    report = export_items([one], tmp_path / "out", ["clips"])
    assert report.failures == []
    assert {file.path.name for file in report.files if file.kept} == finished
    assert [numbers_of(path)[0] for path in report.paths()] == [1, 11, 21, 31, 41]
    assert len(json.loads(report.manifest.read_text())["files"]) == 5
    assert sorted(path.name for path in (tmp_path / "out").iterdir())[0] == "manifest.json"


def test_two_exports_do_not_share_a_folder(make, tmp_path: Path) -> None:
    """The second one says that the first is at work, and works when that has ended."""
    errors = []

    def second(share: float, label: str) -> None:
        if not errors:
            with pytest.raises(ExportError, match="another export is writing") as caught:
                export_items([make()], tmp_path / "out", ["csv"])
            errors.append(caught)

    export_items([make()], tmp_path / "out", ["reel"], progress=second)
    assert errors
    assert export_items([make()], tmp_path / "out", ["csv"]).failures == []


def test_progress_grows_to_the_end_and_can_stop_the_work(make, tmp_path: Path) -> None:
    """Shares never fall and end at 1; what the callback raises comes out, and finished files stay known."""
    seen: list[tuple[float, str]] = []
    export_items([make()], tmp_path / "1", ["reel", "csv"], progress=lambda *at: seen.append(at))
    shares = [share for share, _ in seen]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert {"v-reel.mp4", "v-segments.csv"} & {label for _, label in seen}

    def stop(share: float, label: str) -> None:
        if label:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export_items([make()], tmp_path / "2", ["csv", "reel"], num_workers=1, progress=stop)
    assert json.loads((tmp_path / "2" / "manifest.json").read_text())["files"][0]["path"].startswith("v-")
    assert not list((tmp_path / "2").glob(".*"))


def test_many_workers_write_what_one_writes(make, tmp_path: Path) -> None:
    """Byte for byte, all pictures, tables and timelines; also where the videos' times have to be read first."""
    items = [make(f"{name}.mp4", known=name == "a") for name in "abc"]
    # Times a little off, as those who only know a rate compute them: no file may depend on who read the exact ones.
    items[2] = replace(items[2], segments=[replace(s, start=s.start + 1e-3) for s in items[2].segments])
    wanted = ["contact-sheet", "plot", "keyframes", "gif", "webp", "otio", "edl", "json", "csv", "webvtt", "srt"]
    for workers in (1, 4):
        assert export_items(items, tmp_path / str(workers), wanted, num_workers=workers).failures == []
    one, four = (
        {name: data for name, (data, _) in snapshot(tmp_path / n).items() if name != "manifest.json"} for n in "14"
    )
    assert one.keys() == four.keys()
    assert [name for name in one if one[name] != four[name]] == []


def test_every_format_describes_itself() -> None:
    """Forms and help list them; the names are those of the documentation."""
    assert set(FORMATS) == {
        *("reel", "clips", "gif", "webp", "contact-sheet", "plot", "otio", "edl"),
        *("json", "csv", "webvtt", "srt", "keyframes"),
    }
    assert all(format.description and format.suffixes for format in FORMATS.values())
