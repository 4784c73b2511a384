"""Raw scores of a video's frames: words and video, zero-shot or by the network, weighed as the settings say."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fiftyone_clipit.encoders.clip import Encoder
from fiftyone_clipit.errors import CheckpointError
from fiftyone_clipit.scoring.sentences import choose_sentences, different
from fiftyone_clipit.scoring.text import TextPrompts, embed
from fiftyone_clipit.scoring.zero_shot import generic_scores, text_scores
from fiftyone_clipit.settings import Settings
from fiftyone_clipit.summary.scores import smooth

logger = logging.getLogger(__name__)

_REMEMBERED_TEXTS = 256


@dataclass(frozen=True, eq=False)
class VideoScores:
    """Raw scores of one video.

    Attributes:
        values: float64 (T,) in [0, 1], the raw score of each sample.
        queries: what was asked, Q sentences; empty when nothing was.
        by_query: float64 (Q, T), the score of each sample for each query.
        kept: float64 (T,) in [0, 1], how little of each sample is what was excluded.
    """

    values: np.ndarray
    queries: tuple[str, ...]
    by_query: np.ndarray
    kept: np.ndarray

    def best_query(self, samples: slice) -> str:
        """The query that a stretch of samples answers best."""
        return self.queries[int(self.by_query[:, samples].mean(axis=1).argmax())]

    def smoothed(self, times: np.ndarray, sigma: float) -> np.ndarray:
        """The raw scores as means over time.

        What is excluded takes no part in the means: a title card between two good scenes neither gets a share of
        their scores nor lowers them.

        Args:
            times: (T,), seconds, increasing.
            sigma: standard deviation of the Gaussian in seconds.

        Returns:
            float64 (T,).
        """
        share = smooth(self.kept, times, sigma).clip(1e-9)
        return self.kept * smooth(self.values, times, sigma) / share


class VideoScorer:
    """Scores videos as the settings say; the vectors of sentences are computed once.

    Attributes:
        note: what the user should know about the scorer; None where all is as it should be.
    """

    def __init__(self, settings: Settings, encoder: Encoder) -> None:
        self._settings = settings
        self._encoder = encoder
        self._network = None
        self.note: str | None = None
        self._prompts: dict[tuple[str, ...], TextPrompts] = {}
        self._chosen: dict[tuple[str, ...], tuple[str, ...]] = {}
        if settings.scorer != "zero-shot":
            from fiftyone_clipit.scoring.checkpoints import load_scorer

            self._network = load_scorer(settings.scorer, dim=encoder.dim, device=encoder.device)
            self.note = self._network.mismatch(encoder.name)
            if self.note:
                logger.warning("%s", self.note)
        self.score(np.zeros((1, encoder.dim), np.float16))  # sentences are encoded before any video is read

    def score(
        self,
        features: np.ndarray,
        *,
        query: Sequence[str] | None = None,
        captions: Sequence[str] | None = None,
    ) -> VideoScores:
        """Scores the samples of one video.

        Args:
            features: (T, dim), rows of unit length.
            query: other queries than the settings'.
            captions: other captions than the settings'.

        Raises:
            CheckpointError: the network gave scores that are no numbers.
        """
        settings = self._settings
        queries = tuple(query) if query is not None else settings.query
        sentences = tuple(captions) if captions is not None else settings.captions
        if settings.language_weight == 0:
            queries = sentences = ()
        frames = features.astype(np.float32)
        by_query = self._query_scores(frames, queries)
        if self._network is None:
            values = self._zero_shot(frames, by_query, sentences)
        else:
            values = self._network_scores(frames, by_query, sentences)
        if not np.isfinite(values).all():
            raise CheckpointError(f"scorer '{settings.scorer}' gives scores that are not numbers")
        kept = self._kept(frames, queries)
        return VideoScores(values * kept, queries, by_query, kept)

    def _query_scores(self, frames: np.ndarray, queries: tuple[str, ...]) -> np.ndarray:
        if not queries:
            return np.empty((0, len(frames)))
        prompts = self._embed(queries)
        if self._network is None:
            return text_scores(frames, prompts)
        # A single key says nothing to attention: each query comes with its other wordings.
        return np.stack([self._network(frames, wordings) for wordings in prompts.wordings])

    def _zero_shot(self, frames: np.ndarray, by_query: np.ndarray, captions: tuple[str, ...]) -> np.ndarray:
        weight = self._weight(bool(len(by_query)), bool(captions))
        words = np.zeros(len(frames))
        if len(by_query):
            words = by_query.max(axis=0)
        elif captions:
            words = text_scores(frames, self._guides(captions)).max(axis=0)
        video = generic_scores(frames) if weight < 1 else 0.0
        return weight * words + (1 - weight) * video

    def _network_scores(self, frames: np.ndarray, by_query: np.ndarray, captions: tuple[str, ...]) -> np.ndarray:
        assert self._network is not None
        weight = self._settings.language_weight
        if len(by_query):
            words = by_query.max(axis=0)
        elif captions:
            words = self._network(frames, self._guides(captions).sentences)
        else:
            return self._network(frames, None)
        if weight is None or weight == 1:
            return words  # the network itself weighs words against the video
        return weight * words + (1 - weight) * self._network(frames, None)

    def _weight(self, asked: bool, captioned: bool) -> float:
        if not asked and not captioned:
            return 0.0
        weight = self._settings.language_weight
        return weight if weight is not None else 1.0 if asked else 0.5

    def _kept(self, frames: np.ndarray, queries: tuple[str, ...]) -> np.ndarray:
        """One minus how well each frame fits what is excluded.

        A query is held against it: asked for a dog without a brown dog, a black dog stays though it fits "a brown
        dog" better than it fits no words at all. A query that says what is excluded has no say.
        """
        excluded = self._settings.exclude
        if not excluded:
            return np.ones(len(frames))
        prompts = self._embed(excluded)
        rivals = None
        if queries:
            asked = self._embed(queries).sentences
            new = different(np.concatenate([prompts.sentences, asked]), prompts.neutral.mean(axis=0))
            rivals = asked[[i - len(excluded) for i in new if i >= len(excluded)]]
        return 1 - text_scores(frames, prompts, rivals=rivals).max(axis=0)

    def _guides(self, captions: tuple[str, ...]) -> TextPrompts:
        """The vectors of those captions that guide the summary."""
        if captions not in self._chosen:
            if len(self._chosen) >= _REMEMBERED_TEXTS:
                self._chosen.clear()
            self._chosen[captions] = choose_sentences(captions, self._encoder, most=self._settings.max_sentences)
        return self._embed(self._chosen[captions])

    def _embed(self, sentences: tuple[str, ...]) -> TextPrompts:
        if sentences not in self._prompts:
            if len(self._prompts) >= _REMEMBERED_TEXTS:
                self._prompts.clear()
            self._prompts[sentences] = embed(sentences, self._encoder)
        return self._prompts[sentences]
