"""What the App shows by default: summaries, but not the shots that they are chosen from."""

from __future__ import annotations

import fiftyone as fo
from fiftyone.core.odm import DatasetAppConfig


def show_without(dataset: fo.Dataset, shown: str, hidden: str) -> None:
    """Lets the App show one field by default and another not, leaving all others as they are."""
    config = dataset.app_config
    if config.active_fields is None:
        config.active_fields = DatasetAppConfig.default_active_fields(dataset)
    fields = config.active_fields
    if fields.exclude:
        fields.paths = [*(path for path in fields.paths if path not in (shown, hidden)), hidden]
    else:
        fields.paths = [*(path for path in fields.paths if path not in (shown, hidden)), shown]
    dataset.save()


def forget(dataset: fo.Dataset) -> None:
    """Takes the choice back once it equals what the App shows anyway, so that later fields show again."""
    fields = dataset.app_config.active_fields
    usual = DatasetAppConfig.default_active_fields(dataset)
    if fields is not None and not fields.exclude and set(fields.paths) == set(usual.paths):
        dataset.app_config.active_fields = None
        dataset.save()
