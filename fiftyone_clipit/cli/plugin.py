"""`clipit plugin`: make FiftyOne find the operators and the panel of an installed wheel."""

from __future__ import annotations

import argparse


def add_parser(commands: argparse._SubParsersAction) -> None:
    """Adds the command."""
    parser = commands.add_parser("plugin", help="add the plugin to FiftyOne's plugins folder, or take it away")
    parser.add_argument("action", choices=["install", "remove"])
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Installs or removes the plugin."""
    from fiftyone_clipit.dataset.install import install_plugin, remove_plugin

    print(install_plugin() if options.action == "install" else remove_plugin())
    return 0
