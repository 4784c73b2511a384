"""Opening a file: what it says about itself, its video stream, and clear reasons where there is none."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
from av.stream import Disposition

from fiftyone_clipit.errors import VideoError


@dataclass(frozen=True)
class VideoInfo:
    """What a file says about its video. Only `width`, `height` and `rotation` come from a decoded frame.

    Attributes:
        path: the file.
        width: displayed width in pixels, after rotation; pixels are taken as square.
        height: displayed height in pixels, after rotation.
        rotation: clockwise degrees to turn the stored picture for display: 0, 90, 180 or 270.
        codec: name of the video codec, such as "h264".
        rate: the header's average frames per second; may be wrong.
        duration: the header's duration in seconds; may be wrong.
        n_frames: the header's number of frames; may be wrong.
        has_audio: whether there is an audio stream.
    """

    path: str
    width: int
    height: int
    rotation: int
    codec: str
    rate: Fraction | None
    duration: Fraction | None
    n_frames: int | None
    has_audio: bool


def open_container(path: str) -> av.container.InputContainer:
    """Opens a file.

    Raises:
        VideoError: it cannot be opened, or is a picture.
    """
    try:
        if Path(path).is_file() and not Path(path).stat().st_size:
            raise VideoError(path, "the file is empty")
        # The protocol keeps names such as "a:b.mp4" or "-x.mp4" from being read as something else.
        container = av.open(f"file:{path}", metadata_errors="replace")
    except FileNotFoundError:
        raise VideoError(path, "no such file") from None
    except IsADirectoryError:
        raise VideoError(path, "this is a folder, not a video") from None
    except PermissionError:
        raise VideoError(path, "no permission to read the file") from None
    except (av.InvalidDataError, av.EOFError):
        reason = "not a readable video: unknown format, or a recording that was cut off before its index"
        raise VideoError(path, reason) from None
    except (av.FFmpegError, OSError) as error:
        raise VideoError(path, f"cannot be opened: {reason_of(error)}") from None
    if container.format.name.endswith("_pipe") or container.format.name == "image2":
        kind = container.format.name.removesuffix("_pipe")
        container.close()
        raise VideoError(path, f"this is a picture ({kind}), not a video")
    return container


def video_stream(path: str, container: av.container.InputContainer) -> av.VideoStream:
    """The video stream that players take. Attached pictures, such as the cover of a song, are none.

    Raises:
        VideoError: there is none, or nothing decodes it.
    """
    streams = [s for s in container.streams.video if not s.disposition & Disposition.attached_pic]
    if not streams:
        if container.streams.video:
            raise VideoError(path, "no video stream, only a cover picture")
        raise VideoError(path, "no video stream" + (", only audio" if container.streams.audio else ""))
    best = container.streams.best("video")
    stream = best if best in streams else streams[0]
    if stream.codec_context is None:
        raise VideoError(path, "no decoder for its video codec")
    return stream


def reason_of(error: Exception) -> str:
    """What went wrong, without the number and the path that the message has."""
    return getattr(error, "strerror", None) or str(error)
