"""`clipit cache`: features and thumbnails are counted, limited and cleared."""

from __future__ import annotations

import os

from fiftyone_clipit.cli import main
from fiftyone_clipit.features.kept import KeptFiles, kept_thumbnails


def test_thumbnails_are_shown_and_cleared(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("CLIPIT_CACHE_DIR", str(tmp_path))
    folder = kept_thumbnails().folder / "video"
    folder.mkdir(parents=True)
    (folder / "000000000.jpg").write_bytes(b"x" * 2**20)
    assert main(["cache"]) == 0
    assert "thumbnails: 1 files, 1.0 MB of at most 1 GB" in capsys.readouterr().out
    assert main(["cache", "clear"]) == 0
    assert "deleted 1 files of thumbnails" in capsys.readouterr().out
    assert kept_thumbnails().usage() == (0, 0)


def test_the_least_recently_used_go_first_and_what_is_in_use_stays(tmp_path):
    files = [tmp_path / f"{number}.jpg" for number in range(4)]
    for age, file in enumerate(reversed(files)):
        file.write_bytes(b"x" * 100)
        os.utime(file, (1000 - age, 1000 - age))
    KeptFiles(tmp_path, "*.jpg", 200).make_room(keep={files[0]})
    assert sorted(tmp_path.iterdir()) == [files[0], files[3]]
