"""The App's server, as `fiftyone app launch` starts it, on a free port."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from tests.app.waiting import until


class Server:
    """A server that may still be starting.

    Args:
        process: where it runs.
        address: where it will answer.
        log: what it says.
    """

    def __init__(self, process: subprocess.Popen[bytes], address: str, log: Path) -> None:
        self._process = process
        self._log = log
        self.address = address

    def ready(self) -> str:
        """Waits until it answers; its address."""
        until(self._answers, "the App's server", seconds=240)
        return self.address

    def _answers(self) -> bool:
        assert self._process.poll() is None, f"the App's server ended: {self._log.read_text()[-2000:]}"
        try:
            with urllib.request.urlopen(f"{self.address}/fiftyone", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False


@contextmanager
def serving(log: Path) -> Iterator[Server]:
    """Starts the server, ends it afterwards; it uses the database of this process.

    Args:
        log: where to write what it says.
    """
    found = find_spec("fiftyone")
    assert found is not None
    assert found.origin is not None
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with log.open("w") as said:
        process = subprocess.Popen(
            [sys.executable, "main.py", "--port", str(port), "--address", "127.0.0.1"],
            cwd=Path(found.origin).parent / "server",
            # FiftyOne offers to schedule operators only where this says that somebody runs them.
            env={**os.environ, "FIFTYONE_ALLOW_LEGACY_ORCHESTRATORS": "true"},
            stdout=said,
            stderr=subprocess.STDOUT,
            preexec_fn=_end_with_parent,
        )
    try:
        yield Server(process, f"http://127.0.0.1:{port}", log)
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()


def _end_with_parent() -> None:
    """In the server's process: asks Linux to end it when the tests end, however they end."""
    if sys.platform == "linux":
        set_death_signal = 1
        ctypes.CDLL(None).prctl(set_death_signal, signal.SIGTERM)
