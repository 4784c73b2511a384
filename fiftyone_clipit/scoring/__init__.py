"""From features to importance: without training, or with the CLIP-It network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fiftyone_clipit.scoring.network import ClipIt
    from fiftyone_clipit.scoring.network_config import ClipItConfig

__all__ = ["ClipIt", "ClipItConfig"]

_HOMES = {
    "ClipIt": "fiftyone_clipit.scoring.network",
    "ClipItConfig": "fiftyone_clipit.scoring.network_config",
}


def __getattr__(name: str) -> Any:
    # Importing torch takes seconds, which light paths must not pay.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
