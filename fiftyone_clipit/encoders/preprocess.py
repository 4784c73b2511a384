"""From decoded frames to the pixels a CLIP model wants, as its own configuration says.

The decoder scales (`Preprocess.resize` tells it to what), what is left here is to crop and to normalize, in
batches. The arithmetic of sizes follows torchvision's and open_clip's transforms, so that features agree with
those that open_clip's own preprocessing would give.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import torch

# A video 2 pixels high and 2000 wide would otherwise be scaled to a picture 224,000 pixels wide, of which only
# the middle is looked at.
_MAX_ASPECT = 8


@dataclass(frozen=True)
class Preprocess:
    """How a model wants its pictures.

    Attributes:
        size: (height, width) of the model's input in pixels.
        mean: per channel, for pixels in [0, 1].
        std: per channel.
        interpolation: "bicubic" or "bilinear".
        resize_mode: "shortest" (fill and crop), "longest" (fit and pad) or "squash".
        fill: the padding's value in [0, 255].
    """

    size: tuple[int, int]
    mean: tuple[float, ...]
    std: tuple[float, ...]
    interpolation: str
    resize_mode: str
    fill: int = 0

    @classmethod
    def from_open_clip(cls, config: dict[str, Any]) -> Preprocess:
        """Reads open_clip's `preprocess_cfg`."""
        size = config["size"]
        height, width = size if isinstance(size, tuple | list) else (size, size)
        return cls(
            size=(int(height), int(width)),
            mean=tuple(config["mean"]),
            std=tuple(config["std"]),
            interpolation=config["interpolation"] if config["interpolation"] != "random" else "bicubic",
            resize_mode=config["resize_mode"],
            fill=int(config.get("fill_color", 0)),
        )

    def resize(self, width: int, height: int) -> tuple[int, int]:
        """The (width, height) to which a picture of the given size is scaled before it is cropped."""
        target_height, target_width = self.size
        if self.resize_mode == "squash":
            return target_width, target_height
        if self.resize_mode == "shortest" and target_height == target_width:
            short, long = min(width, height), max(width, height)
            scaled = min(int(target_width * long / short), _MAX_ASPECT * target_width)
            return (target_width, scaled) if width <= height else (scaled, target_width)
        pick = max if self.resize_mode == "longest" else min
        ratio = pick(height / target_height, width / target_width)
        limit = _MAX_ASPECT * max(self.size)
        scaled_width, scaled_height = round(width / ratio), round(height / ratio)
        return min(max(scaled_width, 1), limit), min(max(scaled_height, 1), limit)

    def fit(self, image: np.ndarray) -> np.ndarray:
        """Crops or pads one picture, uint8 (H, W, 3), to the model's size, and scales it first where needed."""
        height, width = image.shape[:2]
        if (width, height) != self.size[::-1] and (width, height) != (wanted := self.resize(width, height)):
            image = self._scale(image, wanted)
            height, width = image.shape[:2]
        target_height, target_width = self.size
        pad_y, pad_x = max(target_height - height, 0), max(target_width - width, 0)
        if pad_y or pad_x:
            padding = ((pad_y // 2, pad_y - pad_y // 2), (pad_x // 2, pad_x - pad_x // 2), (0, 0))
            image = np.pad(image, padding, constant_values=self.fill)
            height, width = image.shape[:2]
        top, left = round((height - target_height) / 2), round((width - target_width) / 2)
        return image[top : top + target_height, left : left + target_width]

    def _scale(self, image: np.ndarray, size: tuple[int, int]) -> np.ndarray:
        from PIL import Image

        method = Image.Resampling.BILINEAR if self.interpolation == "bilinear" else Image.Resampling.BICUBIC
        return np.asarray(Image.fromarray(image).resize(size, method))

    def normalize(self, pixels: torch.Tensor) -> torch.Tensor:
        """Turns uint8 pixels (N, H, W, 3) into the model's input, float32 (N, 3, H, W), on their device."""
        import torch

        scale = torch.tensor([1 / (255 * std) for std in self.std], device=pixels.device)
        shift = torch.tensor([-m / s for m, s in zip(self.mean, self.std, strict=True)], device=pixels.device)
        return torch.addcmul(shift, pixels.float(), scale).permute(0, 3, 1, 2).contiguous()
