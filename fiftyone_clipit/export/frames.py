"""The pictures of a film's scenes: exact frames, brought to the film's size and colours."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace, VideoReformatter

from fiftyone_clipit.export.cards import draw_card
from fiftyone_clipit.export.overlay import Overlay
from fiftyone_clipit.export.planes import join_planes, split_planes
from fiftyone_clipit.export.scenes import Scene
from fiftyone_clipit.export.video import Video
from fiftyone_clipit.media.output import Look
from fiftyone_clipit.media.pixels import YuvConverter, even_size
from fiftyone_clipit.media.seeking import FrameReader

Picture = tuple[Fraction, av.VideoFrame]
"""When it appears in the film, in seconds, and a yuv420p frame of the film's size."""


class SceneReader:
    """Reads the scenes of a film, one after the other. A video stays open as long as the next scene needs it.

    Attributes:
        size: of the film: width and height, both even.
        look: how players are to show its pictures: as the first video.
    """

    def __init__(self, first: Video, size: int | tuple[int, int] | None, overlay: Overlay | None, threads: int) -> None:
        """
        Args:
            first: the first video; the film takes its size and colours from it.
            size: (width, height) to fit into, or a height; None keeps the first video's.
            overlay: what is written into the pictures.
            threads: for decoding.

        Raises:
            VideoError: the first video cannot be read.
        """
        self._threads = threads
        self._overlay = overlay
        self._video = first
        self._reader = FrameReader(first.item.source, timeline=first.timeline, threads=threads)
        info = self._reader.source.info
        self.size = even_size(*fit_into((info.width, info.height), size, enlarge=False))
        self._convert = YuvConverter(self._reader.source, self.size)
        self.look: Look = self._convert.look
        self._recolor = VideoReformatter()

    def close(self) -> None:
        """Releases the file."""
        self._reader.close()

    def pictures(self, scene: Scene) -> Iterator[Picture]:
        """The pictures of a scene.

        Raises:
            VideoError: the video cannot be read.
        """
        if scene.is_card:
            yield from self._card(scene)
            return
        if scene.video.item.source != self._video.item.source:
            self._open(scene.video)
        timeline, stretch = scene.video.timeline, scene.stretch
        shift = scene.at - scene.source_start
        frames = self._reader.frames(stretch.first_frame, stretch.last_frame)
        for number, frame in enumerate(frames, start=stretch.first_frame):
            time = timeline.start(number)
            picture = self._on_canvas(self._convert(frame))
            if self._overlay:
                picture = self._overlay.draw(picture, scene.video, stretch, float(time))
            yield time + shift, picture

    def _card(self, scene: Scene) -> Iterator[Picture]:
        drawn = av.VideoFrame.from_ndarray(draw_card(scene.video, scene.stretch, self.size), format="rgb24")
        known = self.look.colorspace in (Colorspace.ITU709, Colorspace.ITU601, Colorspace.SMPTE240M)
        colorspace = self.look.colorspace if known else Colorspace.ITU601
        frame = self._recolor.reformat(
            drawn, format="yuv420p", dst_colorspace=colorspace, dst_color_range=ColorRange.MPEG
        )
        planes = frame.to_ndarray()
        rate = scene.video.timeline.rate
        for count in range(round(scene.length * rate)):
            yield scene.at + count / rate, av.VideoFrame.from_ndarray(planes, format="yuv420p")

    def _open(self, video: Video) -> None:
        self._reader.close()
        self._video = video
        self._reader = FrameReader(video.item.source, timeline=video.timeline, threads=self._threads)
        info = self._reader.source.info
        self._convert = YuvConverter(self._reader.source, even_size(*fit_into((info.width, info.height), self.size)))

    def _on_canvas(self, frame: av.VideoFrame) -> av.VideoFrame:
        """The frame in the middle of the film's picture, in the film's colour space."""
        own, wanted = self._convert.look.colorspace, self.look.colorspace
        if own != wanted:
            frame = self._recolor.reformat(frame, src_colorspace=own, dst_colorspace=wanted)
        width, height = self.size
        if (frame.width, frame.height) == self.size:
            return frame
        canvas = [np.full((height, width), 16, np.uint8)] + [np.full((height // 2, width // 2), 128, np.uint8)] * 2
        left, top = (width - frame.width) // 4 * 2, (height - frame.height) // 4 * 2
        for index, plane in enumerate(split_planes(frame)):
            step = 1 if index == 0 else 2
            canvas[index] = canvas[index].copy()
            canvas[index][top // step :, left // step :][: plane.shape[0], : plane.shape[1]] = plane
        return join_planes(canvas)


def fit_into(shape: tuple[int, int], room: int | tuple[int, int] | None, *, enlarge: bool = True) -> tuple[int, int]:
    """The largest (width, height) of the same form that fits into a (width, height), or a height.

    Args:
        shape: width and height.
        room: None leaves the shape as it is.
        enlarge: whether small ones grow.
    """
    if room is None:
        return shape
    width, height = shape
    scale = room / height if isinstance(room, int) else min(room[0] / width, room[1] / height)
    if not enlarge:
        scale = min(scale, 1.0)
    return max(2, round(width * scale)), max(2, round(height * scale))
