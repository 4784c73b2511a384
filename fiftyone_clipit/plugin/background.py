"""Work in threads of this process: it outlives the page that started it, has a name, and can be stopped by it."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from fiftyone_clipit.errors import UsageError

logger = logging.getLogger(__name__)

Report = Callable[[float, str], None]
Work = Callable[[Report], dict[str, Any]]

# Seconds between two reports that are passed on.
_PAUSE = 0.25

_lock = threading.Lock()
_going_on: dict[str, Labour] = {}


class GivenUp(BaseException):
    """Somebody asked the work to stop: no error, and nothing to catch on the way."""


class Labour:
    """Work that goes on in a thread of its own, to its end, whether or not anyone listens.

    Args:
        work: gets a function to report the share that is done, in [0, 1], with a label; gives the result.
        name: what it is known by while it goes on.
    """

    def __init__(self, work: Work, name: str | None) -> None:
        self._work = work
        self._name = name
        self._news: queue.Queue[tuple[float, str] | None] = queue.Queue()
        self._pass_on = throttled(lambda share, label: self._news.put((share, label)))
        self._asked_to_stop = threading.Event()
        self._left = threading.Event()
        self._result: dict[str, Any] = {}
        self._error: BaseException | None = None

    def begin(self) -> None:
        """Starts the thread."""
        threading.Thread(target=self._labour, name=f"clipit {self._name or 'operator'}", daemon=True).start()

    def stop(self) -> None:
        """Asks the work to stop: its next report raises `GivenUp`."""
        self._asked_to_stop.set()

    def leave(self) -> None:
        """Stops listening. The work goes on, and the log says how it ended."""
        self._left.set()

    def news(self) -> Iterator[tuple[float, str]]:
        """What it reports, until it ends."""
        while (item := self._news.get()) is not None:
            yield item

    def result(self) -> dict[str, Any]:
        """What it gave; raises what it raised."""
        if self._error is not None:
            raise self._error
        return self._result

    def _report(self, share: float, label: str) -> None:
        if self._asked_to_stop.is_set():
            raise GivenUp
        if not self._left.is_set():
            self._pass_on(share, label)

    def _labour(self) -> None:
        try:
            self._result = self._work(self._report)
        except BaseException as error:
            self._error = error
        finally:
            if self._left.is_set():
                self._log()
            if self._name is not None:
                with _lock:
                    del _going_on[self._name]
            self._news.put(None)

    def _log(self) -> None:
        what = self._name or "an operator"
        if self._error is None:
            logger.info("%s is done: nobody listened any more", what)
        elif isinstance(self._error, GivenUp):
            logger.info("%s was stopped", what)
        else:
            logger.error("%s failed: nobody listened any more", what, exc_info=self._error)


def start(work: Work, name: str | None = None) -> Labour:
    """Starts work in a thread.

    Args:
        work: what to do.
        name: what it is known by; there is one work of a name at a time.

    Raises:
        UsageError: one of this name is going on.
    """
    labour = Labour(work, name)
    if name is not None:
        with _lock:
            if name in _going_on:
                raise UsageError(
                    f"“{name}” is being worked on at this moment: wait until that is done, or stop it first"
                )
            _going_on[name] = labour
    labour.begin()
    return labour


def stop(name: str) -> bool:
    """Asks work of this process to stop at its next report; gives whether there is any of this name."""
    with _lock:
        labour = _going_on.get(name)
    if labour is None:
        return False
    labour.stop()
    return True


def is_running(name: str) -> bool:
    """Whether work of this name is going on in this process."""
    with _lock:
        return name in _going_on


def throttled(report: Report) -> Report:
    """Passes on a few reports a second; the first and whatever completes the work always."""
    last = -1.0

    def pass_on(share: float, label: str) -> None:
        nonlocal last
        now = time.monotonic()
        if share >= 1 or now - last >= _PAUSE:
            last = now
            report(share, label)

    return pass_on
