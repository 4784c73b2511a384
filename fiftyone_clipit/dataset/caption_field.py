"""The field that captions are stored in: its type, what made it, and whether it can be used."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import fiftyone as fo

from fiftyone_clipit.encoders.captions import DEFAULT_CAPTIONER, DEFAULT_MAX_NEW_TOKENS
from fiftyone_clipit.encoders.names import DEFAULT
from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.features.captions import Choice, ShotCaption


@dataclass(frozen=True)
class CaptionOptions:
    """What decides the captions; kept with the field.

    Attributes:
        captioner: a hub id or a folder of transformers.
        prompt: what to tell the model; None for what suits it.
        max_new_tokens: the most tokens of a sentence.
        frame: the frame of a shot that is described: its most "typical" or its "middle" one.
        encoder: the CLIP model that tells the shots apart.
        fps: sampled frames per second of video.
    """

    captioner: str = DEFAULT_CAPTIONER
    prompt: str | None = None
    max_new_tokens: int = DEFAULT_MAX_NEW_TOKENS
    frame: Choice = "typical"
    encoder: str = DEFAULT
    fps: float = 2.0


def captions_to_labels(captions: Iterable[ShotCaption]) -> fo.TemporalDetections:
    """Captions as labels; those that say nothing are left out."""
    return fo.TemporalDetections(
        detections=[
            fo.TemporalDetection(label=one.sentence, support=[one.first_frame, one.last_frame], frame=one.frame)
            for one in captions
            if one.sentence
        ]
    )


def check_field(dataset: fo.Dataset, name: str, options: CaptionOptions, *, overwrite: bool = False) -> bool:
    """Checks that captions can go into a field. Reads no samples: quick enough for every key stroke.

    Returns:
        Whether the field is there.

    Raises:
        UsageError: it is no name of a field, or has something else than captions made with these options.
    """
    if not isinstance(name, str) or not name.isidentifier() or name.startswith("_"):
        raise UsageError(f"field {name!r} cannot hold captions: use letters, digits and underscores")
    kind = dataset.get_field(name)
    if kind is None:
        return False
    if not isinstance(kind, fo.EmbeddedDocumentField) or kind.document_type is not fo.TemporalDetections:
        raise UsageError(f"field {name!r} has something else than temporal detections: choose another field")
    made = _made_with(kind)
    if made is None and not overwrite:
        raise UsageError(f"field {name!r} was not made by captioning: choose another field, or pass overwrite=True")
    differences = [
        f"{key}: {made[key]!r} there, {value!r} asked for"
        for key, value in _info(options).items()
        if made is not None and made.get(key) != value
    ]
    if differences and not overwrite:
        raise UsageError(
            f"field {name!r} has captions made otherwise ({'; '.join(differences)}): choose another field, or pass "
            "overwrite=True"
        )
    return True


def declare(dataset: fo.Dataset, name: str, options: CaptionOptions) -> None:
    """Adds the field where it is missing, and notes what its captions are made with."""
    if not dataset.has_field(name):
        dataset.add_sample_field(
            name,
            fo.EmbeddedDocumentField,
            embedded_doc_type=fo.TemporalDetections,
            description="a sentence for each shot, written by a captioning model",
        )
        dataset.add_sample_field(f"{name}.detections.frame", fo.IntField, description="the frame that is described")
    kind = dataset.get_field(name)
    kind.info = {**(kind.info or {}), "clipit_captions": _info(options)}
    kind.save()


def _info(options: CaptionOptions) -> dict[str, Any]:
    return dict(vars(options))


def _made_with(kind: fo.Field) -> dict[str, Any] | None:
    return (kind.info or {}).get("clipit_captions")
