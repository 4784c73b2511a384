"""`caption`: a sentence for each shot of each video, as temporal detections."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import fiftyone as fo
from fiftyone.core.collections import SampleCollection

from fiftyone_clipit.dataset.caption_field import CaptionOptions, captions_to_labels, check_field, declare
from fiftyone_clipit.dataset.failed import failed_lines
from fiftyone_clipit.dataset.videos import VideoSamples, features_of, metadata_of, select, videos_of
from fiftyone_clipit.encoders.captions import DEFAULT_CAPTIONER, DEFAULT_MAX_NEW_TOKENS, load_captioner
from fiftyone_clipit.encoders.names import DEFAULT
from fiftyone_clipit.errors import VideoError
from fiftyone_clipit.features.captions import Choice
from fiftyone_clipit.pipeline import Summarizer
from fiftyone_clipit.settings import Settings

Progress = Callable[[float, str], None]

# How long captions wait to be written: what a kill may cost, and how live the App is.
_MOST_SECONDS = 2.0


@dataclass(frozen=True)
class CaptionReport:
    """How captioning went.

    Attributes:
        field: where the captions are.
        captioned: videos that got their captions in this call.
        skipped: videos that had them already.
        captions: sentences written in this call.
        failures: videos without captions: their `id`, `path` and the `reason`.
    """

    field: str
    captioned: int
    skipped: int
    captions: int
    failures: list[dict[str, str]]

    def __str__(self) -> str:
        line = (
            f"captions in {self.field!r}: {self.captioned} videos got {self.captions} captions, "
            f"{self.skipped} had them already, {len(self.failures)} failed"
        )
        return "\n".join([line, *failed_lines(self.failures)])


def caption(
    samples: SampleCollection,
    field: str = "captions",
    *,
    captioner: str = DEFAULT_CAPTIONER,
    prompt: str | None = None,
    max_new_tokens: int = DEFAULT_MAX_NEW_TOKENS,
    frame: Choice = "typical",
    encoder: str = DEFAULT,
    fps: float = 2.0,
    overwrite: bool = False,
    device: str | None = None,
    batch_size: int | None = None,
    num_workers: int | None = None,
    skip_failures: bool = True,
    progress: bool | Callable[[fo.ProgressBar], None] | None = None,
) -> CaptionReport:
    """Describes the shots of videos: one sentence each, as temporal detections.

    Called again with the same options it goes on: videos that have their captions are skipped. Captions are also kept
    beside the features, so that `summarize(..., captions="auto")` with the same models finds them.

    Args:
        samples: a dataset or view of videos.
        field: the sample field to store them in: the label is the sentence, the support is the shot.
        captioner: an image-captioning or vision-language model of transformers: a hub id or a folder.
        prompt: what to tell the model: the beginning of the sentence, or a request where the model follows those.
        max_new_tokens: the most tokens of a sentence.
        frame: which frame of a shot is described: the most "typical" or the "middle" one.
        encoder: the CLIP model whose features tell the shots apart.
        fps: sampled frames per second of video.
        overwrite: replace what the field has for these videos, whatever made it.
        device: where to compute; a GPU where there is one if left out.
        batch_size: pictures described at once.
        num_workers: videos decoded at once.
        skip_failures: go on with the other videos when one cannot be read; the report's `failures` say why.
        progress: whether to show a progress bar, or a function that gets it; FiftyOne's setting if left out.

    Returns:
        What was done, and what failed and why.

    Raises:
        UsageError: arguments that cannot work, or a field that has something else.
        EncoderError: a model cannot be loaded, or is no captioner.
        VideoError: a video cannot be read, with `skip_failures=False`.
    """
    options = CaptionOptions(captioner, prompt, max_new_tokens, frame, encoder, fps)
    job = CaptionJob(
        videos_of(samples),
        field,
        options,
        overwrite=overwrite,
        device=device,
        batch_size=batch_size,
        num_workers=num_workers,
    )
    with fo.ProgressBar(total=len(job.pending), progress=progress, iters_str="videos") as bar:
        return job.run(skip_failures=skip_failures, on_progress=lambda done, _: bar.set_iteration(int(done)))


@dataclass
class _Waiting:
    """What is to be written."""

    since: float = 0.0
    captions: dict[str, fo.TemporalDetections] = field(default_factory=dict)
    metadata: dict[str, fo.VideoMetadata] = field(default_factory=dict)


class CaptionJob:
    """Captions some videos.

    Args:
        videos: what to caption.
        field: where the captions go.
        options: what decides them.
        overwrite: whether to replace captions that are there.
        device: where to compute.
        batch_size: pictures described at once.
        num_workers: videos decoded at once.

    Raises:
        UsageError: options that cannot work, or a field that has something else.
    """

    def __init__(
        self,
        videos: VideoSamples,
        field: str,
        options: CaptionOptions,
        *,
        overwrite: bool = False,
        device: str | None = None,
        batch_size: int | None = None,
        num_workers: int | None = None,
    ) -> None:
        self._videos, self._field, self._options = videos, field, options
        self._device, self._batch_size = device, batch_size
        settings = Settings(encoder=options.encoder, fps=options.fps, captioner=options.captioner)
        self._summarizer = Summarizer(settings, device=device, num_workers=num_workers)
        has_captions = check_field(videos.dataset, field, options, overwrite=overwrite)
        self.pending = videos
        if has_captions and not overwrite:
            there = dict(zip(*select(videos.dataset, videos.ids).values(["id", field]), strict=True))
            self.pending = videos.where([there[sample_id] is None for sample_id in videos.ids])
        self._waiting = _Waiting()

    def run(self, *, skip_failures: bool = True, on_progress: Progress | None = None) -> CaptionReport:
        """Does the work.

        Args:
            skip_failures: go on with the other videos when one cannot be read.
            on_progress: called with the number of videos that are done, fractions included, and the path of the one
                at hand. Whatever it raises stops the work; what is finished by then is kept.

        Raises:
            EncoderError: a model cannot be loaded, or is no captioner; nothing is changed then.
            VideoError: a video cannot be read, and `skip_failures` is False.
        """
        tell = on_progress or (lambda done, path: None)
        pending, failures, written = self.pending, [], 0
        if not pending.ids:
            return CaptionReport(self._field, 0, len(self._videos), 0, [])
        options = self._options
        captioner = load_captioner(
            options.captioner,
            prompt=options.prompt,
            max_new_tokens=options.max_new_tokens,
            device=self._device,
            batch_size=self._batch_size,
        )
        self._summarizer.load()
        declare(self._videos.dataset, self._field, options)
        rates = dict(zip(*select(pending.dataset, pending.ids).values(["id", "metadata.frame_rate"]), strict=True))
        done = 0

        def report(path: str, share: float) -> None:
            tell(done + 0.99 * share, path)

        try:
            # Encoding is the first half of a video, describing the second; neither says how long the other takes.
            outcomes = self._summarizer.extract(pending.paths, lambda path, share: report(path, share / 2))
            for sample_id, outcome in zip(pending.ids, outcomes, strict=True):
                try:
                    video = features_of(outcome)
                    captions, _ = self._summarizer.caption(
                        video,
                        captioner=captioner,
                        choice=options.frame,
                        on_progress=lambda path, share: report(path, 0.5 + share / 2),
                    )
                    labels = captions_to_labels(captions)
                    if not labels.detections:
                        raise VideoError(video.path, f"captioner '{captioner.name}' has nothing to say about it")
                except VideoError as error:
                    if not skip_failures:
                        raise
                    failures.append({"id": sample_id, "path": error.path, "reason": error.reason})
                else:
                    written += len(labels.detections)
                    self._write(sample_id, labels, metadata_of(video) if rates[sample_id] is None else None)
                done += 1
                tell(done, outcome.path)
        finally:
            self._flush()
        skipped = len(self._videos) - len(pending)
        return CaptionReport(self._field, len(pending) - len(failures), skipped, written, failures)

    def _write(self, sample_id: str, labels: fo.TemporalDetections, metadata: fo.VideoMetadata | None) -> None:
        waiting = self._waiting
        if not waiting.captions:
            waiting.since = time.monotonic()
        waiting.captions[sample_id] = labels
        if metadata is not None:
            waiting.metadata[sample_id] = metadata
        if time.monotonic() - waiting.since >= _MOST_SECONDS:
            self._flush()

    def _flush(self) -> None:
        waiting, self._waiting = self._waiting, _Waiting()
        for name, values in (("metadata", waiting.metadata), (self._field, waiting.captions)):
            if values:
                self._videos.dataset.set_values(name, values, key_field="id")
