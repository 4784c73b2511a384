"""What clipit-tiny is trained on: truth between sentences and pictures, and what is held out."""

from __future__ import annotations

import numpy as np

from fiftyone_clipit.drawn.captions import caption
from fiftyone_clipit.drawn.scene import random_view
from fiftyone_clipit.encoders.tiny.batches import Batches, encode_claims, encode_views, truth
from fiftyone_clipit.encoders.tiny.held_out import allowed, held_out, held_out_combinations, pair_held_out
from fiftyone_clipit.encoders.tiny.pool import SIDE, Pool, draw_pool


def test_truth_in_numbers_is_truth_in_words():
    rng = np.random.default_rng(3)
    views = [random_view(rng) for _ in range(120)]
    claims = [caption(view, rng)[1] for view in views]
    expected = np.array([[claim.fits(view) for claim in claims] for view in views])
    assert np.array_equal(truth(encode_views(views), encode_claims(claims)), expected)
    assert expected.diagonal().all()
    assert 0.003 < expected.mean() < 0.1


def test_the_pool_is_the_same_for_any_number_of_processes_and_holds_out_what_it_should():
    one, two = draw_pool(40, 7, processes=1), draw_pool(40, 7, processes=2)
    assert one.views == two.views
    assert np.array_equal(one.pictures, two.pictures)
    assert one.pictures.shape == (40, SIDE, SIDE, 3)
    assert all(allowed(view) for view in one.views)


def test_whole_pairs_of_thing_and_colour_are_held_out_too():
    combinations = held_out_combinations()
    assert len(combinations) >= 300
    assert len({combination[:2] for combination in combinations if pair_held_out(*combination[:2])}) == 12
    assert held_out("square", "blue", "snow")


def test_batches_repeat_from_their_seed():
    rng = np.random.default_rng(0)
    pool = Pool([random_view(rng) for _ in range(4000)], np.zeros((4000, 1, 1, 3), np.uint8))
    first, second = (Batches(pool, size=16, extra=4, seed=2) for _ in range(2))
    for step in range(4):
        a, b = first.draw(step), second.draw(step)
        assert (a.captions, a.neutral, a.unknown) == (b.captions, b.neutral, b.unknown)
        assert np.array_equal(a.rows, b.rows)
        assert a.true.diagonal().all()
