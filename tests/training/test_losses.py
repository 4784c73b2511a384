"""The losses against their formulas, written out plainly, and what they reward."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn.functional import normalize

from fiftyone_clipit.training import losses


def values(seed: int, *shape: int) -> torch.Tensor:
    return torch.rand(*shape, generator=torch.Generator().manual_seed(seed))


@given(seed=st.integers(0, 1000), length=st.integers(2, 9))
@settings(deadline=None, max_examples=30)
def test_diversity_is_the_mean_cosine_over_pairs_of_different_frames(seed, length):
    """The sum over all pairs is computed without forming them; here they are formed."""
    features, scores = values(seed, 1, length, 5) - 0.5, values(seed + 1, 1, length) + 0.01
    unit = normalize(features[0], dim=-1)
    top, bottom = 0.0, 0.0
    for i in range(length):
        for j in range(length):
            if i != j:
                top += float(scores[0, i] * scores[0, j] * (unit[i] @ unit[j]))
                bottom += float(scores[0, i] * scores[0, j])
    found = losses.diversity(features, scores, torch.ones(1, length, dtype=torch.bool))
    assert float(found) == pytest.approx(top / bottom, abs=1e-4)


def test_diversity_of_equal_frames_is_one_and_of_opposite_ones_lower():
    mask = torch.ones(1, 4, dtype=torch.bool)
    scores = torch.full((1, 4), 0.5)
    alike = torch.ones(1, 4, 3)
    assert float(losses.diversity(alike, scores, mask)) == pytest.approx(1)
    mixed = alike * torch.tensor([1.0, -1, 1, -1])[None, :, None]
    assert float(losses.diversity(mixed, scores, mask)) < 0


def test_diversity_teaches_the_scores_to_drop_what_repeats():
    """Three frames alike and one unlike them: the gradient favours the one."""
    features = torch.tensor([[[1.0, 0], [1, 0], [1, 0], [0, 1]]])
    scores = torch.full((1, 4), 0.5, requires_grad=True)
    losses.diversity(features, scores, torch.ones(1, 4, dtype=torch.bool)).backward()
    assert scores.grad[0, 3] < scores.grad[0, 0]


def test_reconstruction_is_the_mean_squared_distance_of_what_is_selected():
    features, rebuilt = values(0, 1, 4, 3), values(1, 1, 4, 3)
    scores = torch.tensor([[1.0, 0.0, 1.0, 1.0]])
    mask = torch.tensor([[True, True, True, False]])
    expected = np.mean([float((rebuilt[0, i] - features[0, i]).square().sum()) for i in (0, 2)])
    assert float(losses.reconstruction(rebuilt, features, scores, mask)) == pytest.approx(expected)


def test_classification_is_the_weighted_cross_entropy_of_hard_labels():
    logits, targets = torch.tensor([[2.0, -1.0, 0.3]]), torch.tensor([[1.0, 0.0, 1.0]])
    positive, negative = losses.class_weights(0.25)
    assert (positive, negative) == (2.0, pytest.approx(2 / 3))
    x = logits.sigmoid()[0].tolist()
    expected = -(positive * np.log(x[0]) + negative * np.log(1 - x[1]) + positive * np.log(x[2])) / 3
    mask = torch.ones(1, 3, dtype=torch.bool)
    assert float(losses.classification(logits, targets, mask, (positive, negative))) == pytest.approx(expected)


def test_classification_of_sure_and_wrong_scores_stays_a_number():
    loss = losses.classification(
        torch.tensor([[200.0, -200.0]]), torch.tensor([[0.0, 1.0]]), torch.ones(1, 2, dtype=torch.bool), (1.0, 1.0)
    )
    assert float(loss) == pytest.approx(200.0)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_class_weights_stay_finite_when_all_samples_are_alike(share):
    assert np.isfinite(losses.class_weights(share)).all()


def test_no_loss_looks_at_padding():
    """Changing what lies beyond the mask changes nothing."""
    features, rebuilt = values(0, 2, 5, 3), values(1, 2, 5, 3)
    scores, targets = values(2, 2, 5), values(3, 2, 5)
    mask = torch.tensor([[True] * 5, [True, True, True, False, False]])
    beyond = ~mask

    def everything() -> list[float]:
        kept = scores * mask  # the network gives 0 where a video is padded
        return [
            float(losses.classification(scores.logit(1e-6), targets, mask, (1.0, 1.0))),
            float(losses.regression(scores, targets, mask)),
            float(losses.diversity(rebuilt, scores, mask)),
            float(losses.reconstruction(rebuilt, features, scores, mask)),
            float(losses.contrastive(rebuilt, kept, features[:, :2], mask[:, :2])),
            float(losses.length(scores, mask, 0.3)),
        ]

    before = everything()
    for each in (features, rebuilt, scores, targets):
        each[beyond] = 0.77
    assert everything() == pytest.approx(before)


def test_contrastive_is_low_when_each_video_fits_its_own_sentence():
    own = torch.eye(3)[:, None, :]
    frames = own.expand(3, 4, 3)
    scores, said = torch.ones(3, 4), torch.ones(3, 1, dtype=torch.bool)
    assert float(losses.contrastive(frames, scores, own, said)) < 0.01
    assert float(losses.contrastive(frames, scores, own.roll(1, 0), said)) > 5


def test_contrastive_tells_no_videos_apart_that_say_the_same():
    text = torch.tensor([[[1.0, 0]], [[1.0, 0]]])
    frames = torch.tensor([[[1.0, 0]], [[0.0, 1]]])
    said = torch.ones(2, 1, dtype=torch.bool)
    assert float(losses.contrastive(frames, torch.ones(2, 1), text, said)) == pytest.approx(0)
    assert float(losses.contrastive(frames[:1], torch.ones(1, 1), text[:1], said[:1])) == 0


def test_length_is_zero_at_the_wanted_share():
    mask = torch.ones(1, 4, dtype=torch.bool)
    assert float(losses.length(torch.full((1, 4), 0.3), mask, 0.3)) == pytest.approx(0, abs=1e-9)
    assert float(losses.length(torch.ones(1, 4), mask, 0.3)) == pytest.approx(0.49)
