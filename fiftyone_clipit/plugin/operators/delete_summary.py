"""The operator "Delete summary"."""

from __future__ import annotations

import fiftyone.operators as foo
import fiftyone.operators.types as types
from fiftyone.operators import ExecutionContext

from fiftyone_clipit.dataset.fields import SummaryFields
from fiftyone_clipit.dataset.runs import delete_summary
from fiftyone_clipit.plugin import form


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
        )

    def resolve_input(self, ctx: ExecutionContext) -> types.Property:
        inputs = types.Object()
        if run := form.add_summary(inputs, ctx):
            names = SummaryFields(run.key).existing(ctx.dataset)
            lost = ", ".join(f"`{name}`" for name in names)
            inputs.view("lost", types.Warning(label=f"Deletes {lost} and the run; this cannot be undone"))
        prompt = types.PromptView(label="Delete summary", submit_button_label="Delete")
        return types.Property(inputs, view=prompt)

    def execute(self, ctx: ExecutionContext) -> None:
        delete_summary(ctx.dataset, ctx.params["key"])
        ctx.ops.reload_dataset()
        ctx.ops.notify(f"“{ctx.params['key']}” is deleted", variant="success")
