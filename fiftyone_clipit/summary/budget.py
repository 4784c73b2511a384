"""How long a summary may be: a share of the video, or a time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from numbers import Real

from fiftyone_clipit.errors import UsageError

_SECONDS = {
    **dict.fromkeys(("s", "sec", "second", "seconds"), 1),
    **dict.fromkeys(("min", "minute", "minutes"), 60),
    **dict.fromkeys(("h", "hour", "hours"), 3600),
}
_FORM = re.compile(r"\s*(\d+(?:\.\d*)?|\.\d+)\s*(%|[a-z]+)\s*", re.IGNORECASE)
_ALLOWED = 'a fraction above 0 and up to 1 (0.15), a percentage ("15%"), or a time ("90s", "5min", "1.5h")'


@dataclass(frozen=True)
class Budget:
    """A length limit; exactly one of the two is set.

    Attributes:
        fraction: share of the video, in (0, 1].
        seconds: time, above 0.
    """

    fraction: Fraction | None = None
    seconds: Fraction | None = None

    def frames(self, n_frames: int, duration: float | Fraction) -> tuple[int, list[str]]:
        """How many frames of a video the budget allows.

        Args:
            n_frames: the video's frames, at least 1.
            duration: the video's length in seconds, above 0.

        Returns:
            The number of frames, at least 1 and at most `n_frames`, and what the user should know about it.
        """
        notes = []
        if self.fraction is not None:
            share = self.fraction
        else:
            share = self._seconds / Fraction(duration)
            if share > 1:
                notes.append(
                    f"the budget of {float(self._seconds):g} s is longer than the video "
                    f"({float(duration):.1f} s): the summary is the whole video"
                )
        return max(1, min(n_frames, int(share * n_frames))), notes

    def limit(self, duration: float | Fraction) -> Fraction:
        """How many seconds of a video the budget allows; matters where frames last unequally long."""
        length = Fraction(duration)
        return min(length, self._seconds if self.fraction is None else self.fraction * length)

    @property
    def _seconds(self) -> Fraction:
        if self.seconds is None:
            raise UsageError(f"a budget needs a fraction or seconds: {_ALLOWED}")
        return self.seconds


def parse_budget(value: float | str) -> Budget:
    """Reads a budget as people write it.

    Args:
        value: a fraction in (0, 1] such as 0.15, a percentage such as "15%", or a time such as "90s", "5min",
            "1.5h". A number without a unit is always a fraction.

    Raises:
        UsageError: anything else; names the allowed forms.
    """
    if isinstance(value, str):
        match = _FORM.fullmatch(value)
        if match is None:
            return _fraction(value, value)
        number, unit = Fraction(match[1]), match[2].lower()
        if unit == "%":
            return _fraction(number / 100, value)
        if unit in _SECONDS and number > 0:
            return Budget(seconds=number * _SECONDS[unit])
    elif isinstance(value, Real) and not isinstance(value, bool):
        return _fraction(str(value), value)
    raise UsageError(f"budget {value!r} cannot be used; give {_ALLOWED}")


def _fraction(number: str | Fraction, given: object) -> Budget:
    # Through the decimal digits, so that 0.15 of 100 frames is 15 and not what the nearest binary number
    # makes of it.
    try:
        fraction = Fraction(number.strip() if isinstance(number, str) else number)
    except (ValueError, ZeroDivisionError):
        fraction = Fraction(0)
    if not 0 < fraction <= 1:
        hint = '; for seconds write a unit, as in "90s"' if fraction > 1 else ""
        raise UsageError(f"budget {given!r} cannot be used; give {_ALLOWED}{hint}")
    return Budget(fraction=fraction)
