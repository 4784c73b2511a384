"""Features that are in the cache already, for what needs them but should decode nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from fiftyone_clipit.encoders.clip import load_encoder
from fiftyone_clipit.errors import EncoderError
from fiftyone_clipit.evaluation.given import Features
from fiftyone_clipit.features.store import FeatureStore
from fiftyone_clipit.media.sampler import parse_fps

FindFeatures = Callable[[str], Features | None]


def cached_features(config: Mapping[str, Any], device: str | None = None) -> tuple[FindFeatures, list[str]]:
    """A function that finds the features of a video, where the encoder that made them can be loaded.

    Args:
        config: names `encoder` and `fps`.
        device: where the encoder is loaded; features of another precision are others.

    Returns:
        The function: from a path to features and the 0-based numbers of their frames, None where there are none; and
        what the user should know.
    """
    try:
        fingerprint = load_encoder(config["encoder"], device=device).fingerprint
    except EncoderError as error:
        return lambda path: None, [f"no coverage and redundancy: {error}"]
    store, fps = FeatureStore(), parse_fps(config["fps"])

    def find(path: str) -> Features | None:
        try:
            video = store.get(store.key(path, fingerprint, fps), path)
        except OSError:  # the file is gone, and its features cannot be told from others'
            return None
        return None if video is None else (video.features.astype(np.float32), video.frame_numbers - 1)

    return find, []
