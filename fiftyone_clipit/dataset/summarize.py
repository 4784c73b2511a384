"""`summarize`: from a dataset or view of videos to importance, segments and a registered run."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import fiftyone as fo
from fiftyone.core.collections import SampleCollection

from fiftyone_clipit.dataset.job import SummaryJob
from fiftyone_clipit.dataset.plan import make_plan
from fiftyone_clipit.dataset.runs import SummaryRun
from fiftyone_clipit.dataset.videos import videos_of
from fiftyone_clipit.dataset.writing import Frames
from fiftyone_clipit.encoders.names import DEFAULT
from fiftyone_clipit.settings import Settings


def summarize(
    samples: SampleCollection,
    key: str,
    *,
    query: str | Sequence[str] | None = None,
    captions: str | Sequence[str] | None = None,
    encoder: str = DEFAULT,
    scorer: str = "zero-shot",
    fps: float = 2.0,
    budget: float | str = 0.15,
    min_length: float = 1.0,
    frames: Frames = "all",
    overwrite: bool = False,
    device: str | None = None,
    batch_size: int | None = None,
    num_workers: int | None = None,
    skip_failures: bool = True,
    progress: bool | Callable[[fo.ProgressBar], None] | None = None,
) -> SummaryRun:
    """Summarizes the videos of a dataset or view.

    For a key `dogs` it stores the importance of frames in `frames.dogs`, the summary in `dogs`, all shots in
    `dogs_shots`, how well each video fits in `dogs_relevance`, and how they came about in the run `dogs`.

    Called again with the same key and configuration it goes on: videos that have their summary are skipped,
    so that a stopped run resumes and new videos join.

    Args:
        samples: a dataset or view of videos.
        key: the name of the summary, an identifier.
        query: what to look for; several sentences mean that any of them counts.
        captions: what guides a generic summary: sentences, or the name of a field that has them (temporal
            detections, classifications, strings). With neither query nor captions, the video itself decides.
        encoder: a CLIP model: any open_clip "name/tag", "hf-hub:...", "local-dir:...", a local checkpoint,
            or the built-in "clipit-tiny".
        scorer: "zero-shot", or a CLIP-It checkpoint.
        fps: sampled frames per second of video.
        budget: the summary's length: a share of the video in (0, 1], or seconds as "90s" or "5min".
        min_length: the least length of a segment in seconds; the budget goes first.
        frames: store the importance of "all" frames, linear between samples, or of the "sampled" ones only.
        overwrite: replace what a summary of this key has for these samples, whatever made it.
        device: where to compute; a GPU where there is one if left out.
        batch_size: pictures encoded at once.
        num_workers: videos decoded at once.
        skip_failures: go on with the other videos when one cannot be read; the result's `failures` say why.
        progress: whether to show a progress bar, or a function that gets it; FiftyOne's setting if left out.

    Returns:
        The run: status, counts, failures.

    Raises:
        UsageError: arguments that cannot work, before any work begins.
        EncoderError: the encoder cannot be loaded.
        CheckpointError: the scorer cannot be loaded or does not fit the encoder.
        VideoError: a video cannot be read, with `skip_failures=False`.
    """
    field = captions if isinstance(captions, str) else None
    settings = Settings.from_config(
        {
            "query": query,
            "captions": None if field is not None else captions,
            "encoder": encoder,
            "scorer": scorer,
            "fps": fps,
            "budget": budget,
            "min_length": min_length,
        }
    )
    plan = make_plan(videos_of(samples), key, settings, frames=frames, captions_field=field, overwrite=overwrite)
    job = SummaryJob(plan, device=device, batch_size=batch_size, num_workers=num_workers)
    with fo.ProgressBar(total=len(plan.pending), progress=progress, iters_str="videos") as bar:
        return job.run(skip_failures=skip_failures, on_progress=lambda done, _: bar.set_iteration(int(done)))
