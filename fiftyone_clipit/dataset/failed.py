"""How reports name the videos that took no part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_SHOWN = 10


def failed_lines(failures: Sequence[Mapping[str, str]]) -> list[str]:
    """A line for each video that failed, with its reason; of very many, how many more there are."""
    lines = [f"  failed: {failure['path']}: {failure['reason']}" for failure in failures[:_SHOWN]]
    more = len(failures) - _SHOWN
    return [*lines, f"  ... and {more} more, see .failures"] if more > 0 else lines


def in_short(failures: Sequence[Mapping[str, str]]) -> str:
    """A few videos with their reasons, in one line: what an error says when none is left."""
    return "; ".join(f"{failure['path']}: {failure['reason']}" for failure in failures[:3])
