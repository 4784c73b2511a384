"""The operator "Rename summary"."""

from __future__ import annotations

from typing import Any

import fiftyone.operators as foo
import fiftyone.operators.types as types
from fiftyone.operators import ExecutionContext

from fiftyone_clipit.dataset.fields import check_key
from fiftyone_clipit.dataset.runs import has_summary, rename_summary
from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.plugin import form, report
from fiftyone_clipit.plugin.answers import in_words, or_why_not


class RenameSummary(foo.Operator):
    """Renames a summary with all its fields."""

    @property
    def config(self) -> foo.OperatorConfig:
        return foo.OperatorConfig(
            name="rename_summary",
            label="Rename summary",
            description="Give a summary and all its fields another name",
            icon="drive_file_rename_outline",
            dynamic=True,
            allow_delegated_execution=True,
        )

    def resolve_run_name(self, ctx: ExecutionContext) -> str:
        return f"Rename summary: {ctx.params.get('key', '')}"

    def resolve_input(self, ctx: ExecutionContext) -> types.Property:
        inputs = types.Object()
        form.add_summary(inputs, ctx, changes=True)
        prop = inputs.str("new_key", label="New name", required=True)
        if new_key := ctx.params.get("new_key"):
            try:
                check_key(ctx.dataset, new_key, ours=False)
            except UsageError as error:
                taken = has_summary(ctx.dataset, new_key)
                form.invalid(prop, f"There is a summary “{new_key}” already" if taken else str(error))
        return types.Property(inputs, view=types.View(label="Rename summary"))

    @in_words
    def execute(self, ctx: ExecutionContext) -> dict[str, Any]:
        key, new_key = ctx.params["key"], ctx.params["new_key"]
        rename_summary(ctx.dataset, key, new_key)
        ctx.ops.reload_dataset()
        done = f"“{key}” is now “{new_key}”"
        ctx.ops.notify(done, variant="success")
        return {"headline": done}

    @or_why_not
    def resolve_output(self, ctx: ExecutionContext) -> types.Property | None:
        # Who waited for it has read the message; the record of a delegated run has nothing but this.
        return report.done("Rename summary", ctx.results) if ctx.delegated else None
