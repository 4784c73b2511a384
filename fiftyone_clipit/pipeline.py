"""The path of a video: file -> sampled frames -> features -> scores -> shots -> segments."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from fiftyone_clipit.encoders.captions import Captioner, load_captioner
from fiftyone_clipit.encoders.clip import Encoder, load_encoder
from fiftyone_clipit.errors import VideoError
from fiftyone_clipit.features.captions import Choice, ShotCaption, caption_shots
from fiftyone_clipit.features.extract import Extracted, Progress, extract
from fiftyone_clipit.features.store import FeatureStore
from fiftyone_clipit.features.types import VideoFeatures
from fiftyone_clipit.media.subtitle_sources import read_subtitles
from fiftyone_clipit.media.timeline import Timeline
from fiftyone_clipit.scoring.combine import VideoScorer, VideoScores
from fiftyone_clipit.settings import Settings
from fiftyone_clipit.summary.budget import parse_budget
from fiftyone_clipit.summary.frames import shots_from_boundaries
from fiftyone_clipit.summary.looks import with_looks
from fiftyone_clipit.summary.scores import relevance, to_importance
from fiftyone_clipit.summary.segments import choose_segments
from fiftyone_clipit.summary.shots import kts
from fiftyone_clipit.summary.types import NO_QUESTION, Segment, Shot, Summary

# How far scores are smoothed, in seconds: a query is answered within moments, while what makes a video interesting
# in general changes more slowly.
_QUERY_SIGMA = 0.5
_GENERIC_SIGMA = 2.0
# The name in the store. Raise the number whenever `kts` comes to other boundaries.
_BOUNDARIES = "boundaries-2"


class Summarizer:
    """Summarizes videos with one encoder and one scorer.

    Args:
        settings: what decides the result.
        device: where to compute; a GPU where there is one if left out.
        batch_size: pictures at once; chosen for the device if left out.
        num_workers: videos decoded at once.
        cache_dir: where features are kept; the user's cache folder if left out.
        cache: whether features are kept at all.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        device: str | None = None,
        batch_size: int | None = None,
        num_workers: int | None = None,
        cache_dir: str | os.PathLike[str] | None = None,
        cache: bool = True,
    ) -> None:
        self.settings = settings
        self.store = FeatureStore(cache_dir) if cache else None
        self._device = device
        self._batch_size = batch_size
        self._num_workers = num_workers
        self._encoder: Encoder | None = None
        self._scorer: VideoScorer | None = None
        self._captioner: Captioner | None = None

    @property
    def encoder(self) -> Encoder:
        """The encoder, loaded when first asked for."""
        if self._encoder is None:
            self._encoder = load_encoder(self.settings.encoder, device=self._device, batch_size=self._batch_size)
        return self._encoder

    @property
    def scorer(self) -> VideoScorer:
        """The scorer, loaded when first asked for."""
        if self._scorer is None:
            self._scorer = VideoScorer(self.settings, self.encoder)
        return self._scorer

    @property
    def captioner(self) -> Captioner:
        """The captioning model, loaded when first asked for."""
        if self._captioner is None:
            name, prompt = self.settings.captioner, self.settings.caption_prompt
            self._captioner = load_captioner(name, prompt=prompt, device=self._device)
        return self._captioner

    def load(self) -> None:
        """Loads the models that the settings need, so that what cannot work fails before any video is touched.

        Raises:
            EncoderError: the encoder or the captioner cannot be loaded.
            CheckpointError: the scorer cannot be loaded or does not fit the encoder.
            UsageError: the device does not exist.
        """
        _ = self.scorer
        if self.settings.captions_from == "auto":
            _ = self.captioner

    def extract(self, paths: Iterable[str], on_progress: Progress | None = None) -> Iterator[Extracted]:
        """Encodes videos or reads their features from the cache; one outcome a video, in order."""
        return extract(
            paths,
            self.encoder,
            fps=self.settings.fps,
            store=self.store,
            num_workers=self._num_workers,
            on_progress=on_progress,
        )

    def summarize(
        self,
        video: VideoFeatures,
        *,
        frames: tuple[int, int] | None = None,
        query: Sequence[str] | None = None,
        captions: Sequence[str] | None = None,
    ) -> Summary:
        """Scores a video's frames and picks its summary.

        With one budget for all videos there are no segments yet: `fiftyone_clipit.across.share_budget` chooses them
        when all videos have their scores.

        Args:
            video: its features.
            frames: only this part of the video, first and last frame, 1-based and inclusive.
            query: other queries than the settings'.
            captions: other captions than the settings', or than what they are to be taken from.

        Raises:
            VideoError: the settings say where to take captions from, and this video has none.
        """
        settings, timeline = self.settings, video.timeline
        if captions is None and query is None and settings.captions_from:
            captions = self.own_captions(video)
        first, last = frames or (1, timeline.n_frames)
        inside = _samples_within(video.frame_numbers, first, last)
        numbers, times, features = video.frame_numbers[inside], video.times[inside], video.features[inside]

        scored = self.scorer.score(features, query=query, captions=captions)
        sigma = _QUERY_SIGMA if scored.queries else _GENERIC_SIGMA
        importance = to_importance(scored.smoothed(times, sigma))
        shots = shots_from_boundaries(
            self._boundaries(video) if len(features) == len(video.features) else kts(features),
            frame_numbers=numbers,
            importance=importance,
            scores=scored.values,
            features=features,
            timeline=timeline,
            first_frame=first,
            last_frame=last,
        )
        labels = _labels(shots, numbers, scored)
        shots = [replace(shot, label=label) for shot, label in zip(shots, labels, strict=True)]
        segments: list[Segment] = []
        notes: list[str] = []
        if settings.scope == "video":
            segments, notes = self._choose(shots, numbers, importance, timeline)
        elif settings.deduplicate:
            shots = with_looks(shots, features, numbers)
        return Summary(
            frame_numbers=numbers,
            times=times,
            scores=scored.values,
            importance=importance,
            relevance=relevance(scored.values),
            shots=shots,
            segments=segments,
            notes=notes,
        )

    def _choose(
        self, shots: Sequence[Shot], numbers: np.ndarray, importance: np.ndarray, timeline: Timeline
    ) -> tuple[list[Segment], list[str]]:
        first, last = shots[0].first_frame, shots[-1].last_frame
        length = float(timeline.end(last) - timeline.start(first))
        budget = parse_budget(self.settings.budget)
        budget_frames, notes = budget.frames(last - first + 1, length)
        segments, remarks = choose_segments(
            shots,
            numbers,
            importance,
            budget_frames=budget_frames,
            # One frame is the least that can be shown, however long it stays.
            budget_seconds=float(max(budget.limit(length), timeline.longest_frame())),
            min_frames=max(1, round(self.settings.min_length * float(timeline.rate))),
            labels=[shot.label for shot in shots],
            clock=timeline,
        )
        return segments, [*notes, *remarks]

    def caption(
        self,
        video: VideoFeatures,
        *,
        captioner: Captioner | None = None,
        choice: Choice = "typical",
        on_progress: Progress | None = None,
    ) -> tuple[list[ShotCaption], bool]:
        """Describes each shot of a video, or reads its captions from the cache.

        Args:
            video: its features.
            captioner: another model than the settings'.
            choice: the frame of a shot that is described: its most "typical" or its "middle" one.
            on_progress: called with the path and the share that is done, in [0, 1].

        Returns:
            One caption a shot, in order of time; and whether they were in the cache.

        Raises:
            EncoderError: the captioner cannot be loaded or does not work.
            VideoError: the video cannot be read any more.
        """
        return caption_shots(
            video,
            self._boundaries(video),
            captioner or self.captioner,
            choice=choice,
            store=self.store,
            on_progress=on_progress,
        )

    def own_captions(self, video: VideoFeatures) -> list[str]:
        """The captions of one video, from where the settings say.

        Raises:
            VideoError: it has none there.
        """
        if self.settings.captions_from == "subtitles":
            return read_subtitles(video.path)
        sentences = [caption.sentence for caption in self.caption(video)[0] if caption.sentence]
        if not sentences:
            raise VideoError(video.path, f"captioner '{self.captioner.name}' has nothing to say about it")
        return sentences

    def _boundaries(self, video: VideoFeatures) -> np.ndarray:
        """Where the video's shots begin: no question changes it, so it is found once and kept."""
        if self.store is None or video.key is None:
            return kts(video.features)
        found = self.store.get_derived(video.key, _BOUNDARIES)
        if found is None:
            found = kts(video.features)
            with contextlib.suppress(OSError):  # a full disk costs time, not the result
                self.store.put_derived(video.key, _BOUNDARIES, found)
        return found


def _labels(shots: Sequence[Shot], numbers: np.ndarray, scored: VideoScores) -> list[str]:
    """What each shot answers: the query that it fits best, or "summary" when nothing was asked."""
    if not scored.queries:
        return [NO_QUESTION] * len(shots)
    inside = (_samples_within(numbers, shot.first_frame, shot.last_frame) for shot in shots)
    return [scored.best_query(samples) for samples in inside]


def _samples_within(frame_numbers: np.ndarray, first: int, last: int) -> slice:
    """The samples inside a part of the video; the one before it where it is too short to have its own."""
    start, stop = np.searchsorted(frame_numbers, [first, last + 1])
    return slice(max(min(start, stop - 1), 0), max(stop, 1))
