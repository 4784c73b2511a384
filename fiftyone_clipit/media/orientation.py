"""How a stored picture is turned for display, from the file's display matrix."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import av
import numpy as np
from av.sidedata.sidedata import SideData, Type


@dataclass(frozen=True)
class Orientation:
    """First the axes are swapped, then columns and rows are reversed.

    Attributes:
        transpose: swap the axes.
        flip_x: reverse the columns.
        flip_y: reverse the rows.
    """

    transpose: bool = False
    flip_x: bool = False
    flip_y: bool = False

    @classmethod
    def of(cls, frame: av.VideoFrame) -> Orientation:
        """Reads a decoded frame's display matrix; the identity if it has none.

        The matrix maps a stored point (x, y) to (a x + c y, b x + d y); rows are (a, b, u), (c, d, v), ...
        Turns other than by quarters are rounded to the nearest quarter.
        """
        try:
            # Declared with string keys, but looked up by type; `get` and `in` do not work on it.
            matrix = cast("dict[Type, SideData]", frame.side_data)[Type.DISPLAYMATRIX]
        except KeyError:
            return cls()
        a, b, _, c, d = np.frombuffer(bytes(matrix), dtype=np.int32)[:5].tolist()
        if abs(b) > abs(a):
            return cls(True, flip_x=c < 0, flip_y=b < 0)
        return cls(False, flip_x=a < 0, flip_y=d < 0)

    @property
    def rotation(self) -> int:
        """Clockwise degrees to apply for display: 0, 90, 180 or 270. A mirrored picture's mirror is apart."""
        if self.transpose:
            return 90 if self.flip_x else 270
        return 180 if self.flip_y else 0

    def size(self, width: int, height: int) -> tuple[int, int]:
        """The displayed size of a stored size, or the stored size of a displayed one."""
        return (height, width) if self.transpose else (width, height)

    def apply(self, image: np.ndarray) -> np.ndarray:
        """Turns a stored picture (height, width, channels) for display."""
        if self.transpose:
            image = image.swapaxes(0, 1)
        if self.flip_x:
            image = image[:, ::-1]
        if self.flip_y:
            image = image[::-1]
        return np.ascontiguousarray(image)
