"""Pieces that the forms of several operators share: one helper, written once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import fiftyone as fo
import fiftyone.operators.types as types
from fiftyone.core.collections import SampleCollection
from fiftyone.operators import ExecutionContext

from fiftyone_clipit.dataset.captions import captions_path
from fiftyone_clipit.dataset.runs import SummaryRun, list_summaries
from fiftyone_clipit.encoders.names import DEFAULT, TINY, TINY_NOTE
from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.summary.budget import parse_budget

_ENCODERS = {
    DEFAULT: "CLIP ViT-B/32: quick, good for most videos",
    "ViT-B-16/openai": "CLIP ViT-B/16: finer, about 4 times the work",
    "ViT-L-14/openai": "CLIP ViT-L/14: finest, about 18 times the work",
    "ViT-B-16-SigLIP/webli": "SigLIP ViT-B/16",
    TINY: TINY_NOTE,
}


def invalid(prop: types.Property, message: str) -> None:
    """Blocks the form and says why, at one of its inputs."""
    prop.invalid = True
    prop.error_message = message


def add_target(inputs: types.Object, ctx: ExecutionContext, action: str) -> None:
    """Asks which videos: the one that is open, or dataset, view or selection."""
    if ctx.current_sample:
        inputs.bool("only_current", label="Only the video that is open", default=True)
        if ctx.params.get("only_current", True):
            return
    inputs.view_target(ctx, action_description=action)


def target(ctx: ExecutionContext) -> SampleCollection:
    """The videos that `add_target` asked for; for clips the videos that they come from."""
    if ctx.current_sample and ctx.params.get("only_current", True):
        view = ctx.view.select(ctx.current_sample)
        samples = view if len(view) else ctx.dataset.select(ctx.current_sample)
    else:
        samples = ctx.target_view()
    if getattr(samples, "_is_clips", False):
        return ctx.dataset.select(list(dict.fromkeys(samples.values("sample_id"))))
    if samples.media_type == "group":
        return samples.select_group_slices(media_type="video")
    return samples


def add_summary(inputs: types.Object, ctx: ExecutionContext) -> SummaryRun | None:
    """Asks for one of the dataset's summaries; the one that is chosen, None while there is none."""
    summaries = {run.key: run for run in list_summaries(ctx.dataset)}
    choices = types.Dropdown()
    for run in summaries.values():
        choices.add_choice(run.key, label=run.key, description=run.asked)
    default = next(iter(summaries)) if len(summaries) == 1 else None
    prop = inputs.enum("key", choices.values(), label="Summary", view=choices, required=True, default=default)
    if not summaries:
        invalid(prop, "This dataset has no summaries yet: run “Summarize video” first")
    return summaries.get(ctx.params.get("key", default))


def add_name(
    inputs: types.Object, name: str, known: Mapping[str, str], *, label: str, description: str, default: str
) -> None:
    """Asks for a name: one of those that are known to work well, each with what it is, or any other."""
    choices = types.AutocompleteView(allow_user_input=True)
    for value, what in known.items():
        choices.add_choice(value, label=value, description=what)
    inputs.str(name, label=label, description=description, view=choices, default=default)


def add_encoder(inputs: types.Object) -> None:
    """Asks for an encoder."""
    description = "any open_clip “model/tag”, “hf-hub:owner/name”, “local-dir:folder”"
    add_name(inputs, "encoder", _ENCODERS, label="Encoder", description=description, default=DEFAULT)


def add_budget(inputs: types.Object, ctx: ExecutionContext, default: float | str = 0.15) -> None:
    """Asks for a budget: a share of each video, or a time."""
    limit = parse_budget(default)
    units = types.RadioGroup(orientation="horizontal")
    units.add_choice("share", label="a share of each video")
    units.add_choice("seconds", label="seconds of each video")
    usual = "share" if limit.seconds is None else "seconds"
    inputs.enum("budget_unit", units.values(), label="Length of the summary", view=units, default=usual)
    if ctx.params.get("budget_unit", usual) == "share":
        share = float(limit.fraction * 100) if limit.fraction is not None else 15.0
        number = types.Number(min=1, max=100, float=True)
        view = types.SliderView(value_precision=0, componentsProps={"slider": {"step": 1}})
        inputs.define_property("budget_share", number, label="Percent", view=view, default=share)
    else:
        seconds = float(limit.seconds) if limit.seconds is not None else 60.0
        prop = inputs.float("budget_seconds", label="Seconds", default=seconds)
        if (ctx.params.get("budget_seconds", seconds) or 0) <= 0:
            invalid(prop, "A summary needs more than 0 seconds")


def budget(params: dict[str, Any], default: float | str = 0.15) -> float | str:
    """The budget that `add_budget` asked for; a script may give `budget` itself."""
    if "budget" in params:
        return params["budget"]
    unit = params.get("budget_unit")
    if unit == "seconds" or (unit is None and "budget_seconds" in params):
        return f"{params.get('budget_seconds', 60.0):g}s"
    return params["budget_share"] / 100 if "budget_share" in params else default


def add_work(inputs: types.Object) -> None:
    """Asks how to compute: device, pictures at once, videos at once."""
    inputs.str("device", label="Device", description="cpu, cuda, cuda:1, ...; the best there is if left empty")
    inputs.int("batch_size", label="Pictures encoded at once", min=1)
    inputs.int("num_workers", label="Videos decoded at once", min=1)


def work(params: dict[str, Any]) -> dict[str, Any]:
    """What `add_work` asked for, as arguments."""
    return {name: params.get(name) or None for name in ("device", "batch_size", "num_workers")}


def caption_fields(dataset: fo.Dataset) -> list[str]:
    """The fields that may hold sentences about a video."""
    fields = [name for name in dataset.get_field_schema() if name not in ("filepath", "id", "tags", "media_type")]
    ours = {name for run in list_summaries(dataset) for name in (run.key, f"{run.key}_shots")}
    return [name for name in fields if name not in ours and _holds_sentences(dataset, name)]


def _holds_sentences(dataset: fo.Dataset, name: str) -> bool:
    try:
        captions_path(dataset, name)
    except UsageError:
        return False
    return True
