"""Checkpoints on disk: a folder with config.json and model.safetensors, never a pickle."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from torch import Tensor, nn

from fiftyone_clipit.errors import CheckpointError

CONFIG = "config.json"
WEIGHTS = "model.safetensors"
_PICKLES = (".bin", ".pt", ".pth", ".ckpt", ".pkl")


def locate(name: str | os.PathLike[str], **options: Any) -> Path:
    """The local folder of a checkpoint, downloaded from the Hugging Face hub when it is no folder here.

    Args:
        name: a folder, or the name of a repository on the hub.
        options: `revision`, `cache_dir`, `force_download`, `local_files_only`, `token`, as in huggingface_hub.

    Raises:
        CheckpointError: there is no such folder, it lacks a file, or the hub does not give it.
    """
    name = os.fspath(name)
    path = Path(name).expanduser()
    if path.is_file():
        hint = f"; for ModelScope's checkpoint write modelscope:{name}" if path.suffix in _PICKLES else ""
        raise CheckpointError(f"{path} is a file: give the folder with {CONFIG} and {WEIGHTS}{hint}")
    if name and path.is_dir():  # an empty path would be the current folder
        return _checked(path)
    if name.startswith(("/", "./", "../", "~")) or name.count("/") != 1:
        raise CheckpointError(
            f"{name}: no such folder; give the folder of a trained network, a hub repository (owner/name), "
            'modelscope:<path>, or "zero-shot"'
        )
    from huggingface_hub import hf_hub_download

    try:
        paths = [hf_hub_download(name, file, **options) for file in (CONFIG, WEIGHTS)]
    except Exception as error:  # The hub client raises errors of many libraries: all mean "not to be had".
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise CheckpointError(
            f"{name!r} is no folder here, and the Hugging Face hub does not give it ({reason}); give the folder "
            f"of a trained network ({CONFIG} and {WEIGHTS}), a hub repository that can be reached, or modelscope:<path>"
        ) from error
    return Path(paths[0]).parent


def _checked(folder: Path) -> Path:
    files = sorted(folder.iterdir())
    if not (folder / WEIGHTS).exists():
        for file in files:
            if file.suffix in _PICKLES:
                raise CheckpointError(
                    f"{folder}: holds {file.name}, a pickle, which is not loaded because pickles can run code; "
                    f"expected {CONFIG} and {WEIGHTS}. ModelScope's checkpoint: modelscope:{folder}"
                )
    for name in (CONFIG, WEIGHTS):
        if not (folder / name).is_file():
            found = ", ".join(file.name for file in files[:8]) or "nothing"
            raise CheckpointError(f"{folder}: no {name} in it (found {found}); expected {CONFIG} and {WEIGHTS}")
    return folder


def read_config(path: Path) -> dict[str, Any]:
    """A JSON object from a file.

    Raises:
        CheckpointError: no such file, or no JSON object in it.
    """
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CheckpointError(f"{path}: not a readable JSON file ({error})") from error
    if not isinstance(values, dict):
        raise CheckpointError(f"{path}: expected a JSON object of configuration fields")
    return values


def load_weights(model: nn.Module, path: Path) -> None:
    """Fills a network from a safetensors file.

    Raises:
        CheckpointError: the file is damaged, or its parameters are not exactly the network's.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        weights = load_file(path)
    except (OSError, SafetensorError) as error:
        raise CheckpointError(f"{path}: not a readable safetensors file ({error})") from error
    fill(model, weights, path)


def fill(model: nn.Module, weights: Mapping[str, Tensor], path: Path) -> None:
    """Copies weights into a network by name; each must be there, fit, and be finite.

    Raises:
        CheckpointError: naming the first parameter that is missing, unknown, of another shape, or not finite.
    """
    expected = dict(model.named_parameters())
    for name in sorted(expected.keys() - weights.keys())[:1]:
        raise CheckpointError(f"{path}: lacks {name}, which the configured network needs")
    for name in sorted(weights.keys() - expected.keys())[:1]:
        raise CheckpointError(f"{path}: holds {name}, which the configured network does not have")
    for name, parameter in expected.items():
        value = weights[name]
        if value.shape != parameter.shape:
            raise CheckpointError(
                f"{path}: {name} has shape {tuple(value.shape)}, the configured network {tuple(parameter.shape)}"
            )
        if not value.isfinite().all():
            raise CheckpointError(f"{path}: {name} holds NaN or infinity; the training that wrote it has failed")
        parameter.data.copy_(value)
