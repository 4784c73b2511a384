"""`clipit benchmark`: SumMe, TVSum and QFVS, with baselines always beside."""

from __future__ import annotations

import argparse

from fiftyone_clipit.evaluation import command


def add_parser(commands: argparse._SubParsersAction) -> None:
    """Adds the command."""
    parser = commands.add_parser(
        "benchmark",
        help="measure frame scores on SumMe, TVSum or QFVS",
        description="Measures frame scores against people's, in the published protocol, and baselines beside them.",
    )
    command.add_arguments(parser)
    parser.set_defaults(run=command.run)
