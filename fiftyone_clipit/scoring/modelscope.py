"""Checkpoints of ModelScope's language-guided video summarization, read into our modules."""

from __future__ import annotations

import os
import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from fiftyone_clipit.errors import CheckpointError
from fiftyone_clipit.scoring.network_config import ClipItConfig
from fiftyone_clipit.scoring.network_files import fill, read_config
from fiftyone_clipit.scoring.network_layers import sinusoids

if TYPE_CHECKING:
    from fiftyone_clipit.scoring.network import ClipIt

# ModelScope's argument names, with the values of its published checkpoint.
DEFAULTS: dict[str, int] = {
    "num_sentence": 7,
    "txt_atten_head": 4,
    "d_frame_vec": 512,
    "d_model": 512,
    "d_inner": 2048,
    "n_layers": 6,
    "n_head": 8,
    "d_k": 256,
    "d_v": 256,
    "n_position": 4000,
}

# In the state dict, but without a part in the forward pass.
_UNUSED = ("layer_norm_img_src.", "layer_norm_img_trg.", "layer_norm_txt.")

# Our names from theirs, by the longest fitting beginning; then the parts of a layer.
_PLACES = {
    "linear_txt.": "body.text.linear.",
    "lg_attention.layer_norm.": "body.language_norm.",
    "lg_attention.": "body.language.",
    "encoder.layer_norm.": "body.encoder_norm.",
    "encoder.layer_stack.": "body.encoder.",
    "decoder.layer_norm.": "body.decoder_norm.",
    "decoder.layer_stack.": "body.decoder.",
    "norm_y.": "body.head.norm.",
    "linear_1.": "body.head.hidden.",
    "norm_linear.": "body.head.hidden_norm.",
    "linear_2.": "body.head.score.",
}
_PARTS = {
    "slf_attn.layer_norm.": "attention_norm.",
    "enc_attn.layer_norm.": "cross_norm.",
    "pos_ffn.layer_norm.": "feed_forward_norm.",
    "slf_attn.": "attention.",
    "enc_attn.": "cross.",
    "pos_ffn.w_1.": "feed_forward.0.",
    "pos_ffn.w_2.": "feed_forward.2.",
    "w_qs.": "query.",
    "w_ks.": "key.",
    "w_vs.": "value.",
    "fc.": "output.",
}


def load_modelscope(
    network: type[ClipIt], path: str | os.PathLike[str], config: Mapping[str, Any] | str | os.PathLike[str] | None
) -> ClipIt:
    """See `ClipIt.from_modelscope`."""
    file = _find(Path(path))
    arguments = _arguments(config)
    state = {name.removeprefix("module."): value for name, value in read_state(file).items()}
    width = state.get("linear_txt.weight")
    wanted = (arguments["d_model"], arguments["num_sentence"] * arguments["d_frame_vec"])
    if width is None or tuple(width.shape) != wanted:
        found = "is missing" if width is None else f"has shape {tuple(width.shape)}"
        raise CheckpointError(
            f"{file}: linear_txt.weight {found}, expected {wanted} from num_sentence={arguments['num_sentence']}, "
            f"d_frame_vec={arguments['d_frame_vec']}, d_model={arguments['d_model']}; give the arguments as config"
        )
    for name, table in list(state.items()):
        if name.endswith("position_enc.pos_table"):
            _check_positions(file, table, arguments)
            del state[name]
        elif name.startswith(_UNUSED):
            del state[name]
    with torch.random.fork_rng([]):  # first weights that nobody keeps must not move the user's random numbers
        model = network(_our_config(arguments))
    fill(model, {_rename(name): value.float() for name, value in state.items()}, file)
    return model.eval()


def read_state(path: Path) -> dict[str, Tensor]:
    """A state dict from safetensors, or from a pickle of tensors alone: code in a pickle is never run.

    Raises:
        CheckpointError: the file cannot be read, holds code, or is no state dict.
    """
    try:
        if path.suffix == ".safetensors":
            from safetensors.torch import load_file

            return load_file(path)
        values = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise CheckpointError(
            f"{path}: holds more than tensors, or is damaged; it was not run. Expected a state dict of tensors "
            "(a .bin that torch.load reads with weights_only, or safetensors)"
        ) from error
    except Exception as error:  # Damaged archives raise whatever their innards meet first.
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise CheckpointError(f"{path}: not a readable checkpoint ({reason})") from error
    if isinstance(values, Mapping) and isinstance(values.get("state_dict"), Mapping):
        values = values["state_dict"]
    if not isinstance(values, Mapping) or not all(isinstance(value, Tensor) for value in values.values()):
        raise CheckpointError(f"{path}: expected a state dict, names with tensors")
    return dict(values)


def _find(path: Path) -> Path:
    if path.is_dir():
        for name in ("pytorch_model.bin", "model.safetensors", "pytorch_model.safetensors"):
            if (path / name).is_file():
                return path / name
        raise CheckpointError(f"{path}: neither pytorch_model.bin nor model.safetensors in this folder")
    if not path.is_file():
        raise CheckpointError(f"{path}: no such file; expected ModelScope's pytorch_model.bin or a safetensors file")
    return path


def _arguments(config: Mapping[str, Any] | str | os.PathLike[str] | None) -> dict[str, int]:
    given = {} if config is None else dict(config) if isinstance(config, Mapping) else read_config(Path(config))
    unknown = sorted(given.keys() - DEFAULTS.keys() - {"dropout"})
    if unknown:
        raise CheckpointError(f"unknown ModelScope argument {unknown[0]!r}: expected {', '.join(DEFAULTS)}")
    arguments = {**DEFAULTS, **{name: value for name, value in given.items() if name in DEFAULTS}}
    for name, value in arguments.items():
        if not isinstance(value, int) or value < 1:
            raise CheckpointError(f"ModelScope argument {name} is {value!r}: expected a positive whole number")
    if arguments["d_k"] != arguments["d_v"] or arguments["d_frame_vec"] != arguments["d_model"]:
        raise CheckpointError("ModelScope's network needs d_k equal to d_v, and d_frame_vec equal to d_model")
    return arguments


def _our_config(arguments: Mapping[str, int]) -> ClipItConfig:
    return ClipItConfig(
        preset="modelscope",
        dim=arguments["d_frame_vec"],
        width=arguments["d_model"],
        layers=arguments["n_layers"],
        heads=arguments["n_head"],
        head_dim=arguments["d_k"],
        feed_forward=arguments["d_inner"],
        text_heads=arguments["txt_atten_head"],
        text_head_dim=arguments["d_k"],
        sentences=arguments["num_sentence"],
        max_length=arguments["n_position"],
    )


def _check_positions(path: Path, table: Tensor, arguments: Mapping[str, int]) -> None:
    shape = (1, arguments["n_position"], arguments["d_model"])
    if tuple(table.shape) != shape:
        raise CheckpointError(f"{path}: the table of positions has shape {tuple(table.shape)}, expected {shape}")
    if not torch.allclose(table[0].float(), sinusoids(shape[1], shape[2]), atol=1e-4):
        raise CheckpointError(f"{path}: its positions are not the sinusoids that ModelScope's network uses")


def _rename(name: str) -> str:
    for theirs, ours in _PLACES.items():
        if name.startswith(theirs):
            rest = name.removeprefix(theirs)
            for part, our_part in _PARTS.items():
                rest = rest.replace(part, our_part)
            return ours + rest
    return name
