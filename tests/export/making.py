"""Videos and items for the tests of the export, and ways to read back what was written."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from fiftyone_clipit.export import ExportItem
from fiftyone_clipit.media.timeline import Timeline
from fiftyone_clipit.media.video import FrameSampler, scan
from fiftyone_clipit.summary.types import Segment, Shot
from tests.media.drawing import make_video, read_number

FAST = {"preset": "ultrafast"}


def video(path: Path, n_frames: int = 60, rate: Fraction | int = 25, **options: Any) -> Path:
    """A video of a constant rate whose frames carry their numbers."""
    rate = Fraction(rate)
    ticks = [i * rate.denominator for i in range(n_frames)]
    options.setdefault("options", {"g": "20", "bf": "2", "preset": "ultrafast"})
    path.parent.mkdir(parents=True, exist_ok=True)
    return make_video(path, ticks, Fraction(1, rate.numerator), **options)


def segments(ranges: Sequence[tuple[int, int]], timeline: Timeline, label: str = "a dog") -> list[Segment]:
    """Segments in the order given; the first is the best."""
    return [
        Segment(
            first_frame=first,
            last_frame=last,
            start=float(timeline.start(first)),
            end=float(timeline.end(last)),
            importance=round(0.9 - 0.1 * index, 3) if index < 9 else 0.05,
            rank=index + 1,
            label=label,
            peak_frame=(first + last) // 2,
        )
        for index, (first, last) in enumerate(ranges)
    ]


def item(path: Path, ranges: Sequence[tuple[int, int]], *, known: bool = True, **options: Any) -> ExportItem:
    """An item with a curve and shots. `known`: with its timeline."""
    timeline = scan(path)
    numbers = np.unique(np.linspace(1, timeline.n_frames, 12).astype(int))
    half = max(1, timeline.n_frames // 2)
    edges = [(1, half), (half + 1, timeline.n_frames)] if timeline.n_frames > 1 else [(1, 1)]
    return ExportItem(
        **{
            "source": str(path),
            "segments": segments(ranges, timeline),
            "title": "a dog",
            "timeline": timeline if known else None,
            "frame_numbers": numbers,
            "times": timeline.times()[numbers - 1],
            "importance": np.abs(np.sin(numbers)),
            "shots": [Shot(a, b, float(timeline.start(a)), float(timeline.end(b)), 0.5) for a, b in edges],
            **options,
        }
    )


def numbers_of(path: Path) -> list[int]:
    """The numbers that all frames of a video spell."""
    with FrameSampler(path, fps=100_000) as sampler:
        return [read_number(frame.image) for frame in sampler]


def spelled(ranges: Sequence[tuple[int, int]]) -> list[int]:
    """The frames of ranges, one after the other."""
    return [number for first, last in ranges for number in range(first, last + 1)]


def lengths(timeline: Timeline, numbers: Sequence[int] | None = None) -> list[Fraction]:
    """How long frames are shown; all of them if no numbers are given."""
    numbers = numbers or range(1, timeline.n_frames + 1)
    return [timeline.end(number) - timeline.start(number) for number in numbers]


def sound_of(path: Path) -> tuple[int, np.ndarray]:
    """Samples per second and the sound as float32 (samples,), from the file's time 0 on."""
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        rate = stream.rate
        resampler = av.AudioResampler(format="fltp", layout="mono", rate=rate)
        pieces, start = [], None
        for frame in container.decode(stream):
            start = float(frame.time) if start is None else start
            pieces += [converted.to_ndarray()[0] for converted in resampler.resample(frame)]
    samples = np.concatenate(pieces)
    shift = round((start or 0) * rate)
    return rate, np.concatenate([np.zeros(shift, np.float32), samples]) if shift >= 0 else samples[-shift:]


def snapshot(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Everything that lies in a folder: content and time of change by relative path."""
    return {
        str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def in_child(code: str, one: ExportItem, ranges=((11, 20), (31, 40)), **options) -> subprocess.CompletedProcess[str]:
    """Runs code in a process of its own, with the item as `one`."""
    head = (
        "import sys\n"
        "from pathlib import Path\n"
        "from fiftyone_clipit.export import export_items\n"
        "from tests.export.making import item\n"
        f"one = item(Path({one.source!r}), {list(ranges)!r})\n"
    )
    command = [sys.executable, "-c", head + code]
    root = Path(__file__).resolve().parents[2]
    return subprocess.run(command, capture_output=True, text=True, cwd=root, check=False, **options)


def as_nobody(tmp_path: Path, code: str, one: ExportItem) -> subprocess.CompletedProcess[str]:
    """The same for a user to whom permissions apply: the superuser may write everywhere."""
    if os.geteuid() != 0:
        return in_child(code, one)
    prefix = "import os\nos.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
    folder = tmp_path
    while folder != Path(tempfile.gettempdir()) and folder != folder.parent:
        folder.chmod(folder.stat().st_mode | 0o055)
        folder = folder.parent
    return in_child(prefix + code, one)
