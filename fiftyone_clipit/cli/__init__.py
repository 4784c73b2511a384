"""The command line. Imports nothing heavy before it knows what to do, and FiftyOne only where a dataset is named."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from fiftyone_clipit.errors import ClipItError

OK, SOME_FAILED, WRONG_USE, INTERRUPTED = 0, 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs `clipit`.

    Returns:
        The exit status: 0 when all went well, 1 when some videos failed, 2 on wrong use.
    """
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        return options.run(options)
    except ClipItError as error:
        print(f"clipit: {error}", file=sys.stderr)
        return WRONG_USE
    except KeyboardInterrupt:
        print("clipit: interrupted; features of the videos that were done are kept", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # Who read our output has seen enough. Python would complain at exit when it flushes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK


def _parser() -> argparse.ArgumentParser:
    from fiftyone_clipit.cli import benchmark, cache, evaluate, export, features, plugin, summarize, train
    from fiftyone_clipit.version import __version__

    parser = argparse.ArgumentParser(
        prog="clipit",
        description="Find what matters in videos: score every frame, pick a summary, for a question or in general.",
    )
    parser.add_argument("--version", action="version", version=f"clipit {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for module in (summarize, export, features, train, evaluate, benchmark, cache, plugin):
        module.add_parser(commands)
    return parser
