"""The version, in one place: what is installed, or what the source tree says when nothing is."""

from __future__ import annotations

__version__ = "0.1.0"
