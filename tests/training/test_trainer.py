"""Training: it learns, it can be stopped and goes on, and a validation fold chooses."""

from __future__ import annotations

import csv
import json
from inspect import signature

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from fiftyone_clipit.errors import CheckpointError, UsageError
from fiftyone_clipit.scoring import ClipItConfig
from fiftyone_clipit.scoring.checkpoints import load_scorer
from fiftyone_clipit.training import LossWeights, TrainingConfig, VideoExample, fit
from fiftyone_clipit.training.validation import spearman

DIM = 24
SMALL = {"dim": DIM, "width": 32, "layers": 1, "heads": 2, "head_dim": 16, "feed_forward": 32, "text_heads": 2}
NETWORK = ClipItConfig(preset="cosine", text_head_dim=16, **SMALL)
PAPER = ClipItConfig(preset="paper", text_head_dim=16, max_length=16, **SMALL)


def videos(count: int, *, seed: int = 0, text: bool = True, length: int = 20) -> list[VideoExample]:
    """Videos of "things"; each asks for one of them, and the frames that show it are important."""
    generator = np.random.default_rng(99)
    things = generator.normal(size=(6, DIM))
    generator = np.random.default_rng(seed)
    examples = []
    for index in range(count):
        asked = int(generator.integers(6))
        shown = generator.integers(6, size=length + index % 3)
        shown[:3] = asked
        features = things[shown] + generator.normal(size=(len(shown), DIM)) * 0.5
        targets = (shown == asked).astype(np.float32)
        examples.append(VideoExample(f"{seed}-{index}", features, targets, things[asked][None] if text else None))
    return examples


def train(output, examples=None, *, network=NETWORK, val=None, **options):
    """Trains a few short epochs; options are those of the configuration, and of `fit`."""
    fitting = {"device": "cpu", "encoder": "clipit-tiny"}
    fitting |= {name: options.pop(name) for name in list(options) if name in signature(fit).parameters}
    config = TrainingConfig(**{"epochs": 3, "learning_rate": 1e-3, "batch_size": 2, **options})
    return fit(examples or videos(6), output=output, network=network, config=config, val=val, progress=False, **fitting)


def weights(folder) -> dict[str, torch.Tensor]:
    return load_file(folder / "model.safetensors")


def same(a, b) -> bool:
    first, second = weights(a), weights(b)
    return first.keys() == second.keys() and all(torch.equal(first[name], second[name]) for name in first)


def test_supervised_training_learns_to_answer_questions_on_new_videos(tmp_path):
    result = train(tmp_path, videos(32), network=PAPER, epochs=8, learning_rate=2e-3)
    scorer = load_scorer(str(result.checkpoint), dim=DIM, device="cpu")
    assert scorer.encoder == "clipit-tiny"
    values = [spearman(scorer(each.features, each.text), each.targets) for each in videos(10, seed=1)]
    assert np.mean(values) > 0.5
    losses = [row.loss for row in result.seeds[0].history]
    assert losses[-1] < 0.7 * losses[0]


@pytest.mark.parametrize("network", [NETWORK, PAPER], ids=["cosine", "paper"])
def test_the_same_seed_gives_the_same_weights_and_another_seed_others(tmp_path, network):
    train(tmp_path / "a", network=network)
    train(tmp_path / "b", network=network)
    train(tmp_path / "c", network=network, seeds=(1,))
    assert same(tmp_path / "a", tmp_path / "b")
    assert not same(tmp_path / "a", tmp_path / "c")


class Stopped(Exception):
    pass


