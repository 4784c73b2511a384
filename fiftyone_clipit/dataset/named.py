"""Datasets by their names, for the command line."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

import fiftyone as fo
from fiftyone.core.collections import SampleCollection

from fiftyone_clipit.errors import UsageError

_SHOWN = 8


def open_dataset(name: str, *, tags: Sequence[str] = ()) -> SampleCollection:
    """A FiftyOne dataset, or those of its samples that have any of some tags.

    Raises:
        UsageError: there is no such dataset, or no sample has the tags.
    """
    if not fo.dataset_exists(name):
        known = fo.list_datasets()
        shown = get_close_matches(name, known, n=_SHOWN) or known[:_SHOWN]
        raise UsageError(f"FiftyOne has no dataset {name!r}; it has {', '.join(shown) if shown else 'none'}")
    dataset = fo.load_dataset(name)
    if not tags:
        return dataset
    view = dataset.match_tags(list(tags))
    if not len(view):
        there = ", ".join(dataset.distinct("tags")) or "none"
        raise UsageError(f"no sample of {name!r} has tag {' or '.join(map(repr, tags))}; its tags: {there}")
    return view
