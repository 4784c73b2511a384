"""Long work in an operator: live progress in the App, and in the record of a delegated run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import fiftyone.operators as foo
from fiftyone.operators import ExecutionContext
from fiftyone.operators.message import GeneratedMessage

from fiftyone_clipit.plugin import background
from fiftyone_clipit.plugin.answers import answer
from fiftyone_clipit.plugin.background import GivenUp, Report, Work, is_running, stop

__all__ = ["GivenUp", "Report", "Work", "config", "is_running", "name_of", "run", "stop"]


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


def name_of(dataset_name: str, key: str) -> str:
    """The name of work on a summary, for `run`, `stop` and `is_running`."""
    return f"{dataset_name}/{key}"


def run(
    ctx: ExecutionContext, work: Work, finish: Callable[[dict[str, Any]], Iterator[Any]], *, name: str | None = None
) -> Any:
    """Does the work of an operator.

    Work that runs at once goes on to its end when the App stops listening, because somebody closed the page.

    Args:
        ctx: the operator's context.
        work: gets a function to report the share that is done, in [0, 1], with a label; gives the result.
        finish: what to tell the App at the end.
        name: what work that runs at once is known by, so that it can be stopped; there is one of a name at a time.

    Returns:
        What `execute` returns: the result when delegated, a generator of messages otherwise.

    Raises:
        UsageError: work of this name is going on.
    """
    if ctx.delegated:
        return work(background.throttled(lambda share, label: ctx.set_progress(progress=share, label=label)))
    return _messages(ctx, background.start(work, name), finish)


def _messages(
    ctx: ExecutionContext, labour: background.Labour, finish: Callable[[dict[str, Any]], Iterator[Any]]
) -> Iterator[GeneratedMessage]:
    """Passes on the progress of work, and its result."""
    try:
        for share, label in labour.news():
            yield ctx.ops.set_progress(progress=share, label=label)
    except GeneratorExit:
        labour.leave()
        raise
    except BaseException:
        # Somebody in Python pressed Ctrl-C: there it is not a page that went, but the one who wanted it.
        labour.stop()
        raise
    result = labour.result()
    yield from finish(result)
    yield answer(result)
