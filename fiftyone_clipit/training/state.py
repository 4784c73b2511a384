"""The state of a training after an epoch: all that it takes to go on as if nothing had stopped it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import torch
from torch import Tensor

from fiftyone_clipit.errors import CheckpointError, UsageError
from fiftyone_clipit.scoring.network import ClipIt
from fiftyone_clipit.training.results import EpochReport, report_from_dict
from fiftyone_clipit.training.whole_files import replacing

_FILE = "state.safetensors"


def save_state(
    folder: Path, model: ClipIt, optimizer: torch.optim.Optimizer, history: list[EpochReport], identity: str
) -> None:
    """Writes network, optimizer and history to one file, replaced in one step.

    Random numbers need no state: every epoch starts its own from the seed and its number.
    """
    from safetensors.torch import save_file

    tensors = {f"model/{name}": value.detach() for name, value in model.weights().items()}
    names: dict[Tensor, str] = {parameter: name for name, parameter in model.named_parameters()}
    for parameter, values in optimizer.state.items():
        for key, value in values.items():
            tensors[f"optimizer/{names[parameter]}/{key}"] = value.detach()
    metadata = {"identity": identity, "history": json.dumps([asdict(report) for report in history])}
    folder.mkdir(parents=True, exist_ok=True)
    with replacing(folder / _FILE) as temporary:
        save_file({name: value.contiguous().cpu() for name, value in tensors.items()}, temporary, metadata=metadata)


def load_state(folder: Path, model: ClipIt, optimizer: torch.optim.Optimizer, identity: str) -> list[EpochReport]:
    """Fills network and optimizer from the last epoch; the history so far, empty where there is none.

    Raises:
        UsageError: the state is of a training with other data or another configuration.
        CheckpointError: the file is damaged.
    """
    from safetensors import SafetensorError, safe_open

    path = folder / _FILE
    if not path.is_file():
        return []
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata()
            if metadata["identity"] != identity:
                raise UsageError(mismatch(folder))
            names = file.keys()
            tensors: dict[str, Tensor] = {name: file.get_tensor(name) for name in names}
    except (OSError, SafetensorError) as error:
        raise CheckpointError(f"{path}: not readable ({error}); delete it to train from the start") from error
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.copy_(tensors[f"model/{name}"])
            prefix = f"optimizer/{name}/"
            values = {key.removeprefix(prefix): tensors[key] for key in tensors if key.startswith(prefix)}
            if values:
                # The step counters, too: the fused optimizer refuses them anywhere else than beside the parameter.
                optimizer.state[parameter] = {key: value.to(parameter.device) for key, value in values.items()}
    return [report_from_dict(values) for values in json.loads(metadata["history"])]


def forget_state(folder: Path) -> None:
    """Removes the state of a training that has ended: it is several times the network's size."""
    (folder / _FILE).unlink(missing_ok=True)


def mismatch(folder: Path) -> str:
    """What to tell someone whose output folder holds another training."""
    return (
        f"{folder} holds a training with other data or another configuration: choose another output folder, or give "
        "overwrite=True to start anew"
    )