@pytest.mark.parametrize("stop_after", [1, 3, 5])
def test_a_stopped_run_goes_on_and_ends_bit_for_bit_like_one_that_never_stopped(tmp_path, stop_after):
    """Two seeds of three epochs with dropout, warm-up and validation, stopped within the first or second seed."""
    options = {"seeds": (0, 1), "warmup": 0.2, "schedule": "cosine"}
    config = TrainingConfig(epochs=3, learning_rate=1e-3, batch_size=2, **options)
    seen = []

    def stop(report):
        seen.append(report)
        if len(seen) == stop_after:
            raise Stopped

    arguments = {"network": PAPER, "config": config, "val": videos(3, seed=5), "device": "cpu", "progress": False}
    with pytest.raises(Stopped):
        fit(videos(5), output=tmp_path / "stopped", on_epoch=stop, **arguments)
    resumed = fit(videos(5), output=tmp_path / "stopped", on_epoch=seen.append, **arguments)
    whole = fit(videos(5), output=tmp_path / "whole", **arguments)
    assert resumed.resumed
    assert not whole.resumed
    assert len(seen) == 6
    assert [row.progress for row in seen] == pytest.approx([1 / 6, 2 / 6, 3 / 6, 4 / 6, 5 / 6, 1])
    assert same(tmp_path / "stopped", tmp_path / "whole")
    assert resumed.chosen == whole.chosen
    assert (tmp_path / "stopped" / "curves.csv").read_bytes() == (tmp_path / "whole" / "curves.csv").read_bytes()
    assert [each.history for each in resumed.seeds] == [each.history for each in whole.seeds]


def test_a_kill_while_an_epoch_is_written_loses_that_epoch_alone(tmp_path, monkeypatch):
    """Whatever write is interrupted, the folder stays readable and the run ends as if nothing had happened."""
    import os

    real, calls = os.replace, []

    def replace(source, target):
        calls.append(target)
        if len(calls) == 4:
            raise Stopped
        real(source, target)

    monkeypatch.setattr("os.replace", replace)
    with pytest.raises(Stopped):
        train(tmp_path / "killed", val=0.34)
    monkeypatch.undo()
    train(tmp_path / "killed", val=0.34)
    train(tmp_path / "whole", val=0.34)
    assert same(tmp_path / "killed", tmp_path / "whole")
    assert not list(tmp_path.glob("killed/**/.state*"))


def test_a_finished_run_is_not_trained_again(tmp_path):
    first = train(tmp_path)
    before = (tmp_path / "model.safetensors").stat().st_mtime_ns
    again = train(tmp_path)
    assert again.resumed
    assert (tmp_path / "model.safetensors").stat().st_mtime_ns == before
    assert again.seeds == first.seeds
    assert not (tmp_path / "seed-0" / "state.safetensors").exists()


def test_an_output_folder_of_another_training_is_refused_unless_overwritten(tmp_path):
    train(tmp_path)
    with pytest.raises(UsageError, match="overwrite=True"):
        train(tmp_path, learning_rate=2e-3)
    with pytest.raises(UsageError, match="overwrite=True"):
        train(tmp_path, videos(6, seed=3))
    config = TrainingConfig(epochs=1, learning_rate=2e-3)
    result = fit(
        videos(6), output=tmp_path, network=NETWORK, config=config, device="cpu", progress=False, overwrite=True
    )
    assert len(result.seeds[0].history) == 1


def test_a_damaged_state_is_named(tmp_path):
    def stop(report):
        raise Stopped

    arguments = {"network": NETWORK, "config": TrainingConfig(epochs=2), "device": "cpu", "progress": False}
    with pytest.raises(Stopped):
        fit(videos(3), output=tmp_path, on_epoch=stop, **arguments)
    state = tmp_path / "seed-0" / "state.safetensors"
    state.write_bytes(state.read_bytes()[:-9])
    with pytest.raises(CheckpointError, match=r"state.safetensors: not readable.*delete it"):
        fit(videos(3), output=tmp_path, **arguments)


def test_the_validation_fold_chooses_the_epoch_and_the_seed(tmp_path):
    """Labels of the validation fold are turned around: the least trained epoch must win there."""
    turned = [VideoExample(each.name, each.features, 1 - each.targets, each.text) for each in videos(4, seed=7)]
    result = train(tmp_path, videos(12), val=turned, epochs=4, learning_rate=3e-3, seeds=(0, 1))
    assert result.chosen_by == "correlation"
    for seed in result.seeds:
        values = [row.val_correlation for row in seed.history]
        assert seed.value == max(values)
        assert seed.epoch == 1 + int(np.argmax(values))
    assert result.seeds[0].epoch < 4
    assert max(result.seeds, key=lambda each: each.value).seed == result.chosen
    assert same(tmp_path, tmp_path / f"seed-{result.chosen}")


