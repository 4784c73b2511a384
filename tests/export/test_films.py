"""Reels and clips: exactly the frames of the summary, each as long as it was, with the sound in step."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from fiftyone_clipit.export import ExportOptions, export_items, timing
from fiftyone_clipit.media.video import probe, read_frames, scan
from tests.export.making import item, lengths, numbers_of, segments, sound_of, spelled, video
from tests.media.drawing import make_video
from tests.media.test_seeking import bytes_read

RATES = [Fraction(24_000, 1001), Fraction(25), Fraction(30_000, 1001), Fraction(50), Fraction(60_000, 1001)]
RANGES = [(58, 60), (1, 3), (30, 30), (21, 25)]


def reel(items, folder: Path, **options) -> Path:
    """Writes a reel and gives its path."""
    report = export_items(items, folder, ["reel"], options=ExportOptions(preset="ultrafast", **options))
    assert report.failures == []
    return report.paths("reel")[0]


@pytest.mark.parametrize("rate", RATES, ids=lambda rate: f"{float(rate):.3f}")
def test_every_frame_is_the_source_s(tmp_path: Path, rate: Fraction) -> None:
    """First and last frame, a single frame, both ends; reel and clips; times exact to the tick."""
    path = video(tmp_path / "v.mp4", 60, rate)
    source = scan(path)
    report = export_items(
        [item(path, RANGES)], tmp_path / "out", ["reel", "clips"], options=ExportOptions(preset="ultrafast")
    )
    assert report.failures == []
    film = report.paths("reel")[0]
    assert numbers_of(film) == spelled(RANGES)
    assert lengths(scan(film)) == lengths(source, spelled(RANGES))
    for clip, (first, last) in zip(report.paths("clips"), RANGES, strict=True):
        assert numbers_of(clip) == list(range(first, last + 1))
        assert scan(clip).duration == source.end(last) - source.start(first)


def test_variable_rates_keep_every_duration(tmp_path: Path) -> None:
    """A frame that stayed for half a second stays for half a second."""
    steps = np.random.default_rng(3).choice([10, 33, 34, 500], 60)
    path = make_video(tmp_path / "v.mkv", np.cumsum(steps).tolist(), Fraction(1, 1000), rate=Fraction(25))
    film = reel([item(path, RANGES)], tmp_path / "out")
    assert numbers_of(film) == spelled(RANGES)
    assert lengths(scan(film)) == lengths(scan(path), spelled(RANGES))


def test_lossless_quality_gives_the_very_pixels(tmp_path: Path) -> None:
    """crf 0 changes nothing in any pixel, so nothing between decoder and encoder does."""
    path = video(tmp_path / "v.mp4", 60)
    film = reel([item(path, RANGES)], tmp_path / "out", crf=0)
    numbers = spelled(RANGES)
    for new, old in zip(read_frames(film, range(1, len(numbers) + 1)), read_frames(path, numbers), strict=True):
        np.testing.assert_array_equal(new, old)


def test_the_order_can_be_given_by_time_or_by_rank(tmp_path: Path) -> None:
    """Three orders of the same segments, and one film for two videos that takes the best of each first."""
    one, two = (item(video(tmp_path / f"{name}.mp4", 60), RANGES[:3]) for name in "ab")
    by_time = sorted(RANGES[:3])
    assert numbers_of(reel([one], tmp_path / "1", order="time")) == spelled(by_time)
    assert numbers_of(reel([one], tmp_path / "2", order="rank")) == spelled(RANGES[:3])
    joined = reel([one, two], tmp_path / "3", order="rank", join=True)
    assert joined.name == "all-reel.mp4"
    assert numbers_of(joined) == spelled([r for r in RANGES[:3] for _ in range(2)])


def test_sound_stays_with_the_picture_over_fifty_segments(tmp_path: Path) -> None:
    """Clicks lie within a frame of where the picture says, from the first segment to the last."""
    rate, n_frames, sound_rate = Fraction(30_000, 1001), 1600, 44_100
    # A click in the middle of every 16th frame.
    clicking = range(8, n_frames, 16)
    sound = np.zeros((1, int(n_frames / rate * sound_rate)), np.float32)
    for number in clicking:
        at = round((number - 0.5) / rate * sound_rate)
        sound[0, at : at + 24] = 0.9 * np.cos(np.arange(24) * 0.8)
    path = video(tmp_path / "v.mp4", n_frames, rate, sound=(sound_rate, sound))
    ranges = [(start, start + 10) for start in range(1, n_frames - 20, 32)][:50]
    assert len(ranges) == 50
    film = reel([item(path, ranges)], tmp_path / "out")
    shown = numbers_of(film)
    assert shown == spelled(ranges)
    timeline = scan(film)
    expected = [float(timeline.start(i)) + 0.5 / float(rate) for i, n in enumerate(shown, start=1) if n in clicking]
    got_rate, samples = sound_of(film)
    found = clicks(np.abs(samples), got_rate)
    assert len(found) == len(expected) == 50
    assert np.abs(np.array(found) - expected).max() < 1 / float(rate)
    assert np.abs(np.array(found) - expected).max() < 0.005
    assert abs(len(samples) / got_rate - float(timeline.duration)) < 0.05


def clicks(loudness: np.ndarray, rate: int) -> list[float]:
    """When something is loud, in seconds."""
    loud = np.flatnonzero(loudness > 0.3)
    starts = loud[np.diff(loud, prepend=-rate) > rate // 20]
    return [start / rate for start in starts]


def test_videos_of_all_kinds_join_in_one_film(tmp_path: Path) -> None:
    """Sizes, rates and sounds that differ meet in the first one's size, and nobody's times are bent."""
    tone = 0.4 * np.sin(np.arange(48_000) * 0.05).astype(np.float32)[None]
    wide = video(tmp_path / "wide.mp4", 60, 25, sound=(48_000, tone))
    tall = video(tmp_path / "tall.mp4", 60, Fraction(30_000, 1001), size=(128, 96))
    hoarse = video(tmp_path / "hoarse.mp4", 60, 50, sound=(22_050, np.repeat(tone[:, ::2], 2, axis=0)))
    ranges = [(5, 14), (40, 44)]
    film = reel([item(path, ranges) for path in (wide, tall, hoarse)], tmp_path / "out", join=True)
    info = probe(film)
    assert (info.width, info.height) == (128, 64)
    expected = [length for path in (wide, tall, hoarse) for length in lengths(scan(path), spelled(ranges))]
    assert lengths(scan(film)) == expected
    shown = numbers_of(film)
    assert shown[:15] == shown[30:] == spelled(ranges)
    rate, samples = sound_of(film)
    middle = samples[int(0.65 * rate) : int(1.05 * rate)]
    assert rate == 48_000
    assert np.abs(samples[: rate // 2]).max() > 0.2
    assert np.abs(middle).max() < 0.02


def test_cross_fades_blend_and_shorten(tmp_path: Path) -> None:
    """Two scenes overlap for whole frames, picture and sound; outside of it nothing changes."""
    dark, light = (np.full((48, 64, 3), level, np.uint8) for level in (40, 200))
    path = tmp_path / "v.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25, options={"g": "10"})
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for number in range(60):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(dark if number < 30 else light, format="rgb24")))
        container.mux(stream.encode(None))
    film = reel([item(path, [(1, 20), (41, 60)])], tmp_path / "out", cross_fade=0.4)
    timeline = scan(film)
    assert timeline.n_frames == 30
    assert set(lengths(timeline)) == {Fraction(1, 25)}
    levels = [image.mean() for image in read_frames(film, range(1, 31))]
    assert np.allclose(levels[:10], 40, atol=6)
    assert np.allclose(levels[20:], 200, atol=6)
    assert np.allclose(levels[10:20], np.linspace(40, 184, 10), atol=8)


def test_cross_fades_keep_the_sound_in_step(tmp_path: Path) -> None:
    """A steady tone stays as long as the picture, and its loudness does not break in."""
    tone = 0.5 * np.sin(2 * np.pi * 500 * np.arange(4 * 48_000) / 48_000).astype(np.float32)[None]
    path = video(tmp_path / "v.mp4", 100, 25, sound=(48_000, tone))
    film = reel([item(path, [(1, 25), (51, 75)])], tmp_path / "out", cross_fade=0.4)
    rate, samples = sound_of(film)
    assert scan(film).duration == Fraction(40, 25)
    assert abs(len(samples) / rate - 1.6) < 0.05
    loudness = np.abs(samples[2400 : int(1.55 * rate)]).reshape(-1, 240).max(axis=1)[:300]
    assert loudness.min() > 0.4


def test_cards_come_before_their_segments(tmp_path: Path) -> None:
    """A second of card, then the segment, frame by frame; the sound waits."""
    tone = 0.5 * np.sin(np.arange(96_000) * 0.05).astype(np.float32)[None]
    path = video(tmp_path / "v.mp4", 50, 25, sound=(48_000, tone))
    film = reel([item(path, [(11, 20), (31, 40)])], tmp_path / "out", title_cards=1.0)
    assert scan(film).n_frames == 2 * (25 + 10)
    shown = numbers_of(film)
    assert shown[25:35] == list(range(11, 21))
    assert shown[60:] == list(range(31, 41))
    rate, samples = sound_of(film)
    assert np.abs(samples[: int(0.9 * rate)]).max() < 0.02
    assert np.abs(samples[int(1.1 * rate) : int(1.3 * rate)]).max() > 0.3


def test_burnt_in_text_changes_only_its_strip(tmp_path: Path) -> None:
    """The numbers in the upper half survive; below there is text that tells the time."""
    path = video(tmp_path / "v.mp4", 30, size=(256, 144))
    plain = reel([item(path, [(5, 14)])], tmp_path / "1", crf=0)
    burnt = reel([item(path, [(5, 14)])], tmp_path / "2", crf=0, burn=("time", "title"))
    assert numbers_of(burnt) == numbers_of(plain) == list(range(5, 15))
    for old, new in zip(read_frames(plain, [1, 10]), read_frames(burnt, [1, 10]), strict=True):
        np.testing.assert_array_equal(old[:110], new[:110])
        assert np.abs(old[120:].astype(int) - new[120:]).max() > 60
    first, last = read_frames(burnt, [1, 10])
    assert np.abs(first[120:140, 8:50].astype(int) - last[120:140, 8:50]).max() > 60


def test_sizes_codecs_and_silence(tmp_path: Path) -> None:
    """A height, a box to fit into, another codec, no sound; nothing is enlarged."""
    tone = np.zeros((1, 48_000), np.float32)
    path = video(tmp_path / "v.mp4", 30, size=(256, 144), sound=(48_000, tone))
    for number, (options, size) in enumerate(
        [({"size": 72}, (128, 72)), ({"size": (100, 100)}, (100, 56)), ({"size": 1000}, (256, 144))]
    ):
        info = probe(reel([item(path, [(5, 8)])], tmp_path / str(number), **options))
        assert (info.width, info.height) == size
        assert info.has_audio
    film = reel([item(path, [(5, 8)])], tmp_path / "hevc", codec="hevc", audio=False)
    assert (probe(film).codec, probe(film).has_audio) == ("hevc", False)


def test_a_film_of_the_last_seconds_does_not_read_the_whole_video(tmp_path: Path) -> None:
    """With its times known only the surroundings of a segment are read."""
    path = video(tmp_path / "v.mp4", 3000, size=(256, 144))
    last = item(path, [(2980, 3000)])
    before = bytes_read()
    film = reel([last], tmp_path / "out")
    assert bytes_read() - before < path.stat().st_size / 4
    assert numbers_of(film) == list(range(2980, 3001))


def test_unknown_times_are_read_from_packets_not_by_decoding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An item without a timeline costs no pass of the decoder, as long as its own times agree with the packets'."""
    path = video(tmp_path / "v.mp4", 120)
    exact, shifted = item(path, [(100, 110)], known=False), item(path, [(100, 110)], known=False)
    for segment in shifted.segments:
        object.__setattr__(segment, "start", segment.start + 0.5)
    scans = []
    monkeypatch.setattr(timing, "scan", lambda source: scans.append(source) or scan(source))
    assert numbers_of(reel([exact], tmp_path / "1")) == list(range(100, 111))
    assert scans == []
    assert numbers_of(reel([shifted], tmp_path / "2")) == list(range(100, 111))
    assert scans == [str(path)]


def test_frames_that_do_not_exist_are_refused(tmp_path: Path) -> None:
    """A summary of a longer file of the same name is not silently cut short."""
    path = video(tmp_path / "v.mp4", 30)
    longer = scan(video(tmp_path / "long.mp4", 60))
    wrong = item(path, [(1, 5)], segments=segments([(20, 40)], longer))
    report = export_items([wrong], tmp_path / "out", ["reel", "clips"])
    assert [failure.reason for failure in report.failures] == ["frames 20 to 40 of v.mp4 do not exist: it has 30"] * 2
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["manifest.json"]
