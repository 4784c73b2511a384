"""Captioning models with random weights, small enough to build in a test, in folders as transformers wants them."""

from __future__ import annotations

from pathlib import Path

WORDS = [f"{c}{v}" for c in "bdfgklmnprst" for v in ("a", "e", "i", "o", "u")]
_CHAT = (
    "{% for message in messages %}{% for part in message['content'] %}"
    "{% if part['type'] == 'image' %}<image>{% else %} {{ part['text'] }}{% endif %}"
    "{% endfor %}{% endfor %}{% if add_generation_prompt %} :{% endif %}"
)


def write_small_blip(folder: Path, *, seed: int = 0) -> str:
    """Writes a random BLIP to a folder; gives the folder's name."""
    import torch
    from transformers import BlipConfig, BlipForConditionalGeneration, BlipImageProcessor, BlipProcessor

    tokenizer = _tokenizer()
    marks = {"bos_token_id": 2, "sep_token_id": 3, "eos_token_id": 3, "pad_token_id": 0}
    small = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 1, "num_attention_heads": 2}
    text = small | marks | {"vocab_size": len(tokenizer), "encoder_hidden_size": 32, "initializer_range": 1.0}
    vision = small | {"image_size": 32, "patch_size": 8, "initializer_range": 1.0}
    torch.manual_seed(seed)
    BlipForConditionalGeneration(BlipConfig(text_config=text, vision_config=vision)).save_pretrained(folder)
    images = BlipImageProcessor(size={"height": 32, "width": 32})
    BlipProcessor(images, tokenizer).save_pretrained(folder)
    return str(folder)


def write_small_llava(folder: Path, *, seed: int = 0) -> str:
    """Writes a random LLaVA, a model that one talks to, to a folder; gives the folder's name."""
    import torch
    from transformers import (
        CLIPImageProcessor,
        CLIPVisionConfig,
        LlamaConfig,
        LlavaConfig,
        LlavaForConditionalGeneration,
        LlavaProcessor,
    )

    tokenizer = _tokenizer()
    small = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2}
    text = LlamaConfig(**small, vocab_size=len(tokenizer), bos_token_id=2, eos_token_id=3, initializer_range=1.0)
    vision = CLIPVisionConfig(**small, image_size=32, patch_size=8)
    config = LlavaConfig(text_config=text, vision_config=vision, image_token_index=tokenizer.image_token_id)
    torch.manual_seed(seed)
    LlavaForConditionalGeneration(config).save_pretrained(folder)
    images = CLIPImageProcessor(size={"shortest_edge": 32}, crop_size={"height": 32, "width": 32})
    LlavaProcessor(
        images,
        tokenizer,
        patch_size=8,
        vision_feature_select_strategy="default",
        num_additional_image_tokens=1,
        chat_template=_CHAT,
    ).save_pretrained(folder)
    return str(folder)


def _tokenizer():
    """A tokenizer of whole words, with the marks that BERT's has and a place for pictures."""
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    marks = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "<image>"]
    vocabulary = {word: number for number, word in enumerate([*marks, *WORDS, ":"])}
    words = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    words.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    words.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=words,
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        bos_token="[CLS]",
        eos_token="[SEP]",
        extra_special_tokens={"image_token": "<image>"},
    )
