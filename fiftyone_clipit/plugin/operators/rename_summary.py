"""The operator "Rename summary"."""

from __future__ import annotations

import fiftyone.operators as foo
import fiftyone.operators.types as types
from fiftyone.operators import ExecutionContext

from fiftyone_clipit.dataset.fields import check_key
from fiftyone_clipit.dataset.runs import has_summary, rename_summary
from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.plugin import form


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
        )

    def resolve_input(self, ctx: ExecutionContext) -> types.Property:
        inputs = types.Object()
        form.add_summary(inputs, ctx)
        prop = inputs.str("new_key", label="New name", required=True)
        if new_key := ctx.params.get("new_key"):
            try:
                check_key(ctx.dataset, new_key, ours=False)
            except UsageError as error:
                taken = has_summary(ctx.dataset, new_key)
                form.invalid(prop, f"There is a summary “{new_key}” already" if taken else str(error))
        return types.Property(inputs, view=types.View(label="Rename summary"))

    def execute(self, ctx: ExecutionContext) -> None:
        rename_summary(ctx.dataset, ctx.params["key"], ctx.params["new_key"])
        ctx.ops.reload_dataset()
        ctx.ops.notify(f"“{ctx.params['key']}” is now “{ctx.params['new_key']}”", variant="success")
