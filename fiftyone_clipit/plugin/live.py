"""Long work in an operator: live progress in the App, and in the record of a delegated run."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import fiftyone.operators as foo
from fiftyone.operators import ExecutionContext
from fiftyone.operators.message import GeneratedMessage, MessageType

Report = Callable[[float, str], None]
Work = Callable[[Report], dict[str, Any]]

# Seconds between two messages to the App.
_PAUSE = 0.25


class GivenUp(BaseException):
    """The user closed the form or the page while the work was going on: no error, and nothing to catch on the way."""


class ExecutionResult:
    """The message that gives the App an operator's result when the operator is a generator.

    The App knows it by the name of this class.
    """

    def __init__(self, result: dict[str, Any]) -> None:
        self._result = result

    def to_json(self) -> dict[str, Any]:
        """The result itself: what `resolve_output` finds in `ctx.results`."""
        return self._result


def config(name: str, label: str, description: str, icon: str, *, delegated: bool = False) -> foo.OperatorConfig:
    """The configuration of an operator that does long work: its form follows the choices, and it tells its progress.

    Args:
        name: the operator's name.
        label: what the App calls it.
        description: what it does.
        icon: a Material icon.
        delegated: whether it runs in the background unless asked otherwise.
    """
    return foo.OperatorConfig(
        name=name,
        label=label,
        description=description,
        icon=icon,
        dynamic=True,
        # Only generators tell the App how far they are, and are not killed after ten minutes.
        execute_as_generator=True,
        allow_delegated_execution=True,
        default_choice_to_delegated=delegated,
    )


def run(ctx: ExecutionContext, work: Work, finish: Callable[[dict[str, Any]], Iterator[Any]]) -> Any:
    """Does the work of an operator.

    Args:
        ctx: the operator's context.
        work: gets a function to report the share that is done, in [0, 1], with a label; gives the result.
        finish: what to tell the App at the end.

    Returns:
        What `execute` returns: the result when delegated, a generator of messages otherwise.
    """
    if ctx.delegated:
        return work(_throttled(lambda share, label: ctx.set_progress(progress=share, label=label)))
    return _stream(ctx, work, finish)


def _stream(
    ctx: ExecutionContext, work: Work, finish: Callable[[dict[str, Any]], Iterator[Any]]
) -> Iterator[GeneratedMessage]:
    """Works in a thread and passes its progress on; stops the work when the App no longer listens."""
    news: queue.Queue[tuple[float, str] | None] = queue.Queue()
    outcome: dict[str, Any] = {}
    given_up = threading.Event()

    def report(share: float, label: str) -> None:
        if given_up.is_set():
            raise GivenUp
        news.put((share, label))

    def labour() -> None:
        try:
            outcome["result"] = work(_throttled(report))
        except BaseException as error:
            outcome["error"] = error
        finally:
            news.put(None)

    threading.Thread(target=labour, name="clipit-operator", daemon=True).start()
    try:
        while (item := news.get()) is not None:
            yield ctx.ops.set_progress(progress=item[0], label=item[1])
    finally:
        given_up.set()
    if "error" in outcome:
        raise outcome["error"]
    yield from finish(outcome["result"])
    yield GeneratedMessage(MessageType.SUCCESS, cls=ExecutionResult, body=ExecutionResult(outcome["result"]))


def _throttled(report: Report) -> Report:
    """Passes on a few reports a second; the first and whatever completes the work always."""
    last = -1.0

    def throttled(share: float, label: str) -> None:
        nonlocal last
        now = time.monotonic()
        if share >= 1 or now - last >= _PAUSE:
            last = now
            report(share, label)

    return throttled
