"""ModelScope's checkpoints: the same numbers as its own code gives, and no code run from a pickle."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from fiftyone_clipit.errors import CheckpointError
from fiftyone_clipit.scoring import ClipIt
from fiftyone_clipit.scoring.checkpoints import load_scorer
from fiftyone_clipit.scoring.modelscope import DEFAULTS
from tests.small_modelscope import random_state

TINY = {
    "num_sentence": 7,
    "txt_atten_head": 2,
    "d_frame_vec": 16,
    "d_model": 16,
    "d_inner": 24,
    "n_layers": 1,
    "n_head": 2,
    "d_k": 8,
    "d_v": 8,
    "n_position": 50,
}


@torch.inference_mode()
@pytest.mark.parametrize("case", [0, 1, 2], ids=["1 frame", "37 frames", "300 frames"])
def test_scores_and_decoder_output_are_those_of_modelscopes_own_code(shared_data, case):
    folder = shared_data / "modelscope_parity"
    model = ClipIt.from_modelscope(folder / "small_state_dict.safetensors", folder / "small_config.json")
    numbers = load_file(folder / "small_io.safetensors")
    out = model(numbers[f"frames_{case}"][None], numbers[f"text_{case}"].view(1, 7, -1))
    torch.testing.assert_close(out.scores[0], numbers[f"scores_{case}"], atol=1e-5, rtol=0)
    torch.testing.assert_close(out.decoded[0], numbers[f"decoded_{case}"], atol=1e-5, rtol=0)


def test_the_scorer_reads_the_arguments_that_lie_beside_the_checkpoint(shared_data):
    """`modelscope:<path>` gives what the network gives: it chooses and scales the sentences on its own."""
    folder = shared_data / "modelscope_parity"
    scorer = load_scorer(f"modelscope:{folder / 'small_state_dict.safetensors'}", dim=64, device="cpu")
    numbers = load_file(folder / "small_io.safetensors")
    sentences = numbers["text_1"].view(7, -1).numpy() * 3.0
    scores = scorer(numbers["frames_1"].numpy(), sentences)
    np.testing.assert_allclose(scores, numbers["scores_1"].numpy(), atol=1e-5)


def test_a_full_size_checkpoint_in_modelscopes_format_loads_and_runs(tmp_path):
    torch.save(random_state(DEFAULTS), tmp_path / "pytorch_model.bin")
    scorer = load_scorer(f"modelscope:{tmp_path}", dim=512, device="cpu")
    features = np.random.default_rng(0).normal(size=(20, 512)).astype(np.float32)
    features /= np.linalg.norm(features, axis=1, keepdims=True)
    scores = scorer(features, features[:3])
    assert scores.shape == (20,)
    assert scores.std() > 0
    assert (scores == scorer(features, features[:3])).all()
    assert (scores != scorer(features, features[3:6])).any()
    assert scorer(features, None).shape == (20,)


class Malice:
    """What an attacker would put into a pickle: it leaves a trace when it is run."""

    def __init__(self, trace):
        self.trace = trace

    def __reduce__(self):
        return (open, (str(self.trace), "w"))


@pytest.mark.parametrize("name", ["pytorch_model.bin", "weights.pt"])
def test_code_in_a_pickle_is_refused_and_never_run(tmp_path, name):
    trace = tmp_path / "trace"
    torch.save({"linear_txt.weight": Malice(trace)}, tmp_path / name)
    with pytest.raises(CheckpointError, match=r"holds more than tensors.*Expected a state dict"):
        ClipIt.from_modelscope(tmp_path / name)
    assert not trace.exists()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"d_model": 32, "d_frame_vec": 32}, r"linear_txt.weight has shape \(16, 112\), expected \(32, 224\)"),
        ({"n_layers": 2}, "lacks body.decoder.1"),
        ({"n_position": 60}, "table of positions"),
        ({"depth": 2}, "unknown ModelScope argument 'depth'"),
        ({"n_head": 0}, "n_head is 0"),
    ],
)
def test_arguments_that_do_not_fit_the_checkpoint_are_named(tmp_path, change, message):
    save_file(random_state(TINY), tmp_path / "model.safetensors")
    with pytest.raises(CheckpointError, match=message):
        ClipIt.from_modelscope(tmp_path / "model.safetensors", {**TINY, **change})


def test_the_published_size_is_expected_where_no_arguments_are_given(tmp_path):
    save_file(random_state(TINY), tmp_path / "model.safetensors")
    with pytest.raises(CheckpointError, match="give the arguments as config"):
        ClipIt.from_modelscope(tmp_path)
    (tmp_path / "arguments.json").write_text(json.dumps(TINY))
    assert ClipIt.from_modelscope(tmp_path, tmp_path / "arguments.json").config.dim == 16


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"", "not a readable checkpoint"), (b"PK\x03\x04 no archive", "not a readable checkpoint"), (None, "no such")],
)
def test_a_file_that_is_no_checkpoint_is_named(tmp_path, content, message):
    path = tmp_path / "pytorch_model.bin"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CheckpointError, match=message):
        ClipIt.from_modelscope(path)


def test_positions_other_than_sinusoids_are_refused(tmp_path):
    state = random_state(TINY)
    state["encoder.position_enc.pos_table"] = state["encoder.position_enc.pos_table"] + 1
    save_file(state, tmp_path / "model.safetensors")
    with pytest.raises(CheckpointError, match="positions"):
        ClipIt.from_modelscope(tmp_path, TINY)


def test_a_trained_import_is_saved_as_our_own_checkpoint(tmp_path):
    save_file(random_state(TINY), tmp_path / "theirs.safetensors")
    model = ClipIt.from_modelscope(tmp_path / "theirs.safetensors", TINY)
    model.save_pretrained(tmp_path / "ours")
    frames, text = torch.randn(1, 9, 16), torch.randn(1, 7, 16)
    with torch.inference_mode():
        again = ClipIt.from_pretrained(tmp_path / "ours")
        assert torch.equal(again(frames, text).scores, model(frames, text).scores)
