"""One training from one seed: epochs of steps, validation, and the choice of the epoch."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.scoring.network import ClipIt
from fiftyone_clipit.training.batches import collate, cropped, shuffled
from fiftyone_clipit.training.config import TrainingConfig
from fiftyone_clipit.training.examples import VideoExample
from fiftyone_clipit.training.objective import Objective
from fiftyone_clipit.training.results import EpochReport, SeedResult
from fiftyone_clipit.training.state import load_state, save_state
from fiftyone_clipit.training.validation import validate

_ALIGNED_FRAMES = 4096


@dataclass(frozen=True, eq=False)
class Task:
    """What all seeds of a run share.

    Attributes:
        make: builds the untrained network.
        fresh: whether it starts from random weights (and not from a checkpoint).
        train: examples to learn from.
        val: examples to choose the epoch by; empty: the last epoch is taken.
        objective: what to minimize.
        config: how.
        chosen_by: "correlation", "loss", or "last epoch".
        device: where.
        identity: of data and configuration; a state of another one is refused.
    """

    make: Callable[[], ClipIt]
    fresh: bool
    train: Sequence[VideoExample]
    val: Sequence[VideoExample]
    objective: Objective
    config: TrainingConfig
    chosen_by: str
    device: str
    identity: str


def train_seed(task: Task, seed: int, folder: Path, report: Callable[[EpochReport], None]) -> SeedResult:
    """Trains to the last epoch, from the last one that an earlier call finished.

    Args:
        task: what to train, on what.
        seed: decides the first weights, the order of the videos, and dropout.
        folder: gets the checkpoint of the chosen epoch, and the state after each epoch.
        report: called after each epoch, once its state is safe.

    Raises:
        UsageError: the loss is no longer a number.
    """
    config = task.config
    devices = [torch.device(task.device)] if task.device.startswith("cuda") else []
    with torch.random.fork_rng(devices):
        torch.manual_seed(seed)
        model = task.make().to(task.device)
        if task.fresh:
            _align(model, task.train, seed)
        optimizer = torch.optim.Adam(
            model.parameters(), lr=config.learning_rate, weight_decay=config.weight_decay, fused=True
        )
        history = load_state(folder, model, optimizer, task.identity)
        steps = math.ceil(len(task.train) / config.batch_size)
        for epoch in range(len(history) + 1, config.epochs + 1):
            # Each epoch has its own stream of random numbers, so that a resumed one draws what it would have drawn.
            torch.manual_seed(seed * 1_000_003 + epoch)
            row = _epoch(task, model, optimizer, seed, epoch, steps)
            if task.val:
                found = validate(model, task.val, task.objective, batch_size=config.batch_size, device=task.device)
                row = replace(row, val_loss=found.loss, val_correlation=found.correlation)
            row = replace(row, best=_is_best(task, history, row), progress=epoch / config.epochs)
            history.append(row)
            if row.best:
                model.save_pretrained(folder)
            save_state(folder, model, optimizer, history, task.identity)
            report(row)
    best = max((row for row in history if row.best), key=lambda row: row.epoch)
    return SeedResult(seed, folder, best.epoch, _value(task, best), history)


def _epoch(
    task: Task, model: ClipIt, optimizer: torch.optim.Optimizer, seed: int, epoch: int, steps: int
) -> EpochReport:
    config, device = task.config, task.device
    model.train()
    total, rate = 0.0, 0.0
    parts: dict[str, float] = {}
    crops = np.random.default_rng([seed, epoch])
    for step, group in enumerate(shuffled(task.train, config.batch_size, seed * 1_000_003 + epoch)):
        rate = config.learning_rate * _schedule(config, (epoch - 1) * steps + step, config.epochs * steps)
        for parameters in optimizer.param_groups:
            parameters["lr"] = rate
        batch = collate(cropped(group, model.config.max_length, crops), model, device)
        with torch.autocast(device.split(":")[0], torch.bfloat16, enabled=config.mixed_precision):
            loss, found, _ = task.objective(model, batch)
        if not torch.isfinite(loss):
            names = ", ".join(example.name for example in group)
            raise UsageError(
                f"the loss became {float(loss.detach())} in epoch {epoch} at {names}: try a lower learning_rate than "
                f"{config.learning_rate:g}, or clip_norm"
            )
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        if config.clip_norm:
            torch.nn.utils.clip_grad_norm_(model.parameters(), config.clip_norm)
        optimizer.step()
        total += float(loss.detach()) / steps
        for name, value in found.items():
            parts[name] = parts.get(name, 0.0) + value / steps
    return EpochReport(seed, epoch, rate, total, parts, None, None, False, 0.0)


def _schedule(config: TrainingConfig, step: int, steps: int) -> float:
    """The learning rate's factor at a step, counted from 0."""
    rising = config.warmup * steps
    if step < rising:
        return (step + 1) / (rising + 1)
    done = (step - rising) / max(steps - rising, 1)
    if config.schedule == "linear":
        return 1 - done
    return (1 + math.cos(math.pi * done)) / 2 if config.schedule == "cosine" else 1.0


def _value(task: Task, row: EpochReport) -> float | None:
    return row.val_correlation if task.chosen_by == "correlation" else row.val_loss


def _is_best(task: Task, history: Sequence[EpochReport], row: EpochReport) -> bool:
    if not task.val:
        return row.epoch == task.config.epochs
    # What is no number is worse than any: mixed precision may overflow in one epoch and recover in the next.
    return not history or goodness(_value(task, row), task.chosen_by) > max(
        goodness(_value(task, earlier), task.chosen_by) for earlier in history
    )


def goodness(value: float | None, chosen_by: str) -> float:
    """What the validation fold gave, the greater the better; least of all where it is no number."""
    if value is None or not math.isfinite(value):
        return -math.inf
    return value if chosen_by == "correlation" else -value


def _align(model: ClipIt, examples: Sequence[VideoExample], seed: int) -> None:
    """Starts the language attention from the training set's own features; see `ClipIt.align`."""
    texts = [example.text for example in examples if example.text is not None]
    if not texts:
        return
    generator = np.random.default_rng(seed)
    each = max(1, _ALIGNED_FRAMES // len(examples))
    frames = [example.features[generator.permutation(len(example.features))[:each]] for example in examples]
    device = next(model.parameters()).device
    model.align(
        torch.from_numpy(np.concatenate(frames)).to(device),
        torch.from_numpy(np.concatenate(texts)).to(device),
    )
