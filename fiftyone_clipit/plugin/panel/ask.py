"""A question about one video, answered from its cached features: no video is decoded for it."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from fiftyone_clipit.dataset.selection import StoredSummary
from fiftyone_clipit.errors import ClipItError, UsageError
from fiftyone_clipit.features.store import default_folder
from fiftyone_clipit.media.sampler import parse_fps
from fiftyone_clipit.settings import Settings

# How long a question waits for its encoder before the panel says that it is on its way, in seconds.
_PATIENCE = 2.0

_lock = threading.Lock()
_starting = threading.Lock()
_loading: dict[Settings, threading.Thread] = {}


class StillLoading(UsageError):
    """The encoder is being loaded; to be asked again in a moment."""


def ask(path: str, config: Mapping[str, Any], question: str, sample_id: str) -> StoredSummary:
    """Scores a video for a question as a summary would.

    Args:
        path: the video.
        config: the configuration of a summary: its encoder, scorer and sampling are used.
        question: what to look for; several questions are separated by line breaks.
        sample_id: the video's id.

    Returns:
        What a dataset would keep of it.

    Raises:
        UsageError: nothing was asked, or the video's features are not in the cache.
        StillLoading: the encoder is not there yet.
        EncoderError: the encoder cannot be loaded.
    """
    queries = tuple(line.strip() for line in question.splitlines() if line.strip())
    if not queries:
        raise UsageError("write what to look for, then ask")
    settings = _settings(config)
    loading = _begin(settings)
    loading.join(_PATIENCE)
    if loading.is_alive():
        raise StillLoading(f"the encoder {settings.encoder} is being loaded, the answer comes by itself ...")
    with _lock:
        return _answer(path, _key(path, settings), settings, queries, sample_id)


def warm_up(config: Mapping[str, Any]) -> None:
    """Loads in the background what questions about a summary need, so that the first one need not wait for it.

    Not where nothing was ever encoded: there no question can be answered, and the model would be downloaded in vain.
    """
    if any(default_folder().glob("*.safetensors")):
        _begin(_settings(config))


def _begin(settings: Settings) -> threading.Thread:
    with _starting:
        if settings not in _loading:
            _loading.clear()
            _loading[settings] = threading.Thread(target=_load, args=(settings,), name="clipit-warm-up", daemon=True)
            _loading[settings].start()
        return _loading[settings]


def _load(settings: Settings) -> None:
    # Whoever asks gets the error as a message; here nobody waits for it.
    with contextlib.suppress(ClipItError, ImportError), _lock:
        _summarizer(settings).load()


def _settings(config: Mapping[str, Any]) -> Settings:
    """A summary's way to score, without what it asked."""
    names = ("encoder", "scorer", "fps", "min_length")
    return Settings.from_config({name: config[name] for name in names if name in config})


def _key(path: str, settings: Settings) -> str:
    summarizer = _summarizer(settings)
    try:
        return summarizer.store.key(path, summarizer.encoder.fingerprint, parse_fps(settings.fps))
    except OSError as error:
        raise UsageError(f"the video file cannot be read: {error.strerror}: {path}") from error


@lru_cache(maxsize=32)
def _answer(path: str, key: str, settings: Settings, queries: tuple[str, ...], sample_id: str) -> StoredSummary:
    summarizer = _summarizer(settings)
    features = summarizer.store.get(key, path)
    if features is None:
        raise UsageError(
            "this video's features are not in the cache: run “Encode videos” (or any summary with "
            f"{settings.encoder} at {settings.fps:g} fps) once, then ask"
        )
    summary = summarizer.summarize(features, query=queries)
    frames, importance = summary.every_frame()
    return StoredSummary(sample_id, summary.shots, frames, importance, str(settings.budget))


@lru_cache(maxsize=2)
def _summarizer(settings: Settings) -> Any:
    # Torch takes seconds to import: not before somebody asks.
    from fiftyone_clipit.pipeline import Summarizer

    return Summarizer(settings)
