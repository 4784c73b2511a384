"""One App server, one Chromium and one set of drawn videos for all browser tests; a dataset and a page for each."""

from __future__ import annotations

import itertools
import os
from pathlib import Path

import pytest

from tests.app import console
from tests.app.browser import Browser
from tests.app.chromium import FLAGS, require_chromium, require_playwright
from tests.app.drawn import make_dataset
from tests.app.server import serving

FAILED = pytest.StashKey[bool]()
_numbers = itertools.count(1)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keeps the browser tests on one worker: what they share takes half a minute to set up."""
    here = Path(__file__).parent
    for item in items:
        if item.path.parent == here:
            item.add_marker(pytest.mark.xdist_group("app"))


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """The App's server; it starts while the videos are drawn."""
    require_chromium()
    with serving(tmp_path_factory.mktemp("server") / "log.txt") as server:
        yield server


@pytest.fixture(scope="session")
def template(server, tmp_path_factory):
    """The dataset that each test gets a copy of."""
    dataset = make_dataset(tmp_path_factory.mktemp("drawn"), "drawn")
    yield dataset
    dataset.delete()


@pytest.fixture
def drawn(template):
    """A dataset of the test's own: nothing that it does can be in the way of another."""
    dataset = template.clone(f"my-videos-{next(_numbers)}")
    yield dataset
    dataset.delete()


@pytest.fixture(scope="session")
def chromium():
    """The browser."""
    path = require_chromium()
    playwright = require_playwright()
    with playwright.sync_playwright() as entry:
        browser = entry.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def browser(drawn, server, chromium, tmp_path_factory, request):
    """A fresh page on the dataset; pictures go to $CLIPIT_SCREENSHOTS.

    Every test ends with a look at the console: nothing may be there but what FiftyOne itself prints.
    """
    pictures = Path(os.environ.get("CLIPIT_SCREENSHOTS") or tmp_path_factory.mktemp("pictures"))
    browser = Browser(chromium, server.ready(), pictures)
    browser.open(drawn.name)
    yield browser
    if request.node.stash.get(FAILED, False):
        browser.picture(f"failed_{request.node.name}")
        print(f"a picture is in {pictures}; the console said:", *browser.console, sep="\n")
    said = console.unexpected(browser.console, browser.expected)
    browser.close()
    assert said == []


@pytest.fixture
def panel(browser):
    """The page with the panel beside the grid, on the summary that has a question."""
    browser.open_panel()
    browser.choose("red_star", "a red star")
    return browser


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Tells the fixtures whether the test failed."""
    report = yield
    if report.failed:
        item.stash[FAILED] = True
    return report
