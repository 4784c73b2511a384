"""Models of transformers that say in a sentence what a picture shows."""

from __future__ import annotations

import hashlib
import json
import threading
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from fiftyone_clipit.encoders.caption_inputs import Inputs
from fiftyone_clipit.encoders.devices import pick_device, pick_dtype
from fiftyone_clipit.errors import EncoderError, UsageError

DEFAULT_CAPTIONER = "Salesforce/blip-image-captioning-base"
DEFAULT_MAX_NEW_TOKENS = 30

# Pictures whose longer side is beyond this only cost memory: no model looks closer.
_LONGEST_SIDE = 1024
# With a greater share of its tensors made up, a model would babble: the weights belong to something else.
_MISSING_SHARE = 0.1
_loaded: dict[tuple[str, str], tuple[Any, Any]] = {}
_loading = threading.Lock()


class Captioner:
    """A captioning model, ready to describe pictures.

    Decoding is greedy: the same pictures in the same batches give the same sentences.

    Attributes:
        name: what it was loaded by.
        prompt: what it was told; None for what suits the model.
        max_new_tokens: the most tokens of a sentence.
        batch_size: how many pictures it describes at once.
        device: where it computes.
        fingerprint: a hash of all that its sentences depend on.
    """

    def __init__(
        self,
        name: str,
        model: Any,
        processor: Any,
        *,
        prompt: str | None,
        max_new_tokens: int,
        device: str,
        batch_size: int,
    ) -> None:
        self.name = name
        self.prompt = prompt
        self.max_new_tokens = max_new_tokens
        self.batch_size = batch_size
        self.device = device
        self._model = model
        self._inputs = Inputs(model.config, processor, prompt)
        said = [_identity(name, model.config), str(model.dtype), prompt, max_new_tokens]
        self.fingerprint = hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]

    def resize(self, width: int, height: int) -> tuple[int, int]:
        """The (width, height) to which the decoder should scale frames of the given size."""
        shrink = max(1.0, max(width, height) / _LONGEST_SIDE)
        return max(1, round(width / shrink)), max(1, round(height / shrink))

    def caption(self, images: Sequence[np.ndarray]) -> list[str]:
        """Describes pictures.

        Args:
            images: uint8 RGB (H, W, 3) each, of any size.

        Returns:
            One sentence a picture, in order; empty where the model has nothing to say.

        Raises:
            EncoderError: the model cannot describe pictures in this way.
        """
        sentences: list[str] = []
        for start in range(0, len(images), self.batch_size):
            sentences += self._describe(images[start : start + self.batch_size], self.max_new_tokens)
        return sentences

    def try_out(self) -> None:
        """Describes a grey picture, so that what cannot work fails before any video is touched.

        Raises:
            EncoderError: it does not work.
        """
        self._describe([np.full((224, 224, 3), 127, np.uint8)], max_new_tokens=1)

    def _describe(self, images: Sequence[np.ndarray], max_new_tokens: int) -> list[str]:
        import torch

        try:
            with torch.inference_mode(), _quiet():
                inputs = self._inputs.make(images).to(self.device, dtype=self._model.dtype)
                tokens = self._model.generate(**inputs, do_sample=False, num_beams=1, max_new_tokens=max_new_tokens)
        except torch.OutOfMemoryError as error:
            raise EncoderError(
                f"captioner '{self.name}' runs out of memory with {self.batch_size} pictures at once: "
                "choose a smaller batch_size"
            ) from error
        except Exception as error:  # models and processors raise whatever they like here
            raise EncoderError(
                f"captioner '{self.name}' cannot describe a picture: {_first_line(error)}; "
                "if the model needs another prompt, give one, or choose another model"
            ) from error
        return self._inputs.read(tokens, inputs)


