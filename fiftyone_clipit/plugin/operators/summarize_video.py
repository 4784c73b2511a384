"""The operator "Summarize video": a form that follows the choices, live progress, a report."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import fiftyone.operators as foo
import fiftyone.operators.types as types
from fiftyone.operators import ExecutionContext

from fiftyone_clipit.dataset import plan
from fiftyone_clipit.dataset.folders import checkpoints
from fiftyone_clipit.dataset.videos import videos_of
from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.plugin import form, guide, live, report
from fiftyone_clipit.plugin.answers import in_words, or_why_not
from fiftyone_clipit.settings import Settings


class SummarizeVideo(foo.Operator):
    """Summarizes videos: importance of every frame, and the segments that matter."""

    @property
    def config(self) -> foo.OperatorConfig:
        return live.config(
            name="summarize_video",
            label="Summarize video",
            description="Find what matters in videos, for a question or in general",
            icon="auto_awesome_motion",
        )

    def resolve_placement(self, ctx: ExecutionContext) -> types.Placement:
        button = types.Button(label="Summarize video", icon="auto_awesome_motion", prompt=True)
        return types.Placement(form.place(ctx), button)

    def resolve_run_name(self, ctx: ExecutionContext) -> str:
        return f"Summarize video: {ctx.params.get('key', 'summary')}"

    def resolve_input(self, ctx: ExecutionContext) -> types.Property:
        inputs = types.Object()
        form.add_target(inputs, ctx, "Summarize")
        guide.add(inputs, ctx)
        form.add_budget(inputs, ctx)
        _add_scope(inputs, ctx)
        form.add_encoder(inputs)
        key = inputs.str(
            "key",
            label="Name of the summary",
            description="its fields get this name; an existing name goes on with that summary",
            required=True,
            default=_free_key(ctx),
        )
        _check(inputs, key, ctx)
        inputs.bool("advanced", label="More options", default=False, view=types.SwitchView())
        if ctx.params.get("advanced"):
            _add_advanced(inputs, ctx)
        return types.Property(inputs, view=types.View(label="Summarize video"))

    @in_words
    def execute(self, ctx: ExecutionContext) -> Any:
        made = plan.make_plan(
            videos_of(form.target(ctx)),
            _key(ctx),
            _settings(ctx.params),
            frames=ctx.params.get("frames", "all"),
            captions_field=guide.captions_field(ctx.params),
            query_field=guide.query_field(ctx.params),
            overwrite=ctx.params.get("overwrite", False),
        )

        def work(tell: live.Report) -> dict[str, Any]:
            # Torch takes seconds to import: not in the App's way before someone wants a summary.
            from fiftyone_clipit.dataset.job import SummaryJob

            tell(0.0, "loading the encoder")
            job = SummaryJob(made, **form.work(ctx.params))
            return report.of_run(job.run(on_progress=report.steps(tell, len(made.pending))))

        def finish(_: dict[str, Any]) -> Iterator[Any]:
            yield ctx.ops.reload_dataset()
            yield ctx.ops.set_active_fields([*dict.fromkeys([*ctx.active_fields, made.key])])

        return live.run(ctx, work, finish, name=live.name_of(ctx.dataset.name, made.key))

    @or_why_not
    def resolve_output(self, ctx: ExecutionContext) -> types.Property:
        return report.output("Summarized", ctx.results)


def _add_scope(inputs: types.Object, ctx: ExecutionContext) -> None:
    """Asks whether each video gets its own budget, or all share one."""
    scopes = types.RadioGroup(orientation="horizontal")
    scopes.add_choice("video", label="each video", description="every video gets its summary")
    scopes.add_choice("dataset", label="all videos together", description="the best of all of them")
    inputs.enum("scope", scopes.values(), label="That length is for", view=scopes, default="video")
    if ctx.params.get("scope") == "dataset":
        inputs.bool("deduplicate", label="Show footage that several videos have once", default=True)


def _add_advanced(inputs: types.Object, ctx: ExecutionContext) -> None:
    guide.add_more(inputs, ctx)
    inputs.float("fps", label="Sampled frames a second", default=2.0)
    inputs.float("min_length", label="Least length of a segment, in seconds", default=1.0)
    scorers = {"zero-shot": "no training: what fits the words, or stands out"}
    scorers |= {str(folder): f"trained on {folder.name}" for folder in checkpoints(ctx.dataset)}
    described = "zero-shot, or a checkpoint: a folder, a hub id, or modelscope:<path>"
    form.add_name(inputs, "scorer", scorers, label="Scorer", description=described, default="zero-shot")
    frames = types.RadioGroup(orientation="horizontal")
    frames.add_choice("all", label="every frame")
    frames.add_choice("sampled", label="sampled frames only")
    inputs.enum("frames", frames.values(), label="Store the importance of", view=frames, default="all")
    form.add_work(inputs)


def _check(inputs: types.Object, key: types.Property, ctx: ExecutionContext) -> None:
    """Says at the key what stands in the way, and asks whether to replace what is there."""
    if not guide.is_complete(ctx.params):
        return  # the form itself asks for what is missing
    try:
        settings = _settings(ctx.params)
        standing = plan.look_up(
            ctx.dataset,
            _key(ctx),
            settings,
            frames=ctx.params.get("frames", "all"),
            captions_field=guide.captions_field(ctx.params),
            query_field=guide.query_field(ctx.params),
        )
    except UsageError as error:
        form.invalid(key, str(error))
        return
    if standing.run is None:
        return
    done = standing.run.results.get("totals", {}).get("videos", 0)
    replace = inputs.bool("overwrite", label="Replace what is there for these videos", default=False)
    if standing.differences and not ctx.params.get("overwrite"):
        form.invalid(
            replace,
            f"“{standing.run.key}” was made otherwise ({'; '.join(standing.differences.values())}): choose another "
            "name, or replace it",
        )
    elif not ctx.params.get("overwrite"):
        inputs.view("goes_on", types.Notice(label=f"{done} videos have this summary: goes on with the others"))


def _key(ctx: ExecutionContext) -> str:
    return ctx.params.get("key") or _free_key(ctx)


def _free_key(ctx: ExecutionContext) -> str:
    """A name that is not taken, for a form that is opened."""
    number, key = 1, "summary"
    while ctx.dataset.has_field(key):
        number += 1
        key = f"summary_{number}"
    return key


def _settings(params: dict[str, Any]) -> Settings:
    names = ("encoder", "scorer", "fps", "min_length", "scope", "deduplicate")
    return Settings.from_config(
        {
            **guide.settings(params),
            "budget": form.budget(params),
            **{name: params[name] for name in names if params.get(name) is not None},
        }
    )
