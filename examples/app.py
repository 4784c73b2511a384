"""Opens the FiftyOne App on what `make demo` made: `make app`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NAME = "clipit-demo"


def main() -> int:
    """Puts the demo's videos into a dataset, summarizes them there, and opens the App."""
    videos = sorted((ROOT / "demo_output" / "videos").glob("*.mp4"))
    if not videos:
        print("There is nothing to show yet: run `make demo` first.", file=sys.stderr)
        return 1
    # FiftyOne reads this when it is imported: the demo leaves the user's own database and plugins alone.
    os.environ.setdefault("FIFTYONE_PLUGINS_DIR", str(ROOT / ".fiftyone" / "plugins"))
    from fiftyone_clipit.dataset.own_database import start_database

    start_database(ROOT / ".fiftyone" / "db")

    import fiftyone as fo

    import fiftyone_clipit as clipit
    from fiftyone_clipit.dataset.install import install_plugin

    install_plugin()
    dataset = fo.load_dataset(NAME) if fo.dataset_exists(NAME) else fo.Dataset(NAME, persistent=True)
    known = set(dataset.values("filepath"))
    dataset.add_samples([fo.Sample(filepath=str(path)) for path in videos if str(path) not in known])
    clipit.summarize(dataset, "gist", encoder="clipit-tiny")
    clipit.summarize(dataset, "red_star", query="a red star", encoder="clipit-tiny", budget="8s")
    print(clipit.list_summaries(dataset))
    session = fo.launch_app(dataset)
    print("Ctrl+C closes the App.")
    try:
        session.wait(-1)
    except KeyboardInterrupt:
        session.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
