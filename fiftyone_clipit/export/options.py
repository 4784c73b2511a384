"""How things are exported."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.export.names import check_pattern
from fiftyone_clipit.media.output import Encoding

Order = Literal["given", "time", "rank"]
Mode = Literal["exact", "copy"]
Burn = Literal["time", "title", "name", "importance"]


@dataclass(frozen=True)
class ExportOptions:
    """Everything that decides how an export looks; each format takes what concerns it.

    Attributes:
        order: of the segments: as given, by time, or best first.
        join: one film (and one timeline, one table) for all videos instead of one each.
        padding: seconds added (before, after) each segment, inside the video; one number for both.
        merge_gap: join segments of a video that lie at most so many seconds apart; None never joins.
        min_length: shorter segments grow to so many seconds, around their middle.
        audio: take the sound along.
        size: of films: (width, height) to fit into, or a height; None keeps the video's own.
        crf: constant quality of films, 0 (lossless) to 51 (worst).
        preset: the encoder's trade of speed for size, "ultrafast" to "veryslow".
        codec: of films: "h264", "hevc" or "av1".
        mode: "exact" encodes anew, frame by frame; "copy" takes packets as they are, from the key frame before.
        cross_fade: seconds that each segment of a reel blends into the next; 0 cuts.
        title_cards: seconds of a card with title, video and time before each segment of a reel; 0 for none.
        burn: what to write into the picture: "time" (in the source), "title", "name", "importance".
        naming: pattern of file names inside the folder; "/" makes folders. Fields: name, part, title, and for files
            of one segment number, rank, first_frame, last_frame, label.
        columns: thumbnails in a row of a contact sheet; None fits their number.
        thumbnail_width: of a contact sheet, in pixels.
        preview_width: of a gif or webp, in pixels.
        preview_fps: frames per second of a gif or webp.
        preview_seconds: longest gif or webp; of longer summaries each segment gives its share.
        jpeg_quality: of key frames, 1 to 100.
    """

    order: Order = "given"
    join: bool = False
    padding: float | tuple[float, float] = 0.0
    merge_gap: float | None = None
    min_length: float = 0.0
    audio: bool = True
    size: int | tuple[int, int] | None = None
    crf: float = 20
    preset: str = "veryfast"
    codec: str = "h264"
    mode: Mode = "exact"
    cross_fade: float = 0.0
    title_cards: float = 0.0
    burn: tuple[Burn, ...] = ()
    naming: str = "{name}-{part}"
    columns: int | None = None
    thumbnail_width: int = 320
    preview_width: int = 320
    preview_fps: float = 10
    preview_seconds: float = 12
    jpeg_quality: int = 92

    def __post_init__(self) -> None:
        for name, kind in (("order", Order), ("mode", Mode)):
            if getattr(self, name) not in get_args(kind):
                raise UsageError(f"{name} must be one of {_listed(get_args(kind))}, not {getattr(self, name)!r}")
        if isinstance(self.burn, str):
            object.__setattr__(self, "burn", (self.burn,))
        for word in self.burn:
            if word not in get_args(Burn):
                raise UsageError(f"burn takes {_listed(get_args(Burn))}, not {word!r}")
        object.__setattr__(self, "burn", tuple(self.burn))
        check_pattern(self.naming)
        self._check_numbers()
        _ = self.encoding
        if self.mode == "copy" and (self.burn or self.cross_fade or self.title_cards or self.size is not None):
            raise UsageError(
                "mode 'copy' takes the pictures as they are: size, burn, cross_fade and title_cards need mode 'exact'"
            )

    def _check_numbers(self) -> None:
        for name in ("min_length", "cross_fade", "title_cards", *(["merge_gap"] if self.merge_gap is not None else [])):
            _seconds(name, getattr(self, name))
        for value in self.paddings:
            _seconds("padding", value)
        for name in ("thumbnail_width", "preview_width", *(["columns"] if self.columns is not None else [])):
            if not isinstance(getattr(self, name), int) or getattr(self, name) < 1:
                raise UsageError(f"{name} must be a whole number of at least 1, not {getattr(self, name)!r}")
        for name in ("preview_fps", "preview_seconds"):
            if not 0 < getattr(self, name) < math.inf:
                raise UsageError(f"{name} must be greater than 0, not {getattr(self, name)!r}")
        if not 1 <= self.jpeg_quality <= 100:
            raise UsageError(f"jpeg_quality must lie between 1 and 100, not {self.jpeg_quality!r}")
        size = self.size
        if isinstance(size, list):
            size = tuple(size)
            object.__setattr__(self, "size", size)
        numbers = size if isinstance(size, tuple) else (2 if size is None else size,)
        if len(numbers) > 2 or not all(isinstance(n, int) and n >= 2 for n in numbers):
            raise UsageError(f"size must be a height or (width, height) of at least 2 pixels, not {size!r}")

    @property
    def paddings(self) -> tuple[float, float]:
        """Seconds added before and after."""
        if isinstance(self.padding, tuple | list):
            if len(self.padding) != 2:
                raise UsageError(f"padding must be seconds, or (before, after), not {self.padding!r}")
            return self.padding[0], self.padding[1]
        return self.padding, self.padding

    @property
    def encoding(self) -> Encoding:
        """How films are encoded.

        Raises:
            UsageError: crf, preset or codec cannot work.
        """
        return Encoding(self.crf, self.preset, self.codec)

    def chosen(self, names: tuple[str, ...]) -> dict[str, Any]:
        """Some of the options as plain JSON values."""
        values = asdict(self)
        return {name: list(v) if isinstance(v := values[name], tuple) else v for name in sorted(names)}


def _seconds(name: str, value: float) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < math.inf:
        raise UsageError(f"{name} must be a number of seconds, 0 or more, not {value!r}")


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(repr(word) for word in words)
