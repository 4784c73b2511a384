"""Measures clipit-tiny on what training never saw: python -m fiftyone_clipit.encoders.tiny.evaluate"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from fiftyone_clipit.drawn.captions import full_caption
from fiftyone_clipit.drawn.picture import draw
from fiftyone_clipit.drawn.scene import Group, View
from fiftyone_clipit.drawn.videos import draw_video, random_scenes
from fiftyone_clipit.encoders.tiny.held_out import held_out_combinations

if TYPE_CHECKING:
    from fiftyone_clipit.encoders.clip import Encoder

NEUTRAL_PROMPTS = ("a photo.", "a picture of something", "a video frame", "an image")


def retrieval(encoder: Encoder, *, rounds: int, seed: int, choices: int = 100) -> dict[str, float]:
    """Zero-shot retrieval among held-out combinations of thing, colour and setting.

    In each round the pictures show `choices` different combinations at random sizes and places, worn as footage is.

    Args:
        encoder: what to measure.
        rounds: how many times to draw.
        seed: which combinations and pictures.
        choices: pictures, and sentences, in a round.

    Returns:
        Recall at 1 from text to picture and from picture to text; and, over all pairs of the rounds, the mean
        probability of a sentence against neutral ones in the picture that it describes, and in all others.
    """
    rng = np.random.default_rng(seed)
    combinations = held_out_combinations()
    own = np.arange(choices)
    to_picture, to_text, matching, other = [], [], [], []
    for _ in range(rounds):
        chosen = [combinations[k] for k in rng.choice(len(combinations), choices, replace=False)]
        views = [View(s, (Group(t, c, 1, float(rng.uniform(0.2, 0.75))),)) for t, c, s in chosen]
        pictures = [np.asarray(draw(v, (320, 240), int(rng.integers(2**31)), wear=True)) for v in views]
        images = encoder.encode_images(pictures).astype(np.float32)
        texts = encoder.encode_texts([full_caption(view) for view in views])
        similarity = images @ texts.T
        to_picture.append(np.mean(similarity.argmax(0) == own))
        to_text.append(np.mean(similarity.argmax(1) == own))
        certain = probability(encoder, images, texts)
        matching.append(certain[own, own].mean())
        other.append(certain[~np.eye(choices, dtype=bool)].mean())
    means = {
        "recall_at_1_text_to_picture": to_picture,
        "recall_at_1_picture_to_text": to_text,
        "probability_matching": matching,
        "probability_other": other,
    }
    return {name: round(float(np.mean(values)), 4) for name, values in means.items()}


def probability(encoder: Encoder, images: np.ndarray, texts: np.ndarray) -> np.ndarray:
    """How probable each text is for each picture when the neutral prompts are the alternative.

    Args:
        encoder: its temperature counts, and its view of the neutral prompts.
        images: (N, dim), unit vectors.
        texts: (S, dim), unit vectors.

    Returns:
        (N, S) in [0, 1].
    """
    neutral = encoder.encode_texts(NEUTRAL_PROMPTS)
    raised = np.exp(encoder.logit_scale * (images @ texts.T))
    rivals = np.exp(encoder.logit_scale * (images @ neutral.T)).sum(1, keepdims=True)
    return raised / (raised + rivals)


def planted(encoder: Encoder, *, videos: int, seed: int) -> dict[str, float]:
    """Whether the scene that a question asks for is the one that the encoder finds, in drawn videos read from disk.

    Args:
        encoder: what to measure.
        videos: how many to draw, of six scenes each.
        seed: which scenes.

    Returns:
        The share of videos where the asked scene has the highest mean similarity, and the mean probability of the
        question inside of it and outside.
    """
    from fiftyone_clipit.media.video import FrameSampler

    found, inside, outside = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "video.mp4"
        for k in range(videos):
            scenes, answer = random_scenes(seed + k, 6, seconds=(3.0, 6.0))
            segments = draw_video(path, scenes, rate=6, seed=seed + k)
            with FrameSampler(path, fps=2, resize=encoder.resize) as sampler:
                frames = list(sampler)
            images = encoder.encode_images([frame.image for frame in frames]).astype(np.float32)
            numbers = np.array([frame.number for frame in frames])
            segment = np.searchsorted([s.first_frame for s in segments], numbers, side="right") - 1
            texts = encoder.encode_texts([segments[answer].caption])
            similarity, certain = (images @ texts.T)[:, 0], probability(encoder, images, texts)[:, 0]
            means = [similarity[segment == index].mean() for index in range(len(segments))]
            found.append(int(np.argmax(means)) == answer)
            inside.append(certain[segment == answer].mean())
            outside.append(certain[segment != answer].mean())
    return {
        "planted_found": round(float(np.mean(found)), 4),
        "planted_probability_inside": round(float(np.mean(inside)), 4),
        "planted_probability_outside": round(float(np.mean(outside)), 4),
    }


def evaluate(name: str = "clipit-tiny", *, rounds: int = 10, videos: int = 20, seed: int = 100) -> dict[str, float]:
    """Loads the encoder and measures it."""
    from fiftyone_clipit.encoders.clip import load_encoder

    encoder = load_encoder(name)
    return {**retrieval(encoder, rounds=rounds, seed=seed), **planted(encoder, videos=videos, seed=seed)}


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--encoder", default="clipit-tiny", help="any name that load_encoder takes")
    parser.add_argument("--rounds", type=int, default=10, help="of retrieval among 100")
    parser.add_argument("--videos", type=int, default=20, help="with a planted scene")
    parser.add_argument("--seed", type=int, default=100)
    options = parser.parse_args()
    print(
        json.dumps(evaluate(options.encoder, rounds=options.rounds, videos=options.videos, seed=options.seed), indent=2)
    )


if __name__ == "__main__":
    main()
