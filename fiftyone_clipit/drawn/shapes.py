"""The plain shapes among the objects."""

from __future__ import annotations

import math

from fiftyone_clipit.drawn.pen import Pen, star_points


def ball(pen: Pen) -> None:
    """A disc with a glint."""
    pen.ellipse(50, 50, 42)
    pen.ellipse(36, 33, 12, 9, fill=pen.shades.light)


def square(pen: Pen) -> None:
    """A square with a lighter upper edge."""
    pen.box(12, 12, 88, 88)
    pen.box(12, 12, 88, 22, fill=pen.shades.light)


def triangle(pen: Pen) -> None:
    """A triangle standing on its base."""
    pen.polygon([(50, 8), (94, 88), (6, 88)])
    pen.polygon([(50, 8), (94, 88), (80, 88), (47, 15)], fill=pen.shades.dark)


def star(pen: Pen) -> None:
    """A five-pointed star with facets."""
    corners = star_points(50, 54, 48, 20, 5)
    pen.polygon(corners)
    for k in range(0, 10, 2):
        pen.polygon([(50, 54), corners[k], corners[k - 1]], fill=pen.shades.light)


def heart(pen: Pen) -> None:
    """A heart."""
    points = []
    for degree in range(0, 360, 6):
        t = math.radians(degree)
        x = 16 * math.sin(t) ** 3
        y = 13 * math.cos(t) - 5 * math.cos(2 * t) - 2 * math.cos(3 * t) - math.cos(4 * t)
        points.append((50 + 2.75 * x, 46 - 2.75 * y))
    pen.polygon(points)
    pen.ellipse(29, 30, 9, 7, fill=pen.shades.light)


def cross(pen: Pen) -> None:
    """A cross with four equal arms."""
    pen.box(37, 8, 63, 92)
    pen.box(8, 37, 92, 63)
    pen.box(8, 37, 92, 42, fill=pen.shades.light)
    pen.box(37, 8, 63, 13, fill=pen.shades.light)


def ring(pen: Pen) -> None:
    """A ring with a wide hole."""
    pen.ellipse(50, 50, 43)
    pen.arc(50, 50, 39, 190, 280, 5, fill=pen.shades.light)
    pen.erase(50, 50, 25)


def arrow(pen: Pen) -> None:
    """An arrow to the right."""
    pen.polygon([(6, 38), (52, 38), (52, 16), (95, 50), (52, 84), (52, 62), (6, 62)])
    pen.polygon([(6, 38), (52, 38), (52, 45), (6, 45)], fill=pen.shades.light)


def diamond(pen: Pen) -> None:
    """A cut gem."""
    pen.polygon([(26, 16), (74, 16), (95, 40), (50, 92), (5, 40)])
    pen.polygon([(26, 16), (35, 40), (5, 40)], fill=pen.shades.light)
    pen.polygon([(74, 16), (65, 40), (95, 40)], fill=pen.shades.dark)
    pen.polygon([(35, 40), (65, 40), (50, 92)], fill=pen.shades.light)
    pen.polygon([(65, 40), (95, 40), (50, 92)], fill=pen.shades.dark)


def moon(pen: Pen) -> None:
    """A crescent."""
    pen.ellipse(46, 50, 43)
    pen.ellipse(26, 60, 5, fill=pen.shades.dark)
    pen.ellipse(19, 44, 3.5, fill=pen.shades.dark)
    pen.erase(66, 42, 36)
