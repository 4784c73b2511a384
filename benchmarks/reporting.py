"""What every benchmark does with its result: print it, and keep it where it is told to."""

from __future__ import annotations

import json
from pathlib import Path


def keep(result: dict, output: Path | None) -> None:
    """Prints a result as JSON, and writes it to a file if one is named."""
    text = json.dumps(result, indent=1)
    print(text)
    if output:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(text + "\n")
