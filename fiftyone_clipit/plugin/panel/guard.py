"""What goes wrong in the panel becomes a message in the panel, never a page of traceback."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from fiftyone.operators import ExecutionContext

from fiftyone_clipit.plugin.answers import explain

Handler = Callable[[Any, ExecutionContext], None]


def guarded(handler: Handler) -> Handler:
    """Makes an event handler of a panel tell the user what went wrong instead of raising it."""

    @wraps(handler)
    def safe(panel: Any, ctx: ExecutionContext) -> None:
        # The panel refreshes by itself: nobody has read the message by then.
        if ctx.panel.state.get("message") and ctx.params.get("__method__") != "on_refresh":
            ctx.panel.state.set("message", None)
        try:
            handler(panel, ctx)
        except Exception as error:
            said = explain(error)
            tell(ctx, said, severity="error")
            if ctx.params.get("of"):
                # What was clicked may be far below the message.
                ctx.ops.notify(said, variant="error")

    return safe


def tell(ctx: ExecutionContext, text: str, *, severity: str = "success") -> None:
    """Shows a message in the panel until the next event."""
    ctx.panel.state.set("message", {"text": text, "severity": severity})


def show(ctx: ExecutionContext, values: Mapping[str, Any]) -> None:
    """Lets inputs show values.

    A default would do as well, but the App reports defaults as changes, so that each costs an event.
    """
    state = ctx.panel.state
    if changed := {name: value for name, value in values.items() if state.get(name) != value}:
        state.set(changed)