def load_captioner(
    name: str = DEFAULT_CAPTIONER,
    *,
    prompt: str | None = None,
    max_new_tokens: int = DEFAULT_MAX_NEW_TOKENS,
    device: str | None = None,
    batch_size: int | None = None,
) -> Captioner:
    """Loads a captioning or vision-language model; one that is loaded already is used again.

    Args:
        name: a model id of the Hugging Face hub or a local folder, of any architecture that transformers'
            `AutoModelForImageTextToText` knows: BLIP, GIT, LLaVA, SmolVLM, Qwen-VL and so on.
        prompt: what to tell the model: the beginning of the sentence for captioning models, a request for models
            that follow instructions.
        max_new_tokens: the most tokens of a sentence.
        device: "cpu", "cuda", ...; a GPU where there is one if left out. GPUs compute in half precision.
        batch_size: pictures at once; 8 on a processor and 32 on a GPU if left out.

    Raises:
        EncoderError: it cannot be had, or is no captioner; says what to do.
        UsageError: an option that cannot work.
    """
    if not isinstance(name, str) or not name.strip():
        raise UsageError(f"captioner must be a model id or a folder, not {name!r}")
    numbers = {"max_new_tokens": max_new_tokens, "batch_size": 1 if batch_size is None else batch_size}
    for option, value in numbers.items():
        if not isinstance(value, int) or value < 1:
            raise UsageError(f"{option} must be a whole number from 1 on, not {value!r}")
    device = pick_device(device)
    with _loading:
        if (name, device) not in _loaded:
            loaded = _load(name, device)
            _loaded.clear()  # A second model of some GB beside an unused one is no service to anybody.
            _loaded[name, device] = loaded
        model, processor = _loaded[name, device]
    captioner = Captioner(
        name,
        model,
        processor,
        prompt=" ".join(prompt.split()) if prompt else None,
        max_new_tokens=max_new_tokens,
        device=device,
        batch_size=batch_size or (32 if device.startswith("cuda") else 8),
    )
    captioner.try_out()
    return captioner


def _load(name: str, device: str) -> tuple[Any, Any]:
    import torch
    from transformers import AutoConfig, AutoModelForImageTextToText
    from transformers.models.auto.modeling_auto import MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING

    folder = str(Path(name).expanduser()) if Path(name).expanduser().is_dir() else name
    dtype = pick_dtype(device) if device.startswith("cuda") else torch.float32
    try:
        with _quiet():
            config = AutoConfig.from_pretrained(folder)
            if type(config) not in MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING:
                raise EncoderError(
                    f"'{name}' is no captioner: models of type '{config.model_type}' do not write text about "
                    f"pictures. {_WAYS}"
                )
            loaded: Any = AutoModelForImageTextToText.from_pretrained(folder, dtype=dtype, output_loading_info=True)
            processor = _load_processor(folder)
    except EncoderError:
        raise
    except Exception as error:  # transformers and what it calls raise whatever they like here
        raise EncoderError(f"captioner '{name}' cannot be loaded: {_first_line(error)}. {_WAYS}") from error
    model, report = loaded
    missing = report.get("missing_keys") or ()
    if len(missing) > _MISSING_SHARE * len(model.state_dict()):
        raise EncoderError(
            f"'{name}' is no captioner: its weights lack {len(missing)} tensors that one needs, such as "
            f"'{min(missing)}'. {_WAYS}"
        )
    return model.eval().requires_grad_(False).to(device), processor


def _load_processor(folder: str) -> Any:
    from transformers import AutoImageProcessor, AutoProcessor, AutoTokenizer

    from fiftyone_clipit.encoders.caption_inputs import Pair

    processor = AutoProcessor.from_pretrained(folder)
    if hasattr(processor, "image_processor") and hasattr(processor, "tokenizer"):
        return processor
    # Encoders and decoders that were put together, such as ViT with GPT-2, come without a common processor.
    return Pair(AutoImageProcessor.from_pretrained(folder), AutoTokenizer.from_pretrained(folder))


_WAYS = (
    f"Name a captioning model of transformers by its hub id (such as '{DEFAULT_CAPTIONER}'), or, where there is no "
    "way to the hub, a folder into which one was downloaded elsewhere; or do without a model: captions can be "
    "sentences, a field that has them, or the videos' subtitles"
)


def _identity(name: str, config: Any) -> list[Any]:
    """What tells one model's weights from another's without reading them."""
    folder = Path(name).expanduser()
    if not folder.is_dir():
        return [name, getattr(config, "_commit_hash", None)]
    files = sorted((f.name, f.stat().st_size, f.stat().st_mtime_ns) for f in folder.iterdir() if f.is_file())
    return [str(folder.resolve()), *files]


def _first_line(error: Exception) -> str:
    text = str(error).strip()
    return text.splitlines()[0].rstrip(".") if text else type(error).__name__


@contextmanager
def _quiet() -> Iterator[None]:
    """Keeps the log lines of transformers off the user's terminal; what matters of them is raised as an error."""
    from transformers.utils import logging

    level = logging.get_verbosity()
    logging.set_verbosity(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.set_verbosity(level)
