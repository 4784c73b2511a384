"""Where things go that nobody named a folder for: in FiftyOne's own folder, by the dataset's name.

There it does not depend on where a script or notebook was started, and a second call finds what the first one made.
"""

from __future__ import annotations

from pathlib import Path

import fiftyone as fo
from fiftyone.core.collections import SampleCollection


def checkpoint_folder(samples: SampleCollection, learned_from: str) -> Path:
    """Where a checkpoint goes.

    Args:
        samples: what it is trained on.
        learned_from: the target, or the way to learn without one.
    """
    return _checkpoints(samples) / learned_from


def checkpoints(samples: SampleCollection) -> list[Path]:
    """The finished checkpoints in these folders, those of this dataset, by name."""
    return sorted(path.parent for path in _checkpoints(samples).glob("*/model.safetensors"))


def export_folder(samples: SampleCollection, name: str) -> Path:
    """Where the exported files of a summary go.

    Args:
        samples: what is exported.
        name: the summary's key, or what else it is.
    """
    return _ours("exports", samples) / name


def report_folder(samples: SampleCollection, key: str) -> Path:
    """Where the report of an evaluation goes.

    Args:
        samples: what is measured.
        key: the summary's key.
    """
    return _ours("reports", samples) / key


def _checkpoints(samples: SampleCollection) -> Path:
    return _ours("checkpoints", samples)


def _ours(what: str, samples: SampleCollection) -> Path:
    return Path(fo.config.default_dataset_dir).expanduser() / f"clipit-{what}" / samples._root_dataset.slug
