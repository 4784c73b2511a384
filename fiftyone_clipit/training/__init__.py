"""Training of the CLIP-It network on videos with labels, with captions, or with nothing but themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fiftyone_clipit.training.config import LossWeights, TrainingConfig
    from fiftyone_clipit.training.cross_validation import cross_validate
    from fiftyone_clipit.training.examples import VideoExample
    from fiftyone_clipit.training.h5 import read_examples, write_features_h5
    from fiftyone_clipit.training.qfvs import read_qfvs_examples
    from fiftyone_clipit.training.results import EpochReport, TrainingResult
    from fiftyone_clipit.training.splits import canonical_splits, read_splits
    from fiftyone_clipit.training.trainer import fit

__all__ = [
    "EpochReport",
    "LossWeights",
    "TrainingConfig",
    "TrainingResult",
    "VideoExample",
    "canonical_splits",
    "cross_validate",
    "fit",
    "read_examples",
    "read_qfvs_examples",
    "read_splits",
    "write_features_h5",
]

_HOMES = {
    "EpochReport": "results",
    "LossWeights": "config",
    "TrainingConfig": "config",
    "TrainingResult": "results",
    "VideoExample": "examples",
    "canonical_splits": "splits",
    "cross_validate": "cross_validation",
    "fit": "trainer",
    "read_examples": "h5",
    "read_qfvs_examples": "qfvs",
    "read_splits": "splits",
    "write_features_h5": "h5",
}


def __getattr__(name: str) -> Any:
    # Importing torch takes seconds, which light paths must not pay.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
