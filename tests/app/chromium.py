"""Chromium: where it is, and how it runs here."""

from __future__ import annotations

import importlib
import os
import shutil
from types import ModuleType
from typing import NoReturn

import pytest

_NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
    # Nothing leaves this machine. Sending every request through Playwright would do as well, without a cache.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


def chromium() -> str | None:
    """The browser's path; None where there is none."""
    return next(filter(None, map(shutil.which, _NAMES)), None)


def require_chromium() -> str:
    """The browser's path; without one the test is skipped, or fails where CLIPIT_REQUIRE_BROWSER=1."""
    return chromium() or _missing("no chromium on the PATH (on Debian: apt install chromium)")


def require_playwright() -> ModuleType:
    """What drives the browser; without it as without a browser."""
    try:
        return importlib.import_module("playwright.sync_api")
    except ImportError:
        return _missing("no playwright: install the package with its extra “dev”")


def _missing(message: str) -> NoReturn:
    if os.environ.get("CLIPIT_REQUIRE_BROWSER") == "1":
        pytest.fail(message)
    pytest.skip(message)
