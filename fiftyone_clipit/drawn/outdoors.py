"""Backdrops under the open sky and beyond it."""

from __future__ import annotations

from fiftyone_clipit.drawn.canvas import Canvas
from fiftyone_clipit.drawn.palette import mix


def _blades(c: Canvas, count: int, top: float) -> None:
    for _ in range(count):
        x, y = c.rng.uniform(0, c.width), c.rng.uniform(top, 1)
        tall = 0.02 + 0.06 * (y - top)
        green = c.tone((58, 128, 44) if c.rng.random() < 0.5 else (120, 186, 78), 20)
        c.line([(x, y), (x + c.rng.uniform(-0.01, 0.01), y - tall)], 0.004, green)


def grass(c: Canvas) -> None:
    """A meadow under a pale sky."""
    horizon = c.rng.uniform(0.24, 0.4)
    c.gradient([c.tone((150, 200, 238)), c.tone((218, 236, 244))], 0, horizon + 0.1)
    c.hill(horizon, 0.05, c.tone((118, 172, 92)))
    c.hill(horizon + 0.08, 0.04, c.tone((98, 168, 62)))
    c.noise(9, (0.14, 0.05), horizon + 0.12)
    _blades(c, 260, horizon + 0.14)


def snow(c: Canvas) -> None:
    """White hills, firs and falling flakes."""
    horizon = c.rng.uniform(0.3, 0.46)
    c.gradient([c.tone((168, 188, 212)), c.tone((222, 230, 240))], 0, horizon + 0.1)
    c.hill(horizon, 0.07, c.tone((206, 218, 234), 8))
    for _ in range(c.rng.integers(5, 12)):
        x, tall = c.rng.uniform(0, c.width), c.rng.uniform(0.07, 0.15)
        for k in range(3):
            y, half = horizon + 0.05 - tall * (1 - k * 0.27), tall * (0.16 + 0.09 * k)
            c.polygon([(x, y - tall * 0.3), (x + half, y + tall * 0.1), (x - half, y + tall * 0.1)], (74, 104, 110))
    c.hill(horizon + 0.1, 0.05, c.tone((234, 240, 248), 6))
    c.noise(4, (0.3, 0.08), horizon + 0.16)
    c.hill(horizon + 0.32, 0.06, c.tone((246, 249, 253), 4), waves=0.9)
    c.dots(90, 0, 1, (0.003, 0.009), (255, 255, 255))


def night(c: Canvas) -> None:
    """Dark hills under a starry sky, a few lit windows."""
    c.gradient([c.tone((8, 12, 40), 8), c.tone((28, 40, 92)), c.tone((52, 62, 112))], 0, 0.8)
    c.dots(70, 0, 0.6, (0.0015, 0.005), (236, 238, 255))
    horizon = c.rng.uniform(0.52, 0.7)
    c.hill(horizon, 0.1, (20, 26, 58))
    for _ in range(c.rng.integers(2, 7)):
        x, y = c.rng.uniform(0, c.width), horizon + c.rng.uniform(0.05, 0.12)
        c.box(x, y, x + 0.016, y + 0.02, (255, 214, 120))
    c.hill(horizon + 0.14, 0.06, (13, 17, 40))
    c.noise(3, (0.2, 0.1), horizon + 0.2)


def water(c: Canvas) -> None:
    """The sea with waves and glints."""
    horizon = c.rng.uniform(0.2, 0.36)
    c.gradient([c.tone((158, 206, 240)), c.tone((224, 240, 248))], 0, horizon)
    c.gradient([c.tone((72, 154, 196)), c.tone((28, 104, 168)), c.tone((14, 70, 132))], horizon, 1)
    for k in range(7):
        y = horizon + 0.05 + (1 - horizon) * (k / 7) ** 1.3
        crest = mix((120, 196, 222), (40, 110, 170), k / 7)
        for _ in range(c.rng.integers(5, 10)):
            x, half = c.rng.uniform(0, c.width), c.rng.uniform(0.05, 0.1) * (0.5 + k / 6)
            for left in (x - half, x):
                arc = [(left + half * t / 8, y - half * 0.4 * (1 - (t / 4 - 1) ** 2)) for t in range(9)]
                c.line(arc, 0.011, crest)
    c.noise(4, (0.2, 0.03), horizon)


