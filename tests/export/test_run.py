"""The frame of an export: nothing half-written, nothing overwritten unasked, nothing done twice."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from fiftyone_clipit.errors import ExportError, UsageError
from fiftyone_clipit.export import FORMATS, ExportItem, ExportOptions, export_items, formats
from tests.export.making import item, numbers_of, snapshot, video

FORMATS_HERE = ["contact-sheet", "json", "csv", "webvtt"]


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., ExportItem]:
    """make(file, ranges, **what an item takes): an item with a video of its own."""

    def build(file: str = "v.mp4", ranges=((11, 20), (31, 40)), **options) -> ExportItem:
        path = tmp_path / "videos" / file
        return item(path if path.exists() else video(path, 60), ranges, **options)

    return build


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


def in_child(code: str, one: ExportItem, ranges=((11, 20), (31, 40)), **options) -> subprocess.CompletedProcess[str]:
    """Runs code in a process of its own, with the item as `one`."""
    head = (
        "import sys\n"
        "from pathlib import Path\n"
        "from fiftyone_clipit.export import export_items\n"
        "from tests.export.making import item\n"
        f"one = item(Path({one.source!r}), {list(ranges)!r})\n"
    )
    command = [sys.executable, "-c", head + code]
    root = Path(__file__).resolve().parents[2]
    return subprocess.run(command, capture_output=True, text=True, cwd=root, check=False, **options)


def as_nobody(tmp_path: Path, code: str, one: ExportItem) -> subprocess.CompletedProcess[str]:
    """The same for a user to whom permissions apply: the superuser may write everywhere."""
    if os.geteuid() != 0:
        return in_child(code, one)
    prefix = "import os\nos.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
    folder = tmp_path
    while folder != folder.parent and folder.owner() == "root" and str(folder).startswith("/tmp"):
        folder.chmod(folder.stat().st_mode | 0o055)
        folder = folder.parent
    return in_child(prefix + code, one)
