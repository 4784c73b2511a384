"""The state of a training: what is read back goes where the network is."""

from __future__ import annotations

import pytest
import torch

from fiftyone_clipit.scoring import ClipIt
from fiftyone_clipit.training.state import load_state, save_state
from tests.training.test_trainer import NETWORK, Stopped, same, train, videos


def stepped() -> tuple[ClipIt, torch.optim.Optimizer]:
    """A network and its optimizer after one step."""
    model = ClipIt(NETWORK)
    optimizer = torch.optim.Adam(model.parameters(), fused=True)
    model(torch.randn(2, 5, NETWORK.dim), torch.randn(2, 1, NETWORK.dim)).scores.sum().backward()
    optimizer.step()
    return model, optimizer


def test_all_that_is_read_back_lies_on_the_device_of_its_parameter(tmp_path):
    """The fused optimizer wants step counters there, too. `meta` stands for a device that is not the processor."""
    save_state(tmp_path, *stepped(), [], "mine")
    model = ClipIt(NETWORK).to("meta")
    optimizer = torch.optim.Adam(model.parameters())
    load_state(tmp_path, model, optimizer, "mine")
    assert optimizer.state
    for parameter, values in optimizer.state.items():
        assert set(values) == {"step", "exp_avg", "exp_avg_sq"}
        assert {value.device for value in values.values()} == {parameter.device} == {torch.device("meta")}


def test_what_is_read_back_is_what_was_written(tmp_path):
    model, optimizer = stepped()
    save_state(tmp_path, model, optimizer, [], "mine")
    again = ClipIt(NETWORK)
    other = torch.optim.Adam(again.parameters(), fused=True)
    load_state(tmp_path, again, other, "mine")
    for (name, mine), theirs in zip(model.named_parameters(), again.parameters(), strict=True):
        assert torch.equal(mine, theirs), name
        assert optimizer.state[mine].keys() == other.state[theirs].keys()
        assert all(torch.equal(value, other.state[theirs][key]) for key, value in optimizer.state[mine].items())


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_a_stopped_run_goes_on_on_a_gpu(tmp_path):
    def stop(report):
        raise Stopped

    with pytest.raises(Stopped):
        train(tmp_path / "stopped", videos(4), device="cuda", on_epoch=stop)
    resumed = train(tmp_path / "stopped", videos(4), device="cuda")
    assert resumed.resumed
    assert len(resumed.seeds[0].history) == 3
    assert same(tmp_path / "stopped", tmp_path / "stopped" / "seed-0")
