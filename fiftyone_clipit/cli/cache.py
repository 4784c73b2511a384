"""`clipit cache`: what is kept, and how to get rid of it."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_parser(commands: argparse._SubParsersAction) -> None:
    """Adds the command."""
    parser = commands.add_parser("cache", help="show or clear the features that are kept")
    parser.add_argument("action", nargs="?", choices=["show", "clear"], default="show")
    parser.add_argument("--cache-dir", type=Path, metavar="DIR", help="where features are kept")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Shows or clears the cache."""
    from fiftyone_clipit.features.store import FeatureStore

    store = FeatureStore(options.cache_dir)
    if options.action == "clear":
        print(f"{store.folder}: deleted the features of {store.clear()} videos")
    else:
        count, size = store.usage()
        print(f"{store.folder}: {count} files, {size / 2**20:.1f} MB of at most {store.limit / 2**30:.0f} GB")
    return 0
