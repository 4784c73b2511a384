"""Trains clipit-tiny: python -m fiftyone_clipit.encoders.tiny.train

Draws the pictures, trains for a fixed number of steps, measures, and writes the weights and `training.json` into
the model's folder. The same seed on the same machine gives the same weights.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fiftyone_clipit.encoders.tiny.batches import KINDS, Batch, Batches
from fiftyone_clipit.encoders.tiny.losses import contrast, embed, named
from fiftyone_clipit.encoders.tiny.pool import Pool, draw_pool

if TYPE_CHECKING:
    import numpy as np
    import torch

FOLDER = Path(__file__).parent / "model"
WEIGHTS = "open_clip_model.safetensors"
_WARM_UP = 100


def train(
    *, pictures: int, steps: int, batch: int, extra: int, rate: float, seed: int, processes: int
) -> tuple[torch.nn.Module, dict[str, float]]:
    """Trains a model from nothing.

    Args:
        pictures: how many to draw.
        steps: how many batches to learn from.
        batch: pictures in a batch.
        extra: neutral sentences in a batch, and as many unknown ones.
        rate: the highest learning rate.
        seed: decides pictures, sentences, order and the first weights.
        processes: how many draw at a time.

    Returns:
        The model; and the seconds that drawing and training took by the clock, and that training took of a processor.
    """
    import open_clip
    import torch

    # One thread: sums then come out the same on any number of cores. A second core prepares the batches.
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    start = time.monotonic()
    pool = draw_pool(pictures, seed, processes=processes)
    drawn, drawn_cpu = time.monotonic(), time.process_time()
    print(f"drew {pictures} pictures in {drawn - start:.0f} s", flush=True)

    model = open_clip.create_model(f"local-dir:{FOLDER}", load_weights=False)
    tokenizer = open_clip.get_tokenizer(f"local-dir:{FOLDER}")
    naming = torch.nn.Linear(model.text_projection.shape[1], sum(KINDS.values()))
    decay = [p for n, p in model.named_parameters() if p.ndim > 1 and "embedding" not in n]
    plain = [p for n, p in model.named_parameters() if p.ndim <= 1 or "embedding" in n]
    groups = [{"params": decay, "weight_decay": 0.05}, {"params": [*plain, *naming.parameters()], "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.98))
    model = model.train().to(memory_format=torch.channels_last)
    batches = Batches(pool, size=batch, extra=extra, seed=seed + 1)
    for step, (one, pixels, tokens) in enumerate(_prepared(batches, pool, model, tokenizer, steps, seed)):
        for group in optimizer.param_groups:
            group["lr"] = rate * _schedule(step, steps)
        images, texts = embed(model, pixels, tokens)
        contrasted = contrast(model.logit_scale.exp(), images, texts, one)
        names = named(naming, images, one.views) + named(naming, texts[: len(pixels)], one.claims)
        loss = contrasted + max(0.0, 1 - 1.5 * step / steps) * names
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        with torch.no_grad():
            model.logit_scale.clamp_(0, math.log(100))
        if step % 50 == 0 or step == steps - 1:
            _tell(step, contrasted.item(), names.item(), model.logit_scale.exp().item(), time.monotonic() - drawn)
    seconds: dict[str, float] = {
        "draw_seconds": round(drawn - start),
        "train_seconds": round(time.monotonic() - drawn),
        "train_cpu_seconds": round(time.process_time() - drawn_cpu),
    }
    return model.eval(), seconds


def _tell(step: int, contrasted: float, names: float, scale: float, seconds: float) -> None:
    line = f"step {step}: contrast {contrasted:.3f}, names {names:.3f}, scale {scale:.1f}, {seconds:.0f} s"
    print(line, flush=True)


def _prepared(
    batches: Batches, pool: Pool, model: Any, tokenizer: Any, steps: int, seed: int
) -> Iterator[tuple[Batch, torch.Tensor, torch.Tensor]]:
    import torch

    mean, std = (torch.tensor(model.visual.preprocess_cfg[k]).view(3, 1, 1) * 255 for k in ("mean", "std"))
    generator = torch.Generator().manual_seed(seed)

    def prepare(step: int) -> tuple[Batch, torch.Tensor, torch.Tensor]:
        one = batches.draw(step)
        pixels = (varied(pool.pictures[one.rows], model.visual.image_size, generator) - mean) / std
        tokens = tokenizer([*one.captions, *one.neutral, *one.unknown])
        return one, pixels.contiguous(memory_format=torch.channels_last), tokens

    with ThreadPoolExecutor(1) as ahead:
        following = ahead.submit(prepare, 0)
        for step in range(steps):
            ready = following.result()
            following = ahead.submit(prepare, step + 1)
            yield ready


def varied(pictures: np.ndarray, side: int, generator: torch.Generator) -> torch.Tensor:
    """Pictures as floats (N, 3, side, side) in [0, 255], each shifted, stretched and maybe mirrored at random."""
    import torch
    from torch.nn import functional

    n = len(pictures)
    zoom = 1 - 0.16 * torch.rand(n, 2, generator=generator)
    shift = (torch.rand(n, 2, generator=generator) * 2 - 1) * (1 - zoom + 0.03)
    mirror = torch.where(torch.rand(n, generator=generator) < 0.5, -1.0, 1.0)
    theta = torch.zeros(n, 2, 3)
    theta[:, 0, 0], theta[:, 1, 1], theta[:, :, 2] = zoom[:, 0] * mirror, zoom[:, 1], shift
    grid = functional.affine_grid(theta, [n, 3, side, side], align_corners=False)
    pixels = torch.from_numpy(pictures).permute(0, 3, 1, 2).float()
    return functional.grid_sample(pixels, grid, padding_mode="reflection", align_corners=False)


def _schedule(step: int, steps: int) -> float:
    if step < _WARM_UP:
        return (step + 1) / _WARM_UP
    return 0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * (step - _WARM_UP) / max(1, steps - _WARM_UP)))


def save(model: torch.nn.Module, folder: Path) -> None:
    """Writes the weights in half precision."""
    import torch
    from safetensors.torch import save_file

    state = {k: v.half() if v.is_floating_point() else v for k, v in model.state_dict().items()}
    path = folder / WEIGHTS
    save_file({k: v.contiguous(memory_format=torch.contiguous_format) for k, v in state.items()}, path)
    path.chmod(0o644)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=int, default=60_000)
    parser.add_argument("--steps", type=int, default=1600)
    parser.add_argument("--batch", type=int, default=256)
    parser.add_argument("--extra", type=int, default=32)
    parser.add_argument("--rate", type=float, default=1.5e-3)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--processes", type=int, default=2)
    options = vars(parser.parse_args())

    from fiftyone_clipit.encoders.tiny.evaluate import evaluate
    from fiftyone_clipit.encoders.tiny.tokenizer import build_tokenizer

    build_tokenizer(FOLDER)
    model, seconds = train(**options)
    save(model, FOLDER)
    measured = evaluate(f"local-dir:{FOLDER}", videos=60)
    report = {"trained_on": "drawn pictures only", **options, **seconds, **measured}
    (FOLDER / "training.json").write_text(json.dumps(report, indent=2) + "\n")
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
