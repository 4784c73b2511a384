"""The operator "Evaluate summary": a summary against what people marked, beside what needs no method."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fiftyone.operators as foo
import fiftyone.operators.types as types
from fiftyone.operators import ExecutionContext

from fiftyone_clipit.dataset.folders import report_folder
from fiftyone_clipit.dataset.measuring import check_truths
from fiftyone_clipit.dataset.score_fields import check_score_field
from fiftyone_clipit.dataset.train_options import check_folder
from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.evaluation.report import COLUMNS
from fiftyone_clipit.plugin import figures, form, labels, live, report
from fiftyone_clipit.plugin.answers import in_words, or_why_not


class EvaluateSummary(foo.Operator):
    """Measures a summary against labels of the dataset."""

    @property
    def config(self) -> foo.OperatorConfig:
        return live.config(
            name="evaluate_summary",
            label="Evaluate summary",
            description="Measure a summary against what people marked, with baselines beside it",
            icon="leaderboard",
            delegated=True,
        )

    def resolve_run_name(self, ctx: ExecutionContext) -> str:
        return f"Evaluate summary: {ctx.params.get('key', '')}"

    def resolve_input(self, ctx: ExecutionContext) -> types.Property:
        inputs = types.Object()
        run = form.add_summary(inputs, ctx)
        form.add_target(inputs, ctx, "Measure on")
        truth = labels.add_truth(inputs, ctx, several=True)
        kinds = types.RadioGroup(orientation="horizontal")
        kinds.add_choice("mean", label="mean", description="as on TVSum")
        kinds.add_choice("max", label="the person who agrees most", description="as on SumMe")
        inputs.enum("reduction", kinds.values(), label="F-score over people", view=kinds, default="mean")
        example = f"for instance {run.key}_f_score; empty: nowhere" if run else "empty: nowhere"
        field = inputs.str("field", label="Store the F-score of each video in", description=example)
        described = "JSON, a table and a plot go there; empty: nowhere"
        folder = inputs.str("folder", label="Folder for the report", description=described)
        inputs.bool("features", label="Also coverage and redundancy, where features are cached", default=True)
        for prop, check in ((truth, _check_truth), (field, _check_field), (folder, _check_folder)):
            try:
                check(ctx, run.key if run else "")
            except UsageError as error:
                form.invalid(prop, str(error))
        return types.Property(inputs, view=types.View(label="Evaluate summary"))

    @in_words
    def execute(self, ctx: ExecutionContext) -> Any:
        params = ctx.params
        if not params.get("key"):
            raise UsageError("key: which summary?")
        samples, folder = form.target(ctx), _folder(ctx, params["key"])

        def work(tell: live.Report) -> dict[str, Any]:
            from fiftyone_clipit.dataset.evaluate import evaluate

            tell(0.0, "loading the encoder")
            found = evaluate(
                samples,
                params["key"],
                params.get("ground_truth") or [],
                reduction=params.get("reduction") or "mean",
                features=params.get("features", True),
                field=params.get("field") or None,
                folder=folder,
                progress=False,
                on_progress=lambda share, path: tell(share, os.path.basename(path)),
            )
            return {
                "done": len(found.videos),
                "failed": len(found.failures),
                "length": "; ".join(f"{name}: {value}" for name, value in found.result.protocol.items()),
                "means": figures.table(found.result, COLUMNS),
                "f1": figures.spread(found.result, "f1"),
                "tau": figures.spread(found.result, "tau_mean_over_users"),
                "failures": report.failures(found.failures),
                "notes": found.notes,
            }

        def finish(_: dict[str, Any]) -> Iterator[Any]:
            if params.get("field"):
                yield ctx.ops.reload_dataset()
            yield ctx.ops.notify(f"Measured {params['key']}", variant="success")

        return live.run(ctx, work, finish)

    @or_why_not
    def resolve_output(self, ctx: ExecutionContext) -> types.Property:
        result = ctx.results or {}
        shown = report.output("Measured", result)
        table = types.TableView()
        table.add_column("method", label="")
        for name, (heading, _) in COLUMNS.items():
            if any(name in row for row in result.get("means", [])):
                table.add_column(name, label=heading)
        shown.type.list("means", types.Object(), label="Means over the videos", view=table)
        figures.add_plot(shown.type, "f1", "Agreement", across="", up="F1 in percent")
        if result.get("tau"):
            figures.add_plot(shown.type, "tau", "Order of the frames", across="", up="tau-b")
        return shown


def _check_truth(ctx: ExecutionContext, key: str) -> None:
    if ctx.params.get("ground_truth"):
        check_truths(ctx.dataset, key, ctx.params["ground_truth"])


def _check_field(ctx: ExecutionContext, key: str) -> None:
    if ctx.params.get("field"):
        check_score_field(ctx.dataset, key, ctx.params["field"])


def _check_folder(ctx: ExecutionContext, key: str) -> None:
    if folder := _folder(ctx, key):
        check_folder(folder)


def _folder(ctx: ExecutionContext, key: str) -> Path | None:
    return form.folder(ctx, report_folder(ctx.dataset, key or "summary"))
