"""Cuts with sound: it stays in step with the pictures, and is silent where there is none."""

from __future__ import annotations

import random
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from fiftyone_clipit.media.video import probe, scan
from fiftyone_clipit.media.writer import cut
from tests.media.drawing import make_video
from tests.media.test_cutting import numbers_of, spelled


def bursts(times: list[float], seconds: float, rate: int, channels: int) -> np.ndarray:
    """Silence with short tones at the given times."""
    time = np.arange(int(seconds * rate)) / rate
    samples = np.zeros_like(time)
    for start in times:
        on = (time >= start) & (time < start + 0.05)
        samples[on] = 0.8 * np.sin(2 * np.pi * 1000 * (time[on] - start))
    return np.repeat(samples[None].astype(np.float32), channels, axis=0)


def hear(path: Path) -> tuple[list[float], float]:
    """When tones start in a file, in seconds of the video's clock, and how long its sound lasts."""
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        frames = list(container.decode(stream))
        zero = frames[0].pts * frames[0].time_base
        samples = np.concatenate([frame.to_ndarray().mean(axis=0) for frame in frames])
        step = stream.rate // 500
        loud = np.maximum.reduceat(np.abs(samples), np.arange(0, len(samples), step)) > 0.25
        starts = [i for i in np.flatnonzero(loud) if not loud[max(0, i - 10) : i].any()]
        return [float(zero) + i * step / stream.rate for i in starts], len(samples) / stream.rate


SOUNDS = {
    "aac.mp4": (Fraction(30000, 1001), 44100, 2, "aac", 0),
    "late.mp4": (Fraction(25), 48000, 1, "aac", 100),
    "opus.mkv": (Fraction(25), 48000, 2, "libopus", 0),
    "aac.ts": (Fraction(25), 32000, 1, "aac", 0),
    "slow.mkv": (Fraction(24000, 1001), 11025, 1, "pcm_s16le", 0),
    "odd-rate.mkv": (Fraction(50), 37000, 2, "pcm_s16le", 3),
}


@pytest.mark.parametrize("name", SOUNDS)
def test_sound_stays_in_step_over_fifty_segments(tmp_path: Path, name: str) -> None:
    """Tones at known times are heard within a frame of where their segment puts them, in the last one as well."""
    rate, samples_per_second, channels, codec, start = SOUNDS[name]
    pick = random.Random(name)
    times = [round(0.4 * i + pick.uniform(0.08, 0.3), 3) for i in range(50)]
    ticks = [start * rate.numerator + i * rate.denominator for i in range(int(20 * rate))]
    path = make_video(
        tmp_path / name,
        ticks,
        Fraction(1, rate.numerator),
        options={"g": "25", "preset": "ultrafast"},
        sound=(samples_per_second, bursts(times, 20, samples_per_second, channels)),
        sound_codec=codec,
    )
    timeline = scan(path)
    ranges = [(first, first + pick.randint(0, 15)) for first in pick.choices(range(1, timeline.n_frames - 15), k=50)]
    report = cut(path, ranges, tmp_path / "out.mp4", timeline=timeline, preset="ultrafast")
    assert report.has_audio
    assert numbers_of(tmp_path / "out.mp4") == spelled(ranges)

    heard, length = hear(tmp_path / "out.mp4")
    assert abs(length - report.duration) < 2048 / samples_per_second
    # Tones that are whole, and behind enough silence to be heard as new.
    expected = [
        float(begin - timeline.start(first) + Fraction(time))
        for (first, last), (begin, _) in zip(ranges, report.spans, strict=True)
        for time in times
        if timeline.start(first) + Fraction(1, 25) < time < timeline.end(last) - Fraction(1, 20)
    ]
    assert len(expected) >= 5
    assert expected[-1] > report.duration * 3 / 4
    for time in expected:
        assert min(abs(time - other) for other in heard) < 0.01


def test_no_sound_where_there_is_none(tmp_path: Path) -> None:
    """Sound that starts late and ends early: silence elsewhere, and the tone at its place."""
    ticks, unit = [25 * 2 + i for i in range(100)], Fraction(1, 25)
    tone = bursts([0.2], 0.5, 48000, 1)
    path = make_video(tmp_path / "in.mkv", ticks, unit, sound=(48000, tone), sound_codec="pcm_s16le")
    ranges = [(60, 100), (1, 20)]
    report = cut(path, ranges, tmp_path / "out.mp4")
    heard, length = hear(tmp_path / "out.mp4")
    assert heard == pytest.approx([41 / 25 + 0.2], abs=0.01)
    assert length == pytest.approx(float(report.duration), abs=0.05)


def test_sound_can_be_left_out(tmp_path: Path) -> None:
    """audio=False gives a silent file."""
    sound = (48000, bursts([0.1], 2, 48000, 1))
    path = make_video(tmp_path / "in.mp4", range(50), Fraction(1, 25), sound=sound)
    assert probe(path).has_audio
    report = cut(path, [(1, 20)], tmp_path / "out.mp4", audio=False)
    assert not report.has_audio
    assert not probe(tmp_path / "out.mp4").has_audio
