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

Partition = tuple[np.ndarray, float]


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


@dataclass(frozen=True)
class Doubt:
    """Numbers of change points among which the best may be.

    Attributes:
        low: the least of them.
        high: the greatest.
        price: a price per change point at which partitions of such sizes are about the best ones.
    """

    low: int
    high: int
    price: float


class HullSearch:
    """Finds where S(m) + P(m) is least, m up to a limit, for P(m) = penalty * m / 2 * (log(n / m) + 1).

    Args:
        solve: the change points of the best partition at a price per change point, and its scatter.
        reduce: from given change points, the best so many of them or nearly so, and their scatter.
        n: samples.
        whole: S(0).
        limit: most change points.
        penalty: at least 0.
        rounding: sums closer than this count as equal.

    Attributes:
        least: the least sum so far: an upper bound of the least of all.
        rounding: as given.
    """

    def __init__(
        self,
        solve: Callable[[float], Partition],
        reduce: Callable[[np.ndarray, int], Partition],
        n: int,
        *,
        whole: float,
        limit: int,
        penalty: float,
        rounding: float,
    ) -> None:
        self._solve, self._reduce, self._n, self._whole = solve, reduce, n, whole
        self._limit, self._penalty, self.rounding = limit, penalty, rounding
        self._found: dict[int, Partition] = {0: (np.zeros(0, dtype=np.int64), whole)}
        self._beyond: dict[int, np.ndarray] = {}
        self._doubts: list[Doubt] = []
        self.least = whole

    def run(self) -> list[Doubt]:
        """Every m that can be the best, up to rounding, lies in one of these."""
        last, scatter = self._solve(0.0)
        if len(last):
            right = Corner(len(last), scatter, 0.0, 0.0)
            self._note(last, scatter)
            # At this price even removing all scatter would not pay for one change point.
            self._explore(Corner(0, self._whole, self._whole - scatter, np.inf), right)
        best = [m for m in self._found if self._sum(m) <= self.least + self.rounding]
        return self._doubts + [Doubt(m, m, self._slope(m)) for m in best]

    def best_found(self) -> np.ndarray:
        """The change points of the best partition that the search has met."""
        return self._found[min(self._found, key=self._sum)][0]

    def most(self) -> int:
        """No more change points than this are worth their penalty, as scatter is never below zero."""
        m = np.arange(1, self._limit + 1)
        penalties = self._penalty * m / 2.0 * (np.log(self._n / m) + 1)
        return int(np.searchsorted(penalties, self.least + self.rounding, side="right"))

    def penalty(self, m: float) -> float:
        """P(m), in units of scatter."""
        return 0.0 if m <= 0 else self._penalty * m / 2.0 * (np.log(self._n / m) + 1)

    def _slope(self, m: int) -> float:
        """P's slope: the price at which m, where it is the best, is the only best one."""
        return self._penalty / 2.0 * np.log(self._n / m) if m else self._whole + self.penalty(1)

    def _sum(self, m: int) -> float:
        return self._found[m][1] + self.penalty(m)

    def _note(self, change_points: np.ndarray, scatter: float) -> None:
        m = len(change_points)
        if m > self._limit:
            self._beyond[m] = change_points
        else:
            self._found[m] = (change_points, scatter)
            self.least = min(self.least, self._sum(m))

    def _doubt(self, a: Corner, b: Corner, price: float) -> None:
        """Notes that S is unknown between two corners, and bounds it at the limit by a partition that has so many."""
        self._doubts.append(Doubt(a.m + 1, min(b.m - 1, self._limit), price))
        if b.m > self._limit:
            _, scatter = self._reduce(self._beyond[b.m], self._limit)
            self.least = min(self.least, scatter + self.penalty(self._limit))

    def _explore(self, left: Corner, right: Corner) -> None:
        stack = [(left, right)]
        while stack:
            a, b = stack.pop()
            if a.m >= self._limit or b.m - a.m < 2 or self._hopeless(a, b):
                continue
            price = (a.scatter - b.scatter) / (b.m - a.m)
            change_points, scatter = self._solve(price)
            m = len(change_points)
            if a.m < m < b.m and scatter + price * m < a.scatter + price * a.m - self.rounding:
                self._note(change_points, scatter)
                middle = Corner(m, scatter, price, price)
                stack += [(a, middle), (middle, b)]
            elif not self._ends_are_best(a, b):
                self._doubt(a, b, price)

    def _hopeless(self, a: Corner, b: Corner) -> bool:
        """Whether nothing between two corners can be the best, by the lines that bound the hull from below."""
        if a.low <= b.high:
            return False
        meet = (a.scatter + a.low * a.m - b.scatter - b.high * b.m) / (a.low - b.high)
        # On each line P's bend puts the least sum at an end: a corner, where the lines meet, or the limit.
        places = [min(meet, self._limit), min(b.m, self._limit)] if b.m > self._limit else [meet]
        return all(
            max(a.scatter - a.low * (m - a.m), b.scatter + b.high * (b.m - m)) + self.penalty(m)
            > self.least + self.rounding
            for m in places
        )

    def _ends_are_best(self, a: Corner, b: Corner) -> bool:
        """The same when the hull between the corners is a straight line, where P's bend makes the ends best."""
        slope = (a.scatter - b.scatter) / (b.m - a.m)
        if b.m > self._limit:
            at_limit = a.scatter - slope * (self._limit - a.m) + self.penalty(self._limit)
            if at_limit <= self.least + self.rounding:
                return False
        rise = (self.penalty(b.m) - self.penalty(a.m)) / (b.m - a.m)
        bend = min(
            self.penalty(a.m + 1) - self.penalty(a.m) - rise,
            self.penalty(b.m - 1) - self.penalty(b.m) + rise,
        )
        return bend > 2 * self.rounding
