"""What a coded picture is needed for, read from its headers (H.264 and HEVC)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import Enum

import av

# NAL unit types, ITU-T H.264 table 7-1.
_H264_SLICE, _H264_IDR = 1, 5
_H264_HARMLESS = frozenset({6, 9, 12})  # SEI, access unit delimiter, filler
_H264_PARTITIONS = frozenset({2, 3, 4})

# ITU-T H.265 table 7-1. RASL pictures (8, 9) may be undecodable by design, so they are never judged.
_HEVC_UNREFERENCED = frozenset({0, 2, 4, 6})
_HEVC_IDR = frozenset({19, 20})
_HEVC_VCL_END = 32
_HEVC_HARMLESS = frozenset({35, 38, 39, 40})  # access unit delimiter, filler, SEI


class Need(Enum):
    """What depends on a picture."""

    NOTHING = "no other picture refers to it"
    OTHERS = "later pictures may refer to it"
    RESTART = "no later picture refers to anything before it"


def picture_reader(codec: av.VideoCodecContext) -> Callable[[memoryview], Need | None] | None:
    """A function that tells the need of a coded picture, or None where it cannot be trusted to be whole.

    Args:
        codec: the opened decoder of the stream.

    Returns:
        None if the codec's pictures cannot be judged at all.
    """
    extra = codec.extradata or b""
    name = codec.codec.canonical_name
    if name == "h264":
        if len(extra) > 4 and extra[0] == 1:
            size = (extra[4] & 3) + 1
            return lambda data: _h264(_sized(data, size))
        return lambda data: _h264(_marked(data))
    # One temporal layer: only then nothing refers to the pictures marked as unreferenced within their layer.
    if name == "hevc" and len(extra) > 21 and extra[0] == 1 and (extra[21] >> 3) & 7 == 1:
        size = (extra[21] & 3) + 1
        return lambda data: _hevc(_sized(data, size))
    return None


def _h264(units: Iterator[memoryview | None]) -> Need | None:
    pictures, kept = [], False
    for unit in units:
        if not unit or unit[0] & 0x80:
            return None
        kind = unit[0] & 31
        if kind in _H264_PARTITIONS:
            return None
        if kind in (_H264_SLICE, _H264_IDR):
            pictures.append(kind)
            kept |= bool(unit[0] >> 5 & 3)
        elif kind not in _H264_HARMLESS:
            kept = True
    if not pictures:
        return None
    if all(kind == _H264_IDR for kind in pictures):
        return Need.RESTART
    return Need.OTHERS if kept else Need.NOTHING


def _hevc(units: Iterator[memoryview | None]) -> Need | None:
    pictures, kept = [], False
    for unit in units:
        if not unit or len(unit) < 2 or unit[0] & 0x80:
            return None
        kind = unit[0] >> 1 & 63
        if (unit[0] & 1) << 5 | unit[1] >> 3:
            return None
        if kind < _HEVC_VCL_END:
            pictures.append(kind)
        elif kind not in _HEVC_HARMLESS:
            kept = True
    if not pictures:
        return None
    if all(kind in _HEVC_IDR for kind in pictures):
        return Need.RESTART
    if not kept and all(kind in _HEVC_UNREFERENCED for kind in pictures):
        return Need.NOTHING
    return Need.OTHERS


def _sized(data: memoryview, size: int) -> Iterator[memoryview | None]:
    """Units that each follow their length; None where the lengths do not add up."""
    at, end = 0, len(data)
    while at < end:
        begin = at + size
        at = begin + int.from_bytes(data[begin - size : begin], "big")
        yield data[begin:at] if begin < at <= end else None


def _marked(data: memoryview) -> Iterator[memoryview | None]:
    """The heads of units that each follow a start code (0, 0, 1)."""
    content = bytes(data)
    at = content.find(b"\0\0\1")
    while at >= 0:
        yield data[at + 3 : at + 5]
        at = content.find(b"\0\0\1", at + 3)
