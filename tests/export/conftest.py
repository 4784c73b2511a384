"""Items for the tests of the export."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from fiftyone_clipit.export import ExportItem
from tests.export.making import item, video


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., ExportItem]:
    """make(file, ranges, **what an item takes): an item with a video of its own."""

    def build(file: str = "v.mp4", ranges=((11, 20), (31, 40)), **options) -> ExportItem:
        path = tmp_path / "videos" / file
        return item(path if path.exists() else video(path, 60), ranges, **options)

    return build
