"""What decides a summary: checked before any work begins, kept with the result, enough to repeat it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from fiftyone_clipit.encoders.captions import DEFAULT_CAPTIONER
from fiftyone_clipit.encoders.names import DEFAULT
from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.summary.budget import parse_budget

CAPTION_SOURCES = ("auto", "subtitles")
SCOPES = ("video", "dataset")
# The paper keeps 7 sentences for SumMe and TVSum.
DEFAULT_MOST = 7


@dataclass(frozen=True)
class Settings:
    """Everything that decides a result. Lists of sentences may be given as one string, too.

    Attributes:
        query: what to look for; several mean that any of them counts. Empty: the video itself decides.
        captions: sentences about the video that guide a generic summary. Of any number, `max_sentences` are chosen:
            each meaning once, at even distances.
        captions_from: where each video's own captions come from: "auto" has a model describe its shots, "subtitles"
            reads them beside the video or inside it.
        captioner: the model for "auto", see `fiftyone_clipit.encoders.captions.load_captioner`.
        caption_prompt: what to tell that model.
        max_sentences: how many captions guide a summary at most; the paper takes 7, and 15 for days of life.
        exclude: what to leave out: frames that fit it lose their score. In one string, commas separate.
        language_weight: between 0 (the video alone) and 1 (words alone); by default 1 with a query and 0.5 with
            captions.
        encoder: a CLIP model, see `fiftyone_clipit.encoders.clip.load_encoder`.
        scorer: "zero-shot", or a CLIP-It checkpoint: a folder, a hub id, or "modelscope:path".
        fps: samples per second of video.
        budget: how much of a video its summary may take: a fraction in (0, 1], or "90s", "5min".
        min_length: the least that a segment should last, in seconds; the budget goes first.
        scope: "video" gives each video its own budget, "dataset" one to all of them together, spent on raw scores.
        deduplicate: with one budget for all, footage that several videos have is shown once.

    Raises:
        UsageError: a value that cannot work; says which and what is allowed.
    """

    query: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    captions_from: str | None = None
    captioner: str = DEFAULT_CAPTIONER
    caption_prompt: str | None = None
    max_sentences: int = DEFAULT_MOST
    exclude: tuple[str, ...] = ()
    language_weight: float | None = None
    encoder: str = DEFAULT
    scorer: str = "zero-shot"
    fps: float = 2.0
    budget: float | str = 0.15
    min_length: float = 1.0
    scope: str = "video"
    deduplicate: bool = True

    def __post_init__(self) -> None:
        if isinstance(self.exclude, str):
            object.__setattr__(self, "exclude", self.exclude.split(","))
        for name in ("query", "captions", "exclude"):
            object.__setattr__(self, name, _sentences(name, getattr(self, name)))
        if self.captions_from not in (None, *CAPTION_SOURCES):
            raise UsageError(f"captions_from must be one of {', '.join(CAPTION_SOURCES)}, not {self.captions_from!r}")
        if self.captions and self.captions_from:
            raise UsageError(f"give sentences as captions, or take them from {self.captions_from!r}, not both")
        if self.query and (self.captions or self.captions_from):
            raise UsageError("give a query or captions, not both: a query already says what matters")
        if not (isinstance(self.max_sentences, int) and self.max_sentences >= 1):
            raise UsageError(f"max_sentences must be a whole number from 1 on, not {self.max_sentences!r}")
        if self.language_weight is not None and not 0 <= self.language_weight <= 1:
            raise UsageError(f"language_weight must lie between 0 (video) and 1 (words), not {self.language_weight}")
        if not self.encoder or not self.scorer or not self.captioner:
            raise UsageError("encoder, scorer and captioner must be named")
        if not (isinstance(self.fps, int | float) and math.isfinite(self.fps) and 0 < self.fps <= 1000):
            raise UsageError(f"fps must be a number of samples per second above 0, not {self.fps!r}")
        if not (math.isfinite(self.min_length) and self.min_length >= 0):
            raise UsageError(f"min_length must be a number of seconds from 0 on, not {self.min_length!r}")
        if self.scope not in SCOPES:
            raise UsageError(f"scope must be one of {', '.join(SCOPES)}, not {self.scope!r}")
        parse_budget(self.budget)

    def config(self) -> dict[str, Any]:
        """The settings as plain JSON values; `from_config` reads them back."""
        return {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(self).items()}

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Settings:
        """Reads what `config` gave, ignoring what else is in there."""
        return cls(**{f.name: config[f.name] for f in fields(cls) if f.name in config})


def _sentences(name: str, value: str | Iterable[str] | None) -> tuple[str, ...]:
    if value is None:
        return ()
    sentences = (value,) if isinstance(value, str) else tuple(value)
    for sentence in sentences:
        if not isinstance(sentence, str) or not sentence.strip():
            raise UsageError(f"{name} holds an empty sentence: {sentence!r}; write what to look for, or leave it out")
    return tuple(" ".join(sentence.split()) for sentence in sentences)
