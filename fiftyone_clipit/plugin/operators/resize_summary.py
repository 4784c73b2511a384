"""The operator "Resize summary": another length from stored shots."""

from __future__ import annotations

from typing import Any

import fiftyone.operators as foo
import fiftyone.operators.types as types
from fiftyone.operators import ExecutionContext

from fiftyone_clipit.dataset.resize import resize
from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.plugin import form, report
from fiftyone_clipit.settings import Settings


class ResizeSummary(foo.Operator):
    """Gives a summary another length, without new scores."""

    @property
    def config(self) -> foo.OperatorConfig:
        return foo.OperatorConfig(
            name="resize_summary",
            label="Resize summary",
            description="Give a summary another length; scores, pinned and dropped shots stay",
            icon="straighten",
            dynamic=True,
        )

    def resolve_input(self, ctx: ExecutionContext) -> types.Property:
        inputs = types.Object()
        run = form.add_summary(inputs, ctx)
        form.add_target(inputs, ctx, "Resize the summary of")
        form.add_budget(inputs, ctx, run.config["budget"] if run else Settings().budget)
        return types.Property(inputs, view=types.View(label="Resize summary"))

    def execute(self, ctx: ExecutionContext) -> dict[str, Any]:
        if "key" not in ctx.params:
            raise UsageError("key: which summary?")
        run = resize(form.target(ctx), ctx.params["key"], form.budget(ctx.params))
        ctx.ops.reload_dataset()
        return report.of_run(run)

    def resolve_output(self, ctx: ExecutionContext) -> types.Property:
        return report.output("Resized", ctx.results)
