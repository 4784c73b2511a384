"""`clipit cache`: what is kept, and how to get rid of it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any


def add_parser(commands: argparse._SubParsersAction) -> None:
    """Adds the command."""
    parser = commands.add_parser("cache", help="show or clear the features and thumbnails that are kept")
    parser.add_argument("action", nargs="?", choices=["show", "clear"], default="show")
    parser.add_argument("--cache-dir", type=Path, metavar="DIR", help="where features are kept")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Shows or clears the cache."""
    from fiftyone_clipit.features.kept import kept_thumbnails
    from fiftyone_clipit.features.store import FeatureStore

    kinds: list[tuple[str, Any]] = [("features", FeatureStore(options.cache_dir))]
    # The panel keeps its pictures in one place only.
    if options.cache_dir is None:
        kinds.append(("thumbnails", kept_thumbnails()))
    for name, kept in kinds:
        if options.action == "clear":
            print(f"{kept.folder}: deleted {kept.clear()} files of {name}")
        else:
            count, size = kept.usage()
            print(f"{kept.folder}: {count} files, {size / 2**20:.1f} MB of at most {kept.limit / 2**30:.0f} GB")
    return 0
