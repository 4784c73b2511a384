"""A checkpoint of ModelScope's in the operator that summarizes."""

from __future__ import annotations

import fiftyone_clipit as clipit
from tests.plugin.test_operators import execute, form, problems
from tests.small_clip import MODEL
from tests.small_modelscope import write_small_modelscope


def test_the_operator_takes_it_as_a_scorer(dataset, encoder, tmp_path):
    scorer = write_small_modelscope(tmp_path, dim=MODEL["embed_dim"])
    params = {"mode": "query", "query": "a dog", "key": "dogs", "encoder": encoder, "scorer": scorer, "device": "cpu"}
    assert problems(form("summarize_video", dataset, {**params, "advanced": True})) == {}
    execute("summarize_video", dataset, params)
    dataset.reload()
    (run,) = clipit.list_summaries(dataset)
    assert (run.status, run.config["scorer"], run.failures) == ("done", scorer, [])
    assert all(labels.detections for labels in dataset.values("dogs"))
