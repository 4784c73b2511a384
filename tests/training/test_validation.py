"""What the validation fold chooses by: examples that order nothing have no say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fiftyone_clipit.training import one_seed
from fiftyone_clipit.training.validation import Validation
from tests.training.test_trainer import same, train, videos


def test_examples_without_anything_important_have_no_say_in_the_correlation(tmp_path):
    held_out = videos(4, seed=1)
    nothing = [replace(each, name=f"no-{each.name}", targets=np.zeros_like(each.targets)) for each in held_out]
    alone, beside = (
        train(tmp_path / name, val=val).seeds[0].history
        for name, val in (("alone", held_out), ("beside", held_out + nothing))
    )
    assert [row.val_correlation for row in beside] == [row.val_correlation for row in alone]
    assert all(np.isfinite(row.val_correlation) for row in beside)
    assert [row.best for row in beside] == [row.best for row in alone]
    assert [row.val_loss for row in beside] != [row.val_loss for row in alone]


@pytest.mark.parametrize("choose_by", ["loss", "correlation"])
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_an_epoch_whose_validation_is_no_number_is_beaten_by_any_other(tmp_path, monkeypatch, choose_by, bad):
    """NaN is neither greater nor less than anything: the first epoch would stay the choice for good."""
    given = iter([bad, bad, 0.5, bad, bad, bad, bad, bad])
    monkeypatch.setattr(one_seed, "validate", lambda *_, **__: Validation(value := next(given), value))
    result = train(tmp_path, val=0.34, epochs=4, choose_by=choose_by, seeds=(0, 1))
    assert [row.best for row in result.seeds[0].history] == [True, False, True, False]
    assert result.seeds[0].epoch == 3
    assert [row.best for row in result.seeds[1].history] == [True, False, False, False]
    assert result.chosen == 0
    assert same(tmp_path, tmp_path / "seed-0")


def test_a_seed_whose_validation_is_no_number_is_not_chosen(tmp_path, monkeypatch):
    given = iter([np.nan, 0.7])
    monkeypatch.setattr(one_seed, "validate", lambda *_, **__: Validation(value := next(given), value))
    assert train(tmp_path, val=0.34, epochs=1, choose_by="loss", seeds=(0, 1)).chosen == 1
