"""What a CLIP-It network consists of: the configuration and its presets. No torch here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from fiftyone_clipit.errors import UsageError

# The value of a field that the user left to the preset. `Any` lets the fields keep their plain types.
_FROM_PRESET: Any = None

_TRANSFORMER: dict[str, Any] = {
    "width": 512,
    "layers": 6,
    "heads": 8,
    "head_dim": 64,
    "feed_forward": 2048,
    "text_heads": 4,
    "text_head_dim": 256,
    "sentences": 0,
    "null_key": True,
    "unit_norm": True,
    "position_norm": False,
    "dropout": 0.1,
    "norm_eps": 1e-6,
    "max_length": 256,
}

PRESETS: dict[str, dict[str, Any]] = {
    "paper": {**_TRANSFORMER},
    "modelscope": {
        **_TRANSFORMER,
        "head_dim": 256,
        "sentences": 7,
        "null_key": False,
        "unit_norm": False,
        "position_norm": True,
        "max_length": 4000,
    },
    "cosine": {
        **_TRANSFORMER,
        "width": 256,
        "layers": 1,
        "heads": 4,
        "feed_forward": 512,
        "text_heads": 4,
        "text_head_dim": 64,
        "max_length": 1024,
    },
}


@dataclass(frozen=True)
class ClipItConfig:
    """The shape of a CLIP-It network. Every field but `preset` and `dim` defaults to the preset's value.

    Presets:
        paper: language-guided attention over the sentences as separate keys, then the frame-scoring transformer.
        modelscope: ModelScope's form of it: seven sentences concatenated to one key.
        cosine: temporal convolution, cross-attention, self-attention, and cosine similarity as the score.

    Attributes:
        preset: "paper", "modelscope" or "cosine".
        dim: width of the encoder's features, of frames and sentences alike.
        width: width of the network.
        layers: layers of the encoder, and of the decoder; in "cosine", self-attention layers.
        heads: self-attention heads.
        head_dim: width of each self-attention head.
        feed_forward: width of the feed-forward layers.
        text_heads: heads of the language-guided attention.
        text_head_dim: width of each of those.
        sentences: 0 for sentences as separate keys; n to concatenate n of them to one key.
        null_key: whether a learned key stands beside the sentences ("sentences" 0 only). Without it a single
            sentence would get all the attention of every frame, and say nothing.
        unit_norm: whether frames and sentences are scaled to unit length first; "cosine" cannot do without.
        position_norm: whether a layer norm follows the positions.
        dropout: of the transformer layers and the score head, in [0, 1).
        norm_eps: of the layer norms.
        max_length: samples that the network sees at once; longer videos go through overlapping windows.
        encoder: name of the encoder whose features it was trained on; "" where unknown.

    Raises:
        UsageError: an unknown preset, or a value that no network can have.
    """

    preset: str = "paper"
    dim: int = 512
    width: int = _FROM_PRESET
    layers: int = _FROM_PRESET
    heads: int = _FROM_PRESET
    head_dim: int = _FROM_PRESET
    feed_forward: int = _FROM_PRESET
    text_heads: int = _FROM_PRESET
    text_head_dim: int = _FROM_PRESET
    sentences: int = _FROM_PRESET
    null_key: bool = _FROM_PRESET
    unit_norm: bool = _FROM_PRESET
    position_norm: bool = _FROM_PRESET
    dropout: float = _FROM_PRESET
    norm_eps: float = _FROM_PRESET
    max_length: int = _FROM_PRESET
    encoder: str = ""

    def __post_init__(self) -> None:
        if self.preset not in PRESETS:
            raise UsageError(f"unknown preset {self.preset!r}: expected one of {', '.join(sorted(PRESETS))}")
        for name, value in PRESETS[self.preset].items():
            if getattr(self, name) is None:
                object.__setattr__(self, name, value)
        for name in ("dim", "width", "layers", "heads", "head_dim", "feed_forward", "text_heads", "text_head_dim"):
            self._require(name, int, 1)
        self._require("sentences", int, 0)
        self._require("max_length", int, 2)
        self._require("norm_eps", float, 0.0)
        self._require("dropout", float, 0.0)
        if self.dropout >= 1:
            raise UsageError(f"dropout is {self.dropout}: expected a number in [0, 1)")
        if self.preset == "cosine" and self.sentences:
            raise UsageError("the cosine preset scores sentences separately: leave sentences at 0")
        if self.preset == "cosine" and not self.unit_norm:
            raise UsageError("the cosine preset compares directions: leave unit_norm at True")
        if self.sentences and self.null_key:
            raise UsageError("null_key stands beside separate sentences: set sentences=0 or null_key=False")

    def _require(self, name: str, kind: type, least: float) -> None:
        value: Any = getattr(self, name)
        kinds = (int, float) if kind is float else (int,)
        if isinstance(value, bool) or not isinstance(value, kinds) or not value >= least:
            raise UsageError(f"{name} is {value!r}: expected {kind.__name__} of at least {least}")

    def to_dict(self) -> dict[str, Any]:
        """All fields, JSON-able."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> ClipItConfig:
        """Reads what `to_dict` gave.

        Raises:
            UsageError: a field that no configuration has, or a wrong value.
        """
        unknown = sorted(set(values) - {field.name for field in fields(cls)})
        if unknown:
            raise UsageError(f"a CLIP-It configuration has no field {', '.join(map(repr, unknown))}")
        return cls(**values)
