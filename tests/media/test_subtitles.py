"""Subtitles: real SRT and WebVTT, files beside the video, streams inside it, odd encodings, files that are none."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fiftyone_clipit.errors import VideoError
from fiftyone_clipit.media.encodings import decode_text
from fiftyone_clipit.media.subtitle_sources import read_subtitle_file, read_subtitles, subtitle_files
from fiftyone_clipit.media.subtitles import Cue, parse_subtitles, to_sentences

SRT = """1
00:00:01,000 --> 00:00:03,500
A <i>red</i> car stands
in the snow.

2
00:00:04,000 --> 00:00:06,000 X1:40 X2:600 Y1:20 Y2:50
{\\an8}- Is that a dog?

3
01:00:07,250 --> 01:00:08,000
♪ ♪
"""

VTT = """WEBVTT - made by hand
Kind: captions

STYLE
::cue { color: lime }

NOTE A remark
over two lines

intro
00:01.000 --> 00:03.500 align:start position:0%
<v Anna>A <c.loud>red</c> car &amp; a<00:00:02.000> van.</v>

01:00:04.000 --> 01:00:06.000
Over there
"""


def write_video(path: Path, *streams: tuple[str, str, list[tuple[int, str]]]) -> Path:
    """A video of 4 s with text streams: codec, language, (milliseconds, text)."""
    with av.open(str(path), "w") as container:
        video = container.add_stream("mpeg4", rate=5)
        video.width, video.height, video.pix_fmt = 32, 32, "yuv420p"
        texts = []
        for codec, language, cues in streams:
            stream = container.add_stream(codec)
            stream.codec_context.subtitle_header = b"[Script Info]\r\nScriptType: v4.00+\r\n"
            stream.metadata["language"] = language
            texts.append((stream, cues))
        for _ in range(20):
            container.mux(video.encode(av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8))))
        container.mux(video.encode())
        for stream, cues in texts:
            for start, text in cues:
                packet = av.Packet(text.encode())
                packet.stream, packet.time_base = stream, Fraction(1, 1000)
                packet.pts = packet.dts = start
                packet.duration = 800
                container.mux(packet)
    return path


@pytest.fixture(scope="module")
def silent(tmp_path_factory) -> bytes:
    """A video without subtitles."""
    return write_video(tmp_path_factory.mktemp("silent") / "video.mp4").read_bytes()


@pytest.fixture
def video(tmp_path, silent) -> Path:
    path = tmp_path / "trip.2024.mp4"
    path.write_bytes(silent)
    return path


def test_srt_becomes_plain_cues():
    assert parse_subtitles(SRT) == [
        Cue(1.0, 3.5, "A red car stands in the snow."),
        Cue(4.0, 6.0, "- Is that a dog?"),
    ]


def test_webvtt_becomes_plain_cues():
    assert parse_subtitles(VTT) == [Cue(1.0, 3.5, "A red car & a van."), Cue(3604.0, 3606.0, "Over there")]


def test_live_captions_that_roll_say_everything_once():
    rolling = "WEBVTT\n\n00:01.000 --> 00:02.000\nthe car\n\n00:02.000 --> 00:03.000\nthe car\nis red\n"
    assert [cue.text for cue in parse_subtitles(rolling)] == ["the car", "is red"]


@pytest.mark.parametrize("broken", ["00:01:00.5 -> 00:01:02.5\nmore\n", "1\n00:00:61 --> 00:01:02\n", "hello\nworld"])
def test_what_is_no_cue_is_passed_over(broken):
    expected = parse_subtitles(SRT)
    assert [cue.text for cue in parse_subtitles(f"{broken}\n\n{SRT}") if cue.text != "more"] == [
        cue.text for cue in expected
    ]


@given(st.text())
def test_any_text_can_be_parsed(text):
    """Whatever somebody calls .srt: no exception, and no cue without words."""
    assert all(cue.text.strip() for cue in parse_subtitles(text))


def test_a_sentence_over_several_cues_is_one():
    cues = [Cue(0, 2, "In the morning"), Cue(2, 4, "it snowed."), Cue(4, 5, "Then"), Cue(9, 10, "the sun came")]
    assert to_sentences(cues) == ["In the morning it snowed.", "Then", "the sun came"]


def test_speech_without_full_stops_is_cut_into_bounded_sentences():
    sentences = to_sentences([Cue(i, i + 1, "and then we went on") for i in range(100)])
    assert 5 < len(sentences) < 100
    assert all(len(sentence) <= 180 for sentence in sentences)


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", "Ein Hündchen 🐕"),
        ("utf-8-sig", "Ein Hündchen"),
        ("utf-16", "A red car, une forêt"),
        ("utf-16-le", "A red car in the snow"),
        ("utf-16-be", "A red car in the snow"),
        ("cp1252", "Où est la voiture à côté de la forêt ?"),
        ("cp1252", "Größe über alles. Straße"),
        ("cp1250", "Żółta łódź płynie po rzece"),
        ("cp1251", "Красная машина на снегу. Где собака?"),
        ("koi8_r", "Красная машина на снегу. Где собака?"),
        ("cp1253", "Ένα κόκκινο αυτοκίνητο στο χιόνι."),
        ("shift_jis", "赤い車が雪の上にあります。犬はどこですか。"),
        ("gb18030", "一辆红色的汽车在雪地里。狗在哪里。"),
        ("big5", "一輛紅色的汽車在雪地裡。狗在哪裡。"),
        ("euc_kr", "눈 위에 빨간 자동차가 있습니다."),
    ],
)
def test_old_encodings_are_recognized(encoding, text, tmp_path):
    file = tmp_path / "old.srt"
    file.write_bytes(f"1\r\n00:00:01,000 --> 00:00:02,000\r\n{text}\r\n\r\n".encode(encoding))
    assert [cue.text for cue in read_subtitle_file(file)] == [text]


@given(st.binary(max_size=400))
def test_any_bytes_become_text(data):
    assert isinstance(decode_text(data), str)


def test_files_beside_the_video_are_found_in_order_of_use(video):
    names = ["trip.2024.de.srt", "trip.2024.en.vtt", "trip.2024.VTT", "trip.2024.forced.srt", "trip.2024.srt"]
    others = ["trip.srt", "trip.2024b.srt", "trip.2024.notes.final.srt", "trip.2024.txt"]
    for name in [*names, *others]:
        (video.parent / name).write_text(SRT)
    assert [file.name for file in subtitle_files(video)] == [
        "trip.2024.srt",
        "trip.2024.VTT",
        "trip.2024.en.vtt",
        "trip.2024.de.srt",
        "trip.2024.forced.srt",
    ]


def test_subtitles_that_come_later_are_seen(video):
    assert subtitle_files(video) == []
    video.with_suffix(".srt").write_text(SRT)
    assert read_subtitles(video) == ["A red car stands in the snow.", "- Is that a dog?"]


@pytest.mark.parametrize("codec", ["srt", "webvtt", "ass"])
def test_a_text_stream_inside_the_video_is_read(tmp_path, codec):
    text = "0,0,Default,,0,0,0,,A {\\i1}red{\\i0} car." if codec == "ass" else "A <i>red</i> car."
    last = "1,0,Default,,0,0,0,,A dog." if codec == "ass" else "A dog."
    path = write_video(tmp_path / "talk.mkv", (codec, "eng", [(0, text), (2000, last)]))
    assert read_subtitles(path) == ["A red car.", "A dog."]


def test_the_english_stream_comes_first(tmp_path):
    german, english = ("srt", "ger", [(0, "Ein Hund.")]), ("srt", "eng", [(0, "A dog.")])
    assert read_subtitles(write_video(tmp_path / "two.mkv", german, english)) == ["A dog."]


def test_a_stream_without_words_gives_way_to_the_next(tmp_path):
    music, german = ("srt", "eng", [(0, "♪")]), ("srt", "ger", [(0, "Ein Hund.")])
    assert read_subtitles(write_video(tmp_path / "two.mkv", music, german)) == ["Ein Hund."]


def test_a_file_beside_the_video_beats_the_stream_inside(tmp_path):
    path = write_video(tmp_path / "talk.mkv", ("srt", "eng", [(0, "Inside.")]))
    path.with_suffix(".vtt").write_text(VTT)
    assert read_subtitles(path)[0] == "A red car & a van."


def test_a_file_that_is_no_subtitles_gives_way_to_the_stream_inside(tmp_path):
    path = write_video(tmp_path / "talk.mkv", ("srt", "eng", [(0, "Inside.")]))
    path.with_suffix(".srt").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0")
    assert read_subtitles(path) == ["Inside."]


def test_no_subtitles_says_where_they_were_looked_for(video):
    with pytest.raises(VideoError, match=r"there is no trip.2024.srt or trip.2024.vtt beside it, and no text stream"):
        read_subtitles(video)


@pytest.mark.parametrize("content", [b"", b"just some notes\nabout the trip", b"\0" * 1000, SRT[:2].encode()])
def test_a_subtitle_file_that_is_none_is_named(video, content):
    video.with_suffix(".srt").write_bytes(content)
    with pytest.raises(VideoError, match=r"trip.2024.srt: not a subtitle file"):
        read_subtitles(video)


def test_a_huge_file_is_not_read(video):
    with video.with_suffix(".srt").open("wb") as file:
        file.truncate(2**30)
    with pytest.raises(VideoError, match="larger than 16 MB"):
        read_subtitles(video)


def test_a_video_that_is_not_there(tmp_path):
    with pytest.raises(VideoError, match="no such file"):
        read_subtitles(tmp_path / "gone.mp4")
