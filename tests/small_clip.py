"""A CLIP model with random weights, small enough to build in a test, in a folder as open_clip wants it."""

from __future__ import annotations

import json
from pathlib import Path

MODEL = {
    "embed_dim": 24,
    "vision_cfg": {"image_size": 32, "layers": 1, "width": 32, "head_width": 16, "patch_size": 8},
    "text_cfg": {"context_length": 16, "vocab_size": 49408, "width": 16, "heads": 1, "layers": 1},
}


def write_small_clip(folder: Path, *, seed: int = 0, preprocess: dict | None = None) -> str:
    """Writes a random model to a folder and gives the name to load it by."""
    import open_clip
    import torch
    from safetensors.torch import save_file

    torch.manual_seed(seed)
    folder.mkdir(parents=True, exist_ok=True)
    model = open_clip.CLIP(**MODEL)
    save_file(model.state_dict(), folder / "open_clip_model.safetensors")
    config = {"model_cfg": MODEL, "preprocess_cfg": preprocess or {"size": 32}}
    (folder / "open_clip_config.json").write_text(json.dumps(config))
    return f"local-dir:{folder}"
