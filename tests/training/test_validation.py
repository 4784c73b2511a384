"""What the validation fold chooses by: examples that order nothing have no say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tests.training.test_trainer import train, videos


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
