"""What `docs/results.md` shows is what the committed results hold, and what they claim follows from their numbers."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def load(monkeypatch):
    """Imports a script of the benchmarks, which find one another in their own folder."""
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))

    def module(name: str) -> ModuleType:
        monkeypatch.delitem(sys.modules, name, raising=False)
        return importlib.import_module(name)

    return module


def test_the_tables_are_those_of_the_committed_results(load):
    page = (ROOT / "docs" / "results.md").read_text(encoding="utf-8")
    tables = load("result_tables")
    assert tables.filled(page) == page, "run `python benchmarks/result_tables.py`"
    for name in tables.TABLES:
        assert f"<!-- {name} -->" in page


def test_another_number_gives_another_page(load, tmp_path, monkeypatch):
    """The comparison above would see a table that nobody drew anew."""
    tables = load("result_tables")
    for file in tables.FOLDER.glob("*.json"):
        (tmp_path / file.name).write_text(file.read_text())
    changed = json.loads((tmp_path / "summe_folds.json").read_text())
    changed["methods"]["random"]["f1"] += 1
    (tmp_path / "summe_folds.json").write_text(json.dumps(changed))
    monkeypatch.setattr(tables, "FOLDER", tmp_path)
    page = (ROOT / "docs" / "results.md").read_text(encoding="utf-8")
    assert tables.filled(page) != page


def test_the_committed_claims_follow_from_the_committed_numbers(load):
    result = json.loads((ROOT / "benchmarks" / "results" / "drawn_summaries.json").read_text())
    assert load("claims").claims(result["seeds"]) == result["claims"]
    held = {(each["better"], each["worse"]): each["holds"] for each in result["claims"] if each["task"] == "questions"}
    assert held["CLIP-It, supervised", "zero-shot"]
    assert not held["CLIP-It, supervised, cosine preset", "zero-shot"]


def test_what_is_trained_without_sentences_is_called_so():
    methods = json.loads((ROOT / "benchmarks" / "results" / "summe_folds.json").read_text())["methods"]
    ours = [name for name in methods if name.startswith("CLIP-It")]
    assert len(ours) == 6
    assert all("without language" in name for name in ours)
