"""Training from examples to a checkpoint that `scorer=` takes."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from fiftyone_clipit.encoders.devices import pick_device
from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.scoring.checkpoints import load_scorer
from fiftyone_clipit.scoring.network import ClipIt
from fiftyone_clipit.scoring.network_config import ClipItConfig
from fiftyone_clipit.training.claim import claim
from fiftyone_clipit.training.config import TrainingConfig
from fiftyone_clipit.training.curves import draw_png, write_csv
from fiftyone_clipit.training.examples import VideoExample, caption_targets, check_examples
from fiftyone_clipit.training.losses import class_weights
from fiftyone_clipit.training.objective import Objective
from fiftyone_clipit.training.one_seed import Task, goodness, train_seed
from fiftyone_clipit.training.results import RESULT, EpochReport, SeedResult, TrainingResult, read_result
from fiftyone_clipit.training.set_aside import set_aside
from fiftyone_clipit.training.state import forget_state
from fiftyone_clipit.training.whole_files import replacing


def fit(
    examples: Sequence[VideoExample],
    *,
    output: str | os.PathLike[str],
    network: ClipItConfig | str = "paper",
    config: TrainingConfig | None = None,
    val: Sequence[VideoExample] | float | None = None,
    start_from: str | None = None,
    encoder: str = "",
    device: str | None = None,
    overwrite: bool = False,
    progress: bool = True,
    on_epoch: Callable[[EpochReport], None] | None = None,
) -> TrainingResult:
    """Trains the CLIP-It network.

    A run that was stopped, at any point, goes on after its last finished epoch when it is called again with the
    same arguments; on a processor it ends with the same weights, bit for bit, as one that never stopped.

    Args:
        examples: the training videos.
        output: folder for the checkpoint, `curves.csv`, `curves.png`, `training.json`, and a folder for each seed.
        network: what to train: a configuration, or a preset by name for features as wide as the examples'.
        config: how; the paper's way when absent.
        val: videos to choose the epoch and the seed by: examples, or the share of `examples` to set aside (chosen by
            the first seed). Without any the last epoch is taken. Never give the videos of the final test.
        start_from: a checkpoint to begin with, named as for `scorer`; `network` is not used then.
        encoder: name of the encoder that made the features; kept in the checkpoint.
        device: where; a GPU where there is one if left out.
        overwrite: remove what an earlier training with other data or configuration left in `output`, its network, too.
        progress: show a bar on the standard error stream.
        on_epoch: called after each epoch.

    Returns:
        Where the checkpoint is, and how each seed went.

    Raises:
        UsageError: examples that the mode cannot learn from, options that do not fit, an output folder that holds
            another training, or a loss that is no longer a number.
        CheckpointError: `start_from` cannot be loaded.
    """
    began = time.perf_counter()
    config = config or TrainingConfig()
    device = pick_device(device)
    train, held_out = _prepared(examples, val, config)
    make, shape = _network(network, start_from, train[0].dim, encoder, device)
    chosen_by, note = _chosen_by(config, held_out)
    identity = _identity(config, shape, train, held_out)
    folder, resumed = claim(output, identity, overwrite=overwrite)
    if resumed and (folder / RESULT).is_file():
        return _finished(read_result(folder))
    task = Task(
        make=make,
        fresh=start_from is None,
        train=train,
        val=held_out,
        objective=Objective(config.loss_weights, class_weights(_positive_share(train)), config.share),
        config=config,
        chosen_by=chosen_by,
        device=device,
        identity=identity,
    )
    results = []
    with _bar(len(config.seeds) * config.epochs, progress) as bar:
        for index, seed in enumerate(config.seeds):

            def report(row: EpochReport, before: int = index) -> None:
                bar.update(before * config.epochs + row.epoch - bar.n)
                bar.set_postfix_str(_postfix(row))
                if on_epoch is not None:
                    on_epoch(replace(row, progress=(before + row.progress) / len(config.seeds)))

            results.append(train_seed(task, seed, folder / f"seed-{seed}", report))
    best = _choose(results, chosen_by)
    # The decision stands in the result file, so the copy comes first: a folder with a result has its checkpoint.
    ClipIt.from_pretrained(best.folder).save_pretrained(folder)
    rows = [row for result in results for row in result.history]
    write_csv(folder / "curves.csv", rows)
    draw_png(folder / "curves.png", rows)
    result = TrainingResult(
        checkpoint=folder,
        seeds=results,
        chosen=best.seed,
        chosen_by=chosen_by,
        curves_csv=folder / "curves.csv",
        curves_png=folder / "curves.png",
        n_train=len(train),
        n_val=len(held_out),
        seconds=time.perf_counter() - began,
        resumed=resumed,
        note=note,
    )
    _write_result(folder, identity, result, config, shape)
    return _finished(result)


def _prepared(
    examples: Sequence[VideoExample], val: Sequence[VideoExample] | float | None, config: TrainingConfig
) -> tuple[list[VideoExample], list[VideoExample]]:
    check_examples(examples, config.mode)
    train = list(examples)
    held_out: list[VideoExample] = []
    if isinstance(val, int | float):
        train, held_out = set_aside(train, val, config.seeds[0], positives=config.mode == "supervised")
    elif val:
        held_out = list(val)
        check_examples(held_out, config.mode, dim=train[0].dim, what="validation")
        shared = sorted({example.video for example in train} & {example.video for example in held_out})
        if shared:
            raise UsageError(f"{shared[0]!r} is in the training and in the validation fold; a video may be in one only")
    if config.mode == "captions":
        labelled = caption_targets([*train, *held_out])
        train, held_out = labelled[: len(train)], labelled[len(train) :]
    return train, held_out


def _network(
    network: ClipItConfig | str, start_from: str | None, dim: int, encoder: str, device: str
) -> tuple[Callable[[], ClipIt], dict[str, Any]]:
    """How to build the untrained network, and what identifies it."""
    if start_from is not None:
        scorer = load_scorer(start_from, dim=dim, device=device)
        weights = {name: value.clone() for name, value in scorer.model.state_dict().items()}
        # The checkpoint to come belongs to the encoder of these examples, whatever the first one was trained on.
        begun = scorer.model.config if not encoder else replace(scorer.model.config, encoder=encoder)

        def copy() -> ClipIt:
            model = ClipIt(begun)
            model.load_state_dict(weights)
            return model

        return copy, {**begun.to_dict(), "start_from": scorer.fingerprint}
    shape = ClipItConfig(preset=network, dim=dim) if isinstance(network, str) else network
    if shape.dim != dim:
        raise UsageError(f"the network takes features of width {shape.dim}, the examples' are {dim} wide")
    if encoder:
        shape = replace(shape, encoder=encoder)
    return lambda: ClipIt(shape), shape.to_dict()


def _chosen_by(config: TrainingConfig, held_out: Sequence[VideoExample]) -> tuple[str, str]:
    """What chooses the epoch, and what the user should know about that."""
    if not held_out:
        return "last epoch", ""
    labelled = any(example.targets is not None and np.nanstd(example.targets) > 0 for example in held_out)
    if config.choose_by == "correlation" and not labelled:
        raise UsageError("choose_by is 'correlation', but no validation video has targets that vary; use 'loss'")
    # What learns without labels must not choose by them either, unless that is asked for.
    if config.choose_by or config.mode == "unsupervised" or labelled:
        return config.choose_by or ("loss" if config.mode == "unsupervised" else "correlation"), ""
    return "loss", (
        f"the targets of the {len(held_out)} validation examples do not vary, so their loss chose the epoch, not the "
        "rank correlation: set more videos aside, or name validation videos in which only some frames matter"
    )


def _identity(
    config: TrainingConfig, shape: dict[str, Any], train: Sequence[VideoExample], held_out: Sequence[VideoExample]
) -> str:
    digest = hashlib.sha256(json.dumps([config.to_dict(), shape], sort_keys=True).encode())
    for fold in (train, held_out):
        digest.update(b"fold")
        for example in fold:
            digest.update(example.name.encode())
            for values in (example.features, example.targets, example.text):
                digest.update(b"-" if values is None else np.ascontiguousarray(values).tobytes())
    return digest.hexdigest()[:32]


def _positive_share(examples: Sequence[VideoExample]) -> float:
    means = [float(np.nanmean(each.targets)) for each in examples if each.targets is not None]
    return float(np.mean(means)) if means else 0.5


def _choose(results: Sequence[SeedResult], chosen_by: str) -> SeedResult:
    if chosen_by == "last epoch":
        return results[0]
    return max(results, key=lambda result: goodness(result.value, chosen_by))


def _bar(total: int, shown: bool) -> Any:
    from tqdm import tqdm

    return tqdm(total=total, desc="training", unit="epoch", disable=not shown)


def _postfix(row: EpochReport) -> str:
    parts = [f"seed {row.seed}", f"loss {row.loss:.4f}"]
    if row.val_loss is not None:
        parts.append(f"val {row.val_loss:.4f}")
    if row.val_correlation is not None:
        parts.append(f"rho {row.val_correlation:.3f}")
    return ", ".join(parts)


def _write_result(
    folder: Path, identity: str, result: TrainingResult, config: TrainingConfig, shape: dict[str, Any]
) -> None:
    values = {"identity": identity, "config": config.to_dict(), "network": shape, **result.to_dict()}
    with replacing(folder / RESULT) as temporary:
        temporary.write_text(json.dumps(values, indent=1), encoding="utf-8")


def _finished(result: TrainingResult) -> TrainingResult:
    """Removes what only an unfinished training needs, also what an earlier call was killed before removing."""
    for seed in result.seeds:
        forget_state(seed.folder)
    return result
