"""Which process is at work on a run, and whether it still is."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import psutil

# How often a process at work gives a sign of life, and how long one on another machine may be silent.
BEAT = 60.0
_SILENCE = timedelta(minutes=15)


def this_process() -> dict[str, Any]:
    """What tells this process from all others, also from a later one with the same number."""
    process = psutil.Process()
    return {"host": socket.gethostname(), "pid": process.pid, "created": process.create_time()}


def is_alive(process: Mapping[str, Any] | None, last_sign: str | None = None) -> bool:
    """Whether a process is still there.

    Args:
        process: what `this_process` said there.
        last_sign: when it last gave a sign of life, in ISO format. Nobody can look for a process on another machine,
            nor for one in a container that was replaced: these are gone when they are silent.
    """
    if process is None:
        return False
    if process["host"] != socket.gethostname():
        return last_sign is not None and datetime.now(UTC) - datetime.fromisoformat(last_sign) < _SILENCE
    try:
        return abs(psutil.Process(process["pid"]).create_time() - process["created"]) < 1
    except psutil.NoSuchProcess:
        return False


def in_words(process: Mapping[str, Any]) -> str:
    """Which process that is, for someone who may want to end it."""
    if process["host"] != socket.gethostname():
        return f"process {process['pid']} on {process['host']}"
    return "this process" if process["pid"] == os.getpid() else f"process {process['pid']}"


def now() -> str:
    """The time of a sign of life."""
    return datetime.now(UTC).isoformat(timespec="seconds")
