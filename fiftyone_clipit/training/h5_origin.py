"""What made the features in an HDF5 file: kept as attributes of the file, where other code of the field ignores it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

# A group's `fps` is the video's own frame rate, so this one needs another name.
_ENCODER, _FPS = "encoder", "samples_per_second"


@dataclass(frozen=True)
class Origin:
    """What made features.

    Attributes:
        encoder: the encoder's name; "" where the file does not say.
        fps: samples per second of video; None where it does not say.
    """

    encoder: str = ""
    fps: float | None = None


def write_origin(file: Any, origin: Origin) -> None:
    """Keeps it in an open file; what is not known is left out."""
    if origin.encoder:
        file.attrs[_ENCODER] = origin.encoder
    if origin.fps:
        file.attrs[_FPS] = float(origin.fps)


def read_origin(path: str | os.PathLike[str]) -> Origin:
    """What a file says about its features.

    Raises:
        UsageError: no such file, or not HDF5.
    """
    from fiftyone_clipit.training.h5 import opened

    with opened(path) as file:
        encoder, fps = file.attrs.get(_ENCODER, ""), file.attrs.get(_FPS)
    return Origin(encoder.decode() if isinstance(encoder, bytes) else str(encoder), None if fps is None else float(fps))
