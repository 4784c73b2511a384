"""Opening a video or clip in the App, in a view that has it.

The App shows a page of traceback when it is told to open what its view does not have; and a view that it is told to
show is there only some time later.
"""

from __future__ import annotations

from fiftyone.core.view import DatasetView
from fiftyone.operators import ExecutionContext


def open_in(ctx: ExecutionContext, view: DatasetView, sample_id: str) -> None:
    """Opens a sample: at once where the view on the screen has it, else as soon as the App shows the given view.

    Args:
        ctx: the event's context.
        view: a view that has the sample.
        sample_id: what to open; in a view of clips, a clip.
    """
    if _shows(ctx, sample_id):
        ctx.ops.open_sample(id=sample_id)
        return
    ctx.panel.state.set("opening", sample_id)
    ctx.ops.set_view(view=view)


def open_when_there(ctx: ExecutionContext) -> bool:
    """Opens what waits for its view, when the view is there; whether it did."""
    waiting = ctx.panel.state.get("opening")
    if not waiting or not _shows(ctx, waiting):
        return False
    ctx.panel.state.set("opening", None)
    ctx.ops.open_sample(id=waiting)
    return True


def _shows(ctx: ExecutionContext, sample_id: str) -> bool:
    return bool(len(ctx.view.select(sample_id)))
