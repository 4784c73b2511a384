"""Whose an output folder is: what is taken over, what is refused, and what goes."""

from __future__ import annotations

import os

import pytest

from fiftyone_clipit.errors import UsageError
from tests.training.test_trainer import Stopped, same, train, videos


def stop(report):
    raise Stopped


def test_an_empty_mark_is_nobodys(tmp_path):
    """A process was killed between making it and writing to it."""
    (tmp_path / ".training").touch()
    assert not train(tmp_path, epochs=1).resumed
    assert train(tmp_path, epochs=1).resumed


@pytest.mark.parametrize("killed_at", range(1, 10))
def test_a_kill_at_any_write_neither_locks_the_folder_nor_changes_the_result(tmp_path, monkeypatch, killed_at):
    real, calls = os.replace, []

    def replace(source, target):
        calls.append(target)
        if len(calls) == killed_at:
            raise Stopped
        real(source, target)

    monkeypatch.setattr("os.replace", replace)
    with pytest.raises(Stopped):
        train(tmp_path / "killed", epochs=2)
    monkeypatch.undo()
    train(tmp_path / "killed", epochs=2)
    train(tmp_path / "whole", epochs=2)
    assert same(tmp_path / "killed", tmp_path / "whole")
    left = [
        sorted(str(path.relative_to(tmp_path / name)) for path in (tmp_path / name).rglob("*"))
        for name in ("killed", "whole")
    ]
    assert left[0] == left[1]


def test_what_a_kill_left_unfinished_does_not_stay(tmp_path):
    """A killed process removes nothing, and the state is several times as large as the network."""
    with pytest.raises(Stopped):
        train(tmp_path, on_epoch=stop)
    (tmp_path / "seed-0" / ".state.safetensors.unfinished").write_bytes(b"half")
    train(tmp_path)
    assert sorted(path.name for path in (tmp_path / "seed-0").iterdir()) == [
        "README.md",
        "config.json",
        "model.safetensors",
    ]


def test_a_state_that_outlived_its_training_goes_with_the_next_call(tmp_path, monkeypatch):
    """Killed after the result was written, before the state was removed."""

    def killed(folder):
        raise Stopped

    monkeypatch.setattr("fiftyone_clipit.training.trainer.forget_state", killed)
    with pytest.raises(Stopped):
        train(tmp_path)
    monkeypatch.undo()
    assert (tmp_path / "training.json").exists()
    assert (tmp_path / "seed-0" / "state.safetensors").exists()
    assert train(tmp_path).resumed
    assert not (tmp_path / "seed-0" / "state.safetensors").exists()


def test_overwriting_leaves_nothing_that_could_be_taken_for_the_new_result(tmp_path):
    train(tmp_path, seeds=(0, 1), val=0.2)
    (tmp_path / "dataset.json").write_text("{}")
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(Stopped):
        train(tmp_path, learning_rate=2e-3, overwrite=True, on_epoch=stop)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".training", "notes.txt", "seed-0"]


def test_an_output_that_can_be_no_folder_is_refused_with_words(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match=r"output .*file is a file"):
        train(tmp_path / "file")
    with pytest.raises(UsageError, match=r"cannot write to output folder .*file/inside: Not a directory"):
        train(tmp_path / "file" / "inside")


def test_the_output_may_begin_at_home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    result = train("~/mine", videos(2), epochs=1)
    assert result.checkpoint == tmp_path / "mine"
    assert (tmp_path / "mine" / "model.safetensors").is_file()
