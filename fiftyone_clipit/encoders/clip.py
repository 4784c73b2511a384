"""CLIP models from open_clip: pictures and sentences to unit vectors of one space."""

from __future__ import annotations

import hashlib
import logging
import threading
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from fiftyone_clipit.encoders.devices import pick_device, pick_dtype
from fiftyone_clipit.encoders.names import TINY, TINY_FOLDER, TINY_NOTE, Source, resolve
from fiftyone_clipit.encoders.preprocess import Preprocess
from fiftyone_clipit.errors import EncoderError

if TYPE_CHECKING:
    import torch

_TEXT_BATCH = 64
_loaded: dict[tuple[str, str, int], Encoder] = {}
_loading = threading.Lock()


class Encoder:
    """A CLIP model, ready to encode.

    Attributes:
        name: what it was loaded by.
        dim: length of its vectors.
        fingerprint: a hash of weights, preprocessing and precision: features of equal fingerprints can be mixed.
        logit_scale: what the model multiplies cosines with before its softmax.
        batch_size: how many pictures it encodes at once.
        device: where it computes.
        note: what the user should know about it wherever its results appear; None for ordinary models.
    """

    def __init__(self, name: str, model: Any, tokenizer: Any, *, device: str, batch_size: int) -> None:
        import open_clip
        import torch

        self.name = name
        self.device = device
        self.batch_size = batch_size
        self.preprocess = Preprocess.from_open_clip(open_clip.get_model_preprocess_cfg(model))
        self.logit_scale = float(model.logit_scale.detach().exp())
        self.note = TINY_NOTE if name == TINY else None
        self._dtype = pick_dtype(device)
        self.fingerprint = _fingerprint(model, self.preprocess, self._dtype)
        self._model = model.eval().requires_grad_(False).to(device)
        self._model.visual.to(self._dtype)
        self._tokenizer = tokenizer
        self._torch = torch
        self.dim = self.encode_texts(["a photo"]).shape[1]

    def resize(self, width: int, height: int) -> tuple[int, int]:
        """The (width, height) to which the decoder should scale frames of the given size."""
        return self.preprocess.resize(width, height)

    def encode_images(self, images: Sequence[np.ndarray]) -> np.ndarray:
        """Encodes pictures.

        They go through the model in batches of one fixed shape, the last one filled up, so that a picture's vector
        does not depend on how many others came with it.

        Args:
            images: uint8 RGB (H, W, 3) each, of any size; fastest when already scaled as `resize` says.

        Returns:
            float16 (N, dim), each row of unit length.
        """
        rows = [
            self._encode_batch(images[start : start + self.batch_size])
            for start in range(0, len(images), self.batch_size)
        ]
        return np.concatenate(rows) if rows else np.empty((0, self.dim), np.float16)

    def _encode_batch(self, images: Sequence[np.ndarray]) -> np.ndarray:
        torch = self._torch
        batch = np.zeros((self.batch_size, *self.preprocess.size, 3), np.uint8)
        for row, image in zip(batch, images, strict=False):
            row[:] = self.preprocess.fit(image)
        with torch.inference_mode():
            pixels = torch.from_numpy(batch).to(self.device)
            vectors = self._model.encode_image(self.preprocess.normalize(pixels).to(self._dtype))
            return _unit(vectors.float()).to(torch.float16).cpu().numpy()[: len(images)]

    def encode_texts(self, sentences: Sequence[str]) -> np.ndarray:
        """Encodes sentences, in full precision: there are few of them and everything hangs on them.

        Returns:
            float32 (S, dim), each row of unit length.
        """
        torch = self._torch
        rows = [np.empty((0, self.__dict__.get("dim", 0)), np.float32)] if not sentences else []
        with torch.inference_mode():
            for start in range(0, len(sentences), _TEXT_BATCH):
                tokens = self._tokenizer(list(sentences[start : start + _TEXT_BATCH]))
                rows.append(_unit(self._model.encode_text(tokens.to(self.device)).float()).cpu().numpy())
        return np.concatenate(rows)


def load_encoder(name: str, *, device: str | None = None, batch_size: int | None = None) -> Encoder:
    """Loads an encoder, or gives the one that is loaded already.

    Args:
        name: "clipit-tiny"; an open_clip "model/tag" (default weights: "ViT-B-32/openai"); "model/checkpoint-file";
            "hf-hub:owner/name"; "local-dir:folder".
        device: "cpu", "cuda", "cuda:1", ...; a GPU where there is one if left out.
        batch_size: pictures at once; 32 on a processor and 256 on a GPU if left out.

    Raises:
        EncoderError: the model is unknown or its weights cannot be had; says what to do.
        UsageError: the device does not exist.
    """
    device = pick_device(device)
    batch_size = batch_size or (256 if device.startswith("cuda") else 32)
    key = (name, device, batch_size)
    with _loading:
        if key not in _loaded:
            model, tokenizer = _build(name, resolve(name))
            _loaded.clear()  # A second model of some GB beside an unused one is no service to anybody.
            _loaded[key] = Encoder(name, model, tokenizer, device=device, batch_size=batch_size)
        return _loaded[key]


def _build(name: str, source: Source) -> tuple[Any, Any]:
    import open_clip

    try:
        with _quiet():
            model = open_clip.create_model(
                source.model,
                pretrained=source.weights,
                force_quick_gelu=source.quick_gelu,
                require_pretrained=True,
                pretrained_image=False,
                pretrained_text=False,
            )
            tokenizer = open_clip.get_tokenizer(source.model)
    except Exception as error:  # open_clip and what it calls raise whatever they like here
        raise EncoderError(_explain(name, error)) from error
    return model, tokenizer


def _explain(name: str, error: Exception) -> str:
    lines = str(error).strip().splitlines() or [type(error).__name__]
    reason = " ".join(line.strip() for line in lines[:2])[:300]
    if name == TINY:
        return f"encoder '{TINY}' cannot be loaded from {TINY_FOLDER}: {reason}; is the package installed whole?"
    return (
        f"encoder '{name}' cannot be loaded: {reason}. Without a way to its weights, either download them "
        f"elsewhere and name the file as 'model/path-of-the-file' (or the folder as 'local-dir:folder'), or use "
        f"'{TINY}', which is part of this package but knows drawn pictures only"
    )


@contextmanager
def _quiet() -> Iterator[None]:
    """Keeps open_clip's log lines off the user's terminal; what matters of them is raised as an error."""
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        root.setLevel(level)


def _unit(vectors: torch.Tensor) -> torch.Tensor:
    return vectors / vectors.norm(dim=-1, keepdim=True).clamp_min(1e-12)


def _fingerprint(model: Any, preprocess: Preprocess, dtype: torch.dtype) -> str:
    import torch

    digest = hashlib.sha256(f"{preprocess}|{dtype}".encode())
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.detach().cpu().contiguous().flatten().view(torch.uint8).numpy())
    return digest.hexdigest()[:16]
