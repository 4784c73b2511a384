"""Runs the benchmarks that take minutes, one after the other, and keeps their results: `make bench`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
# The others take longer or need more: see docs/benchmarks.md.
NAMES = ("decode", "end_to_end", "kts", "query", "selection", "writing", "memory", "panel")


def main() -> int:
    """Runs them; the exit status counts those that failed."""
    failed = 0
    (FOLDER / "results").mkdir(exist_ok=True)
    for name in NAMES:
        print(f"== {name}", flush=True)
        command = [sys.executable, str(FOLDER / f"{name}.py"), "--output", str(FOLDER / "results" / f"{name}.json")]
        failed += subprocess.run(command, check=False).returncode != 0
    return failed


if __name__ == "__main__":
    sys.exit(main())
