"""From the name of a trained network to a function that scores frames."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import torch

from fiftyone_clipit.encoders.devices import pick_device
from fiftyone_clipit.errors import CheckpointError, UsageError
from fiftyone_clipit.scoring.network import ClipIt

_MODELSCOPE = "modelscope:"


class Scorer:
    """A trained network as a function of one video's features and sentences.

    Attributes:
        name: what it was loaded by.
        dim: width of the features that it takes.
        encoder: the encoder whose features it was trained on; "" where the checkpoint does not say.
        device: where it computes.
        fingerprint: identifies configuration and weights, 16 hexadecimal digits.
    """

    def __init__(self, name: str, model: ClipIt, device: str) -> None:
        self.name = name
        self.model = model.to(device).eval()
        self.dim = model.config.dim
        self.encoder = model.config.encoder
        self.device = device
        self.fingerprint = fingerprint(model)

    def mismatch(self, encoder: str) -> str | None:
        """What to tell someone who gives it another encoder's features; None where they are its own, as far as known.

        Features of equal width may still mean nothing to a network that was trained on others.
        """
        if not self.encoder or self.encoder.casefold() == encoder.casefold():
            return None
        return (
            f"scorer {self.name!r} was trained on features of encoder {self.encoder!r}, not of {encoder!r}: its scores "
            f"mean little unless both are the same model; use encoder={self.encoder!r}, or train a scorer for this one"
        )

    def __call__(self, features: np.ndarray, text: np.ndarray | None = None) -> np.ndarray:
        """Scores the samples of one video; the same input gives the same scores.

        Args:
            features: (T, dim), the features of the sampled frames.
            text: (S, dim), the vectors of the sentences; None without language.

        Returns:
            float64 (T,) in [0, 1].

        Raises:
            UsageError: another shape, or values that are not finite.
        """
        if not len(features):
            return np.empty(0)
        frames = self._tensor("features", features)
        sentences = None if text is None or not len(text) else self.model.prepare_text(self._tensor("text", text))
        with torch.inference_mode():
            output = self.model(frames[None], None if sentences is None else sentences[None], reconstruct=False)
        return output.scores[0].double().cpu().numpy()

    def _tensor(self, name: str, values: np.ndarray) -> torch.Tensor:
        if values.ndim != 2 or values.shape[1] != self.dim:
            raise UsageError(f"{name} has shape {values.shape}: scorer {self.name!r} expects (rows, {self.dim})")
        values = np.ascontiguousarray(values, dtype=np.float32)
        wrong = np.flatnonzero(~np.isfinite(values).all(axis=1))
        if len(wrong):
            raise UsageError(f"{name} holds NaN or infinity in row {wrong[0]} ({len(wrong)} rows): encode it again")
        return torch.from_numpy(values).to(self.device)


def load_scorer(name: str, *, dim: int | None = None, device: str | None = None) -> Scorer:
    """Loads a CLIP-It checkpoint. No pickle is read unless named by "modelscope:", and no code in one is ever run.

    Args:
        name: a folder that `ClipIt.save_pretrained` or training wrote, the name of a repository on the Hugging
            Face hub, or "modelscope:<path>" with ModelScope's file or folder.
        dim: width of the encoder's features that it must fit; not checked when absent.
        device: where to compute; a GPU where there is one if left out.

    Raises:
        CheckpointError: there is no such checkpoint, it is damaged, or made for features of another width.
        UsageError: the device does not exist.
    """
    device = pick_device(device)
    if name.startswith(_MODELSCOPE):
        path = Path(name.removeprefix(_MODELSCOPE)).expanduser()
        config = next((file for file in _sidecars(path) if file.is_file()), None)
        model = ClipIt.from_modelscope(path, config)
    else:
        model = ClipIt.from_pretrained(name)
    if dim is not None and model.config.dim != dim:
        raise CheckpointError(
            f"scorer {name!r} takes features of width {model.config.dim}"
            f"{f' ({model.config.encoder})' if model.config.encoder else ''}, the encoder gives {dim}: choose the "
            "encoder that the scorer was trained with, or train a scorer for this encoder"
        )
    return Scorer(name, model, device)


def fingerprint(model: ClipIt) -> str:
    """16 hexadecimal digits that change with the configuration and with any weight."""
    digest = hashlib.sha256(repr(sorted(model.config.to_dict().items())).encode())
    for name, value in sorted(model.weights().items()):
        digest.update(name.encode())
        digest.update(value.detach().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()[:16]


def _sidecars(path: Path) -> list[Path]:
    """Where ModelScope's own arguments may lie beside a checkpoint that is not of the published size."""
    if path.is_dir():
        return [path / "clipit.json"]
    return [path.with_suffix(".json"), path.parent / f"{path.stem.removesuffix('_state_dict')}_config.json"]
