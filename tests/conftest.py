"""What every test may use. The data folder is optional for people, required where CLIPIT_REQUIRE_DATA=1."""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
from importlib.abc import MetaPathFinder
from pathlib import Path

import pytest

from fiftyone_clipit.dataset.own_database import start_database

pytest_plugins = ["tests.fiftyone_fixtures", "tests.labelled_fixtures"]

ROOT = Path(__file__).resolve().parents[1]

# FiftyOne reads these when it is imported, so they are set before any test module is. Each test process has a
# database, plugins and caches of its own; nothing of the user's is read or written.
# Two test processes with two computing threads each would wait for one another more than they compute.
os.environ.setdefault("OMP_NUM_THREADS", "1")
HOME = Path(tempfile.mkdtemp(prefix="clipit-tests-"))
os.environ.update(
    CLIPIT_CACHE_DIR=str(HOME / "features"),
    FIFTYONE_CONFIG_PATH=str(HOME / "config.json"),
    FIFTYONE_APP_CONFIG_PATH=str(HOME / "app_config.json"),
    FIFTYONE_DATASET_ZOO_DIR=str(HOME / "dataset_zoo"),
    FIFTYONE_DEFAULT_DATASET_DIR=str(HOME / "datasets"),
    FIFTYONE_DO_NOT_TRACK="true",
    FIFTYONE_MODEL_ZOO_DIR=str(HOME / "model_zoo"),
    FIFTYONE_PLUGINS_DIR=str(HOME / "plugins"),
    FIFTYONE_SHOW_PROGRESS_BARS="false",
)
for variable in ("FIFTYONE_DATABASE_URI", "FIFTYONE_DATABASE_NAME", "FIFTYONE_PRIVATE_DATABASE_PORT"):
    os.environ.pop(variable, None)
(HOME / "plugins").mkdir()
(HOME / "plugins" / "fiftyone-clipit").symlink_to(ROOT, target_is_directory=True)


class _DatabaseFirst(MetaPathFinder):
    """Starts the database when FiftyOne is first imported: FiftyOne connects then, and most tests need none."""

    def find_spec(self, name: str, *_: object) -> None:
        if name == "fiftyone":
            sys.meta_path.remove(self)
            start_database(HOME / "database")


sys.meta_path.insert(0, _DatabaseFirst())
# Runs after the database's own, so that its files can go.
atexit.register(shutil.rmtree, HOME, ignore_errors=True)


@pytest.hookimpl(tryfirst=True)  # before xdist looks at the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keeps the tests of a file that uses FiftyOne on one worker: what they set up is slow to set up."""
    for item in items:
        if item.path.parent.name in ("dataset", "plugin"):
            item.add_marker(pytest.mark.xdist_group(f"{item.path.parent.name}/{item.path.name}"))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real videos and reference outputs that lies beside the repository."""
    folder = Path(os.environ.get("CLIPIT_SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        message = f"no reference data at {folder} (set CLIPIT_SHARED_DATA)"
        if os.environ.get("CLIPIT_REQUIRE_DATA") == "1":
            pytest.fail(message)
        pytest.skip(message)
    return folder
