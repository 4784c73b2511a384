"""`evaluate`: how well a stored summary agrees with what people marked."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

import fiftyone as fo
from fiftyone.core.collections import SampleCollection

from fiftyone_clipit.dataset import runs, score_fields
from fiftyone_clipit.dataset.cached import cached_features
from fiftyone_clipit.dataset.evaluation import SummaryEvaluation
from fiftyone_clipit.dataset.ground_truth import GroundTruth
from fiftyone_clipit.dataset.measuring import Measuring, check_truths
from fiftyone_clipit.dataset.videos import videos_of
from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.evaluation.benchmarks import BenchmarkResult
from fiftyone_clipit.evaluation.metrics import Reduction
from fiftyone_clipit.evaluation.report import check_report_folder

Progress = Callable[[float, str], None]


def evaluate(
    samples: SampleCollection,
    key: str,
    ground_truth: str | Sequence[str],
    *,
    reduction: Reduction = "mean",
    seeds: int = 10,
    features: bool = True,
    field: str | None = None,
    folder: str | os.PathLike[str] | None = None,
    device: str | None = None,
    skip_failures: bool = True,
    progress: bool | Callable[[fo.ProgressBar], None] | None = None,
    on_progress: Progress | None = None,
) -> SummaryEvaluation:
    """Measures a stored summary against what people marked, with baselines beside it. Decodes nothing.

    The F-score compares the stored segments with each person's summary. The rank correlation compares the stored
    importance with what they marked; it reaches 1 only where people graded the frames. Random and constant scores
    under the same shots, and clips at even distances, may show as many frames as the summary does.

    Args:
        samples: a dataset or view that has the summary.
        key: the summary's key.
        ground_truth: the field with what people marked, as for `train`; several fields are several people, who are
            then held against each other, too.
        reduction: over people: "mean" as on TVSum, or "max" as on SumMe.
        seeds: draws of the random baseline.
        features: also measure coverage and redundancy of the videos whose features are in the cache.
        field: store each video's F-score in this sample field, such as "dogs_f_score". A score is cleared when the
            video's segments change (another budget, a pinned or dropped shot, a new run), all of them when the field
            gets scores against something else. Renaming and deleting the summary take them along.
        folder: write the report there: JSON, a Markdown table and a plot.
        device: where the encoder is loaded to find the features.
        skip_failures: go on with the other videos when one cannot be measured; the result's `failures` say why.
        progress: whether to show a progress bar, or a function that gets it; FiftyOne's setting if left out.
        on_progress: called with the share that is done and a path, beside the progress bar.

    Returns:
        Means, a row for each video, and what could not be measured and why.

    Raises:
        UsageError: no such summary or field, a folder that is a file, or nothing to measure.
        VideoError: a video cannot be measured, with `skip_failures=False`.
    """
    videos = videos_of(samples)
    run = runs.load_summary(videos.dataset, key)
    truths = [GroundTruth(samples, name) for name in check_truths(samples, key, ground_truth)]
    if reduction not in ("mean", "max"):
        raise UsageError(f'reduction must be "mean" or "max", not {reduction!r}')
    if not isinstance(seeds, int) or seeds < 1:
        raise UsageError(f"seeds must be a whole number from 1 on, not {seeds!r}")
    if field is not None:
        score_fields.check_score_field(videos.dataset, key, field)
    if folder is not None:
        check_report_folder(folder)
    find, notes = cached_features(run.config, device) if features else (lambda path: None, [])
    measuring = Measuring(
        videos, key, truths, fps=float(run.config["fps"]), reduction=reduction, seeds=seeds, find=find
    )
    with fo.ProgressBar(total=len(videos), progress=progress, iters_str="videos") as bar:
        for done, path in enumerate(measuring.run(skip_failures=skip_failures), 1):
            bar.update()
            if on_progress:
                on_progress(done / len(videos), path)
    protocol = {
        "videos": len(measuring.rows),
        "ground truth": ", ".join(truth.name for truth in truths),
        "budget": run.config["budget"],
        "F1 over people": reduction,
        "random draws": seeds,
    }
    result = SummaryEvaluation(
        key, BenchmarkResult(key, protocol, measuring.methods), measuring.rows, measuring.failures, notes
    )
    if field is not None:
        scores = {row["id"]: row["f1"] for row in result.videos}
        # What could not be measured this time must not keep what an earlier call found.
        everyone = {**dict.fromkeys(videos.ids), **scores}
        against = f"{protocol['ground truth']} ({reduction} over people)"
        score_fields.store(videos.dataset, key, field, everyone, against=against)
    if folder is not None:
        result.save(folder)
    return result
