"""The operator "Delete summary"."""

from __future__ import annotations

from typing import Any

import fiftyone.operators as foo
import fiftyone.operators.types as types
from fiftyone.operators import ExecutionContext

from fiftyone_clipit.dataset.fields import SummaryFields
from fiftyone_clipit.dataset.runs import delete_summary
from fiftyone_clipit.plugin import form, report
from fiftyone_clipit.plugin.answers import in_words, or_why_not


class DeleteSummary(foo.Operator):
    """Deletes a summary: its fields and its run."""

    @property
    def config(self) -> foo.OperatorConfig:
        return foo.OperatorConfig(
            name="delete_summary",
            label="Delete summary",
            description="Delete a summary with all its fields",
            icon="delete_outline",
            dynamic=True,
            allow_delegated_execution=True,
        )

    def resolve_run_name(self, ctx: ExecutionContext) -> str:
        return f"Delete summary: {ctx.params.get('key', '')}"

    def resolve_input(self, ctx: ExecutionContext) -> types.Property:
        inputs = types.Object()
        if run := form.add_summary(inputs, ctx, changes=True):
            names = SummaryFields(run.key).existing(ctx.dataset)
            lost = ", ".join(f"`{name}`" for name in names)
            inputs.view("lost", types.Warning(label=f"Deletes {lost} and the run; this cannot be undone"))
        prompt = types.PromptView(label="Delete summary", submit_button_label="Delete")
        return types.Property(inputs, view=prompt)

    @in_words
    def execute(self, ctx: ExecutionContext) -> dict[str, Any]:
        key = ctx.params["key"]
        lost = SummaryFields(key).existing(ctx.dataset)
        delete_summary(ctx.dataset, key)
        ctx.ops.reload_dataset()
        done = f"“{key}” is deleted"
        ctx.ops.notify(done, variant="success")
        return {"headline": done, "length": f"with its fields {', '.join(lost)}" if lost else ""}

    @or_why_not
    def resolve_output(self, ctx: ExecutionContext) -> types.Property | None:
        # Who waited for it has read the message; the record of a delegated run has nothing but this.
        return report.done("Delete summary", ctx.results) if ctx.delegated else None
