"""From a view to a picture of it."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter

from fiftyone_clipit.drawn.layout import FLYING, Place, arrange
from fiftyone_clipit.drawn.scene import View
from fiftyone_clipit.drawn.settings import SETTINGS, backdrop
from fiftyone_clipit.drawn.stamp import ground_shadow, lit_sprite, stamp

_HORIZON = 0.58
"""Below this height, from the top, there is ground to throw a shadow on."""


def draw(
    view: View, size: tuple[int, int], seed: int, *, wear: bool = False, behind: Image.Image | None = None
) -> Image.Image:
    """Draws a view; the same picture for the same seed.

    Args:
        view: what is in the picture.
        size: width and height in pixels.
        seed: decides places, tones and the backdrop.
        wear: whether light, sharpness and compression vary as in footage.
        behind: a backdrop of the view's setting to use a part of; a new one is drawn when left out.

    Returns:
        RGB picture of that size.
    """
    rng = np.random.default_rng(seed)
    image = _part(behind, size, rng) if behind else backdrop(view.setting, size, int(rng.integers(2**31)))
    paint(image, view, arrange(view, size[0] / size[1], rng, staged=bool(rng.random() < 0.5)))
    return worn(image, rng) if wear else image


def paint(image: Image.Image, view: View, places: Sequence[Place]) -> None:
    """Puts the view's things at their places into the backdrop, in place."""
    h = image.height
    for place in places:
        group = view.groups[place.group]
        size = place.size * h
        thing = lit_sprite(group.thing, group.colour, place.variant, view.setting, size)
        left, _, right, bottom = thing.getbbox() or (0, 0, *thing.size)
        foot = place.y + (bottom / thing.height - 0.5) * place.size
        setting = SETTINGS[view.setting]
        if setting.ground and setting.shadow and foot > _HORIZON and group.thing not in FLYING:
            ground_shadow(image, place.x * h, (foot - 0.02 * place.size) * h, size * (right - left) / thing.width)
        stamp(image, thing, place.x * h, place.y * h, size, angle=place.angle, flip=place.flip)


def _part(behind: Image.Image, size: tuple[int, int], rng: np.random.Generator) -> Image.Image:
    aspect = size[0] / size[1]
    tall = min(behind.height, behind.width / aspect) * rng.uniform(0.78, 1.0)
    left = rng.uniform(0, behind.width - tall * aspect)
    top = rng.uniform(0, behind.height - tall)
    box = (left, top, left + tall * aspect, top + tall)
    image = behind.resize(size, Image.Resampling.BILINEAR, box)
    return image.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if rng.random() < 0.5 else image


def worn(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    """The picture as it may come out of a video: other light, less sharp, noisy, compressed."""
    image = ImageEnhance.Brightness(image).enhance(float(rng.uniform(0.75, 1.2)))
    image = ImageEnhance.Contrast(image).enhance(float(rng.uniform(0.8, 1.15)))
    image = ImageEnhance.Color(image).enhance(float(rng.uniform(0.75, 1.2)))
    if rng.random() < 0.3:
        image = image.filter(ImageFilter.GaussianBlur(float(rng.uniform(0.3, 1.3)) * image.height / 120))
    if rng.random() < 0.3:
        noise = rng.normal(0, rng.uniform(2, 14), (image.height, image.width, 1))
        image = Image.fromarray(np.clip(np.asarray(image) + noise, 0, 255).astype(np.uint8))
    if rng.random() < 0.4:
        packed = io.BytesIO()
        image.save(packed, "JPEG", quality=int(rng.integers(25, 80)))
        image = Image.open(packed).convert("RGB")
    return image
