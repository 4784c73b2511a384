"""Saving a checkpoint: nothing that stops it leaves half of one, and folders may lie anywhere."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

import pytest

from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.scoring import ClipIt
from fiftyone_clipit.scoring.network_saving import save_folder
from tests.scoring.test_network import small


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


SAVED = ["README.md", "config.json", "model.safetensors"]


def test_an_existing_folder_is_filled_from_within(tmp_path, monkeypatch):
    """It may be a disk of its own, or stand where nobody may write: nothing is made beside it."""
    from safetensors.torch import save_file

    (tmp_path / "disk").mkdir()

    def watch(weights, path, metadata):
        assert path.parent.parent == tmp_path / "disk"
        assert names(tmp_path) == ["disk"]
        save_file(weights, path, metadata=metadata)

    monkeypatch.setattr("safetensors.torch.save_file", watch)
    small("cosine").save_pretrained(tmp_path / "disk")
    assert names(tmp_path / "disk") == SAVED


def test_a_link_may_lead_to_another_disk(tmp_path):
    memory = Path("/dev/shm")
    if not os.access(memory, os.W_OK) or memory.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is no second file system")
    with tempfile.TemporaryDirectory(dir=memory) as other:
        (tmp_path / "there").symlink_to(other)
        (tmp_path / "to come").symlink_to(Path(other) / "new")
        for link in ("there", "there", "to come"):
            small("cosine").save_pretrained(tmp_path / link)
            assert ClipIt.from_pretrained(tmp_path / link).config.preset == "cosine"
        assert (tmp_path / "there").is_symlink()
        assert names(Path(other)) == sorted([*SAVED, "new"])


_VICTIM = """
    import os, signal, sys
    from pathlib import Path
    from fiftyone_clipit.scoring.network_saving import save_folder

    new, there = map(Path, sys.argv[1:])
    with save_folder(new) as one, save_folder(there) as other:
        (one / "model.safetensors").write_text("half")
        (other / "model.safetensors").write_text("half")
        os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_killed_save_left_is_removed_by_the_next(tmp_path):
    new, there, alike = (tmp_path / name for name in ("new", "there", "new-er"))
    small("cosine").save_pretrained(there)
    before = {path.name: path.read_bytes() for path in there.iterdir()}
    code = [sys.executable, "-c", textwrap.dedent(_VICTIM), str(new), str(there)]
    assert subprocess.run(code, check=False, capture_output=True).returncode == -9
    assert not new.exists()
    assert len(names(tmp_path)) == 2
    assert {name: (there / name).read_bytes() for name in before} == before
    small("cosine").save_pretrained(alike)
    assert len(names(tmp_path)) == 3  # what belongs to another folder stays
    for folder in (new, there):
        small("cosine").save_pretrained(folder)
        assert names(folder) == SAVED
    assert names(tmp_path) == ["new", "new-er", "there"]


@pytest.mark.parametrize("exists", [False, True])
def test_a_save_that_is_going_on_is_left_alone(tmp_path, exists):
    if exists:
        (tmp_path / "saved").mkdir()
    with save_folder(tmp_path / "saved") as slow:
        small("cosine").save_pretrained(tmp_path / "saved")
        assert slow.is_dir()
        small("cosine")._save_pretrained(slow)
        (slow / "config.json").write_bytes((tmp_path / "saved" / "config.json").read_bytes())
    assert ClipIt.from_pretrained(tmp_path / "saved").config.preset == "cosine"


def test_new_weights_never_stand_beside_an_old_configuration(tmp_path, monkeypatch):
    """Killed between the two files: the shapes fit, so nobody would notice."""
    small("paper").save_pretrained(tmp_path)
    real = os.replace

    def replace(source, target):
        if Path(target).name == "config.json":
            raise KeyboardInterrupt
        real(source, target)

    monkeypatch.setattr("os.replace", replace)
    with pytest.raises(KeyboardInterrupt):
        small("paper", unit_norm=False).save_pretrained(tmp_path)
    assert not (tmp_path / "config.json").exists()


def test_a_file_is_no_folder_for_a_checkpoint(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="is a file: choose a folder"):
        small("cosine").save_pretrained(tmp_path / "file")
