"""CLIP-It in FiftyOne's model zoo: `foz.load_zoo_model("clip-it", query=...)`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from fiftyone_clipit.dataset.model import ClipItModel
from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.version import __version__

NAME = "clip-it"


def download_model(model_name: str, model_path: str) -> None:
    """Leaves the mark by which the zoo knows that the model is there: its encoder is loaded when it is used."""
    _check(model_name)
    Path(model_path).parent.mkdir(parents=True, exist_ok=True)
    Path(model_path).write_text(json.dumps({"name": NAME, "version": __version__}) + "\n")


def load_model(model_name: str, model_path: str, **kwargs: Any) -> ClipItModel:
    """The model with the given arguments, see ClipItModel."""
    _check(model_name)
    return ClipItModel(**kwargs)


def _check(model_name: str) -> None:
    if model_name != NAME:
        raise UsageError(f"there is no model {model_name!r} here, only {NAME!r}")
