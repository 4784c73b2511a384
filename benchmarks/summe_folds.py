"""Trains on the five published folds of SumMe and measures what each left out, beside the baselines.

    python benchmarks/summe_folds.py FEATURES.h5 SPLITS.json [--work FOLDER] [--output results.json]

Needs a file of the usual structure with features and people's summaries. Videos that the folds name and the file lacks
are skipped. A file without sentences (`text`) trains without language, and the rows say so. With few videos this shows
that training runs, and nothing about its quality.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from reporting import keep

from fiftyone_clipit.scoring import ClipItConfig
from fiftyone_clipit.scoring.zero_shot import generic_scores
from fiftyone_clipit.training import TrainingConfig, cross_validate, read_examples, read_splits
from fiftyone_clipit.training.cross_validation import measure_folds

# Smaller than the paper's: five folds, three seeds and two ways of training on two cores.
NETWORK = {"width": 128, "layers": 2, "heads": 4, "head_dim": 32, "feed_forward": 256, "text_head_dim": 64}
SEEDS = (0, 1, 2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("features", type=Path)
    parser.add_argument("splits", type=Path)
    parser.add_argument("--work", type=Path)
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    examples = read_examples(options.features)
    splits = read_splits(options.splits)
    dim = next(iter(examples.values())).dim
    spoken = all(example.text is not None for example in examples.values())
    rows: dict[str, dict] = {}
    with tempfile.TemporaryDirectory() as temporary:
        for mode in ("supervised", "unsupervised"):
            folds = cross_validate(
                examples,
                splits,
                output=(options.work or Path(temporary)) / mode,
                network=ClipItConfig(preset="paper", dim=dim, **NETWORK),
                config=TrainingConfig(mode=mode, seeds=SEEDS),
                skip_missing=True,
                device="cpu",
            )
            result = measure_folds(
                folds,
                "summe",
                options.features,
                scorers={"zero-shot": lambda key: generic_scores(examples[key].features)},
                label=f"CLIP-It, {mode}{'' if spoken else ', without language'}",
            )
            rows |= {method: result.mean(method) for method in result.methods}
    written = {
        "videos at hand": len(examples),
        "tested": [list(fold.split.test) for fold in folds],
        "network": NETWORK,
        "training": TrainingConfig(seeds=SEEDS).to_dict(),
        "methods": {method: {name: round(value, 4) for name, value in row.items()} for method, row in rows.items()},
    }
    keep(written, options.output)


if __name__ == "__main__":
    main()
