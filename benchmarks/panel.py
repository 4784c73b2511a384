"""How long people wait for the panel, in the real App: its first paint, another budget, a question.

    python benchmarks/panel.py [--output results.json] [--pictures FOLDER]

Chromium opens the App's own server on 10,000 videos with summaries (see `panel_dataset.py` for what is real in them
and what is copied). Times run from the press of the mouse to the first frame whose page shows the result; beside
them stands how much of that was waiting for the server's answers. Between two turns there is a second, as people look
at what they got.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import sys
import tempfile
import time
from pathlib import Path

from panel_dataset import LONG, make_dataset
from reporting import keep

from fiftyone_clipit.dataset.own_database import start_database

ROOT = Path(__file__).resolve().parents[1]
QUESTIONS = ("a red star", "a blue boat", "a white cup", "a green tree", "a yellow moon", "a black cat")
SHARES = (0.3, 0.5, 0.2, 0.4, 0.1, 0.6)
TURNS = 3
LOOK = 1.0

# Waits in the page itself: a question from outside costs more than what is measured.
_WATCH = """
([what, argument]) => {
  const panel = () => document.querySelector('[data-cy="panel-content-summaries"]');
  const text = () => panel()?.innerText ?? '';
  const pictures = real => [...panel()?.querySelectorAll('img[alt$=".mp4"]') ?? []].filter(
    p => p.complete && p.naturalWidth && (!real || !p.src.startsWith('data:')));
  const met = {
    ranking: () => text().includes(argument) && pictures(false).length === 8,
    pictures: () => text().includes(argument) && pictures(true).length === 8,
    other: () => text().match(/in \\d+ segments?[^\\n]*/) && !text().includes(argument) && text().includes('not saved'),
    legend: () => [...panel()?.querySelectorAll('.clipit-name') ?? []].some(l => l.textContent.includes(argument)),
  }[what];
  performance.clearResourceTimings();
  window.clipit = null;
  let began = null;
  const press = () => { began = performance.now(); };
  // Not mousedown: the App's buttons keep that from coming. A menu takes two presses; the last one counts.
  window.addEventListener('pointerdown', press, true);
  const look = () => {
    if (began === null || !met()) return requestAnimationFrame(look);
    window.removeEventListener('pointerdown', press, true);
    const server = performance.getEntriesByType('resource').filter(
      r => r.name.includes('/operators/execute') && r.startTime >= began);
    window.clipit = [performance.now() - began, server.reduce((sum, r) => sum + r.duration, 0), server.length];
  };
  look();
}
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path)
    parser.add_argument("--pictures", type=Path, help="keep pictures of the page in this folder")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        keep(_in_own_home(Path(folder), options.pictures), options.output)


def _in_own_home(home: Path, pictures: Path | None) -> dict:
    """Measures with a database, caches and plugins of its own."""
    (home / "plugins").mkdir()
    (home / "plugins" / "fiftyone-clipit").symlink_to(ROOT, target_is_directory=True)
    os.environ.update(
        CLIPIT_CACHE_DIR=str(home / "features"),
        FIFTYONE_CONFIG_PATH=str(home / "config.json"),
        FIFTYONE_DO_NOT_TRACK="true",
        FIFTYONE_PLUGINS_DIR=str(home / "plugins"),
        FIFTYONE_SHOW_PROGRESS_BARS="false",
    )
    # The browser and the server are driven as the tests do it.
    sys.path.insert(0, str(ROOT))
    from tests.app.server import serving

    start_database(home / "database")
    dataset = make_dataset(home, "videos")
    with serving(home / "log.txt") as server:
        result = measure(server.ready(), dataset.name, pictures or home / "pictures")
    dataset.delete()
    return result


def measure(address: str, dataset: str, pictures: Path) -> dict:
    """Drives the browser; the figures."""
    from playwright.sync_api import sync_playwright

    from tests.app.browser import Browser
    from tests.app.chromium import FLAGS, require_chromium

    with sync_playwright() as entry:
        browser = Browser(
            entry.chromium.launch(executable_path=require_chromium(), args=list(FLAGS)), address, pictures
        )
        browser.open(dataset)
        opened = []
        for turn in range(TURNS):
            _watch(browser, "ranking" if turn < TURNS - 1 else "pictures", "10,000 videos by relevance")
            browser.open_panel()
            opened.append(_seconds(browser))
            browser.pictures_are_there()
            browser.picture("10000_videos")
            if turn < TURNS - 1:
                browser.close_panel()
        browser.watch(LONG)
        browser.says(re.compile(r"in \d+ segments"))
        browser.picture("half_an_hour")
        slid = []
        for share in SHARES:
            said = re.search(r"in \d+ segments?[^\n]*", browser.panel.inner_text())[0]
            _watch(browser, "other", said)
            browser.slide(share)
            slid.append(_seconds(browser))
            time.sleep(LOOK)
        browser.picture("slider")
        browser.button("Back").click()
        asked = []
        for question in QUESTIONS:
            _watch(browser, "legend", question)
            browser.ask(question)
            asked.append(_seconds(browser))
            time.sleep(LOOK)
        browser.picture("asked")
    return {
        "first paint, 10,000 videos": _figures(opened),
        "slider to new segments, 30 minutes": _figures(slid),
        "question to new curve, 30 minutes": _figures(asked),
    }


def _watch(browser, what: str, argument: str) -> None:
    browser.page.evaluate(_WATCH, [what, argument])


def _seconds(browser) -> tuple[float, float, int]:
    return browser.page.wait_for_function("() => window.clipit").json_value()


def _figures(runs: list[tuple[float, float, int]]) -> dict:
    """All times in ms: the first one pays for what is loaded once."""
    return {
        "median, ms": round(statistics.median(total for total, _, _ in runs)),
        "all, ms": [round(total) for total, _, _ in runs],
        "of which waiting for the server, ms": [round(server) for _, server, _ in runs],
        "answers of the server": [count for _, _, count in runs],
    }


if __name__ == "__main__":
    main()
