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
from fiftyone_clipit.encoders.captions import DEFAULT_CAPTIONER
from fiftyone_clipit.encoders.names import DEFAULT
from fiftyone_clipit.settings import CAPTION_SOURCES, DEFAULT_MOST, Settings


def summarize(
    samples: SampleCollection,
    key: str,
    *,
    query: str | Sequence[str] | None = None,
    query_field: str | None = None,
    captions: str | Sequence[str] | None = None,
    captioner: str = DEFAULT_CAPTIONER,
    caption_prompt: str | None = None,
    max_sentences: int = DEFAULT_MOST,
    exclude: str | Sequence[str] | None = None,
    language_weight: float | None = None,
    encoder: str = DEFAULT,
    scorer: str = "zero-shot",
    fps: float = 2.0,
    budget: float | str = 0.15,
    min_length: float = 1.0,
    scope: str = "video",
    deduplicate: bool = True,
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
        query: what to look for; several sentences mean that any of them counts, and a segment's label names the one
            that chose it.
        query_field: a field with each video's own query, in place of `query`.
        captions: what guides a generic summary: a list of sentences; "auto" to have a model describe each shot;
            "subtitles" to read them beside the video or inside it; or the name of a field that has sentences
            (temporal detections, classifications, strings; of samples, or of frames as "frames.name"). With neither
            query nor captions, the video itself decides.
        captioner: the model for `captions="auto"`: a hub id or a folder of transformers.
        caption_prompt: what to tell that model.
        max_sentences: how many captions guide a summary at most: each meaning once, at even distances.
        exclude: what to leave out; in one string, commas separate.
        language_weight: between 0 (the video alone decides) and 1 (the words alone); by default 1 with a query and
            0.5 with captions.
        encoder: a CLIP model: any open_clip "name/tag", "hf-hub:...", "local-dir:...", a local checkpoint,
            or the built-in "clipit-tiny".
        scorer: "zero-shot", or a CLIP-It checkpoint.
        fps: sampled frames per second of video.
        budget: the summary's length: a share of the video in (0, 1], or seconds as "90s" or "5min".
        min_length: the least length of a segment in seconds; the budget goes first.
        scope: "video" gives each video its own budget; "dataset" spends one on all videos of this summary together,
            by raw score, so that a video may show nothing.
        deduplicate: with one budget for all, footage that several videos have is shown once.
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
    source = captions if isinstance(captions, str) else None
    field = None if source in CAPTION_SOURCES else source
    settings = Settings.from_config(
        {
            "query": query,
            "captions": None if source is not None else captions,
            "captions_from": None if source == field else source,
            "captioner": captioner,
            "caption_prompt": caption_prompt,
            "max_sentences": max_sentences,
            "exclude": exclude,
            "language_weight": language_weight,
            "encoder": encoder,
            "scorer": scorer,
            "fps": fps,
            "budget": budget,
            "min_length": min_length,
            "scope": scope,
            "deduplicate": deduplicate,
        }
    )
    plan = make_plan(
        videos_of(samples),
        key,
        settings,
        frames=frames,
        captions_field=field,
        query_field=query_field,
        overwrite=overwrite,
    )
    job = SummaryJob(plan, device=device, batch_size=batch_size, num_workers=num_workers)
    with fo.ProgressBar(total=len(plan.pending), progress=progress, iters_str="videos") as bar:
        return job.run(skip_failures=skip_failures, on_progress=lambda done, _: bar.set_iteration(int(done)))