def desert(c: Canvas) -> None:
    """Dunes in the heat."""
    horizon = c.rng.uniform(0.3, 0.42)
    c.gradient([c.tone((132, 196, 232)), c.tone((250, 232, 196))], 0, horizon + 0.12)
    c.hill(horizon, 0.1, c.tone((226, 178, 112)))
    c.hill(horizon + 0.14, 0.1, c.tone((236, 192, 122)), waves=0.8)
    c.hill(horizon + 0.34, 0.09, c.tone((244, 206, 138)), waves=0.7)
    c.noise(5, (0.5, 0.02), horizon + 0.12)
    for _ in range(c.rng.integers(1, 4)):
        x, y, s = c.rng.uniform(0, c.width), horizon + c.rng.uniform(0.02, 0.1), c.rng.uniform(0.5, 1)
        cactus = (92, 132, 84)
        c.line([(x, y), (x, y - 0.13 * s)], 0.022 * s, cactus)
        c.line([(x, y - 0.05 * s), (x + 0.04 * s, y - 0.05 * s), (x + 0.04 * s, y - 0.1 * s)], 0.014 * s, cactus)


def forest(c: Canvas) -> None:
    """Tall trunks in green shade."""
    c.gradient([c.tone((44, 92, 58)), c.tone((96, 146, 90)), c.tone((60, 84, 46))])
    c.noise(16, (0.09, 0.08), 0, 0.72)
    floor = c.rng.uniform(0.66, 0.78)
    for depth in range(3):
        bark = mix((92, 112, 84), (58, 42, 32), depth / 2)
        for _ in range(4 + 2 * (2 - depth)):
            x, w = c.rng.uniform(0, c.width), (0.018 + 0.022 * depth) * c.rng.uniform(0.8, 1.3)
            foot = floor + 0.05 * depth
            c.polygon([(x - w * 0.7, 0), (x + w * 0.7, 0), (x + w, foot), (x - w, foot)], bark)
        c.hill(floor + 0.05 * depth, 0.03, mix((72, 108, 58), (48, 76, 38), depth / 2), waves=2)
    for _ in range(26):
        x, y = c.rng.uniform(0, c.width), c.rng.uniform(-0.03, 0.14)
        c.ellipse(x, y, c.rng.uniform(0.06, 0.14), 0.07, c.tone((38, 88, 46), 24))
    c.noise(7, (0.06, 0.04), floor)


def sky(c: Canvas) -> None:
    """Blue air and white clouds, nothing else."""
    c.gradient([c.tone((62, 138, 220)), c.tone((130, 188, 240)), c.tone((196, 224, 248))])
    for _ in range(c.rng.integers(4, 8)):
        c.cloud(c.rng.uniform(0, c.width), c.rng.uniform(0.08, 0.95), c.rng.uniform(0.07, 0.17), (252, 253, 255))


def sunset(c: Canvas) -> None:
    """The sun goes down behind purple hills."""
    horizon = c.rng.uniform(0.6, 0.72)
    c.gradient([c.tone((92, 62, 132)), c.tone((226, 104, 106)), c.tone((255, 186, 96))], 0, horizon + 0.1)
    x = c.rng.uniform(0.15, 0.85) * c.width
    c.glow(x, horizon, 0.4, (255, 226, 140), 0.8)
    c.ellipse(x, horizon - 0.01, 0.1, 0.1, (255, 240, 186))
    for _ in range(6):
        y, left = c.rng.uniform(0.08, horizon - 0.1), c.rng.uniform(-0.2, c.width)
        c.ellipse(left, y, c.rng.uniform(0.14, 0.3), 0.011, c.tone((250, 150, 120)))
    c.hill(horizon, 0.06, c.tone((116, 62, 104)))
    c.hill(horizon + 0.12, 0.06, c.tone((72, 40, 78)))
    c.noise(3, (0.3, 0.05), horizon + 0.15)


def space(c: Canvas) -> None:
    """Black space, a coloured nebula, planets and many stars."""
    c.gradient([(4, 3, 14), (10, 6, 26)])
    nebula = [(110, 40, 140), (30, 80, 150), (20, 110, 110), (140, 40, 80)]
    for _ in range(3):
        tint = nebula[c.rng.integers(len(nebula))]
        c.glow(c.rng.uniform(0, c.width), c.rng.uniform(0, 1), c.rng.uniform(0.2, 0.45), tint, 0.5)
    c.noise(5, (0.12, 0.12))
    c.dots(170, 0, 1, (0.0015, 0.0065), (255, 255, 250))
    x, y, r = c.rng.uniform(0, c.width), c.rng.choice([0.08, 0.9]), c.rng.uniform(0.1, 0.17)
    planet = c.tone((176, 130, 100), 50)
    c.ellipse(x, y, r, r, planet)
    c.ellipse(x - r * 0.2, y - r * 0.25, r * 0.7, r * 0.66, mix(planet, (255, 255, 255), 0.2))
    c.line([(x - r * 1.7, y + r * 0.35), (x + r * 1.7, y - r * 0.35)], 0.012, (214, 196, 170))
