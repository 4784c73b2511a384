"""One App server and one dataset of drawn videos for all browser tests: both take long to set up."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.app.browser import Browser, chromium, until

NAME = "drawn"
FAILED = pytest.StashKey[bool]()


@pytest.fixture(scope="session")
def drawn(tmp_path_factory):
    """Three drawn videos and one that is none; two summaries."""
    chromium()
    import fiftyone as fo

    import fiftyone_clipit as clipit
    from fiftyone_clipit.drawn.videos import draw_video, scene

    folder = tmp_path_factory.mktemp("drawn")
    scenes = {
        "winter": [
            scene("tree", "green", "snow", 5),
            scene("star", "red", "snow", 4),
            scene("cup", "white", "room", 6),
        ],
        "seaside": [
            scene("boat", "blue", "water", 6),
            scene("ball", "red", "grass", 5),
            scene("star", "red", "night", 4),
        ],
        "journey": [
            scene("car", "red", "city", 5),
            scene("moon", "white", "space", 5),
            scene("cup", "black", "room", 5),
        ],
    }
    paths = []
    for number, (name, parts) in enumerate(scenes.items()):
        paths.append(folder / f"{name}.mp4")
        draw_video(paths[-1], parts, rate=12, size=(240, 136), seed=number)
    (folder / "broken.mp4").write_text("no video")
    dataset = fo.Dataset(NAME, persistent=True, overwrite=True)
    # Without ffmpeg the App shows no video of which it does not know size and rate.
    metadata = {"frame_width": 240, "frame_height": 136, "frame_rate": 12, "duration": 15, "total_frame_count": 180}
    dataset.add_samples(
        [
            fo.Sample(filepath=str(path), metadata=fo.VideoMetadata(**metadata))
            for path in (*paths, folder / "broken.mp4")
        ]
    )
    clipit.summarize(dataset, "gist", encoder="clipit-tiny", budget=0.2)
    clipit.summarize(dataset, "red_star", query="a red star", encoder="clipit-tiny", budget="4s")
    yield dataset
    dataset.delete()


@pytest.fixture(scope="session")
def app(drawn, tmp_path_factory):
    """The App's server; gives its address."""
    import fiftyone as fo

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = tmp_path_factory.mktemp("server") / "log.txt"
    folder = Path(fo.__file__).parent / "server"
    command = [sys.executable, "main.py", "--port", str(port), "--address", "127.0.0.1"]
    with log.open("w") as said:
        server = subprocess.Popen(
            command, cwd=folder, stdout=said, stderr=subprocess.STDOUT, preexec_fn=end_with_parent
        )
    address = f"http://127.0.0.1:{port}"
    try:
        until(lambda: answers(f"{address}/fiftyone", server, log), "the App's server", seconds=240)
        yield address
    finally:
        server.terminate()
        try:
            server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            server.kill()


def end_with_parent() -> None:
    """In the server's process: asks Linux to end it when the tests end, however they end."""
    if sys.platform == "linux":
        set_death_signal = 1
        ctypes.CDLL(None).prctl(set_death_signal, signal.SIGTERM)


def answers(url: str, server: subprocess.Popen, log: Path) -> bool:
    """Whether the server is there."""
    assert server.poll() is None, f"the App's server ended: {log.read_text()[-2000:]}"
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


@pytest.fixture(scope="session")
def _playwright():
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as entry:
        yield entry


@pytest.fixture
def browser(app, _playwright, tmp_path_factory, request):
    """A fresh browser on the dataset; pictures go to $CLIPIT_SCREENSHOTS."""
    pictures = Path(os.environ.get("CLIPIT_SCREENSHOTS") or tmp_path_factory.mktemp("pictures"))
    browser = Browser(_playwright, app, pictures)
    browser.open(NAME)
    yield browser
    if request.node.stash.get(FAILED, False):
        browser.picture(f"failed_{request.node.name}")
        print(f"the console said: {browser.console}; a picture is in {pictures}")
    browser.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Tells the fixtures whether the test failed."""
    report = yield
    if report.failed:
        item.stash[FAILED] = True
    return report
