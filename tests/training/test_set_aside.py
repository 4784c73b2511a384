"""The share of videos that is set aside to validate on: whole videos, and never all that is important."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fiftyone_clipit.training.set_aside import set_aside
from tests.training.test_trainer import train, videos


def some_important(count: int, important: set[int]):
    """Videos of which only some have targets above 0."""
    examples = videos(count)
    return [
        example if index in important else replace(example, targets=np.zeros_like(example.targets))
        for index, example in enumerate(examples)
    ]


def names(examples) -> set[str]:
    return {example.name for example in examples}


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
@pytest.mark.parametrize("positives", [True, False])
def test_where_all_videos_have_something_important_the_seed_alone_draws(share, positives):
    examples = videos(10)
    left, aside = set_aside(examples, share, 3, positives=positives)
    order = np.random.default_rng(3).permutation(10)[: round(10 * share)]
    assert names(aside) == {examples[index].name for index in order}
    assert names(left) == names(examples) - names(aside)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_something_important_is_left_to_learn_from_and_where_there_is_more_to_validate_on(share):
    for seed in range(20):
        for important in ({4}, {0, 7}, {1, 2, 3}):
            examples = some_important(10, important)
            left, aside = set_aside(examples, share, seed, positives=True)
            assert len(aside) == round(10 * share)
            assert names(left) | names(aside) == names(examples)
            shown = [sum(example.targets.any() for example in side) for side in (left, aside)]
            assert shown[0] >= 1
            assert shown[1] >= 1 or len(important) == 1
            assert names(set_aside(examples, share, seed, positives=True)[1]) == names(aside)


def test_training_does_not_lose_its_only_important_video(tmp_path):
    """Where the seed draws just that one, nothing but zeros would be left."""
    drawn = int(np.random.default_rng(0).permutation(6)[0])
    result = train(tmp_path, some_important(6, {drawn}), val=0.2, epochs=1)
    assert (result.n_train, result.n_val) == (5, 1)
    # All that is left to validate on is zero: that orders nothing, and is said.
    assert result.chosen_by == "loss"
    assert "validation examples do not vary, so their loss chose the epoch" in result.note
    again = train(tmp_path, some_important(6, {drawn}), val=0.2, epochs=1)
    assert again.resumed
    assert again.note == result.note


def test_a_choice_that_was_asked_for_needs_no_note(tmp_path):
    examples = some_important(6, {2})
    assert train(tmp_path / "loss", examples, val=0.2, epochs=1, choose_by="loss").note == ""
    assert train(tmp_path / "all", videos(6), val=0.2, epochs=1).note == ""
    assert train(tmp_path / "none", videos(6), epochs=1).note == ""
