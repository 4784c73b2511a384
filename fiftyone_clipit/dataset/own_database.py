"""A database of one's own, for demos, tests and benchmarks. Imports no FiftyOne: it must run before that import.

FiftyOne connects to any database service of the same user that is running, whatever FIFTYONE_DATABASE_DIR says. Only
a server named by FIFTYONE_DATABASE_URI is sure to be another than the user's.
"""

from __future__ import annotations

import atexit
import ctypes
import os
import signal
import socket
import subprocess
import sys
from importlib.machinery import PathFinder
from pathlib import Path


def start_database(folder: str | os.PathLike[str]) -> subprocess.Popen[bytes] | None:
    """Starts the mongod that FiftyOne brings on a folder of its own, and lets FiftyOne use it in this process.

    It ends with this process. Child processes use it, too. Call it before FiftyOne is imported.

    Args:
        folder: where its files go; made if it is not there.

    Returns:
        The server; None where FiftyOne brings none, so that it starts its database in its usual way.

    Raises:
        RuntimeError: FiftyOne is imported already and has chosen its database.
    """
    if "fiftyone" in sys.modules:
        raise RuntimeError("FiftyOne is imported already: start the database before")
    program = _mongod()
    if program is None:
        return None
    Path(folder).mkdir(parents=True, exist_ok=True)
    port = _free_port()
    server = subprocess.Popen(
        [program, "--dbpath", os.fspath(folder), "--port", str(port), "--bind_ip", "127.0.0.1", "--nounixsocket"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=_end_with_parent if sys.platform == "linux" else None,
    )
    atexit.register(_stop, server)
    os.environ["FIFTYONE_DATABASE_URI"] = f"mongodb://127.0.0.1:{port}"
    # The mongod that can be had as a wheel is of a version whose end FiftyOne announces at every start.
    os.environ["FIFTYONE_DATABASE_VALIDATION"] = "false"
    return server


def _mongod() -> Path | None:
    found = PathFinder.find_spec("fiftyone")
    if found is None or found.origin is None:
        return None
    program = Path(found.origin).parent / "db" / "bin" / "mongod"
    return program if program.is_file() else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _end_with_parent() -> None:
    """In the server's process: asks Linux to end it when the process that started it dies, however that dies."""
    set_death_signal = 1
    ctypes.CDLL(None).prctl(set_death_signal, signal.SIGTERM)
    # Ctrl-C in a terminal is meant for the program, which still has something to write.
    os.setpgrp()


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(timeout=10)
    except subprocess.TimeoutExpired:
        server.kill()
