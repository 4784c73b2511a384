"""The database of one's own: another than the one that the user's FiftyOne may be running."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import fiftyone as fo
import psutil
import pytest

from fiftyone_clipit.dataset.own_database import start_database


def test_the_tests_themselves_use_one():
    from fiftyone.core.odm import get_db_conn

    host, port = get_db_conn().client.address
    assert fo.config.database_uri == f"mongodb://{host}:{port}"
    assert host == "127.0.0.1"


def test_too_late_is_said(tmp_path):
    with pytest.raises(RuntimeError, match="imported already"):
        start_database(tmp_path)


def test_it_dies_with_its_process(tmp_path):
    code = (
        "import sys, time; from fiftyone_clipit.dataset.own_database import start_database; "
        f"print(start_database({str(tmp_path)!r}).pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        server = psutil.Process(int(process.stdout.readline()))
        os.kill(process.pid, signal.SIGKILL)
    deadline = time.monotonic() + 20
    while server.is_running() and server.status() != psutil.STATUS_ZOMBIE and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not server.is_running() or server.status() == psutil.STATUS_ZOMBIE
