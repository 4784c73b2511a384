"""The stretches of several videos in one order."""

from __future__ import annotations

from collections.abc import Sequence

from fiftyone_clipit.export.options import ExportOptions
from fiftyone_clipit.export.stretches import Stretch
from fiftyone_clipit.export.video import Video


def shown_in_order(videos: Sequence[Video], options: ExportOptions) -> list[tuple[Video, Stretch]]:
    """All stretches of all videos: video after video, or by rank the best of each video first.

    Raises:
        VideoError: frames are to be added, and a video cannot be read.
    """
    shown = [(video, stretch) for video in videos for stretch in video.stretches]
    if options.order == "rank":
        shown.sort(key=lambda pair: (pair[1].rank, -pair[1].importance))
    return shown
