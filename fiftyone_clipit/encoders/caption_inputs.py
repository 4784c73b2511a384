"""What captioning models want to be fed, which differs from family to family, and how to read what they say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

# What models that follow instructions are asked where the user asks nothing else.
REQUEST = "Describe what this picture shows in one short sentence."


@dataclass(frozen=True)
class Pair:
    """An image processor and a tokenizer where the model has no processor of its own."""

    image_processor: Any
    tokenizer: Any

    def __call__(self, *, images: Sequence[Any], return_tensors: str) -> Any:
        return self.image_processor(images=images, return_tensors=return_tensors)


class Inputs:
    """Turns pictures and a prompt into a model's inputs, and its tokens into sentences.

    Args:
        config: the model's configuration.
        processor: its processor.
        prompt: what to tell it; None for what suits the model.
    """

    def __init__(self, config: Any, processor: Any, prompt: str | None) -> None:
        self._config = config
        self._processor = processor
        self._prompt = prompt
        self._chats = bool(getattr(processor, "chat_template", None))
        if self._chats:
            # Models that go on writing a text need it to end where they begin, also in a batch of unequal lengths.
            processor.tokenizer.padding_side = "left"

    def make(self, images: Sequence[np.ndarray]) -> Any:
        """The inputs of `generate` for a batch of pictures, uint8 RGB (H, W, 3) each."""
        from PIL import Image

        pictures = [Image.fromarray(image) for image in images]
        if self._chats:
            return self._conversations(pictures)
        if isinstance(self._processor, Pair) and self._prompt:
            raise ValueError("it takes no prompt")
        if self._prompt is None:
            return self._processor(images=pictures, return_tensors="pt")
        inputs = self._processor(images=pictures, text=[self._prompt] * len(pictures), return_tensors="pt")
        # A separator says that the sentence is over. BLIP takes it off itself, other models would stop there.
        separator = getattr(self._processor.tokenizer, "sep_token_id", None)
        ends = separator is not None and bool((inputs["input_ids"][:, -1] == separator).all())
        if ends and self._config.model_type != "blip":
            for name in ("input_ids", "attention_mask"):
                inputs[name] = inputs[name][:, :-1]
        return inputs

    def read(self, tokens: Any, inputs: Any) -> list[str]:
        """The sentences in what `generate` gave for these inputs, without the prompt."""
        asked = inputs.get("input_ids")
        if asked is not None and tokens.shape[1] >= asked.shape[1] and (tokens[:, : asked.shape[1]] == asked).all():
            tokens = tokens[:, asked.shape[1] :]
        texts = self._processor.tokenizer.batch_decode(tokens, skip_special_tokens=True)
        return [self._without_prompt(" ".join(text.split())) for text in texts]

    def _conversations(self, pictures: Sequence[Any]) -> Any:
        request = {"type": "text", "text": self._prompt or REQUEST}
        return self._processor.apply_chat_template(
            [[{"role": "user", "content": [{"type": "image", "image": p}, request]}] for p in pictures],
            add_generation_prompt=True,
            tokenize=True,
            return_dict=True,
            return_tensors="pt",
            processor_kwargs={"padding": True},
        )

    def _without_prompt(self, text: str) -> str:
        prompt = self._prompt
        if prompt and text.lower().startswith(prompt.lower()):
            return text[len(prompt) :].strip()
        return text
