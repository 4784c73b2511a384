"""Handing things from thread to thread: nothing is lost or reordered, errors arrive, and no thread stays behind."""

from __future__ import annotations

import threading
from contextlib import closing

import pytest

from fiftyone_clipit.media.handover import Handover, ahead


@pytest.mark.parametrize("size", [1, 3, 100])
def test_all_things_arrive_in_order(size):
    things = [None, *range(50), ()]
    assert list(ahead(iter(things), size)) == things


def test_an_error_comes_after_what_was_made_before_it():
    def making():
        yield 1
        yield 2
        raise ValueError("no third")

    things = ahead(making(), 8)
    assert [next(things), next(things)] == [1, 2]
    with pytest.raises(ValueError, match="no third"):
        next(things)


def test_it_runs_ahead_only_so_far():
    made = []
    third_is_waiting = threading.Event()

    def making():
        for number in range(100):
            made.append(number)
            if number == 3:
                third_is_waiting.set()
            yield number

    with closing(ahead(making(), 2)) as things:
        assert next(things) == 0
        assert third_is_waiting.wait(10)
        # One taken, two waiting, one in the maker's hand.
        assert made == [0, 1, 2, 3]


def test_stopping_early_ends_the_thread():
    def forever():
        while True:
            yield 0

    before = threading.active_count()
    with closing(ahead(forever(), 2)) as things:
        next(things)
    assert threading.active_count() == before


def test_the_maker_learns_that_nobody_takes():
    handover: Handover[int] = Handover(1)
    assert handover.put(1)
    handover.cancel()
    assert not handover.put(2)
