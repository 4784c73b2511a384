"""The operator "Export summary": films, timelines, tables and pictures of a summary, or of the clips on the screen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fiftyone.operators as foo
import fiftyone.operators.types as types
from fiftyone.core.collections import SampleCollection
from fiftyone.operators import ExecutionContext

from fiftyone_clipit.dataset.folders import export_folder
from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.export.formats import FORMATS, find_formats
from fiftyone_clipit.plugin import form, live
from fiftyone_clipit.plugin.answers import in_words, or_why_not

_SHOWN = 100


class ExportSummary(foo.Operator):
    """Exports a summary, or the clips on the screen as they stand."""

    @property
    def config(self) -> foo.OperatorConfig:
        return live.config(
            name="export_summary",
            label="Export summary",
            description="Films, clips, timelines, tables and pictures of a summary, or of the clips on the screen",
            icon="ios_share",
        )

    def resolve_placement(self, ctx: ExecutionContext) -> types.Placement:
        button = types.Button(label="Export summary", icon="ios_share", prompt=True)
        return types.Placement(form.place(ctx), button)

    def resolve_run_name(self, ctx: ExecutionContext) -> str:
        return f"Export summary: {ctx.params.get('key', 'clips')}"

    def resolve_input(self, ctx: ExecutionContext) -> types.Property:
        inputs = types.Object()
        run = None
        if _shows_clips(ctx):
            _add_clips(inputs, ctx)
        else:
            run = form.add_summary(inputs, ctx)
            form.add_target(inputs, ctx, "Export the summary of")
        _add_formats(inputs, ctx)
        _add_folder(inputs, ctx, run.key if run else None)
        inputs.bool("join", label="One film, sheet or timeline for all videos", default=False)
        inputs.bool("advanced", label="More options", default=False, view=types.SwitchView())
        if ctx.params.get("advanced"):
            _add_advanced(inputs)
        return types.Property(inputs, view=types.View(label="Export summary"))

    @in_words
    def execute(self, ctx: ExecutionContext) -> Any:
        folder = _folder(ctx, ctx.params.get("key"))
        samples = _clips(ctx) if _shows_clips(ctx) else form.target(ctx)

        def work(tell: live.Report) -> dict[str, Any]:
            from fiftyone_clipit.dataset.export import export

            report = export(
                samples,
                None if _shows_clips(ctx) else ctx.params.get("key"),
                folder,
                formats=_formats(ctx.params),
                dataset_name=ctx.params.get("dataset_name") or None,
                overwrite=ctx.params.get("overwrite", False),
                progress=False,
                on_progress=tell,
                **_options(ctx.params),
            )
            return {
                "headline": str(report),
                "failed": len(report.failures),
                "files": [{"path": str(p), "bytes": _size(report.folder / p)} for p in report.paths()[:_SHOWN]],
                "failures": [{"path": str(f.path), "reason": f.reason} for f in report.failures[:_SHOWN]],
            }

        def finish(result: dict[str, Any]) -> Iterator[Any]:
            yield ctx.ops.notify(result["headline"], variant="warning" if result["failed"] else "success")

        return live.run(ctx, work, finish)

    @or_why_not
    def resolve_output(self, ctx: ExecutionContext) -> types.Property:
        result = ctx.results or {}
        outputs = types.Object()
        view = types.Warning if result.get("failed") else types.Success
        outputs.view("done", view(label=result.get("headline", "")))
        for name, label, column in (("failures", "Failed", "reason"), ("files", "Files", "bytes")):
            if result.get(name):
                table = types.TableView()
                table.add_column("path", label="File")
                table.add_column(column, label=column.capitalize())
                outputs.list(name, types.Object(), label=label, view=table)
        return types.Property(outputs, view=types.View(label="Export summary"))


def _add_formats(inputs: types.Object, ctx: ExecutionContext) -> None:
    choices = types.AutocompleteView(allow_user_input=False, allow_duplicates=False)
    for known in FORMATS.values():
        choices.add_choice(known.name, label=known.name, description=known.description)
    prop = inputs.list("formats", types.String(), label="Formats", view=choices, default=["reel"], required=True)
    try:
        find_formats(_formats(ctx.params))
    except UsageError as error:
        form.invalid(prop, str(error))


def _add_folder(inputs: types.Object, ctx: ExecutionContext, key: str | None) -> None:
    described = "on the machine where FiftyOne runs; made if it is not there"
    if not ctx.params.get("folder"):
        described += f"; if left empty: {export_folder(ctx.dataset, key or 'clips')}"
    prop = inputs.str("folder", label="Folder", description=described)
    try:
        if _folder(ctx, key).is_file():
            raise UsageError("This is a file, not a folder")
    except UsageError as error:
        form.invalid(prop, str(error))


def _add_advanced(inputs: types.Object) -> None:
    order = types.RadioGroup(orientation="horizontal")
    for value, label in (("given", "as shown"), ("time", "by time"), ("rank", "best first")):
        order.add_choice(value, label=label)
    inputs.enum("order", order.values(), label="Order of the segments", view=order, default="given")
    inputs.float("padding", label="Seconds added before and after each segment", default=0.0)
    inputs.int("height", label="Height of films in pixels", description="the video's own if left empty", min=2)
    inputs.bool("audio", label="With sound", default=True)
    inputs.bool("burn_time", label="Write the time into the picture", default=False)
    inputs.float("title_cards", label="Seconds of a title card before each segment of a reel", default=0.0)
    inputs.str("dataset_name", label="Also make a dataset of the clips or key frames", description="its name")
    inputs.bool("overwrite", label="Replace files that are in the way", default=False)


def _shows_clips(ctx: ExecutionContext) -> bool:
    """Whether the view on the screen is one of clips, and no summary was asked for."""
    view: SampleCollection = ctx.view
    return bool(getattr(view, "_is_clips", False)) and not ctx.params.get("key")


def _add_clips(inputs: types.Object, ctx: ExecutionContext) -> None:
    """Asks which clips: the one that is open, those that are checked, or all of the view."""
    if ctx.current_sample:
        inputs.bool("only_current", label="Only the clip that is open", default=True)
        if ctx.params.get("only_current", True):
            return
    checked = len(ctx.selected)
    which = f"the {checked} clips that are checked" if checked else "the clips of this view"
    inputs.view("as_shown", types.Notice(label=f"Exports {which} as they stand"))


def _clips(ctx: ExecutionContext) -> SampleCollection:
    """The clips that `_add_clips` asked for, in the order of the view."""
    view: SampleCollection = ctx.view
    if ctx.current_sample and ctx.params.get("only_current", True):
        return view.select(ctx.current_sample)
    return view.select(ctx.selected) if ctx.selected else view


def _formats(params: dict[str, Any]) -> list[str]:
    return params.get("formats") or ["reel"]


def _folder(ctx: ExecutionContext, key: str | None) -> Path:
    usual = export_folder(ctx.dataset, key or "clips")
    return form.folder(ctx, usual) or usual


def _options(params: dict[str, Any]) -> dict[str, Any]:
    names = ("join", "order", "padding", "audio", "title_cards")
    options = {name: params[name] for name in names if params.get(name) is not None}
    if params.get("height"):
        options["size"] = params["height"]
    if params.get("burn_time"):
        options["burn"] = ("time",)
    return options


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
