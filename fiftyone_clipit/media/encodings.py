"""Text files of unknown encoding: subtitles are older than UTF-8's victory."""

from __future__ import annotations

import codecs
import unicodedata
from itertools import pairwise

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Of equally plausible readings the first wins.
_LEGACY = ("cp1252", "cp1250", "cp1251", "cp1253", "koi8_r", "cp932", "cp949", "gb18030", "big5")
_SAMPLE = 20_000
# Kinds of characters that may touch a letter: punctuation, spaces, marks, currencies; and a few signs.
_BESIDE_LETTERS = ("P", "Z", "M", "Sc")
_SIGNS = frozenset("\u00a9\u00ae\u00b0\u2122\u266a")
# Where the encodings of Chinese and Japanese keep their common characters, by first byte.
_COMMON = (("gb2312", 0xB0, 0xD7), ("big5", 0xA4, 0xC6), ("shift_jis", 0x88, 0x97))


def decode_text(data: bytes) -> str:
    """The text in some bytes, whatever encoding it has.

    A byte order mark decides, then the zeros of UTF-16, then whether it is UTF-8; among the encodings of old, the
    one in which the bytes look most like words of one script.
    """
    known = next((name for mark, name in _MARKS if data.startswith(mark)), None) or _utf16(data)
    if known:
        return data.decode(known, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    best = min(_LEGACY, key=lambda encoding: _implausible(data[:_SAMPLE], encoding))
    return data.decode(best, errors="replace")


def _utf16(data: bytes) -> str | None:
    zeros = data.count(0)
    if zeros <= len(data) / 4:
        return None
    # ASCII in UTF-16 has its zeros in the second byte of each pair, or in the first.
    return "utf-16-le" if data[1::2].count(0) > zeros / 2 else "utf-16-be"


def _implausible(data: bytes, encoding: str) -> float:
    """How often a reading of the bytes looks wrong, per byte beyond ASCII."""
    # The sample may end inside a character, hence the decoder that waits for more.
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(data)
    except UnicodeDecodeError:
        return float("inf")
    odd = sum(_odd(a, b) for a, b in pairwise(f" {text} ")) + sum(map(_rare, text))
    return odd / max(1, sum(byte > 0x7F for byte in data))


def _odd(a: str, b: str) -> bool:
    """Whether two characters do not stand side by side in ordinary text."""
    if a.isascii() and b.isascii():
        return False
    if a.isalpha() and b.isalpha():
        # Latin words rarely have two accents in a row; other scripts read as Latin have little else.
        crowded = _script(a) == "LATIN" and not (a.isascii() or b.isascii())
        return crowded or _script(a) != _script(b) or (a.islower() and b.isupper())
    return (a.isalpha() and _strange(b)) or (b.isalpha() and _strange(a))


def _strange(character: str) -> bool:
    plain = character.isascii() or character.isalpha() or character in _SIGNS
    return not plain and not unicodedata.category(character).startswith(_BESIDE_LETTERS)


def _script(letter: str) -> str:
    name = unicodedata.name(letter, "?").split()[0]
    # Japanese mixes three scripts in a word.
    return "CJK" if name in ("HIRAGANA", "KATAKANA", "IDEOGRAPHIC") else name


def _rare(character: str) -> bool:
    if character.isascii():
        return False
    if unicodedata.category(character) in ("Cc", "Co", "Cn") or "\uff61" <= character <= "\uff9f":
        return True
    script = _script(character) if character.isalpha() else ""
    if script == "HANGUL":
        return not _encoded(character, "euc_kr")
    if script == "CJK" and not "\u3040" <= character <= "\u30ff":
        return not any(
            low <= encoded[0] <= high for name, low, high in _COMMON if (encoded := _encoded(character, name))
        )
    return False


def _encoded(character: str, encoding: str) -> bytes:
    try:
        return character.encode(encoding)
    except UnicodeEncodeError:
        return b""
