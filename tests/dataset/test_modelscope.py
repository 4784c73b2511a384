"""A checkpoint of ModelScope's is a scorer of `summarize`, with words and without."""

from __future__ import annotations

import numpy as np
import pytest

import fiftyone_clipit as clipit
from fiftyone_clipit.errors import CheckpointError
from fiftyone_clipit.pipeline import Summarizer
from fiftyone_clipit.scoring.checkpoints import load_scorer
from fiftyone_clipit.settings import Settings
from tests.small_clip import MODEL
from tests.small_modelscope import write_small_modelscope


def importances(dataset, key: str) -> np.ndarray:
    return np.array([[frames[key] for frames in sample.frames.values()] for sample in dataset])


def test_a_dataset_is_summarized_by_it(dataset, encoder, tmp_path):
    scorer = write_small_modelscope(tmp_path, dim=MODEL["embed_dim"])
    run = clipit.summarize(dataset, "gist", scorer=scorer, encoder=encoder, device="cpu")
    assert run.config["scorer"] == scorer
    assert not run.failures
    for key, query in (("dogs", "a dog"), ("boats", "a boat")):
        clipit.summarize(dataset, key, query=query, scorer=scorer, encoder=encoder, device="cpu")
    clipit.summarize(dataset, "plain", encoder=encoder, device="cpu")
    assert all(labels.detections for labels in dataset.values("gist"))
    found = {key: importances(dataset, key) for key in ("gist", "dogs", "boats", "plain")}
    # The question moves the scores, and the network is not what answers without one.
    for one, other in (("dogs", "boats"), ("dogs", "gist"), ("gist", "plain")):
        assert not np.allclose(found[one], found[other])


def test_its_scores_are_those_of_the_network_itself(videos, encoder, tmp_path):
    scorer = write_small_modelscope(tmp_path, dim=MODEL["embed_dim"])
    summarizer = Summarizer(Settings(scorer=scorer, encoder=encoder), device="cpu", cache=False)
    (outcome,) = summarizer.extract([str(videos[0])])
    network = load_scorer(scorer, device="cpu")
    expected = network(outcome.features.features.astype(np.float32))
    np.testing.assert_allclose(summarizer.summarize(outcome.features).scores, expected, atol=1e-6)
    assert np.ptp(expected) > 0


def test_one_of_another_width_is_refused_before_any_video(dataset, encoder, tmp_path):
    scorer = write_small_modelscope(tmp_path, dim=16)
    with pytest.raises(CheckpointError, match="takes features of width 16, the encoder gives 24"):
        clipit.summarize(dataset, "gist", scorer=scorer, encoder=encoder, device="cpu")
    assert not clipit.list_summaries(dataset)
