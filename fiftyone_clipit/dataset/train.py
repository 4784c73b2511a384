"""`train`: from labels in a dataset to a checkpoint that `summarize(..., scorer=...)` takes."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import fiftyone as fo
from fiftyone.core.collections import SampleCollection

from fiftyone_clipit.dataset.train_job import TrainJob
from fiftyone_clipit.dataset.train_options import TrainOptions
from fiftyone_clipit.dataset.train_report import TrainReport
from fiftyone_clipit.encoders.captions import DEFAULT_CAPTIONER
from fiftyone_clipit.encoders.names import DEFAULT
from fiftyone_clipit.scoring.sentences import DEFAULT_MOST
from fiftyone_clipit.training.config import Mode, TrainingConfig


def train(
    samples: SampleCollection,
    target: str | None = None,
    folder: str | os.PathLike[str] | None = None,
    *,
    supervision: Mode = "supervised",
    query_field: str | None = None,
    query_per_label: bool = False,
    captions: str | None = None,
    captioner: str = DEFAULT_CAPTIONER,
    caption_prompt: str | None = None,
    max_sentences: int = DEFAULT_MOST,
    val: float | SampleCollection = 0.2,
    encoder: str = DEFAULT,
    fps: float = 2.0,
    preset: str = "paper",
    network: Mapping[str, Any] | None = None,
    start_from: str | None = None,
    epochs: int = 20,
    learning_rate: float = 1e-4,
    seeds: int | Sequence[int] = 0,
    videos_per_step: int = 4,
    overwrite: bool = False,
    device: str | None = None,
    batch_size: int | None = None,
    num_workers: int | None = None,
    skip_failures: bool = True,
    progress: bool | Callable[[fo.ProgressBar], None] | None = None,
    **options: Any,
) -> TrainReport:
    """Trains the CLIP-It network on the videos of a dataset or view.

    Features come from the cache that `summarize` uses; only what is missing is encoded. A training that was stopped, at
    any point, goes on after its last finished epoch when it is called again with the same arguments.

    Example:
        >>> report = clipit.train(dataset.match_tags("train"), target="importance")
        >>> clipit.summarize(dataset, "mine", scorer=str(report.checkpoint))

    Args:
        samples: a dataset or view of videos. Those of the final test do not belong here.
        target: what matters: a frame-level field of numbers ("importance" or "frames.importance"), or a field
            of temporal detections whose segments are the positives; None to learn without labels. What the view
            filters away does not count.
        folder: gets `config.json` and `model.safetensors` (the checkpoint), `curves.csv`, `curves.png`,
            `training.json`, `dataset.json`, and a folder for each seed. Left out, it is
            `clipit-checkpoints/<dataset>/<target>` in FiftyOne's folder (`fo.config.default_dataset_dir`, usually
            `~/fiftyone`), with the supervision's name in place of the target's where labels do not teach.
        supervision: "supervised" learns from the target, "unsupervised" from the videos alone, "captions"
            from how well each frame fits its video's captions.
        query_field: a field with each video's own question, which the target answers.
        query_per_label: each label of the segments is a question, which the segments of that label answer. Each video
            is also asked for as many labels that it lacks and others have, which nothing in it answers.
        captions: guide the network by captions: "auto", "subtitles", or a field that has sentences.
        captioner: the model for `captions="auto"`.
        caption_prompt: what to tell that model.
        max_sentences: how many captions of a video are used at most.
        val: what the epoch and the seed are chosen by: a share of the videos, set aside whole, or other videos
            (a view); 0 takes the last epoch.
        encoder: a CLIP model, as for `summarize`; the checkpoint belongs to it.
        fps: sampled frames per second of video.
        preset: the network: "paper", "cosine" or "modelscope".
        network: other fields of `ClipItConfig`, such as `{"width": 128, "layers": 3}`.
        start_from: a checkpoint to begin with, named as for `scorer`; preset and network are not used then.
        epochs: passes over the training videos.
        learning_rate: of Adam.
        seeds: one training each; the one that validates best becomes the checkpoint.
        videos_per_step: examples in a step.
        overwrite: replace what an earlier training with other data or options left in the folder.
        device: where to compute; a GPU where there is one if left out.
        batch_size: pictures encoded at once.
        num_workers: videos decoded at once.
        skip_failures: go on with the other videos when one cannot be read or has no labels; the report's `failures`
            say why.
        progress: whether to show a progress bar, or a function that gets it; FiftyOne's setting if left out.
        **options: other fields of `TrainingConfig`: `losses`, `schedule`, `warmup`, `mixed_precision`, ...

    Returns:
        Where the checkpoint is, how training went, and which videos could not take part and why.

    Raises:
        UsageError: arguments that cannot work, labels or words that are not there, or nothing to learn from.
        EncoderError: the encoder cannot be loaded.
        CheckpointError: `start_from` cannot be loaded or does not fit the encoder.
        VideoError: a video cannot take part, with `skip_failures=False`.
    """
    job = TrainJob(
        samples,
        folder,
        TrainOptions(
            target=target,
            supervision=supervision,
            query_field=query_field,
            query_per_label=query_per_label,
            captions=captions,
            captioner=captioner,
            caption_prompt=caption_prompt,
            max_sentences=max_sentences,
            encoder=encoder,
            fps=fps,
        ),
        TrainingConfig.from_dict(
            {
                "mode": supervision,
                "epochs": epochs,
                "learning_rate": learning_rate,
                "seeds": (seeds,) if isinstance(seeds, int) else tuple(seeds),
                "batch_size": videos_per_step,
                **options,
            }
        ),
        val=val,
        preset=preset,
        network=network,
        start_from=start_from,
        overwrite=overwrite,
        device=device,
        batch_size=batch_size,
        num_workers=num_workers,
    )
    with fo.ProgressBar(total=100, progress=progress, iters_str="%") as bar:
        return job.run(skip_failures=skip_failures, on_progress=lambda share, _: bar.set_iteration(int(100 * share)))
