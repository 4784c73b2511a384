"""Times as people read them."""

from __future__ import annotations


def clock(seconds: float, *, decimals: int = 1) -> str:
    """Minutes and seconds, and hours where there are any: 0:07.5, 1:02:03.0.

    Args:
        seconds: 0 or more.
        decimals: of the seconds.
    """
    unit = 10**decimals
    whole, fraction = divmod(round(seconds * unit), unit)
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    text = f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
    return f"{text}.{fraction:0{decimals}d}" if decimals else text


def timestamp(seconds: float, separator: str = ".") -> str:
    """Hours, minutes, seconds and milliseconds, as subtitles want them: 00:01:02.345."""
    milliseconds = round(seconds * 1000)
    whole, rest = divmod(milliseconds, 1000)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}{separator}{rest:03d}"
