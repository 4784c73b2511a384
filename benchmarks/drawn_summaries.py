"""Does training help? Drawn videos whose importance is known by a rule, held-out videos and held-out words.

    python benchmarks/drawn_summaries.py [--work FOLDER] [--output results.json]

For each of three seeds: 120 videos to train on, 24 to choose the epoch by, 50 to test on, which show eight things that
training never saw or heard of. Features come from clipit-tiny. The rule and the videos are in `drawn_sequences.py`. The
measure is the rank correlation of a method's scores with the rule's importance, averaged over the test videos and
questions. A stopped run goes on in its work folder.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from claims import claims
from drawn_sequences import DrawnVideo, ask, draw_sequences, gist, vocabulary, wordings
from reporting import keep
from scipy.stats import kendalltau, spearmanr

from fiftyone_clipit.encoders.clip import Encoder, load_encoder
from fiftyone_clipit.scoring import ClipItConfig
from fiftyone_clipit.scoring.checkpoints import load_scorer
from fiftyone_clipit.scoring.text import TextPrompts, embed
from fiftyone_clipit.scoring.zero_shot import generic_scores, text_scores
from fiftyone_clipit.training import LossWeights, TrainingConfig, VideoExample, fit

COUNTS = {"train": 120, "val": 24, "test": 50}
NETWORK = {
    "width": 128,
    "layers": 3,
    "heads": 4,
    "head_dim": 32,
    "feed_forward": 256,
    "text_heads": 4,
    "text_head_dim": 64,
    "encoder": "clipit-tiny",
}
TRAINING = TrainingConfig(epochs=10, learning_rate=5e-4, batch_size=8, schedule="cosine", warmup=0.1)
# The loss and the number of epochs were chosen on the validation videos of seeds 100 to 103.
UNSUPERVISED = replace(TRAINING, mode="unsupervised", epochs=20)
PAPER_LOSSES = replace(UNSUPERVISED, losses=LossWeights(diversity=1.0, reconstruction=1.0, length=1.0))
SEEDS = (0, 1, 2)

Method = Callable[[str, VideoExample], np.ndarray]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--work", type=Path, help="keeps features and networks; temporary if left out")
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    encoder = load_encoder("clipit-tiny", device="cpu")
    with tempfile.TemporaryDirectory() as temporary:
        work = options.work or Path(temporary)
        runs = [run_seed(encoder, seed, work / f"seed-{seed}") for seed in SEEDS]
    result = {
        "encoder": encoder.fingerprint,
        "videos": COUNTS,
        "network": NETWORK,
        "training": TRAINING.to_dict(),
        "unsupervised training": UNSUPERVISED.to_dict(),
        "seeds": runs,
        "claims": claims(runs),
    }
    keep(result, options.output)


def run_seed(encoder: Encoder, seed: int, work: Path) -> dict:
    """Draws, trains and measures; by task, by method: the mean rank correlations."""
    seen, unseen = vocabulary(seed)
    folds = {
        name: _drawn(encoder, work / f"{name}.npz", count, unseen if name == "test" else seen, [seed, index], name)
        for index, (name, count) in enumerate(COUNTS.items())
    }
    vectors = wordings(encoder, seen + unseen)
    prompts = {thing: embed([f"a {thing}"], encoder) for thing in unseen}
    asked = {name: {e.name: e for v in videos for e in ask(v, vectors).values()} for name, videos in folds.items()}
    gists = {name: {e.name: e for e in map(gist, videos)} for name, videos in folds.items()}
    mute = {name: {e.name: e.without_text() for e in examples.values()} for name, examples in asked.items()}
    trained = {
        "supervised": _trained(asked, work, "supervised", seed),
        "supervised cosine": _trained(asked, work, "supervised cosine", seed, preset="cosine"),
        "without language": _trained(mute, work, "without language", seed),
        "unsupervised": _trained(gists, work, "unsupervised", seed, training=UNSUPERVISED),
        "paper's losses": _trained(gists, work, "paper's losses", seed, training=PAPER_LOSSES),
        "supervised gist": _trained(gists, work, "supervised gist", seed),
    }
    random = np.random.default_rng(seed)
    question_methods: dict[str, Method] = {
        "random": lambda _, e: random.random(len(e.features)),
        "zero-shot": lambda name, e: _words(e, prompts[name.split("?")[1]]),
        "zero-shot, words and video": lambda name, e: (
            0.7 * _words(e, prompts[name.split("?")[1]]) + 0.3 * generic_scores(e.features)
        ),
        "CLIP-It, supervised": trained["supervised"],
        "CLIP-It, supervised, cosine preset": trained["supervised cosine"],
        "CLIP-It, supervised, without language": _without_text(trained["without language"]),
        "CLIP-It, unsupervised": _without_text(trained["unsupervised"]),
    }
    gist_methods: dict[str, Method] = {
        "random": lambda _, e: random.random(len(e.features)),
        "zero-shot": lambda _, e: generic_scores(e.features),
        "CLIP-It, supervised": trained["supervised gist"],
        "CLIP-It, unsupervised": trained["unsupervised"],
        "CLIP-It, unsupervised, with reconstruction": trained["paper's losses"],
    }
    return {
        "seed": seed,
        "held-out words": unseen,
        "questions": measure(question_methods, asked["test"]),
        "gist": measure(gist_methods, gists["test"]),
    }


def measure(methods: dict[str, Method], examples: dict[str, VideoExample]) -> dict[str, dict[str, float]]:
    """By method: the means of Spearman's rho and Kendall's tau-b with the rule's importance."""
    table = {}
    for label, method in methods.items():
        scores = [method(name, example) for name, example in examples.items()]
        pairs = list(zip(scores, (example.targets for example in examples.values()), strict=True))
        table[label] = {
            "rho": round(float(np.mean([spearmanr(*pair).statistic for pair in pairs])), 4),
            "tau": round(float(np.mean([kendalltau(*pair).statistic for pair in pairs])), 4),
        }
    return table


