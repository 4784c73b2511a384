"""Measures clipit-tiny on combinations that training never saw: python -m fiftyone_clipit.encoders.tiny.evaluate"""

from __future__ import annotations

import argparse
import json

import numpy as np

from fiftyone_clipit.drawn.captions import full_caption
from fiftyone_clipit.drawn.picture import draw
from fiftyone_clipit.drawn.scene import Group, View
from fiftyone_clipit.encoders.tiny.held_out import held_out_combinations

NEUTRAL_PROMPTS = ("a photo.", "a picture of something", "a video frame", "an image")


def recall(encoder, *, rounds: int, seed: int, choices: int = 100) -> dict[str, float]:
    """Zero-shot retrieval among held-out combinations of thing, colour and setting.

    In each round the pictures show `choices` different combinations at random sizes and places, worn as footage is.

    Args:
        encoder: an object with `encode_images` and `encode_texts`.
        rounds: how many times to draw.
        seed: which combinations and pictures.
        choices: pictures, and sentences, in a round.

    Returns:
        Recall at 1 from text to picture and from picture to text; and, over all pairs of the rounds, the mean
        probability of a sentence against neutral ones in the picture that it describes, and in all others.
    """
    rng = np.random.default_rng(seed)
    combinations = held_out_combinations()
    found = {"text_to_picture": 0, "picture_to_text": 0}
    matching, other = [], []
    neutral = encoder.encode_texts([*NEUTRAL_PROMPTS])
    for _ in range(rounds):
        chosen = [combinations[k] for k in rng.choice(len(combinations), choices, replace=False)]
        views = [View(s, (Group(t, c, 1, float(rng.uniform(0.2, 0.75))),)) for t, c, s in chosen]
        pictures = [np.asarray(draw(v, (320, 240), int(rng.integers(2**31)), wear=True)) for v in views]
        images = encoder.encode_images(pictures).astype(np.float32)
        texts = encoder.encode_texts([full_caption(view) for view in views])
        similarity = images @ texts.T
        own = np.arange(choices)
        found["text_to_picture"] += int((similarity.argmax(0) == own).sum())
        found["picture_to_text"] += int((similarity.argmax(1) == own).sum())
        rivals = np.exp(encoder.logit_scale * (images @ neutral.T)).sum(1, keepdims=True)
        raised = np.exp(encoder.logit_scale * similarity)
        probability = raised / (raised + rivals)
        matching.append(probability[own, own])
        other.append(probability[~np.eye(choices, dtype=bool)])
    total = rounds * choices
    return {
        **{f"recall_at_1_{way}": round(count / total, 4) for way, count in found.items()},
        "probability_matching": round(float(np.mean(matching)), 4),
        "probability_other": round(float(np.mean(other)), 4),
    }


def evaluate(name: str = "clipit-tiny", *, rounds: int = 10, seed: int = 100) -> dict[str, float]:
    """Loads the encoder and measures it."""
    from fiftyone_clipit.encoders.clip import load_encoder

    return recall(load_encoder(name), rounds=rounds, seed=seed)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--encoder", default="clipit-tiny")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--seed", type=int, default=100)
    options = parser.parse_args()
    print(json.dumps(evaluate(options.encoder, rounds=options.rounds, seed=options.seed), indent=2))


if __name__ == "__main__":
    main()
