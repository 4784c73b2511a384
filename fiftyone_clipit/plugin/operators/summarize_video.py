"""The operator "Summarize video": a form that follows the choices, live progress, a report."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import fiftyone.operators as foo
import fiftyone.operators.types as types
from fiftyone.operators import ExecutionContext

from fiftyone_clipit.dataset import plan
from fiftyone_clipit.dataset.videos import videos_of
from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.plugin import form, live, report
from fiftyone_clipit.settings import Settings

_MODES = {
    "query": ("A question", "what to look for, in words"),
    "captions": ("Captions", "sentences about each video, from a field"),
    "video": ("The video itself", "what is rare and what belongs together"),
}


class SummarizeVideo(foo.Operator):
    """Summarizes videos: importance of every frame, and the segments that matter."""

    @property
    def config(self) -> foo.OperatorConfig:
        return foo.OperatorConfig(
            name="summarize_video",
            label="Summarize video",
            description="Find what matters in videos, for a question or in general",
            icon="auto_awesome_motion",
            dynamic=True,
            execute_as_generator=True,
            allow_delegated_execution=True,
        )

    def resolve_placement(self, ctx: ExecutionContext) -> types.Placement:
        button = types.Button(label="Summarize video", icon="auto_awesome_motion", prompt=True)
        return types.Placement(types.Places.SAMPLES_GRID_SECONDARY_ACTIONS, button)

    def resolve_run_name(self, ctx: ExecutionContext) -> str:
        return f"Summarize video: {ctx.params.get('key', 'summary')}"

    def resolve_input(self, ctx: ExecutionContext) -> types.Property:
        inputs = types.Object()
        form.add_target(inputs, ctx, "Summarize")
        _add_guide(inputs, ctx)
        form.add_budget(inputs, ctx)
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
            _add_advanced(inputs)
        return types.Property(inputs, view=types.View(label="Summarize video"))

    def execute(self, ctx: ExecutionContext) -> Any:
        made = plan.make_plan(
            videos_of(form.target(ctx)),
            _key(ctx),
            _settings(ctx.params),
            frames=ctx.params.get("frames", "all"),
            captions_field=_captions_field(ctx.params),
            overwrite=ctx.params.get("overwrite", False),
        )

        def work(tell: live.Report) -> dict[str, Any]:
            # Torch takes seconds to import: not in the App's way before someone wants a summary.
            from fiftyone_clipit.dataset.job import SummaryJob

            total = len(made.pending)
            tell(0.0, "loading the encoder")
            run = SummaryJob(made, **form.work(ctx.params)).run(
                on_progress=lambda done, path: tell(done / max(total, 1), report.step(done, total, path))
            )
            return report.of_run(run)

        def finish(_: dict[str, Any]) -> Iterator[Any]:
            yield ctx.ops.reload_dataset()
            yield ctx.ops.set_active_fields([*dict.fromkeys([*ctx.active_fields, made.key])])

        return live.run(ctx, work, finish)

    def resolve_output(self, ctx: ExecutionContext) -> types.Property:
        return report.output("Summarized", ctx.results)


def _add_guide(inputs: types.Object, ctx: ExecutionContext) -> None:
    """Asks what guides the summary, and then for just that."""
    modes = types.RadioGroup(orientation="horizontal")
    for value, (label, description) in _MODES.items():
        modes.add_choice(value, label=label, description=description)
    inputs.enum("mode", modes.values(), label="What matters?", view=modes, default="query")
    mode = _mode(ctx.params)
    if mode == "query":
        inputs.str(
            "query",
            label="Question",
            description="for instance “a child near the road”; several, one a line: any of them counts",
            view=types.TextFieldView(multiline=True, rows=2),
            required=True,
        )
    elif mode == "captions":
        names = form.caption_fields(ctx.dataset)
        choices = types.Dropdown()
        for name in names:
            choices.add_choice(name, label=name)
        prop = inputs.enum("captions", choices.values(), label="Field with captions", view=choices, required=True)
        if not names:
            form.invalid(prop, "This dataset has no field with sentences: temporal detections or strings")


def _add_advanced(inputs: types.Object) -> None:
    inputs.float("fps", label="Sampled frames a second", default=2.0)
    inputs.float("min_length", label="Least length of a segment, in seconds", default=1.0)
    inputs.str("scorer", label="Scorer", description="zero-shot, or a CLIP-It checkpoint", default="zero-shot")
    frames = types.RadioGroup(orientation="horizontal")
    frames.add_choice("all", label="every frame")
    frames.add_choice("sampled", label="sampled frames only")
    inputs.enum("frames", frames.values(), label="Store the importance of", view=frames, default="all")
    form.add_work(inputs)


def _check(inputs: types.Object, key: types.Property, ctx: ExecutionContext) -> None:
    """Says at the key what stands in the way, and asks whether to replace what is there."""
    if _mode(ctx.params) == "query" and not _queries(ctx.params):
        return  # the form itself asks for it
    try:
        settings = _settings(ctx.params)
        standing = plan.look_up(
            ctx.dataset,
            _key(ctx),
            settings,
            frames=ctx.params.get("frames", "all"),
            captions_field=_captions_field(ctx.params),
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


def _mode(params: dict[str, Any]) -> str:
    """What guides the summary; a script may leave it out and give a query or captions."""
    given = "query" if params.get("query") else "captions" if params.get("captions") else None
    return params.get("mode") or given or "query"


def _queries(params: dict[str, Any]) -> list[str]:
    query = params.get("query") or []
    lines = query.splitlines() if isinstance(query, str) else query
    return [line for line in lines if line.strip()]


def _captions_field(params: dict[str, Any]) -> str | None:
    return params.get("captions") if _mode(params) == "captions" else None


def _settings(params: dict[str, Any]) -> Settings:
    names = ("encoder", "scorer", "fps", "min_length")
    return Settings.from_config(
        {
            "query": _queries(params) if _mode(params) == "query" else (),
            "budget": form.budget(params),
            **{name: params[name] for name in names if params.get(name) is not None},
        }
    )
