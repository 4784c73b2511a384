"""The operator "Train summarizer": from labels of the dataset to a checkpoint that "Summarize video" takes."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fiftyone.operators as foo
import fiftyone.operators.types as types
from fiftyone.operators import ExecutionContext

from fiftyone_clipit.dataset.folders import checkpoint_folder
from fiftyone_clipit.dataset.train_options import TrainOptions, check_fields, check_folder, network_of
from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.plugin import figures, form, labels, live, report
from fiftyone_clipit.plugin.answers import in_words, or_why_not
from fiftyone_clipit.scoring.network_config import PRESETS
from fiftyone_clipit.training.config import TrainingConfig

_PRESETS = {
    "paper": "the paper's transformer",
    "cosine": "small and much the quickest",
    "modelscope": "ModelScope's form of it",
}


class TrainSummarizer(foo.Operator):
    """Trains the CLIP-It network on labelled videos."""

    @property
    def config(self) -> foo.OperatorConfig:
        return live.config(
            name="train_summarizer",
            label="Train summarizer",
            description="Learn from labels what matters in videos; the result is a scorer for summaries",
            icon="model_training",
            delegated=True,
        )

    def resolve_run_name(self, ctx: ExecutionContext) -> str:
        taught_by = ctx.params.get("target") or ctx.params.get("supervision") or ""
        return f"Train summarizer: {ctx.params.get('folder') or taught_by}"

    def resolve_input(self, ctx: ExecutionContext) -> types.Property:
        inputs = types.Object()
        form.add_target(inputs, ctx, "Learn from")
        where = labels.add(inputs, ctx)
        presets = types.Dropdown()
        for name in PRESETS:
            presets.add_choice(name, label=name, description=_PRESETS.get(name))
        inputs.enum("preset", presets.values(), label="Network", view=presets, default="paper")
        form.add_encoder(inputs)
        folder = _add_folder(inputs, ctx)
        inputs.bool("advanced", label="More options", default=False, view=types.SwitchView())
        if ctx.params.get("advanced"):
            _add_advanced(inputs)
        _check(ctx, where, folder)
        return types.Property(inputs, view=types.View(label="Train summarizer"))

    @in_words
    def execute(self, ctx: ExecutionContext) -> Any:
        # Torch takes seconds to import: not in the App's way before someone wants to train.
        from fiftyone_clipit.dataset.train_job import TrainJob

        params = ctx.params
        val = params.get("val")
        job = TrainJob(
            form.target(ctx),
            _folder(ctx),
            _options(params),
            _training(params),
            val=0.2 if val is None else val,
            preset=params.get("preset") or "paper",
            network=params.get("network"),
            start_from=params.get("start_from") or None,
            overwrite=params.get("overwrite", False),
            **form.work(params),
        )

        def work(tell: live.Report) -> dict[str, Any]:
            tell(0.0, "loading the encoder")
            made = job.run(on_progress=tell)
            return {
                "checkpoint": str(made.checkpoint.absolute()),
                "curves": figures.losses(made.training.seeds),
                "correlations": figures.correlations(made.training.seeds),
                "done": made.videos,
                "failed": len(made.failures),
                "length": made.outcome,
                "failures": report.failures(made.failures),
                "notes": [made.note] if made.note else [],
            }

        def finish(result: dict[str, Any]) -> Iterator[Any]:
            yield ctx.ops.notify(f"Trained: {result['checkpoint']}", variant="success")

        return live.run(ctx, work, finish)

    @or_why_not
    def resolve_output(self, ctx: ExecutionContext) -> types.Property:
        result = ctx.results or {}
        shown = report.output("Trained on", result)
        shown.type.str(
            "checkpoint",
            label="The checkpoint: give it as scorer to “Summarize video”",
            view=types.LabelValueView(read_only=True),
        )
        step = figures.epoch_step(result.get("curves", []))
        figures.add_plot(shown.type, "curves", "Loss", across="epoch", up="loss", step=step)
        if result.get("correlations"):
            figures.add_plot(shown.type, "correlations", "Validation", across="epoch", up="rank correlation", step=step)
        return shown


def _add_folder(inputs: types.Object, ctx: ExecutionContext) -> types.Property:
    described = "the checkpoint goes there, on the machine that trains; the same folder goes on with that training"
    if labels.is_complete(ctx.params):
        with contextlib.suppress(UsageError):  # said where it belongs
            described += f"; if left empty: {checkpoint_folder(ctx.dataset, _options(ctx.params).learned_from)}"
    return inputs.str("folder", label="Folder", description=described)


def _add_advanced(inputs: types.Object) -> None:
    inputs.int("epochs", label="Epochs", default=20, min=1)
    inputs.float("learning_rate", label="Learning rate", default=1e-4)
    inputs.str(
        "seeds", label="Seeds", description="one training each, the best is taken; for instance 0, 1, 2", default="0"
    )
    number = types.Number(min=0, max=0.9, float=True)
    view = types.SliderView(label_position="top", componentsProps={"slider": {"step": 0.05}})
    described = "the share of the videos that chooses the epoch; videos of the final test do not belong here at all"
    inputs.define_property("val", number, label="Set aside", description=described, view=view, default=0.2)
    inputs.str("start_from", label="Begin with", description="another checkpoint; empty: from scratch")
    inputs.float("fps", label="Sampled frames a second", default=2.0)
    inputs.bool("overwrite", label="Replace another training in the folder", default=False)
    form.add_work(inputs)


def _check(ctx: ExecutionContext, where: types.Property, folder: types.Property) -> None:
    """Says at the inputs what stands in the way."""
    try:
        if named := _folder(ctx):
            check_folder(named)
        _training(ctx.params)
        network_of(ctx.params.get("preset") or "paper", None)
    except UsageError as error:
        form.invalid(folder, str(error))
    if not labels.is_complete(ctx.params):
        return  # the form itself asks for what is missing
    try:
        check_fields(form.target(ctx), _options(ctx.params))
    except UsageError as error:
        form.invalid(where, str(error))


def _folder(ctx: ExecutionContext) -> Path | None:
    usual = checkpoint_folder(ctx.dataset, "labels")
    with contextlib.suppress(UsageError):  # said where it belongs
        usual = checkpoint_folder(ctx.dataset, _options(ctx.params).learned_from)
    return form.folder(ctx, usual)


def _options(params: dict[str, Any]) -> TrainOptions:
    names = ("captioner", "caption_prompt", "encoder", "fps")
    given = {name: params[name] for name in names if params.get(name) not in (None, "")}
    return TrainOptions(**labels.options(params), **given)


def _training(params: dict[str, Any]) -> TrainingConfig:
    seeds = params.get("seeds") or "0"
    if isinstance(seeds, str):
        try:
            seeds = [int(seed) for seed in seeds.replace(",", " ").split()]
        except ValueError:
            raise UsageError(f"seeds are {seeds!r}: expected whole numbers such as 0, 1, 2") from None
    given = {name: params[name] for name in ("epochs", "learning_rate") if params.get(name) is not None}
    mode = labels.options(params)["supervision"]
    return TrainingConfig.from_dict({"mode": mode, "seeds": seeds, **given})