def test_without_validation_the_last_epoch_of_the_first_seed_is_taken(tmp_path):
    result = train(tmp_path, seeds=(4, 2))
    assert (result.chosen_by, result.chosen, result.n_val) == ("last epoch", 4, 0)
    assert [each.epoch for each in result.seeds] == [3, 3]


def test_a_share_sets_whole_videos_aside(tmp_path):
    """Two questions about one video must not end on both sides."""
    examples = [
        VideoExample(f"{each.name}?{query}", each.features, each.targets, each.text, video=each.name)
        for each in videos(6)
        for query in "ab"
    ]
    result = train(tmp_path, examples, val=1 / 3, epochs=1)
    assert (result.n_train, result.n_val) == (8, 4)


def test_unsupervised_training_needs_neither_targets_nor_text(tmp_path):
    examples = [VideoExample(each.name, each.features) for each in videos(4)]
    result = train(tmp_path, examples, network=PAPER, mode="unsupervised", val=videos(2, seed=3))
    assert set(result.seeds[0].history[0].parts) == {"diversity", "length"}
    assert result.chosen_by == "loss"


def test_unsupervised_training_prefers_what_differs_from_the_rest(tmp_path):
    """Protects what learning without labels is for: in videos never seen, the rare frames score above the common."""

    rng = np.random.default_rng(5)
    # As with CLIP, no two pictures are opposites.
    things = abs(rng.normal(size=(6, DIM)))

    def film(name):
        common, *rare = rng.permutation(6)
        shown = rng.permutation([common] * 11 + rare)
        features = things[shown] + 0.3 * rng.normal(size=(16, DIM))
        return VideoExample(name, features, (shown != common).astype(np.float32))

    examples = [film(f"film {i}") for i in range(60)]
    result = train(tmp_path, examples, network=PAPER, mode="unsupervised", epochs=10)
    scorer = load_scorer(str(result.checkpoint), device="cpu")
    held_out = [film(f"new {i}") for i in range(10)]
    assert np.mean([spearman(scorer(each.features), each.targets) for each in held_out]) > 0.25


def test_captions_serve_as_pseudo_labels(tmp_path):
    examples = [VideoExample(each.name, each.features, None, each.text) for each in videos(20)]
    result = train(tmp_path, examples, mode="captions", epochs=6)
    scorer = load_scorer(str(result.checkpoint), device="cpu")
    values = [spearman(scorer(each.features, each.text), each.targets) for each in videos(8, seed=1)]
    assert np.mean(values) > 0.3


@pytest.mark.parametrize("network", [NETWORK, PAPER], ids=["cosine", "paper"])
def test_all_losses_together_in_mixed_precision(tmp_path, network):
    losses = LossWeights(1, 1, 1, 1, 1, 1)
    result = train(tmp_path, network=network, losses=losses, mixed_precision=True, epochs=1)
    parts = result.seeds[0].history[0].parts
    assert set(parts) == {"classification", "regression", "diversity", "reconstruction", "contrastive", "length"}
    assert np.isfinite(list(parts.values())).all()


def test_curves_are_written_as_table_and_picture(tmp_path):
    result = train(tmp_path, val=0.2, seeds=(0, 1))
    rows = list(csv.DictReader(result.curves_csv.open()))
    assert [(row["seed"], row["epoch"]) for row in rows] == [(s, e) for s in "01" for e in "123"]
    history = result.seeds[0].history
    assert [float(row["val_loss"]) for row in rows[:3]] == [row.val_loss for row in history]
    assert float(rows[0]["classification"]) == history[0].parts["classification"]
    assert result.curves_png.read_bytes().startswith(b"\x89PNG")
    written = json.loads((tmp_path / "training.json").read_text())
    assert written["config"]["epochs"] == 3
    assert written["network"]["preset"] == "cosine"


