"""The operator "Caption videos": a sentence for each shot, as temporal detections."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import fiftyone.operators as foo
import fiftyone.operators.types as types
from fiftyone.operators import ExecutionContext

from fiftyone_clipit.dataset.caption_field import CaptionOptions, check_field
from fiftyone_clipit.dataset.videos import videos_of
from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.plugin import form, guide, live, report
from fiftyone_clipit.plugin.answers import in_words, or_why_not


class CaptionVideos(foo.Operator):
    """Describes the shots of videos with a captioning model."""

    @property
    def config(self) -> foo.OperatorConfig:
        return live.config(
            name="caption_videos",
            label="Caption videos",
            description="Describe each shot of videos in a sentence",
            icon="subtitles",
        )

    def resolve_run_name(self, ctx: ExecutionContext) -> str:
        return f"Caption videos: {_field(ctx.params)}"

    def resolve_input(self, ctx: ExecutionContext) -> types.Property:
        inputs = types.Object()
        form.add_target(inputs, ctx, "Caption")
        guide.add_captioner(inputs)
        field = inputs.str("field", label="Field", description="the captions go there", default="captions")
        inputs.bool("overwrite", label="Replace captions that are there", default=False)
        inputs.bool("advanced", label="More options", default=False, view=types.SwitchView())
        if ctx.params.get("advanced"):
            _add_advanced(inputs)
        try:
            check_field(
                ctx.dataset, _field(ctx.params), _options(ctx.params), overwrite=ctx.params.get("overwrite", False)
            )
        except UsageError as error:
            form.invalid(field, str(error))
        return types.Property(inputs, view=types.View(label="Caption videos"))

    @in_words
    def execute(self, ctx: ExecutionContext) -> Any:
        # Like the other operators' models: not imported before someone wants them.
        from fiftyone_clipit.dataset.captioning import CaptionJob

        params, field = ctx.params, _field(ctx.params)
        job = CaptionJob(
            videos_of(form.target(ctx)),
            field,
            _options(params),
            overwrite=params.get("overwrite", False),
            **form.work(params),
        )

        def work(tell: live.Report) -> dict[str, Any]:
            tell(0.0, "loading the models")
            made = job.run(on_progress=report.steps(tell, len(job.pending)))
            return {
                "done": made.captioned,
                "skipped": made.skipped,
                "failed": len(made.failures),
                "length": f"{made.captions} captions in “{field}”",
                "failures": report.failures(made.failures),
            }

        def finish(_: dict[str, Any]) -> Iterator[Any]:
            yield ctx.ops.reload_dataset()
            yield ctx.ops.set_active_fields([*dict.fromkeys([*ctx.active_fields, field])])

        return live.run(ctx, work, finish)

    @or_why_not
    def resolve_output(self, ctx: ExecutionContext) -> types.Property:
        return report.output("Captioned", ctx.results)


def _add_advanced(inputs: types.Object) -> None:
    inputs.int("max_new_tokens", label="Tokens of a sentence at most", default=30, min=1)
    frames = types.RadioGroup(orientation="horizontal")
    frames.add_choice("typical", label="its most typical frame")
    frames.add_choice("middle", label="its middle frame")
    inputs.enum("frame", frames.values(), label="Describe a shot by", view=frames, default="typical")
    form.add_encoder(inputs)
    inputs.float("fps", label="Sampled frames a second", default=2.0)
    form.add_work(inputs)


def _field(params: dict[str, Any]) -> str:
    return params.get("field") or "captions"


def _options(params: dict[str, Any]) -> CaptionOptions:
    given = {"prompt": params.get("caption_prompt")}
    given |= {name: params.get(name) for name in ("captioner", "max_new_tokens", "frame", "encoder", "fps")}
    return CaptionOptions(**{name: value for name, value in given.items() if value})
