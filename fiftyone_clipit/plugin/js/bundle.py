"""Writes the one file that the App loads, `panel.js`, from the modules in `src`.

    python fiftyone_clipit/plugin/js/bundle.py

The App runs a plugin's file as a classic script, which cannot import. So the modules stand one after the other in a
function, without their imports and exports; their names must differ.
"""

from __future__ import annotations

import re
from pathlib import Path

HERE = Path(__file__).parent
BUNDLE = HERE / "panel.js"
# Each after what it imports.
MODULES = ("app", "style", "modal_player", "chart", "player", "budget", "question", "shots", "strip", "video", "index")

_IMPORT = re.compile(r"^import [^;]*;\n+", re.MULTILINE)
_EXPORT = re.compile(r"^export ", re.MULTILINE)


def bundle() -> str:
    """The text of `panel.js`."""
    parts = ["// Made from src by bundle.py: change it there.\n(() => {\n"]
    for name in MODULES:
        source = (HERE / "src" / f"{name}.js").read_text(encoding="utf-8")
        parts.append(f"// ---- {name}.js\n{_EXPORT.sub('', _IMPORT.sub('', source))}\n")
    return "".join([*parts, "})();\n"])


if __name__ == "__main__":
    BUNDLE.write_text(bundle(), encoding="utf-8")
