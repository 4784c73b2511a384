"""Which videos are trained on and which are tested: the canonical folds of SumMe and TVSum, and any like them."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from fiftyone_clipit.errors import UsageError

Setting = Literal["standard", "augment", "transfer"]
SETTINGS: dict[Setting, str] = {
    "standard": "{}_splits.json",
    "augment": "{}_aug.yml",
    "transfer": "{}_trans.yml",
}


@dataclass(frozen=True)
class Split:
    """One fold.

    Attributes:
        train: keys of the videos to train on.
        test: keys of those to test on.
    """

    train: tuple[str, ...]
    test: tuple[str, ...]

    def within(self, available: Collection[str]) -> Split:
        """The fold without the videos that are not at hand; either side may end up empty."""
        return Split(
            tuple(key for key in self.train if key in available), tuple(key for key in self.test if key in available)
        )

    def of(self, data_set: str) -> Split:
        """The fold with the data set before the keys that have none."""
        sides = (self.train, self.test)
        return Split(*(tuple(key if "/" in key else f"{data_set}/{key}" for key in side) for side in sides))


def canonical_splits(dataset: str, folder: str | os.PathLike[str], *, setting: Setting = "standard") -> list[Split]:
    """The five published folds of a data set; keys are "<data set>/video_<n>", such as "tvsum/video_3".

    Args:
        dataset: "summe" or "tvsum".
        folder: holds `<data set>_splits.json`, `<data set>_aug.yml` and `<data set>_trans.yml`.
        setting: "standard" (its own videos), "augment" (also those of the other data sets: summe, tvsum, ovp,
            youtube), or "transfer" (those of the others alone).

    Raises:
        UsageError: another setting, or no such file.
    """
    if setting not in SETTINGS:
        raise UsageError(f"unknown setting {setting!r}: expected one of {', '.join(SETTINGS)}")
    return [split.of(dataset) for split in read_splits(Path(folder) / SETTINGS[setting].format(dataset))]


def read_splits(path: str | os.PathLike[str]) -> list[Split]:
    """Reads folds from JSON or YAML: a list of objects with `train_keys` and `test_keys`.

    A key with a path before it, as the augmented lists have ("../datasets/eccv16_dataset_tvsum_....h5/video_3"),
    becomes "tvsum/video_3".

    Raises:
        UsageError: no such file, or not of this form.
    """
    path = Path(path)
    if not path.is_file():
        raise UsageError(f"no such file: {path}; expected a list of folds with train_keys and test_keys")
    text = path.read_text(encoding="utf-8")
    try:
        if path.suffix in (".yml", ".yaml"):
            import yaml

            folds = yaml.safe_load(text)
        else:
            folds = json.loads(text)
        return [
            Split(tuple(map(_key, fold["train_keys"])), tuple(map(_key, fold["test_keys"])))
            for fold in ([folds] if isinstance(folds, dict) else folds)
        ]
    except Exception as error:  # The two parsers and a wrong form fail each in its own way.
        raise UsageError(f"{path}: expected a list of folds, each with train_keys and test_keys ({error!r})") from error


def check_splits(splits: Sequence[Split], available: Collection[str], *, skip_missing: bool = False) -> list[Split]:
    """The folds on the videos at hand.

    Args:
        splits: the folds.
        available: keys of the videos at hand.
        skip_missing: leave out videos that are not at hand, and folds that lose a whole side.

    Raises:
        UsageError: a fold names absent videos, or has one on both sides, or nothing remains.
    """
    if not splits:
        raise UsageError("no folds; expected at least one")
    for number, split in enumerate(splits, 1):
        if both := sorted(set(split.train) & set(split.test)):
            raise UsageError(f"fold {number} has {both[0]} on both sides; a video is trained on or tested, not both")
    absent = sorted({key for split in splits for key in (*split.train, *split.test)} - set(available), key=_order)
    if not absent:
        return list(splits)
    if not skip_missing:
        raise UsageError(
            f"the folds name {len(absent)} videos that are not at hand ({', '.join(absent[:6])}"
            f"{', ...' if len(absent) > 6 else ''}); there are {', '.join(sorted(available, key=_order)[:6])}, ... Add "
            "them, or skip what is missing"
        )
    kept = [split for split in (split.within(available) for split in splits) if split.train and split.test]
    if not kept:
        raise UsageError("no fold has both a training and a test video at hand")
    return kept


def _key(value: object) -> str:
    *folders, name = str(value).split("/")
    if not folders:
        return name
    found = re.search(r"dataset_([a-z]+)_", folders[-1])
    return f"{found[1] if found else Path(folders[-1]).stem}/{name}"


def _order(key: str) -> tuple[int, str]:
    return len(key), key
