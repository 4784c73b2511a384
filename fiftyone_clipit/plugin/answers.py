"""What the App is told when an operator ends: its result, or in words why there is none.

FiftyOne has no place for words: what is raised before the first message shows above a folded traceback, and what is
raised later breaks the answer off, which the App calls a network error.
"""

from __future__ import annotations

import contextlib
import inspect
import logging
from collections.abc import Callable, Generator, Iterator
from functools import wraps
from typing import Any

import fiftyone.operators.types as types
from fiftyone.operators import ExecutionContext
from fiftyone.operators.message import GeneratedMessage, MessageType

from fiftyone_clipit.errors import ClipItError
from fiftyone_clipit.plugin.background import GivenUp
from fiftyone_clipit.plugin.panel.words import plain

logger = logging.getLogger(__name__)

Execute = Callable[[Any, ExecutionContext], Any]
ResolveOutput = Callable[[Any, ExecutionContext], types.Property | None]


class ExecutionResult:
    """The message that gives the App an operator's result when the operator is a generator.

    The App knows it by the name of this class.
    """

    def __init__(self, result: dict[str, Any]) -> None:
        self._result = result

    def to_json(self) -> dict[str, Any]:
        """The result itself: what `resolve_output` finds in `ctx.results`."""
        return self._result


def answer(result: dict[str, Any]) -> GeneratedMessage:
    """A result as a message to the App."""
    return GeneratedMessage(MessageType.SUCCESS, cls=ExecutionResult, body=ExecutionResult(result))


def from_app(ctx: ExecutionContext) -> bool:
    """Whether the App asked for this: its requests name the operator in their body, calls in Python do not."""
    return "operator_uri" in ctx.request_params


def explain(error: Exception) -> str:
    """An error in words: our own as they are, others with their kind; those are logged with what led to them."""
    if isinstance(error, ClipItError):
        return str(error)
    logger.error("an operator or the panel failed", exc_info=error)
    return f"Something went wrong: {type(error).__name__}: {error}"


def in_words(execute: Execute) -> Execute:
    """Makes an operator's `execute` give the App a result that says what went wrong, instead of raising it.

    A delegated run raises: FiftyOne's record of it has to say that it failed. So does a call in Python.
    """

    @wraps(execute)
    def safe(operator: Any, ctx: ExecutionContext) -> Any:
        if ctx.delegated or not from_app(ctx):
            return execute(operator, ctx)
        try:
            result = execute(operator, ctx)
        except Exception as error:
            failed = {"error": explain(error)}
            # The App listens to a generator for messages alone.
            return _only(failed) if operator.config.execute_as_generator else failed
        return _relayed(ctx, result) if inspect.isgenerator(result) else result

    return safe


def or_why_not(resolve_output: ResolveOutput) -> ResolveOutput:
    """Makes an operator's `resolve_output` show what `in_words` says, where there is no result to show."""

    @wraps(resolve_output)
    def safe(operator: Any, ctx: ExecutionContext) -> types.Property | None:
        result = ctx.results or {}
        label = operator.config.label
        if "error" in result:
            return _notice(label, types.AlertView(severity="error", label=plain(result["error"])))
        if "stopped" in result:
            view = types.AlertView(severity="warning", label="Stopped", description="what was finished by then is kept")
            return _notice(label, view)
        return resolve_output(operator, ctx)

    return safe


def _only(result: dict[str, Any]) -> Iterator[GeneratedMessage]:
    """A result as the only message."""
    yield answer(result)


def _relayed(ctx: ExecutionContext, messages: Generator[Any, Any, Any]) -> Iterator[Any]:
    """The messages of an operator; what it raises becomes the last one."""
    begun = False
    try:
        # Who stops listening here does so there.
        with contextlib.closing(messages):
            for message in messages:
                yield message
                begun = True
        return
    except Exception as error:
        outcome: dict[str, Any] = {"error": explain(error)}
    except GivenUp:
        outcome = {"stopped": True}
    if begun:
        # The App shows progress in front of the result, until somebody closes it.
        yield ctx.ops.set_progress(progress=1.0, label=outcome.get("error", "Stopped"))
        # Some of it may be there by now.
        yield ctx.ops.reload_dataset()
    yield answer(outcome)


def _notice(label: str, view: types.View) -> types.Property:
    outputs = types.Object()
    outputs.view("notice", view)
    return types.Property(outputs, view=types.View(label=label))
