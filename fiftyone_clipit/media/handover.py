"""From a thread that makes things to one that takes them, a bounded number at a time."""

from __future__ import annotations

import queue
import threading
from collections.abc import Generator, Iterable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")

_POLL_SECONDS = 0.1


class Handover(Generic[T]):
    """One maker, one taker; either may give up.

    The maker calls `put` for each thing and then `end`; the taker iterates, and calls `cancel` if it stops early.
    """

    def __init__(self, size: int) -> None:
        """
        Args:
            size: how many things may wait to be taken.
        """
        self._queue: queue.Queue[tuple[T] | BaseException | None] = queue.Queue(size)
        self._cancelled = threading.Event()

    def put(self, thing: T) -> bool:
        """Hands a thing over, as soon as there is room. False tells that nobody takes any more."""
        return self._put((thing,))

    def end(self, error: BaseException | None = None) -> None:
        """Says that nothing follows; the taker gets the error, if one ended it."""
        self._put(error)

    def cancel(self) -> None:
        """Makes `put` say, soon, that nobody takes any more."""
        self._cancelled.set()

    def __iter__(self) -> Iterator[T]:
        while (item := self._queue.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item[0]

    def _put(self, item: tuple[T] | BaseException | None) -> bool:
        while not self._cancelled.is_set():
            try:
                self._queue.put(item, timeout=_POLL_SECONDS)
                return True
            except queue.Full:
                continue
        return False


def ahead(things: Iterable[T], size: int) -> Generator[T, None, None]:
    """Iterates in a thread of its own, at most `size` things ahead of who takes them.

    Close the iterator that it gives (`contextlib.closing`) when stopping early: the thread has ended after that.

    Raises:
        Exception: whatever iterating raises, in its place among the things.
    """
    handover: Handover[T] = Handover(size)

    def make() -> None:
        try:
            for thing in things:
                if not handover.put(thing):
                    return
            handover.end()
        except BaseException as error:  # raised again where the things are taken
            handover.end(error)

    maker = threading.Thread(target=make, name="ahead", daemon=True)
    maker.start()
    try:
        yield from handover
    finally:
        handover.cancel()
        maker.join()
