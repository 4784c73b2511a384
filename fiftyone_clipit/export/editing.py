"""Timelines for editing programs: OpenTimelineIO and, through it, edit decision lists."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from fractions import Fraction
from math import floor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fiftyone_clipit.errors import VideoError
from fiftyone_clipit.export.formats import Job
from fiftyone_clipit.export.joining import shown_in_order
from fiftyone_clipit.export.rates import constant_rate, place, timecode_rate
from fiftyone_clipit.export.stretches import Stretch
from fiftyone_clipit.export.video import Video
from fiftyone_clipit.media.video import probe

if TYPE_CHECKING:
    import opentimelineio as otio

_METADATA = "clipit"
_RESERVED_REELS = ("AX", "BL", "BLACK", "BARS")
_EVENT = re.compile(r"^(\d{3,}  \S+ +)V     (C )")


def write_otio(job: Job) -> list[str]:
    """Writes a timeline whose clips name frames of the videos at their own rates.

    A video of a variable rate is named in ticks of its time base, which no rounding touches.
    """
    import opentimelineio as otio

    shown = shown_in_order(job.videos, job.options)
    rates = {id(video): constant_rate(video.timeline) for video in job.videos}
    clips = []
    for video, stretch in shown:
        own = rates[id(video)]
        clips.append(_clip(video, stretch, own, own or 1 / video.timeline.time_base))
    timeline = _timeline(job, clips, audio=job.options.audio)
    otio.adapters.write_to_file(timeline, str(job.targets[0]), adapter_name="otio_json")
    return []


def write_edl(job: Job) -> list[str]:
    """Writes a CMX 3600 list. It has one rate; what does not fall on its frames is rounded, and said."""
    import opentimelineio as otio

    shown = shown_in_order(job.videos, job.options)
    rates = {id(video): constant_rate(video.timeline) for video in job.videos}
    rate = timecode_rate(rates[id(shown[0][0])])
    reels = _reel_names(job.videos)
    clips = []
    for video, stretch in shown:
        clip = _clip(video, stretch, rates[id(video)], rate)
        clip.metadata["cmx_3600"] = {"reel": reels[video.item.source]}
        clips.append(clip)
    timeline = _timeline(job, clips, audio=False)
    text = otio.adapters.write_to_string(timeline, adapter_name="cmx_3600", rate=float(rate))
    sounding = {id(video) for video in job.videos if job.options.audio and _has_audio(video)}
    text = _complete_edl(text, rate, [id(video) in sounding for video, _ in shown])
    job.targets[0].write_text(text, encoding="utf-8")
    notes = []
    if any(_is_rounded(video, stretch, rates[id(video)], rate) for video, stretch in shown):
        notes.append(f"times are rounded to frames of {_rate_name(rate)} frames/s, which is all an EDL can say")
    elif any(rates[id(video)] != rate for video, _ in shown):
        notes.append(f"counted in frames of {_rate_name(rate)} frames/s, as timecode has no other")
    return notes


def _reel_names(videos: Sequence[Video]) -> dict[str, str]:
    """A name of at most eight letters and digits for each source: all that the format's columns hold."""
    names: dict[str, str] = {}
    for source in dict.fromkeys(video.item.source for video in videos):
        wish = re.sub(r"[^A-Za-z0-9]", "", Path(source).stem) or "video"
        name, number = wish[:8], 1
        while name in names.values() or name.upper() in _RESERVED_REELS:
            number += 1
            name = f"{wish[: 8 - len(str(number))]}{number}"
        names[source] = name
    return names


def _complete_edl(text: str, rate: Fraction, sounding: Sequence[bool]) -> str:
    """Adds how timecode is counted, and to each event the sound that it takes along: the adapter knows neither."""
    lines = []
    events = iter(sounding)
    for line in text.splitlines():
        if _EVENT.match(line) and next(events):
            line = _EVENT.sub(r"\1AA/V  \2", line)
        lines.append(line)
        if line.startswith("TITLE:"):
            # OpenTimelineIO drops numbers at these two rates, and only there.
            dropping = rate in (Fraction(30_000, 1001), Fraction(60_000, 1001))
            lines.append(f"FCM: {'DROP' if dropping else 'NON-DROP'} FRAME")
    return "\n".join(lines) + "\n"


def _timeline(job: Job, clips: Sequence[otio.schema.Clip], *, audio: bool) -> otio.schema.Timeline:
    import opentimelineio as otio

    video = job.video
    name = _line(video.item.title if video.item.title != "summary" else f"{Path(video.name).stem} summary")
    timeline = otio.schema.Timeline(name=name, metadata={_METADATA: {"title": video.item.title}})
    track = otio.schema.Track(name="V", kind=otio.schema.TrackKind.Video)
    track.extend(clips)
    timeline.tracks.append(track)
    if audio and all(_has_audio(video) for video in job.videos):
        sound = otio.schema.Track(name="A1", kind=otio.schema.TrackKind.Audio)
        sound.extend([clip.deepcopy() for clip in clips])
        timeline.tracks.append(sound)
    return timeline


def _clip(video: Video, stretch: Stretch, own: Fraction | None, rate: Fraction) -> otio.schema.Clip:
    import opentimelineio as otio

    timeline, item = video.timeline, video.item
    first = _rounded(place(timeline, stretch.first_frame - 1, own, rate))
    # A frame of a faster video may be shorter than one of the list.
    last = max(first + 1, _rounded(place(timeline, stretch.last_frame, own, rate)))
    whole = max(last, _rounded(place(timeline, timeline.n_frames, own, rate)))
    media = otio.schema.ExternalReference(
        target_url=Path(os.path.abspath(item.source)).as_uri(), available_range=_range(0, whole, rate)
    )
    media.name = _line(Path(item.source).name)
    metadata: dict[str, Any] = {
        "source": item.source,
        "rate": str(own or "variable"),
        "first_frame": stretch.first_frame,
        "last_frame": stretch.last_frame,
        "start": str(timeline.start(stretch.first_frame)),
        "end": str(timeline.end(stretch.last_frame)),
        "label": stretch.label,
        "importance": stretch.importance,
        "rank": stretch.rank,
    }
    return otio.schema.Clip(
        name=_line(video.name),
        media_reference=media,
        source_range=_range(first, last, rate),
        metadata={_METADATA: metadata},
    )


def _range(first: int, last: int, rate: Fraction) -> otio.opentime.TimeRange:
    """Half open, in frames of a rate."""
    import opentimelineio as otio

    time = otio.opentime.RationalTime
    return otio.opentime.TimeRange(time(first, float(rate)), time(last - first, float(rate)))


def _is_rounded(video: Video, stretch: Stretch, own: Fraction | None, rate: Fraction) -> bool:
    ends = (stretch.first_frame - 1, stretch.last_frame)
    return any(place(video.timeline, end, own, rate).denominator != 1 for end in ends)


def _has_audio(video: Video) -> bool:
    try:
        return probe(video.item.source).has_audio
    except VideoError:
        return False


def _rounded(value: Fraction) -> int:
    return floor(value + Fraction(1, 2))


def _rate_name(rate: Fraction) -> str:
    return f"{float(rate):.3f}".rstrip("0").rstrip(".")


def _line(text: str) -> str:
    return " ".join(text.split())
