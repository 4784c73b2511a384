"""Videos longer than the network sees at once: training takes stretches of them, validation all."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from fiftyone_clipit.scoring.network_transformer import TransformerBody
from fiftyone_clipit.training import VideoExample
from fiftyone_clipit.training.batches import cropped
from tests.training.test_trainer import DIM, PAPER, Stopped, same, train, videos

LONG = {"network": PAPER, "epochs": 3, "batch_size": 2}
MOST = PAPER.max_length


@pytest.fixture
def passed(monkeypatch):
    """What goes through the network: whether it is remembered for gradients, and the frames."""
    seen = []
    forward = TransformerBody.forward

    def watch(self, frames, *rest):
        seen.append((torch.is_grad_enabled(), frames.detach().clone()))
        return forward(self, frames, *rest)

    monkeypatch.setattr(TransformerBody, "forward", watch)
    return seen


def test_a_step_remembers_no_more_samples_than_the_network_sees_at_once(tmp_path, passed):
    examples = videos(4, length=200)
    result = train(tmp_path, examples, val=videos(2, seed=5, length=200), **LONG)
    steps = [frames for remembered, frames in passed if remembered]
    assert len(steps) == 2 * 3  # epochs of two steps, one pass each
    assert all(frames.shape == (2, MOST, DIM) for frames in steps)
    # Validation sees videos whole: 200 samples take more than 12 windows of 16.
    whole = [frames for remembered, frames in passed if not remembered]
    assert all(len(frames) > 2 * 200 / MOST for frames in whole)
    assert result.seeds[0].history[-1].val_correlation is not None
    # Each epoch has its own stretches.
    assert len({frames.sum().item() for frames in steps}) == len(steps)


def test_a_stopped_run_on_long_videos_ends_bit_for_bit_like_one_that_never_stopped(tmp_path):
    examples = [*videos(2, length=70), *videos(3, seed=1, length=10)]

    def stop(report):
        if report.epoch == 2:
            raise Stopped

    with pytest.raises(Stopped):
        train(tmp_path / "stopped", examples, on_epoch=stop, **LONG)
    train(tmp_path / "stopped", examples, **LONG)
    train(tmp_path / "whole", examples, **LONG)
    assert same(tmp_path / "stopped", tmp_path / "whole")
    train(tmp_path / "other seed", examples, seeds=(1,), **LONG)
    assert not same(tmp_path / "other seed", tmp_path / "whole")


def test_what_is_learned_from_stretches_holds_for_whole_videos(tmp_path):
    result = train(
        tmp_path,
        videos(24, length=60),
        val=videos(6, seed=1, length=60),
        network=PAPER,
        epochs=16,
        learning_rate=2e-3,
    )
    assert result.seeds[0].value > 0.5


def test_a_stretch_is_consecutive_and_targets_and_picks_go_along():
    numbers = np.arange(40)
    features = np.repeat(numbers[:, None], DIM, axis=1)
    example = VideoExample("a", features, numbers / 40, picks=numbers * 15, text=np.ones((1, DIM)))
    starts = set()
    for seed in range(300):
        (part,) = cropped([example], 16, np.random.default_rng(seed))
        start = int(part.features[0, 0])
        starts.add(start)
        assert part.features[:, 0].tolist() == list(range(start, start + 16))
        np.testing.assert_allclose(part.targets, numbers[start : start + 16] / 40, rtol=1e-6)
        assert part.picks.tolist() == [15 * n for n in range(start, start + 16)]
        assert part.text is example.text
    assert starts == set(range(25))


def test_a_stretch_has_labels_where_the_video_has_some():
    targets = np.full(400, np.nan)
    targets[123] = 1
    example = VideoExample("a", np.ones((400, DIM)), targets)
    for seed in range(50):
        (part,) = cropped([example], 16, np.random.default_rng(seed))
        assert np.nansum(part.targets) == 1
    nothing = VideoExample("a", np.ones((400, DIM)), np.full(400, np.nan))
    assert len(cropped([nothing], 16, np.random.default_rng(0))[0].features) == 16


def test_videos_that_fit_stay_as_they_are_and_draw_nothing():
    generator = np.random.default_rng(0)
    examples = videos(3, length=13)
    assert all(a is b for a, b in zip(cropped(examples, 16, generator), examples, strict=True))
    assert generator.random() == np.random.default_rng(0).random()
