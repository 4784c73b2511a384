"""Find what matters in videos: CLIP-It summaries, for a question or in general, inside FiftyOne.

Names are loaded when first used: importing this package imports neither FiftyOne nor torch.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from fiftyone_clipit.version import __version__

if TYPE_CHECKING:
    from fiftyone_clipit.dataset.captioning import CaptionReport, caption
    from fiftyone_clipit.dataset.clips import summary_clips
    from fiftyone_clipit.dataset.evaluate import evaluate
    from fiftyone_clipit.dataset.evaluation import SummaryEvaluation
    from fiftyone_clipit.dataset.export import export
    from fiftyone_clipit.dataset.keyframes import keyframes
    from fiftyone_clipit.dataset.model import ClipItModel
    from fiftyone_clipit.dataset.resize import drop, pin, resize
    from fiftyone_clipit.dataset.runs import SummaryRun, delete_summary, list_summaries, rename_summary
    from fiftyone_clipit.dataset.summarize import summarize
    from fiftyone_clipit.dataset.train import train
    from fiftyone_clipit.dataset.train_report import TrainReport

__all__ = [
    "CaptionReport",
    "ClipItModel",
    "SummaryEvaluation",
    "SummaryRun",
    "TrainReport",
    "__version__",
    "caption",
    "delete_summary",
    "drop",
    "evaluate",
    "export",
    "keyframes",
    "list_summaries",
    "pin",
    "rename_summary",
    "resize",
    "summarize",
    "summary_clips",
    "train",
]

_HOMES = {
    "CaptionReport": "dataset.captioning",
    "ClipItModel": "dataset.model",
    "SummaryEvaluation": "dataset.evaluation",
    "SummaryRun": "dataset.runs",
    "TrainReport": "dataset.train_report",
    "caption": "dataset.captioning",
    "delete_summary": "dataset.runs",
    "drop": "dataset.resize",
    "evaluate": "dataset.evaluate",
    "keyframes": "dataset.keyframes",
    "list_summaries": "dataset.runs",
    "pin": "dataset.resize",
    "rename_summary": "dataset.runs",
    "resize": "dataset.resize",
    "summarize": "dataset.summarize",
    "summary_clips": "dataset.clips",
    "train": "dataset.train",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


class _Package(ModuleType):
    """Keeps `fiftyone_clipit.export` the function, also once the room of that name is imported.

    Python sets a subpackage as an attribute of its package. The room is imported by `from fiftyone_clipit.export
    import ...`, which does not need it.
    """

    @property
    def export(self) -> Any:
        """Exports a summary: see `fiftyone_clipit.dataset.export.export`."""
        return import_module(f"{__name__}.dataset.export").export

    @export.setter
    def export(self, room: ModuleType) -> None:
        pass


sys.modules[__name__].__class__ = _Package
