"""Where a video's subtitles are: in a file beside it, or in a text stream of its own."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import av
from av.stream import Disposition

from fiftyone_clipit.errors import VideoError
from fiftyone_clipit.media.encodings import decode_text
from fiftyone_clipit.media.subtitles import Cue, parse_subtitles, plain, to_sentences

_SUFFIXES = (".srt", ".vtt")
# Between the video's name and the suffix: a language, and what kind of subtitles.
_QUALIFIERS = re.compile(r"(\.(?P<language>[a-z]{2,3}(-[a-z0-9]+)*))?(\.(?P<kind>forced|sdh|cc|hi|default|auto))*")
_ENGLISH = ("en", "eng")
# Hours of speech take a tenth of this; a larger file is something else.
_MOST_BYTES = 16 * 2**20


def read_subtitles(video: str | os.PathLike[str]) -> list[str]:
    """The sentences of a video's subtitles.

    Files beside the video come first (`video.srt`, `video.vtt`, `video.en.srt`), then text streams inside it. Among
    several, those without a language and the English ones come first, since that is what CLIP models read best.

    Args:
        video: the video file.

    Returns:
        Sentences in the order of time, at least one.

    Raises:
        VideoError: the file is not there, there are no subtitles, or none that can be read as text.
    """
    path = os.fspath(video)
    if not os.path.isfile(path):
        raise VideoError(path, "no such file")
    reason = ""
    for file in subtitle_files(path):
        try:
            cues = read_subtitle_file(file)
        except VideoError as error:
            reason = reason or f"{file.name}: {error.reason}"
        else:
            return to_sentences(cues)
    if cues := _embedded(path):
        return to_sentences(cues)
    beside = " or ".join(str(Path(path).with_suffix(suffix).name) for suffix in _SUFFIXES)
    raise VideoError(path, f"no subtitles: {reason or f'there is no {beside} beside it, and no text stream in it'}")


def read_subtitle_file(file: str | os.PathLike[str]) -> list[Cue]:
    """Reads an SRT or WebVTT file, whatever its suffix and its encoding.

    Raises:
        VideoError: it cannot be read, or is not a subtitle file.
    """
    path = Path(file)
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise VideoError(path, f"not a subtitle file: larger than {_MOST_BYTES >> 20} MB")
        cues = parse_subtitles(decode_text(path.read_bytes()))
    except OSError as error:
        raise VideoError(path, f"cannot be read: {error.strerror or error}") from None
    if not cues:
        raise VideoError(path, "not a subtitle file, or one without words: neither SRT nor WebVTT cues are in it")
    return cues


def subtitle_files(video: str | os.PathLike[str]) -> list[Path]:
    """The files beside a video that are named as its subtitles, the most suitable first."""
    path = Path(os.path.abspath(video))
    found = []
    for name in _names(str(path.parent), path.parent.stat().st_mtime_ns).get(path.stem, ()):
        stem, suffix = os.path.splitext(name)
        qualifiers = _QUALIFIERS.fullmatch(stem[len(path.stem) :].lower())
        if qualifiers:
            language = (qualifiers["language"] or "").split("-")[0]
            rank = (
                qualifiers["kind"] == "forced",
                0 if not language else 1 if language in _ENGLISH else 2,
                _SUFFIXES.index(suffix.lower()),
                name,
            )
            found.append((rank, path.parent / name))
    return [file for _, file in sorted(found)]


@lru_cache(maxsize=8)
def _names(folder: str, _changed: int) -> dict[str, tuple[str, ...]]:
    """The subtitle files of a folder, by every beginning of their names that may be a video's.

    A folder of many videos is listed once, until it changes.
    """
    names: dict[str, list[str]] = {}
    for name in sorted(os.listdir(folder)):
        stem, suffix = os.path.splitext(name)
        if suffix.lower() in _SUFFIXES:
            for stop in [i for i, character in enumerate(stem) if character == "."] + [len(stem)]:
                names.setdefault(stem[:stop], []).append(name)
    return {stem: tuple(files) for stem, files in names.items()}


def _embedded(path: str) -> list[Cue]:
    """The cues of the most suitable text stream in a video; none where there is no stream that can be read."""
    try:
        with av.open(f"file:{path}", metadata_errors="replace") as container:
            streams = [s for s in container.streams.subtitles if s.codec_context and s.codec_context.codec.text_sub]
            for stream in sorted(streams, key=_rank):
                container.seek(0)
                if cues := sorted(_cues(container, stream), key=lambda cue: cue.start):
                    return cues
    except (av.FFmpegError, OSError, ValueError) as error:
        raise VideoError(path, f"its subtitles cannot be read: {getattr(error, 'strerror', None) or error}") from None
    return []


def _rank(stream: av.subtitles.stream.SubtitleStream) -> tuple[bool, bool, bool, int]:
    return (
        bool(stream.disposition & Disposition.forced),
        stream.language not in _ENGLISH,
        not stream.disposition & Disposition.default,
        stream.index,
    )


def _cues(container: av.container.InputContainer, stream: av.subtitles.stream.SubtitleStream) -> Iterator[Cue]:
    for packet in container.demux(stream):
        if not packet.size or packet.pts is None:
            continue
        said = (plain(_text(rect)) for rect in packet.decode())
        if text := " ".join(part for part in said if part):
            start = float(packet.pts * packet.time_base)
            yield Cue(start, start + float((packet.duration or 0) * packet.time_base), text)


def _text(rect: av.subtitles.subtitle.Subtitle) -> str:
    # Decoders give every text format as a line of ASS, whose dialogue is the text with its markup.
    data = getattr(rect, "dialogue", b"") or getattr(rect, "text", b"")
    return data.decode("utf-8", errors="replace")
