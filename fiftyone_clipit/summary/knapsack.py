"""The 0/1 knapsack: items of greatest total value whose lengths fit."""

from __future__ import annotations

import numpy as np

# Items times capacity up to which the whole table is filled: about a second, and 50 MB for its bits.
TABLE_CELLS = 400_000_000
# Items around the break with which a first good solution is sought.
_FIRST_CORE = 64
# Sums that differ by less than this share are equal: what differs is rounding.
_EQUAL = 1e-12


def knapsack(values: np.ndarray, lengths: np.ndarray, capacity: int, *, compatible: bool = False) -> np.ndarray:
    """Items of greatest total value within a capacity; of equally good choices the one with earlier items.

    Exact up to `TABLE_CELLS` items times capacity. Beyond that, items that no optimum takes or leaves are
    settled first, by the bound of the linear relaxation, and the rest is solved exactly when its table is
    small enough, as it nearly always is. Otherwise the items nearest to the break are, and the result falls
    short of the optimum by less than the value of one item.

    Args:
        values: float (n,).
        lengths: int (n,), at least 1.
        capacity: at least 0.
        compatible: fill the whole table from the first item on and take an item only when it is strictly
            better, as the published evaluation does.

    Returns:
        int64: the chosen items, ascending.
    """
    if compatible:
        return _by_table(values, lengths, capacity, compatible=True)
    useful = np.flatnonzero((values >= 0) & (lengths <= capacity))
    if lengths[useful].sum() <= capacity:
        return useful
    if len(useful) * capacity <= TABLE_CELLS:
        return useful[_by_table(values[useful], lengths[useful], capacity)]
    return useful[_by_core(values[useful], lengths[useful], capacity)]


def _by_table(values: np.ndarray, lengths: np.ndarray, capacity: int, *, compatible: bool = False) -> np.ndarray:
    n = len(values)
    order = range(n) if compatible else range(n - 1, -1, -1)
    best = np.zeros(capacity + 1)
    taken = np.zeros((n, capacity // 8 + 1), dtype=np.uint8)
    for i in order:
        length = int(lengths[i])
        if length > capacity:
            continue
        with_it = best[: capacity + 1 - length] + values[i]
        better = with_it > best[length:] if compatible else with_it >= best[length:]
        flags = np.zeros(capacity + 1, dtype=bool)
        flags[length:] = better
        taken[i] = np.packbits(flags)
        np.copyto(best[length:], with_it, where=better)
    chosen = []
    room = capacity
    for i in reversed(order):
        if taken[i, room >> 3] >> (7 - (room & 7)) & 1:
            chosen.append(i)
            room -= int(lengths[i])
    return np.array(sorted(chosen), dtype=np.int64)


def _by_core(values: np.ndarray, lengths: np.ndarray, capacity: int) -> np.ndarray:
    """Martello and Toth, Knapsack Problems, 1990, sections 2.2.3 and 2.9: reduction, and a core around the break."""
    density = values / lengths
    order = np.argsort(-density, kind="stable")
    filled = np.cumsum(lengths[order])
    broken = int(np.searchsorted(filled, capacity, side="right"))
    price = density[order[broken]]
    # What an item is worth beyond the price of its room: what the bound loses when it is decided the other
    # way.
    excess = values - price * lengths
    bound = float(np.maximum(excess, 0.0).sum() + price * capacity)
    slack = _EQUAL * bound
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    nearest = np.lexsort((np.abs(rank - broken), np.abs(excess)))

    def split(size: int) -> tuple[np.ndarray, np.ndarray, int]:
        """The items nearest to the break, those that are taken before it, and the room that these leave."""
        outside = nearest[size:]
        fixed = outside[rank[outside] < broken]
        return np.sort(nearest[:size]), fixed, int(capacity - lengths[fixed].sum())

    def solve(size: int) -> np.ndarray:
        core, fixed, room = split(size)
        return np.sort(np.concatenate([fixed, core[_by_table(values[core], lengths[core], room)]]))

    solution = solve(_FIRST_CORE)
    lowest = float(values[solution].sum())
    if lowest >= bound - slack:
        return solution
    size = int((np.abs(excess) <= bound - lowest + slack).sum())
    while size > _FIRST_CORE and size * split(size)[2] > TABLE_CELLS:
        size = max(_FIRST_CORE, size * 3 // 4)
    return solve(size)
