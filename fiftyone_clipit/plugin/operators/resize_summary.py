"""The operator "Resize summary": another length from stored shots."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import fiftyone.operators as foo
import fiftyone.operators.types as types
from fiftyone.operators import ExecutionContext

from fiftyone_clipit.dataset.resize_job import ResizeJob
from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.plugin import form, live, report
from fiftyone_clipit.plugin.answers import in_words, or_why_not
from fiftyone_clipit.settings import Settings


class ResizeSummary(foo.Operator):
    """Gives a summary another length, without new scores."""

    @property
    def config(self) -> foo.OperatorConfig:
        return live.config(
            name="resize_summary",
            label="Resize summary",
            description="Give a summary another length; scores, pinned and dropped shots stay",
            icon="straighten",
        )

    def resolve_run_name(self, ctx: ExecutionContext) -> str:
        return f"Resize summary: {ctx.params.get('key', '')}"

    def resolve_input(self, ctx: ExecutionContext) -> types.Property:
        inputs = types.Object()
        run = form.add_summary(inputs, ctx, changes=True)
        form.add_target(inputs, ctx, "Resize the summary of")
        form.add_budget(inputs, ctx, run.config["budget"] if run else Settings().budget)
        return types.Property(inputs, view=types.View(label="Resize summary"))

    @in_words
    def execute(self, ctx: ExecutionContext) -> Any:
        if "key" not in ctx.params:
            raise UsageError("key: which summary?")
        key = ctx.params["key"]
        job = ResizeJob(form.target(ctx), key, form.budget(ctx.params))

        def work(tell: live.Report) -> dict[str, Any]:
            return report.of_resize(job.run(on_progress=report.steps(tell, len(job.pending))))

        def finish(_: dict[str, Any]) -> Iterator[Any]:
            yield ctx.ops.reload_dataset()

        return live.run(ctx, work, finish, name=live.name_of(ctx.dataset.name, key))

    @or_why_not
    def resolve_output(self, ctx: ExecutionContext) -> types.Property:
        return report.output("Resized", ctx.results)
