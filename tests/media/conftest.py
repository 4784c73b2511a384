"""Videos for the tests of the media part."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.media.drawing import make_video


@pytest.fixture
def video(tmp_path: Path) -> Callable[..., Path]:
    """A function that makes a video of constant rate: video(n_frames, rate, name, **what make_video takes)."""

    def make(n_frames: int, rate: Fraction | int = 25, name: str = "video.mp4", **options: Any) -> Path:
        rate = Fraction(rate)
        ticks = [i * rate.denominator for i in range(n_frames)]
        return make_video(tmp_path / name, ticks, Fraction(1, rate.numerator), **options)

    return make
