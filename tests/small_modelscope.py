"""Checkpoints in ModelScope's format with random weights, of any size."""

from __future__ import annotations

import json
from pathlib import Path

import torch

from fiftyone_clipit.scoring.network_layers import sinusoids


def write_small_modelscope(folder: Path, *, dim: int) -> str:
    """Writes a small network for features of a width, with its arguments beside it; gives the scorer's name."""
    from safetensors.torch import save_file

    arguments = {
        "num_sentence": 7,
        "txt_atten_head": 2,
        "d_frame_vec": dim,
        "d_model": dim,
        "d_inner": 32,
        "n_layers": 1,
        "n_head": 2,
        "d_k": 8,
        "d_v": 8,
        "n_position": 100,
    }
    folder.mkdir(parents=True, exist_ok=True)
    save_file(random_state(arguments), folder / "small_state_dict.safetensors")
    (folder / "small_config.json").write_text(json.dumps(arguments))
    return f"modelscope:{folder / 'small_state_dict.safetensors'}"


def random_state(arguments: dict[str, int]) -> dict[str, torch.Tensor]:
    """Random weights under the names, and of the shapes, that ModelScope's network has."""
    generator = torch.Generator().manual_seed(0)
    width, key, inner = (arguments[name] for name in ("d_model", "d_k", "d_inner"))
    state: dict[str, torch.Tensor] = {}

    def linear(name: str, rows: int, columns: int, bias: bool = True) -> None:
        state[f"{name}.weight"] = torch.randn(rows, columns, generator=generator) * columns**-0.5
        if bias:
            state[f"{name}.bias"] = torch.randn(rows, generator=generator) * 0.1

    def norm(name: str, size: int) -> None:
        state[f"{name}.weight"], state[f"{name}.bias"] = torch.ones(size), torch.zeros(size)

    def attention(name: str, heads: int) -> None:
        for part in ("w_qs", "w_ks", "w_vs"):
            linear(f"{name}.{part}", heads * key, width, bias=False)
        linear(f"{name}.fc", width, heads * key, bias=False)
        norm(f"{name}.layer_norm", width)

    text = arguments["num_sentence"] * arguments["d_frame_vec"]
    linear("linear_txt", width, text)
    attention("lg_attention", arguments["txt_atten_head"])
    for side, attentions in (("encoder", ["slf_attn"]), ("decoder", ["slf_attn", "enc_attn"])):
        state[f"{side}.position_enc.pos_table"] = sinusoids(arguments["n_position"], width)[None]
        norm(f"{side}.layer_norm", width)
        for layer in range(arguments["n_layers"]):
            place = f"{side}.layer_stack.{layer}"
            for name in attentions:
                attention(f"{place}.{name}", arguments["n_head"])
            linear(f"{place}.pos_ffn.w_1", inner, width)
            linear(f"{place}.pos_ffn.w_2", width, inner)
            norm(f"{place}.pos_ffn.layer_norm", width)
    linear("linear_1", width, width)
    linear("linear_2", 1, width)
    for name, size in (("norm_y", width), ("norm_linear", width), ("layer_norm_txt", text)):
        norm(name, size)
    for name in ("layer_norm_img_src", "layer_norm_img_trg"):
        norm(name, arguments["d_frame_vec"])
    return state
