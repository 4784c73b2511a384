"""The things among the objects: what one would meet outdoors, at home or at sea."""

from __future__ import annotations

from fiftyone_clipit.drawn.pen import Pen, star_points

WOOD = (110, 74, 44)
GLASS = (196, 226, 240)
TYRE = (40, 40, 46)
INK = (30, 26, 32)
CREAM = (252, 244, 220)
LEAF = (70, 140, 60)
FIRE = (255, 176, 40)


def tree(pen: Pen) -> None:
    """A round leafy crown on a trunk."""
    pen.box(44, 56, 56, 97, fill=WOOD)
    for x, y, r in ((30, 46, 22), (70, 46, 22), (50, 28, 25), (50, 50, 24)):
        pen.ellipse(x, y, r)
    pen.ellipse(40, 24, 10, 8, fill=pen.shades.light)
    pen.ellipse(66, 52, 10, 7, fill=pen.shades.dark)


def house(pen: Pen) -> None:
    """Walls and a dark roof, a door and two windows."""
    pen.box(66, 12, 76, 40, fill=pen.shades.dark)
    pen.box(16, 42, 84, 94)
    pen.polygon([(50, 6), (96, 46), (4, 46)], fill=pen.shades.dark)
    pen.box(43, 64, 57, 94, fill=WOOD)
    pen.box(23, 56, 36, 70, fill=CREAM)
    pen.box(64, 56, 77, 70, fill=CREAM)


def car(pen: Pen) -> None:
    """A car seen from the side."""
    pen.polygon([(22, 50), (34, 26), (68, 26), (82, 50)])
    pen.box(3, 46, 97, 70, radius=8)
    pen.polygon([(29, 48), (38, 31), (50, 31), (50, 48)], fill=GLASS)
    pen.polygon([(54, 48), (54, 31), (65, 31), (74, 48)], fill=GLASS)
    pen.box(4, 54, 96, 58, fill=pen.shades.light)
    for x in (25, 75):
        pen.ellipse(x, 70, 13, fill=TYRE)
        pen.ellipse(x, 70, 6, fill=(190, 194, 200))
    pen.ellipse(94, 55, 3, 4, fill=FIRE)


def boat(pen: Pen) -> None:
    """A sailing boat: hull and sail in its colour."""
    pen.line([(48, 8), (48, 70)], 3, fill=WOOD)
    pen.polygon([(52, 8), (52, 60), (90, 60)], fill=pen.shades.light)
    pen.polygon([(44, 18), (44, 60), (16, 60)])
    pen.polygon([(4, 68), (96, 68), (80, 92), (20, 92)])
    pen.polygon([(4, 68), (96, 68), (93, 73), (7, 73)], fill=pen.shades.dark)


def fish(pen: Pen) -> None:
    """A fish that swims to the left."""
    pen.polygon([(66, 50), (97, 22), (90, 50), (97, 78)])
    pen.polygon([(36, 30), (56, 10), (64, 34)], fill=pen.shades.dark)
    pen.polygon([(40, 70), (54, 86), (60, 66)], fill=pen.shades.dark)
    pen.ellipse(42, 50, 38, 24)
    pen.ellipse(40, 61, 24, 9, fill=pen.shades.light)
    pen.arc(34, 50, 17, -55, 55, 2.2, fill=pen.shades.dark)
    pen.ellipse(20, 43, 6, fill=(255, 255, 255))
    pen.ellipse(19, 43, 3, fill=INK)


def cup(pen: Pen) -> None:
    """A mug with a handle."""
    pen.arc(74, 52, 20, -90, 90, 8, fill=pen.shades.dark)
    pen.polygon([(14, 20), (78, 20), (72, 90), (20, 90)])
    pen.polygon([(22, 24), (33, 24), (35, 86), (27, 86)], fill=pen.shades.light)
    pen.ellipse(46, 20, 32, 8, fill=pen.shades.dark)
    pen.ellipse(46, 21, 27, 5.5, fill=(84, 50, 30))


def flower(pen: Pen) -> None:
    """Six petals around a yellow heart, on a stem."""
    pen.line([(50, 44), (48, 97)], 5, fill=LEAF)
    pen.ellipse(62, 80, 12, 5, fill=LEAF)
    for x, y in star_points(50, 36, 21, 21, 3):
        pen.ellipse(x, y, 15)
        pen.ellipse(x - 3, y - 4, 5, fill=pen.shades.light)
    pen.ellipse(50, 36, 12, fill=(250, 206, 60))


