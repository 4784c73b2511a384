"""Subtitles as text: SubRip (SRT) and WebVTT to cues, and cues to sentences."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_TIME = r"(?:(\d+):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,3}))?"
_TIMING = re.compile(rf"\s*{_TIME}\s*--+>\s*{_TIME}(?:\s.*)?")
_TAG = re.compile(r"<[^<>]*>|\{[^{}]*\}")
_ASS_BREAK = re.compile(r"\\[Nnh]")
_SENTENCE_END = re.compile("[.?!\u2026\u3002\uff1f\uff01][\"'\u201d\u2019\u00bb)\\]]*$")
# A pause this long ends a sentence, and so does this many characters: encoders read no further anyway.
_PAUSE_SECONDS = 1.5
_LONGEST = 160


@dataclass(frozen=True)
class Cue:
    """A piece of subtitle.

    Attributes:
        start: when it appears, in seconds.
        end: when it goes.
        text: what it says, in one line, without markup.
    """

    start: float
    end: float
    text: str


def parse_subtitles(text: str) -> list[Cue]:
    """Reads SRT or WebVTT, also when it is somewhat broken.

    Args:
        text: the file's text.

    Returns:
        Its cues in the order of time, without markup and without those that say nothing; empty when the text is
        not of subtitles.
    """
    cues: list[Cue] = []
    said: list[str] = []
    lines = iter(text.splitlines())
    for line in lines:
        timing = _TIMING.fullmatch(line)
        if timing is None:
            continue
        block = []
        for content in lines:
            if not content.strip():
                break
            block.append(plain(content))
        # Live captions roll: each cue repeats the line before it.
        fresh = [words for words in block if words and words not in said]
        said = block
        if fresh:
            groups = timing.groups()
            cues.append(Cue(_seconds(groups[:4]), _seconds(groups[4:]), " ".join(fresh)))
    return sorted(cues, key=lambda cue: cue.start)


def plain(text: str) -> str:
    """A line of subtitles without its markup; empty when nothing is said in it."""
    words = " ".join(html.unescape(_TAG.sub("", _ASS_BREAK.sub(" ", text))).replace("♪", " ").split())
    return words if any(character.isalnum() for character in words) else ""


def to_sentences(cues: Sequence[Cue]) -> list[str]:
    """Joins the cues over which a sentence is spread.

    A sentence ends with its full stop, a pause of 1.5 s, or when it becomes longer than 160 characters.

    Args:
        cues: in the order of time.
    """
    sentences: list[str] = []
    before: Cue | None = None
    for cue in cues:
        goes_on = (
            before is not None
            and not _SENTENCE_END.search(before.text)
            and cue.start - before.end < _PAUSE_SECONDS
            and len(sentences[-1]) + len(cue.text) < _LONGEST
        )
        if goes_on:
            sentences[-1] += f" {cue.text}"
        else:
            sentences.append(cue.text)
        before = cue
    return sentences


def _seconds(parts: Iterable[str | None]) -> float:
    hours, minutes, seconds, fraction = parts
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0) + float(f"0.{fraction or 0}")
