"""The operators, in the order in which they are registered."""

from __future__ import annotations

from fiftyone.operators import Operator

from fiftyone_clipit.plugin.operators.caption_videos import CaptionVideos
from fiftyone_clipit.plugin.operators.delete_summary import DeleteSummary
from fiftyone_clipit.plugin.operators.encode_videos import EncodeVideos
from fiftyone_clipit.plugin.operators.evaluate_summary import EvaluateSummary
from fiftyone_clipit.plugin.operators.export_summary import ExportSummary
from fiftyone_clipit.plugin.operators.rename_summary import RenameSummary
from fiftyone_clipit.plugin.operators.resize_summary import ResizeSummary
from fiftyone_clipit.plugin.operators.summarize_video import SummarizeVideo
from fiftyone_clipit.plugin.operators.train_summarizer import TrainSummarizer

OPERATORS: tuple[type[Operator], ...] = (
    SummarizeVideo,
    EncodeVideos,
    CaptionVideos,
    ResizeSummary,
    ExportSummary,
    RenameSummary,
    DeleteSummary,
    TrainSummarizer,
    EvaluateSummary,
)
