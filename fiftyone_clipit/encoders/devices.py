"""Which device and which precision to compute in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fiftyone_clipit.errors import UsageError

if TYPE_CHECKING:
    import torch


def pick_device(name: str | None = None) -> str:
    """The device to use: the one asked for, else a GPU where there is one, else the processor.

    Raises:
        UsageError: the device does not exist here.
    """
    import torch

    if name is None:
        return "cuda" if torch.cuda.is_available() else "cpu"
    try:
        torch.empty(1, device=name)
    except (RuntimeError, AssertionError) as error:
        reason = str(error).splitlines()[0]
        raise UsageError(f"device '{name}' cannot be used here: {reason}; try 'cpu', or leave it out") from None
    return name


def pick_dtype(device: str) -> torch.dtype:
    """The fastest precision whose features stay the same for all practical purposes.

    bfloat16 where the hardware multiplies it natively (processors with AMX or AVX-512 BF16, GPUs since Ampere),
    float16 on older GPUs, float32 elsewhere.
    """
    import torch

    if device.startswith("cuda"):
        return torch.bfloat16 if torch.cuda.is_bf16_supported(including_emulation=False) else torch.float16
    if device == "cpu" and (torch.cpu._is_amx_tile_supported() or torch.cpu._is_avx512_bf16_supported()):
        return torch.bfloat16
    return torch.float32
