"""Backdrops that people built."""

from __future__ import annotations

from fiftyone_clipit.drawn.canvas import Canvas
from fiftyone_clipit.drawn.palette import mix


def brick(c: Canvas) -> None:
    """A wall of bricks."""
    c.gradient([c.tone((196, 184, 172), 10)] * 2)
    tall = c.rng.uniform(0.07, 0.1)
    clay = c.tone((172, 82, 62), 18)
    rows = int(1 / tall) + 2
    for row in range(rows):
        x = -tall * 2.4 * (row % 2) / 2 - c.rng.uniform(0, 0.02)
        while x < c.width:
            shade = mix(clay, (70, 30, 30), c.rng.uniform(0, 0.4))
            c.box(x, row * tall, x + tall * 2.25, (row + 0.86) * tall, c.tone(shade, 8))
            x += tall * 2.4
    c.noise(6, (0.05, 0.03))


def city(c: Canvas) -> None:
    """A street between grey buildings with lit windows."""
    c.gradient([c.tone((170, 184, 200)), c.tone((222, 216, 210))], 0, 0.8)
    road = c.rng.uniform(0.68, 0.76)
    for depth in range(2):
        x = -c.rng.uniform(0, 0.1)
        while x < c.width:
            wide, top = c.rng.uniform(0.16, 0.3), c.rng.uniform(0.04, 0.26) + 0.16 * depth
            wall = c.tone(mix((158, 168, 184), (104, 110, 126), depth), 18)
            c.box(x, top, x + wide, road, wall)
            _windows(c, x, top, wide, road, wall)
            x += wide + c.rng.uniform(0.0, 0.06 + 0.2 * depth)
    c.box(0, road, c.width, road + 0.05, (176, 174, 170))
    c.gradient([(84, 86, 92), (66, 68, 74)], road + 0.05, 1)
    c.noise(3, (0.05, 0.02), road + 0.06)
    lane, x = (road + 1.05) / 2, -c.rng.uniform(0, 0.2)
    while x < c.width:
        c.box(x, lane, x + 0.13, lane + 0.016, (236, 232, 214))
        x += 0.26


def _windows(c: Canvas, x: float, top: float, wide: float, road: float, wall: tuple[int, int, int]) -> None:
    y = top + 0.035
    while y < road - 0.06:
        left = x + 0.025
        while left < x + wide - 0.03:
            lit = c.rng.random() < 0.25
            c.box(left, y, left + 0.024, y + 0.036, (250, 222, 150) if lit else mix(wall, (40, 56, 84), 0.55))
            left += 0.048
        y += 0.066


def room(c: Canvas) -> None:
    """A room: papered wall, window, picture, skirting board and a wooden floor."""
    wall = c.tone([(226, 206, 178), (206, 214, 196), (222, 200, 200)][c.rng.integers(3)])
    floor = c.rng.uniform(0.62, 0.74)
    c.gradient([mix(wall, (255, 255, 255), 0.15), wall], 0, floor)
    x = c.rng.uniform(0, 0.05)
    while x < c.width:
        c.box(x, 0, x + 0.022, floor, mix(wall, (255, 255, 255), 0.28))
        x += 0.075
    left = c.rng.uniform(0.08, max(0.1, c.width - 0.5))
    c.box(left, 0.1, left + 0.36, 0.44, (250, 248, 240))
    c.box(left + 0.02, 0.12, left + 0.34, 0.42, (176, 214, 238))
    c.box(left + 0.17, 0.12, left + 0.19, 0.42, (250, 248, 240))
    c.box(left + 0.02, 0.26, left + 0.34, 0.275, (250, 248, 240))
    hang = left + 0.6 if left + 0.85 < c.width else left - 0.45
    c.box(hang, 0.14, hang + 0.24, 0.36, (116, 82, 52))
    c.box(hang + 0.02, 0.16, hang + 0.22, 0.34, c.tone((198, 190, 160), 30))
    c.box(0, floor, c.width, floor + 0.035, (246, 240, 228))
    wood = c.tone((176, 122, 74))
    c.gradient([wood, mix(wood, (0, 0, 0), 0.2)], floor + 0.035, 1)
    middle = c.width / 2
    for k in range(-9, 10):
        c.line([(middle + k * 0.14, floor + 0.035), (middle + k * 0.3, 1)], 0.005, mix(wood, (0, 0, 0), 0.35))
    c.noise(3, (0.2, 0.02), floor + 0.04)
