"""From videos of a dataset to what a network learns from: features, targets at the samples, vectors of sentences."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import numpy as np

from fiftyone_clipit.dataset.captions import read_sentences
from fiftyone_clipit.dataset.ground_truth import GroundTruth
from fiftyone_clipit.dataset.train_options import TrainOptions
from fiftyone_clipit.dataset.videos import VideoSamples
from fiftyone_clipit.errors import UsageError, VideoError
from fiftyone_clipit.features.types import VideoFeatures
from fiftyone_clipit.pipeline import Summarizer
from fiftyone_clipit.scoring.sentences import choose_sentences
from fiftyone_clipit.scoring.text import embed
from fiftyone_clipit.training.examples import VideoExample


class ExampleMaker:
    """Makes the examples of videos: one each, or one for each question about it.

    Sentences take the form in which `summarize` gives them to a network: a question with its other wordings,
    captions one vector each.

    With a question for each label, a video is also asked for labels that other videos have and it lacks, which nothing
    in it answers: otherwise a network never sees a question without an answer. Those are as many as its own labels, one
    for a video that has none, and the sample's id draws them.

    Args:
        videos: all videos that examples will be made of.
        options: where labels and words come from.
        truth: what people marked; None without labels.
        summarizer: has the encoder, and finds captions.
        negatives: whether to ask for absent labels, too.

    Raises:
        UsageError: sentences cannot be read from the field that has them.
    """

    def __init__(
        self,
        videos: VideoSamples,
        options: TrainOptions,
        truth: GroundTruth | None,
        summarizer: Summarizer,
        *,
        negatives: bool = True,
    ) -> None:
        self._options, self._truth, self._summarizer = options, truth, summarizer
        self._sentences: dict[str, tuple[str, ...]] = {}
        if options.query_field is not None:
            self._sentences = read_sentences(videos, options.query_field, argument="query_field")
        elif options.captions_field is not None:
            self._sentences = read_sentences(videos, options.captions_field)
        # By file: what one sample of a video does not show, another one of the same video may.
        self._labels: dict[str, set[str]] = {}
        if options.query_per_label and truth is not None and negatives:
            for sample_id, path in zip(videos.ids, videos.paths, strict=True):
                self._labels.setdefault(path, set()).update(filter(str.strip, truth.labels(sample_id)))
        self._wordings: dict[str, np.ndarray] = {}
        self._names: dict[str, int] = {}

    def make(self, sample_id: str, video: VideoFeatures) -> list[VideoExample]:
        """The examples of one video.

        Raises:
            VideoError: it has no labels or no words where the options want some, or features that are no numbers.
        """
        asked: list[tuple[str | None, np.ndarray | None]]
        if self._options.query_per_label and self._truth is not None:
            labels = self._questions(self._truth, sample_id, video.path)
            if not labels:
                raise VideoError(video.path, f"field {self._truth.name!r} has no labels for it")
            asked = [(label, self._embed_query([label])) for label in labels]
        else:
            asked = [(None, self._text(sample_id, video))]
        return [self._example(sample_id, video, label, text) for label, text in asked]

    def _questions(self, truth: GroundTruth, sample_id: str, path: str) -> list[str]:
        """The labels of a video, then some that it lacks."""
        marked = truth.labels(sample_id)
        own = [label for label in marked if label.strip()]
        if marked and not own:
            return []  # Segments without a name may be anything.
        absent = sorted(set().union(*self._labels.values()) - self._labels.get(path, set()))
        return own + Random(sample_id).sample(absent, min(max(len(own), 1), len(absent)))

    def _example(
        self, sample_id: str, video: VideoFeatures, label: str | None, text: np.ndarray | None
    ) -> VideoExample:
        # Samples of one file are one video: all of them on the same side of training and validation.
        name = video.path if label is None else f"{video.path}?{label}"
        self._names[name] = self._names.get(name, 0) + 1
        name = name if self._names[name] == 1 else f"{name} ({self._names[name]})"
        try:
            return VideoExample(
                name,
                features=video.features,
                targets=self._targets(sample_id, video, label),
                text=text,
                picks=video.frame_numbers - 1,
                n_frames=video.timeline.n_frames,
                fps=float(video.timeline.rate),
                video=video.path,
            )
        except UsageError as error:
            raise VideoError(video.path, str(error).removeprefix(f"{name}: ")) from error

    def _targets(self, sample_id: str, video: VideoFeatures, label: str | None) -> np.ndarray | None:
        if self._truth is None:
            return None
        try:
            marked = self._truth.importance(sample_id, video.path, video.timeline.n_frames, label=label)
        except VideoError:
            if self._options.supervision == "supervised":
                raise
            return None
        return at_samples(marked, video.frame_numbers)

    def _text(self, sample_id: str, video: VideoFeatures) -> np.ndarray | None:
        options = self._options
        if options.query_field is None and options.captions is None:
            return None
        if options.captions is not None and options.captions_field is None:
            return self._embed_captions(self._summarizer.own_captions(video))
        sentences = self._sentences.get(sample_id)
        if not sentences:
            field, what = (options.query_field, "query") if options.query_field else (options.captions, "captions")
            raise VideoError(video.path, f"field {field!r} has no {what} for it")
        return self._embed_query(sentences) if options.query_field else self._embed_captions(sentences)

    def _embed_query(self, sentences: Sequence[str]) -> np.ndarray:
        for sentence in sentences:
            if sentence not in self._wordings:
                self._wordings[sentence] = embed([sentence], self._summarizer.encoder).wordings[0]
        return np.concatenate([self._wordings[sentence] for sentence in sentences])

    def _embed_captions(self, sentences: Sequence[str]) -> np.ndarray:
        encoder = self._summarizer.encoder
        return embed(choose_sentences(sentences, encoder, most=self._options.max_sentences), encoder).sentences


def at_samples(importance: np.ndarray, frame_numbers: np.ndarray) -> np.ndarray:
    """What is marked of the stretch that each sample stands for: the mean from its frame to the next sample's.

    Args:
        importance: (n_frames,), NaN where nobody said.
        frame_numbers: int (T,), the sampled frames, 1-based, increasing.

    Returns:
        float64 (T,), NaN where nothing of the stretch is marked.
    """
    known = ~np.isnan(importance)
    starts = frame_numbers - 1
    counts = np.add.reduceat(known.astype(np.int64), starts)
    totals = np.add.reduceat(np.where(known, importance, 0.0), starts)
    return np.divide(totals, counts, out=np.full(len(starts), np.nan), where=counts > 0)
