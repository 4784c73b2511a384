"""Pieces that the forms of several operators share: one helper, written once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import fiftyone as fo
import fiftyone.operators.types as types
from fiftyone.core.collections import SampleCollection
from fiftyone.operators import ExecutionContext

from fiftyone_clipit.dataset.captions import captions_path
from fiftyone_clipit.dataset.runs import SummaryRun, list_summaries, require_finished
from fiftyone_clipit.dataset.videos import check_videos, everything, select
from fiftyone_clipit.encoders.names import DEFAULT, TINY, TINY_NOTE
from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.plugin.answers import from_app
from fiftyone_clipit.plugin.panel.words import plain
from fiftyone_clipit.summary.budget import parse_budget

_ENCODERS = {
    DEFAULT: "CLIP ViT-B/32: quick, good for most videos",
    "ViT-B-16/openai": "CLIP ViT-B/16: finer, about 4 times the work",
    "ViT-L-14/openai": "CLIP ViT-L/14: finest, about 18 times the work",
    "ViT-B-16-SigLIP/webli": "SigLIP ViT-B/16",
    TINY: TINY_NOTE,
}


def place(ctx: ExecutionContext) -> types.Places:
    """Where an operator has its button: above the grid, and beside the video while one is open."""
    return types.Places.SAMPLES_VIEWER_ACTIONS if ctx.current_sample else types.Places.SAMPLES_GRID_SECONDARY_ACTIONS


def invalid(prop: types.Property, message: str) -> None:
    """Blocks the form and says why, at one of its inputs."""
    prop.invalid = True
    prop.error_message = message


def add_target(inputs: types.Object, ctx: ExecutionContext, action: str) -> None:
    """Asks which videos: the one that is open, or dataset, view or selection; says when there are none.

    The panel may open a form about one video (`video`, its id): then there is nothing to ask.
    """
    if video := ctx.params.get("video"):
        inputs.str("video", view=types.HiddenView(), default=video)
        names = [os.path.basename(path) for path in select(ctx.dataset, [video]).values("filepath")]
        inputs.view("only_video", types.Notice(label=plain(f"Only {names[0]}" if names else "This video is gone")))
    elif ctx.current_sample:
        inputs.bool("only_current", label="Only the video that is open", default=True)
    if not (video or _only_current(ctx)):
        inputs.view_target(ctx, action_description=action)
    try:
        _check_chosen(_chosen(ctx))
    except UsageError as error:
        # Where there is nothing to choose from, FiftyOne hides the choice and what is said at it.
        invalid(inputs.view("no_videos", types.AlertView(severity="error", label=plain(str(error)))), str(error))


def target(ctx: ExecutionContext) -> SampleCollection:
    """The videos that `add_target` asked for; for clips the videos that they come from, in their order.

    Raises:
        UsageError: the groups of a grouped dataset have no videos.
    """
    samples = _chosen(ctx)
    if _are_clips(samples):
        return select(ctx.dataset, list(dict.fromkeys(samples.values("sample_id"))), ordered=True)
    return samples


def _chosen(ctx: ExecutionContext) -> SampleCollection:
    """What `add_target` asked for, clips as they are."""
    dataset = ctx.dataset
    if dataset.media_type == "group" and "video" not in dataset.group_media_types.values():
        raise UsageError(f"dataset {dataset.name!r} has no videos in its groups; summaries need videos")
    if video := ctx.params.get("video"):
        return select(dataset, [video])
    samples = _current(ctx) if _only_current(ctx) else ctx.target_view()
    return samples.select_group_slices(media_type="video") if samples.media_type == "group" else samples


def _check_chosen(samples: SampleCollection) -> None:
    if not _are_clips(samples):
        check_videos(samples)
    elif not samples.limit(1).values("id"):
        raise UsageError("nothing to do: the view has no clips")


def _only_current(ctx: ExecutionContext) -> bool:
    return bool(ctx.current_sample and ctx.params.get("only_current", True))


def _current(ctx: ExecutionContext) -> SampleCollection:
    """What is open: a video, a clip of the view, or a picture that stands for the videos of its group."""
    for place in (everything(ctx.dataset), ctx.view):
        found = place.select(ctx.current_sample)
        if found.values("id"):
            return found
    return ctx.dataset.select(ctx.current_sample)


def _are_clips(samples: SampleCollection) -> bool:
    return bool(getattr(samples, "_is_clips", False))


def add_summary(inputs: types.Object, ctx: ExecutionContext, *, changes: bool = False) -> SummaryRun | None:
    """Asks for one of the dataset's summaries.

    Args:
        inputs: the form.
        ctx: the operator's context.
        changes: whether the operator changes the summary, so that nobody may be making it at this moment.

    Returns:
        The one that is chosen, None while there is none.
    """
    summaries = {run.key: run for run in list_summaries(ctx.dataset)}
    choices = types.Dropdown()
    for run in summaries.values():
        choices.add_choice(run.key, label=run.key, description=run.asked)
    default = next(iter(summaries)) if len(summaries) == 1 else None
    prop = inputs.enum("key", choices.values(), label="Summary", view=choices, required=True, default=default)
    if not summaries:
        invalid(prop, "This dataset has no summaries yet: run “Summarize video” first")
    chosen = summaries.get(ctx.params.get("key", default))
    if chosen and changes:
        try:
            require_finished(chosen)
        except UsageError as error:
            invalid(prop, str(error))
    return chosen


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
        return f"{_in_full(params.get('budget_seconds', 60.0))}s"
    return params["budget_share"] / 100 if "budget_share" in params else default


def folder(ctx: ExecutionContext, usual: Path, name: str = "folder") -> Path | None:
    """The folder that somebody typed; None if nobody did.

    Args:
        ctx: the operator's context.
        usual: a folder that is good for this, to name in the message.
        name: the input's name.

    Raises:
        UsageError: it is relative, and typed in the App: the server's folder, to which that would be, lies inside
            FiftyOne's installation. Or it begins with a user that does not exist.
    """
    given = str(ctx.params.get(name) or "").strip()
    if not given:
        return None
    try:
        path = Path(given).expanduser()
    except RuntimeError:
        raise UsageError(
            f"folder {given!r}: there is no such user; write the whole path, for instance {usual}"
        ) from None
    if from_app(ctx) and not path.is_absolute():
        raise UsageError(
            f"folder {given!r} is relative, but the App has no folder of its own: write {usual}, or another"
        )
    return path


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


def _in_full(number: float) -> str:
    """A number as people write it: 1000000, not 1e+06."""
    text = f"{Decimal(str(number)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
