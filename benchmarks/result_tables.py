"""Draws the tables of docs/results.md from the committed result files.

    python benchmarks/result_tables.py

A table stands between `<!-- NAME -->` and `<!-- end -->`, and comes from `benchmarks/results/NAME.json`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
from claims import claims

FOLDER = Path(__file__).parent / "results"
PAGE = Path(__file__).parents[1] / "docs" / "results.md"


def main() -> None:
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


def filled(page: str) -> str:
    """The page with every table drawn anew; a table without a result file says so."""
    for name, draw in TABLES.items():
        path = FOLDER / f"{name}.json"
        table = draw(json.loads(path.read_text())) if path.is_file() else "No result is committed yet."
        page = re.sub(rf"(<!-- {name} -->\n).*?(\n<!-- end -->)", rf"\g<1>{table}\g<2>", page, flags=re.DOTALL)
    return page


def drawn_summaries(result: dict) -> str:
    """Means over the seeds, and the range between them."""
    lines = ["| importance | method | Spearman's rho | Kendall's tau-b |", "| --- | --- | --- | --- |"]
    for task in ("questions", "gist"):
        for method in result["seeds"][0][task]:
            cells = []
            for measure in ("rho", "tau"):
                values = [seed[task][method][measure] for seed in result["seeds"]]
                cells.append(f"{np.mean(values):.3f} ({min(values):.3f} to {max(values):.3f})")
            lines.append(f"| {task} | {method} | {' | '.join(cells)} |")
    lines += ["", "| claim | difference in rho | spread between seeds | holds |", "| --- | --- | --- | --- |"]
    lines += [
        f"| {each['task']}: {each['better']} over {each['worse']} | {each['difference']:.3f} | {each['spread']:.3f} | "
        f"{'yes' if each['holds'] else 'no'} |"
        for each in claims(result["seeds"])
    ]
    return "\n".join(lines)


def summe_folds(result: dict) -> str:
    """One row a method; a method without scores has no correlations."""
    names = list(next(iter(result["methods"].values())))
    lines = [f"| method | {' | '.join(names)} |", "| --- " * (len(names) + 1) + "|"]
    lines += [
        f"| {method} | {' | '.join(f'{row[name]:.3f}' if name in row else 'none' for name in names)} |"
        for method, row in result["methods"].items()
    ]
    return "\n".join(lines)


def training_speed(result: dict) -> str:
    """One row a preset."""
    lines = ["| preset | minutes | processor minutes | load of the machine |", "| --- | --- | --- | --- |"]
    lines += [
        f"| {preset} | {row['minutes']} | {row['processor minutes']} | {row['load of the machine']} |"
        for preset, row in result["presets"].items()
    ]
    return "\n".join(lines)


TABLES: dict[str, Callable[[dict], str]] = {
    "drawn_summaries": drawn_summaries,
    "summe_folds": summe_folds,
    "training_speed": training_speed,
}


if __name__ == "__main__":
    main()