def umbrella(pen: Pen) -> None:
    """An open umbrella with a bent handle."""
    pen.line([(50, 10), (50, 84)], 4, fill=WOOD)
    pen.arc(43, 84, 9, 0, 180, 4, fill=WOOD)
    pen.pie(50, 54, 46, 180, 360)
    pen.pie(50, 54, 22, 180, 360, fill=pen.shades.light)
    for x in (19.5, 50, 80.5):
        pen.erase(x, 55, 15.5, 8)
    pen.line([(50, 44), (50, 84)], 4, fill=WOOD)


def face(pen: Pen) -> None:
    """A smiling face."""
    pen.ellipse(50, 50, 43)
    for x in (34, 66):
        pen.ellipse(x, 40, 8, 10, fill=(255, 255, 255))
        pen.ellipse(x, 42, 4.5, 6, fill=INK)
    pen.arc(50, 50, 27, 25, 155, 9, fill=INK)
    pen.arc(50, 50, 25, 30, 150, 4, fill=(255, 255, 255))


def balloon(pen: Pen) -> None:
    """A toy balloon on a string."""
    pen.line([(50, 74), (46, 84), (54, 91), (50, 99)], 2, fill=(90, 90, 96))
    pen.ellipse(50, 38, 29, 35)
    pen.polygon([(50, 70), (43, 79), (57, 79)], fill=pen.shades.dark)
    pen.ellipse(39, 24, 7, 11, fill=pen.shades.light)


def butterfly(pen: Pen) -> None:
    """Four wings and a dark body."""
    for x in (28, 72):
        pen.ellipse(x, 34, 24, 25)
        pen.ellipse(50 + (x - 50) * 0.8, 70, 17, 19, fill=pen.shades.dark)
        pen.ellipse(x, 33, 11, fill=pen.shades.light)
    pen.line([(50, 26), (40, 8)], 2, fill=INK)
    pen.line([(50, 26), (60, 8)], 2, fill=INK)
    pen.line([(50, 26), (50, 84)], 7, fill=INK)


def mushroom(pen: Pen) -> None:
    """A spotted cap on a pale foot."""
    pen.polygon([(39, 52), (61, 52), (67, 94), (33, 94)], fill=CREAM)
    pen.pie(50, 56, 45, 180, 360)
    pen.ellipse(50, 56, 45, 6, fill=pen.shades.dark)
    for x, y, r in ((32, 40, 7), (56, 26, 8), (74, 44, 6)):
        pen.ellipse(x, y, r, fill=pen.shades.light)


def rocket(pen: Pen) -> None:
    """A rocket on its way up."""
    pen.polygon([(40, 78), (60, 78), (50, 99)], fill=FIRE)
    pen.polygon([(34, 52), (12, 84), (38, 76)], fill=pen.shades.dark)
    pen.polygon([(66, 52), (88, 84), (62, 76)], fill=pen.shades.dark)
    pen.ellipse(50, 44, 19, 42)
    pen.box(34, 74, 66, 80, fill=pen.shades.dark)
    pen.ellipse(50, 36, 10, fill=(230, 236, 240))
    pen.ellipse(50, 36, 6.5, fill=(90, 160, 210))


def cat(pen: Pen) -> None:
    """A sitting cat."""
    pen.line([(70, 88), (90, 80), (92, 58)], 8, fill=pen.shades.dark)
    pen.ellipse(50, 76, 28, 21)
    pen.polygon([(22, 40), (24, 6), (46, 22)])
    pen.polygon([(78, 40), (76, 6), (54, 22)])
    pen.ellipse(50, 38, 31, 26)
    pen.ellipse(50, 80, 13, 14, fill=pen.shades.light)
    for x in (38, 62):
        pen.ellipse(x, 35, 6, 7, fill=(246, 250, 210))
        pen.ellipse(x, 35, 2.5, 6, fill=INK)
    pen.polygon([(46, 46), (54, 46), (50, 51)], fill=(240, 150, 160))
    for y in (46, 52):
        pen.line([(38, 49), (16, y)], 1, fill=INK)
        pen.line([(62, 49), (84, y)], 1, fill=INK)
