"""From a view to a picture of it."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter

from fiftyone_clipit.drawn.layout import Place, arrange
from fiftyone_clipit.drawn.scene import View
from fiftyone_clipit.drawn.settings import SETTINGS, backdrop
from fiftyone_clipit.drawn.stamp import ground_shadow, lit_sprite, stamp


def draw(view: View, size: tuple[int, int], seed: int, *, wear: bool = False) -> Image.Image:
    """Draws a view; the same picture for the same seed.

    Args:
        view: what is in the picture.
        size: width and height in pixels.
        seed: decides places, tones and the backdrop.
        wear: whether light, sharpness and compression vary as in footage.

    Returns:
        RGB picture of that size.
    """
    rng = np.random.default_rng(seed)
    image = backdrop(view.setting, size, int(rng.integers(2**31)))
    paint(image, view, arrange(view, size[0] / size[1], rng))
    return worn(image, rng) if wear else image


def paint(image: Image.Image, view: View, places: Sequence[Place]) -> None:
    """Puts the view's things at their places into the backdrop, in place."""
    h = image.height
    for place in places:
        group = view.groups[place.group]
        size = place.size * h
        if SETTINGS[view.setting].ground:
            ground_shadow(image, place.x * h, (place.y + 0.47 * place.size) * h, size)
        thing = lit_sprite(group.thing, group.colour, place.variant, view.setting, size)
        stamp(image, thing, place.x * h, place.y * h, size, angle=place.angle, flip=place.flip)


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
