"""The planes of yuv420p frames: taking apart, putting together, mixing."""

from __future__ import annotations

import av
import numpy as np


def split_planes(frame: av.VideoFrame) -> list[np.ndarray]:
    """Luma and the two chroma planes of a yuv420p frame, as copies."""
    flat, n = frame.to_ndarray().reshape(-1), frame.width * frame.height
    chroma = (frame.height // 2, frame.width // 2)
    return [flat[:n].reshape(frame.height, frame.width), *(p.reshape(chroma) for p in np.split(flat[n:], 2))]


def join_planes(planes: list[np.ndarray]) -> av.VideoFrame:
    """The reverse of `split_planes`."""
    flat = np.concatenate([plane.reshape(-1) for plane in planes])
    return av.VideoFrame.from_ndarray(flat.reshape(-1, planes[0].shape[1]), format="yuv420p")


def blend(before: av.VideoFrame, after: av.VideoFrame, share: float) -> av.VideoFrame:
    """A mixture of two yuv420p frames of one size.

    Args:
        before: what goes.
        after: what comes.
        share: of what comes, 0 to 1.
    """
    weight = round(share * 256)
    mixed = before.to_ndarray().astype(np.uint16) * (256 - weight) + after.to_ndarray().astype(np.uint16) * weight
    return av.VideoFrame.from_ndarray(((mixed + 128) >> 8).astype(np.uint8), format="yuv420p")
