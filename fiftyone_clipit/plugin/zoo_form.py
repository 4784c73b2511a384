"""The form in which FiftyOne's model zoo asks for the model's arguments."""

from __future__ import annotations

import fiftyone.operators.types as types
from fiftyone.operators import ExecutionContext

from fiftyone_clipit.plugin import form


def resolve_input(model_name: str, ctx: ExecutionContext) -> types.Property:
    """The query, the encoder and the budget, as ClipItModel's arguments."""
    inputs = types.Object()
    inputs.str("query", label="Question", description="what to look for; empty: the video itself decides")
    form.add_encoder(inputs)
    inputs.float("budget", label="Length of the summary", description="a share of each video, in (0, 1]", default=0.15)
    return types.Property(inputs)
