"""Loading scorers by name: what is refused says what was expected."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest
import torch
from huggingface_hub.errors import LocalEntryNotFoundError

from fiftyone_clipit.errors import CheckpointError, UsageError
from fiftyone_clipit.scoring import ClipIt, ClipItConfig
from fiftyone_clipit.scoring.checkpoints import fingerprint, load_scorer

DIM = 16


def model(seed: int = 0, **changes) -> ClipIt:
    torch.manual_seed(seed)
    return ClipIt(ClipItConfig(preset="cosine", dim=DIM, width=16, heads=2, head_dim=8, feed_forward=16, **changes))


@pytest.fixture
def folder(tmp_path):
    model(encoder="clipit-tiny").save_pretrained(tmp_path / "checkpoint")
    return tmp_path / "checkpoint"


@pytest.fixture
def features() -> np.ndarray:
    values = np.random.default_rng(0).normal(size=(30, DIM)).astype(np.float32)
    return values / np.linalg.norm(values, axis=1, keepdims=True)


def test_a_folder_gives_a_deterministic_scorer(folder, features):
    scorer = load_scorer(str(folder), dim=DIM, device="cpu")
    scores = scorer(features, features[:2])
    assert scores.dtype == np.float64
    assert scores.shape == (30,)
    assert ((scores >= 0) & (scores <= 1)).all()
    assert (scores == load_scorer(str(folder), dim=DIM, device="cpu")(features, features[:2])).all()
    assert (scores != scorer(features, None)).any()
    assert scorer.encoder == "clipit-tiny"


def test_no_samples_give_no_scores(folder):
    assert load_scorer(str(folder), device="cpu")(np.empty((0, DIM)), None).shape == (0,)


def test_an_all_black_feature_is_scored_too(folder):
    """Zero vectors cannot be scaled to unit length; they must not turn into NaN."""
    assert np.isfinite(load_scorer(str(folder), device="cpu")(np.zeros((3, DIM)), np.zeros((1, DIM)))).all()


def test_fingerprints_tell_weights_and_configurations_apart(folder):
    same = load_scorer(str(folder), device="cpu").fingerprint
    assert same == fingerprint(model(encoder="clipit-tiny"))
    others = {fingerprint(model(seed=1)), fingerprint(model(max_length=99)), same}
    assert len(others) == 3


def test_a_checkpoint_of_another_width_is_refused(folder):
    with pytest.raises(CheckpointError, match=r"features of width 16 \(clipit-tiny\), the encoder gives 512"):
        load_scorer(str(folder), dim=512, device="cpu")


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_features_that_are_no_numbers_are_refused(folder, features, bad):
    features[4, 3] = bad
    with pytest.raises(UsageError, match="features holds NaN or infinity in row 4"):
        load_scorer(str(folder), device="cpu")(features)


def test_features_of_another_width_are_refused(folder):
    with pytest.raises(UsageError, match=r"features has shape \(3, 17\).*expects \(rows, 16\)"):
        load_scorer(str(folder), device="cpu")(np.zeros((3, 17)))


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"preset": "unheard-of"}, "unknown preset 'unheard-of': expected one of cosine, modelscope, paper"),
        ({"preset": "cosine", "depth": 2}, "no field 'depth'"),
        ({"preset": "cosine", "dim": "16"}, "dim is '16'"),
        ({"preset": "cosine", "dim": DIM}, "shape|lacks|holds"),
        ([1, 2], "config.json"),
        ("{", "config.json"),
    ],
)
def test_a_config_that_does_not_fit_is_named(folder, config, message):
    (folder / "config.json").write_text(config if isinstance(config, str) else json.dumps(config))
    with pytest.raises(CheckpointError, match=message):
        load_scorer(str(folder), device="cpu")


@pytest.mark.parametrize("missing", ["config.json", "model.safetensors"])
def test_a_missing_file_is_named(folder, missing):
    (folder / missing).unlink()
    with pytest.raises(CheckpointError, match=f"no {missing} in it"):
        load_scorer(str(folder), device="cpu")


def test_truncated_weights_are_named(folder):
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])
    with pytest.raises(CheckpointError, match="not a readable safetensors file"):
        load_scorer(str(folder), device="cpu")


class Malice:
    def __init__(self, trace):
        self.trace = trace

    def __reduce__(self):
        return (open, (str(self.trace), "w"))


def test_a_folder_with_a_pickle_is_refused_and_no_code_in_it_runs(tmp_path):
    trace = tmp_path / "trace"
    folder = tmp_path / "foreign"
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps(model().config.to_dict()))
    torch.save({"weights": Malice(trace)}, folder / "pytorch_model.bin")
    with pytest.raises(CheckpointError, match=r"pickle.*modelscope:"):
        load_scorer(str(folder), device="cpu")
    with pytest.raises(CheckpointError, match=r"is a file.*modelscope:"):
        load_scorer(str(folder / "pytorch_model.bin"), device="cpu")
    with pytest.raises(CheckpointError, match="holds more than tensors"):
        load_scorer(f"modelscope:{folder}", device="cpu")
    assert not trace.exists()


@pytest.mark.parametrize("name", ["/no/such/folder", "~/nowhere", "nowhere", "a/b/c", ""])
def test_a_network_that_is_not_there_is_refused_with_words(name):
    with pytest.raises(CheckpointError, match=r"no such folder; give the folder of a trained network"):
        ClipIt.from_pretrained(name)


def test_a_network_is_loaded_by_a_path_from_home_and_refused_where_it_is_damaged(folder, monkeypatch):
    monkeypatch.setenv("HOME", str(folder.parent))
    assert ClipIt.from_pretrained("~/checkpoint").config == ClipIt.from_pretrained(folder).config
    with pytest.raises(CheckpointError, match="is a file: give the folder"):
        ClipIt.from_pretrained(folder / "config.json")
    (folder / "config.json").write_text('{"preset": "cosine", "depth": 2}')
    with pytest.raises(CheckpointError, match=r"its config.json cannot be used: .*no field 'depth'"):
        ClipIt.from_pretrained(folder)


@pytest.mark.parametrize("name", ["./nowhere", "nowhere", "modelscope:nowhere.bin"])
def test_a_name_of_nothing_says_what_a_scorer_may_be(name):
    with pytest.raises(CheckpointError, match=r"no such f"):
        load_scorer(name, device="cpu")


def test_a_hub_repository_is_downloaded_file_by_file(folder, features, monkeypatch):
    asked = []

    def download(repo_id, filename, **options):
        asked.append((repo_id, filename))
        return str(folder / filename)

    monkeypatch.setattr("huggingface_hub.hf_hub_download", download)
    scorer = load_scorer("someone/summaries", dim=DIM, device="cpu")
    assert asked == [("someone/summaries", "config.json"), ("someone/summaries", "model.safetensors")]
    assert scorer(features).shape == (30,)


def test_a_hub_that_does_not_give_it_is_an_error_with_ways_out(monkeypatch):
    def refuse(*args, **options):
        raise LocalEntryNotFoundError("404: no such repository")

    monkeypatch.setattr("huggingface_hub.hf_hub_download", refuse)
    with pytest.raises(CheckpointError, match=r"hub does not give it \(404: no such repository\)"):
        load_scorer("someone/absent", device="cpu")


def test_a_device_that_is_not_there_is_refused(folder):
    with pytest.raises(UsageError, match="device 'nonsense'"):
        load_scorer(str(folder), device="nonsense")


def test_importing_the_scoring_room_does_not_import_torch():
    code = "import sys, fiftyone_clipit.scoring as s; s.ClipItConfig(); sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_scorer_knows_the_encoder_that_it_was_trained_with(tmp_path):
    model(encoder="ViT-B-32/openai").save_pretrained(tmp_path / "named")
    named = load_scorer(str(tmp_path / "named"), device="cpu")
    assert named.mismatch("vit-b-32/OpenAI") is None
    assert "use encoder='ViT-B-32/openai'" in named.mismatch("ViT-B-16/openai")
    model(encoder="").save_pretrained(tmp_path / "unnamed")
    assert load_scorer(str(tmp_path / "unnamed"), device="cpu").mismatch("clipit-tiny") is None
