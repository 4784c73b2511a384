"""Which process is at work on a run, and whether it still is."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from typing import Any

import psutil


def this_process() -> dict[str, Any]:
    """What tells this process from all others, also from a later one with the same number."""
    process = psutil.Process()
    return {"host": socket.gethostname(), "pid": process.pid, "created": process.create_time()}


def is_alive(process: Mapping[str, Any] | None) -> bool:
    """Whether a process is still there; one on another machine is taken for alive."""
    if process is None:
        return False
    if process["host"] != socket.gethostname():
        return True
    try:
        return abs(psutil.Process(process["pid"]).create_time() - process["created"]) < 1
    except psutil.NoSuchProcess:
        return False
