"""What every test may use. The data folder is optional for people, required where CLIPIT_REQUIRE_DATA=1."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


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