def _drawn(
    encoder: Encoder, path: Path, count: int, things: list[str], seed: list[int], prefix: str
) -> list[DrawnVideo]:
    """Draws videos, or reads those that an earlier run drew."""
    if path.is_file():
        with np.load(path) as file:
            return [
                DrawnVideo(
                    f"{prefix}-{k}", file[f"features{k}"], tuple(map(str, file[f"things{k}"])), file[f"scene{k}"]
                )
                for k in range(count)
            ]
    videos = draw_sequences(encoder, count, things, seed, prefix)
    arrays = {
        f"{field}{k}": np.array(getattr(video, field))
        for k, video in enumerate(videos)
        for field in ("features", "things", "scene")
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path.with_suffix(".part.npz"), **arrays)
    path.with_suffix(".part.npz").rename(path)
    return videos


def _trained(
    examples: dict[str, dict[str, VideoExample]],
    work: Path,
    name: str,
    seed: int,
    *,
    preset: str = "paper",
    training: TrainingConfig = TRAINING,
) -> Method:
    """A network trained on the examples. Without labels there is no choice of the epoch either: the last one counts."""
    train, val = (list(examples[fold].values()) for fold in ("train", "val"))
    result = fit(
        train,
        output=work / name.replace(" ", "-").replace("'", ""),
        network=ClipItConfig(preset=preset, dim=train[0].dim, **NETWORK),
        config=replace(training, seeds=(seed,)),
        val=val if training.mode == "supervised" else None,
        device="cpu",
    )
    scorer = load_scorer(str(result.checkpoint), device="cpu")
    return lambda _, example: scorer(example.features, example.text)


def _without_text(method: Method) -> Method:
    return lambda name, example: method(name, example.without_text())


def _words(example: VideoExample, prompts: TextPrompts) -> np.ndarray:
    return text_scores(example.features, prompts)[0]


if __name__ == "__main__":
    main()
