"""The number of change points with the least scatter plus a concave penalty, from few partitions.

Let S(m) be the least scatter with m change points and P(m) a concave penalty. S + P is least at a corner of
the lower convex hull of S, since between two corners S lies on or above a line, and a line plus P is least at
one of its ends. A corner is what the best partition at a fixed price per change point gives, and finding that
takes one pass where S(m) for all m takes n of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Corner:
    """A corner of the hull.

    Attributes:
        m: change points.
        scatter: S(m).
        low: the lowest price that is known to lead here.
        high: the highest.
    """

    m: int
    scatter: float
    low: float
    high: float


class HullSearch:
    """Finds the corner with the least S(m) + P(m), m up to a limit, for P(m) = penalty * m / 2 * (log(n / m) + 1).

    Args:
        solve: change points and scatter of the best partition at a price per change point.
        n: samples.
        whole: S(0).
        limit: most change points.
        penalty: above 0.
        rounding: sums closer than this count as equal.
    """

    def __init__(
        self,
        solve: Callable[[float], tuple[int, float]],
        n: int,
        *,
        whole: float,
        limit: int,
        penalty: float,
        rounding: float,
    ) -> None:
        self._solve, self._n, self._whole = solve, n, whole
        self._limit, self._penalty, self._rounding = limit, penalty, rounding
        self._found = {0: whole}
        self._least = whole
        self._certain = True

    def run(self) -> tuple[int, bool]:
        """The best m, and whether neither rounding nor the limit leaves a doubt."""
        m, scatter = self._solve(0.0)
        if m > 0:
            right = Corner(m, scatter, 0.0, 0.0)
            self._note(right)
            # At this price even removing all scatter would not pay for one change point.
            self._explore(Corner(0, self._whole, self._whole - scatter, np.inf), right)
        costs = sorted((value + self.penalty(m), m) for m, value in self._found.items())
        tied = len(costs) > 1 and costs[1][0] - costs[0][0] <= self._rounding
        return costs[0][1], self._certain and not tied

    def penalty(self, m: float) -> float:
        """P(m), in units of scatter."""
        return 0.0 if m <= 0 else self._penalty * m / 2.0 * (np.log(self._n / m) + 1)

    def price(self, m: int) -> float:
        """P's slope at m: the price at which the best m is the only best one."""
        return self._penalty / 2.0 * np.log(self._n / m)

    def most(self) -> int:
        """No more change points than this are worth their penalty, as scatter is never below zero."""
        m = np.arange(1, self._limit + 1)
        penalties = self._penalty * m / 2.0 * (np.log(self._n / m) + 1)
        return int(np.searchsorted(penalties, self._least + self._rounding, side="right"))

    def _note(self, corner: Corner) -> None:
        if corner.m <= self._limit:
            self._found[corner.m] = corner.scatter
            self._least = min(self._least, corner.scatter + self.penalty(corner.m))

    def _explore(self, left: Corner, right: Corner) -> None:
        stack = [(left, right)]
        while stack:
            a, b = stack.pop()
            if a.m >= self._limit or b.m - a.m < 2 or self._hopeless(a, b):
                continue
            price = (a.scatter - b.scatter) / (b.m - a.m)
            m, scatter = self._solve(price)
            if a.m < m < b.m and scatter + price * m < a.scatter + price * a.m - self._rounding:
                middle = Corner(m, scatter, price, price)
                self._note(middle)
                stack += [(a, middle), (middle, b)]
            elif not self._ends_are_best(a, b):
                self._certain = False

    def _hopeless(self, a: Corner, b: Corner) -> bool:
        """Whether nothing between two corners can be the best, by the lines that bound the hull from below."""
        if a.low <= b.high:
            return False
        meet = (a.scatter + a.low * a.m - b.scatter - b.high * b.m) / (a.low - b.high)
        # On each line P's bend puts the least sum at an end: a corner, where the lines meet, or the limit.
        places = [min(meet, self._limit), min(b.m, self._limit)] if b.m > self._limit else [meet]
        return all(
            max(a.scatter - a.low * (m - a.m), b.scatter + b.high * (b.m - m)) + self.penalty(m)
            > self._least + self._rounding
            for m in places
        )

    def _ends_are_best(self, a: Corner, b: Corner) -> bool:
        """The same when the hull between the corners is a straight line, where P's bend makes the ends best."""
        slope = (a.scatter - b.scatter) / (b.m - a.m)
        if b.m > self._limit:
            at_limit = a.scatter - slope * (self._limit - a.m) + self.penalty(self._limit)
            if at_limit <= self._least + self._rounding:
                return False
        rise = (self.penalty(b.m) - self.penalty(a.m)) / (b.m - a.m)
        bend = min(
            self.penalty(a.m + 1) - self.penalty(a.m) - rise,
            self.penalty(b.m - 1) - self.penalty(b.m) + rise,
        )
        return bend > 2 * self._rounding
