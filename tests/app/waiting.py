"""Waiting for something that the page itself does not tell."""

from __future__ import annotations

import time
from collections.abc import Callable

# Generous: other work may keep the machine's processors busy.
PATIENCE = 90


def until(condition: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
    """Waits until a condition holds; fails in words where it does not in time."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"waited {seconds:.0f} s in vain: {what}"
        time.sleep(0.1)
