"""The operator "Encode videos": fills the cache, so that later questions are answered at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import fiftyone.operators as foo
import fiftyone.operators.types as types
from fiftyone.operators import ExecutionContext

from fiftyone_clipit.dataset.videos import videos_of
from fiftyone_clipit.encoders.names import DEFAULT
from fiftyone_clipit.plugin import form, live, report
from fiftyone_clipit.plugin.answers import in_words, or_why_not
from fiftyone_clipit.settings import Settings


class EncodeVideos(foo.Operator):
    """Encodes videos ahead of the first question."""

    @property
    def config(self) -> foo.OperatorConfig:
        return live.config(
            name="encode_videos",
            label="Encode videos",
            description="Encode videos now, so that later questions about them are answered at once",
            icon="memory",
        )

    def resolve_input(self, ctx: ExecutionContext) -> types.Property:
        inputs = types.Object()
        form.add_target(inputs, ctx, "Encode")
        form.add_encoder(inputs)
        inputs.float("fps", label="Sampled frames a second", default=2.0)
        form.add_work(inputs)
        return types.Property(inputs, view=types.View(label="Encode videos"))

    @in_words
    def execute(self, ctx: ExecutionContext) -> Any:
        videos = videos_of(form.target(ctx))
        settings = Settings(encoder=ctx.params.get("encoder") or DEFAULT, fps=ctx.params.get("fps") or 2.0)

        def work(tell: live.Report) -> dict[str, Any]:
            from fiftyone_clipit.dataset.encode import encode

            tell(0.0, "loading the encoder")
            return encode(videos, settings, on_progress=report.steps(tell, len(videos)), **form.work(ctx.params))

        def finish(result: dict[str, Any]) -> Iterator[Any]:
            yield ctx.ops.notify(report.headline("Encoded", result), variant="success")

        return live.run(ctx, work, finish)

    @or_why_not
    def resolve_output(self, ctx: ExecutionContext) -> types.Property:
        return report.output("Encoded", ctx.results)
