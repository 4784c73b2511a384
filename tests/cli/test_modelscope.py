"""A checkpoint of ModelScope's on the command line."""

from __future__ import annotations

import json

import numpy as np

from fiftyone_clipit.cli import main
from tests.small_clip import MODEL
from tests.small_modelscope import write_small_modelscope


def test_clipit_summarize_takes_it_as_a_scorer(videos, encoder, tmp_path, capsys):
    scorer = write_small_modelscope(tmp_path / "theirs", dim=MODEL["embed_dim"])
    found = []
    for number, (name, query) in enumerate([(scorer, "a dog"), (scorer, "a boat"), ("zero-shot", "a dog")]):
        output = tmp_path / f"out{number}"
        given = [str(videos[0]), "--query", query, "--scorer", name, "--encoder", encoder, "--output", str(output)]
        assert main(["summarize", *given, "--cache-dir", str(tmp_path / "cache"), "--device", "cpu", "--quiet"]) == 0
        written = json.loads((output / "summary.json").read_text())
        assert written["settings"]["scorer"] == name
        (video,) = written["videos"]
        assert video["segments"]
        found.append(np.array([score["score"] for score in video["scores"]]))
    assert not np.allclose(found[0], found[1])
    assert not np.allclose(found[0], found[2])
    wrong = write_small_modelscope(tmp_path / "narrow", dim=16)
    assert main(["summarize", str(videos[0]), "--scorer", wrong, "--encoder", encoder, "--output", str(tmp_path)]) == 2
    assert "takes features of width 16" in capsys.readouterr().err
