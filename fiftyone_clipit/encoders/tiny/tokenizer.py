"""The tokenizer of clipit-tiny: a small byte-level BPE in the files that open_clip reads from a model's folder."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np

from fiftyone_clipit.drawn.captions import caption, neutral, unknown
from fiftyone_clipit.drawn.scene import random_view

PAD, START, END = "<pad>", "<start>", "<end>"
VOCABULARY = 1536


def build_tokenizer(folder: str | os.PathLike[str], seed: int = 0) -> None:
    """Learns the vocabulary from the world's sentences and writes the tokenizer's files.

    Any text has tokens, since bytes are the smallest of them; case does not matter.

    Args:
        folder: the model's folder.
        seed: which sentences.
    """
    from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

    rng = np.random.default_rng(seed)
    sentences = [caption(random_view(rng), rng)[0] for _ in range(20000)]
    sentences += [neutral(rng)[0] for _ in range(1000)] + [unknown(rng)[0] for _ in range(20000)]

    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=[PAD, START, END],
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train_from_iterator(sentences, trainer)
    ends = [(token, tokenizer.token_to_id(token)) for token in (START, END)]
    tokenizer.post_processor = processors.TemplateProcessing(single=f"{START} $A {END}", special_tokens=ends)
    tokenizer.save(str(Path(folder) / "tokenizer.json"), pretty=False)
    settings = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "pad_token": PAD,
        "bos_token": START,
        "eos_token": END,
        "model_max_length": 32,
        "clean_up_tokenization_spaces": False,
    }
    (Path(folder) / "tokenizer_config.json").write_text(json.dumps(settings, indent=2) + "\n")