def test_training_goes_on_from_a_checkpoint(tmp_path):
    train(tmp_path / "first")
    config = TrainingConfig(epochs=1, learning_rate=1e-9, weight_decay=0)
    second = fit(
        videos(6),
        output=tmp_path / "second",
        config=config,
        start_from=str(tmp_path / "first"),
        device="cpu",
        progress=False,
    )
    first, again = weights(tmp_path / "first"), weights(second.checkpoint)
    for name, value in first.items():
        torch.testing.assert_close(again[name], value, atol=1e-6, rtol=0)


def test_a_checkpoint_that_goes_on_belongs_to_the_encoder_that_it_went_on_with(tmp_path):
    train(tmp_path / "first", epochs=1, encoder="ViT-B-32/openai")
    begin = {"start_from": str(tmp_path / "first"), "epochs": 1}
    train(tmp_path / "other", encoder="ViT-B-16/openai", **begin)
    train(tmp_path / "unsaid", encoder="", **begin)
    found = [load_scorer(str(tmp_path / name), device="cpu").encoder for name in ("other", "unsaid")]
    assert found == ["ViT-B-16/openai", "ViT-B-32/openai"]
    # Another encoder is another training, also where the numbers are the same.
    with pytest.raises(UsageError, match="overwrite=True"):
        train(tmp_path / "other", encoder="ViT-L-14/openai", **begin)


def test_training_leaves_the_global_random_state_alone(tmp_path):
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    train(tmp_path, epochs=1)
    assert torch.equal(torch.rand(3), expected)


def test_a_loss_that_is_no_number_names_the_videos_and_a_way_out(tmp_path):
    huge = [VideoExample("a", np.full((5, DIM), 1e30), np.ones(5))]
    network = ClipItConfig(preset="paper", text_head_dim=16, unit_norm=False, **SMALL)
    with pytest.raises(UsageError, match=r"in epoch 1 at a: try a lower learning_rate"):
        train(tmp_path, huge, network=network, losses=LossWeights(reconstruction=1.0))


@pytest.mark.parametrize(
    ("examples", "options", "message"),
    [
        ([], {}, "no videos"),
        ([VideoExample("a", np.ones((5, DIM)))], {}, "a: no targets"),
        ([VideoExample("a", np.ones((5, DIM)), np.full(5, np.nan))], {}, "a: no targets"),
        ([VideoExample("a", np.ones((5, DIM)), np.zeros(5))], {}, "no positives"),
        ([VideoExample("a", np.ones((5, DIM)))], {"mode": "captions"}, "a: no sentences"),
        ([VideoExample(n, np.ones((5, d)), np.ones(5)) for n, d in (("a", DIM), ("b", 9))], {}, "b: features are 9"),
        ([VideoExample("a", np.ones((5, DIM)), np.ones(5))] * 2, {}, "two examples are named 'a'"),
        ([VideoExample("a", np.ones((5, 9)), np.ones(5))], {}, "network takes features of width 24"),
    ],
)
def test_examples_that_nothing_can_be_learned_from_are_refused(tmp_path, examples, options, message):
    with pytest.raises(UsageError, match=message):
        fit(
            examples,
            output=tmp_path / "out",
            network=NETWORK,
            config=TrainingConfig(**options),
            device="cpu",
            progress=False,
        )
    assert not (tmp_path / "out").exists()


def test_a_video_in_both_folds_is_refused(tmp_path):
    with pytest.raises(UsageError, match="'0-1' is in the training and in the validation fold"):
        train(tmp_path, videos(4), val=videos(4)[1:2])
    with pytest.raises(UsageError, match="leaves none"):
        train(tmp_path, videos(1), val=0.5)
    unlabelled = [VideoExample(each.name, each.features) for each in videos(4)]
    with pytest.raises(UsageError, match="no validation video has targets that vary"):
        train(tmp_path, unlabelled, val=0.25, mode="unsupervised", choose_by="correlation")
