"""The cache of features on disk: the second question about a video decodes nothing.

One safetensors file a video, encoder and frame rate. Its name is a hash of all that the features depend on, so a
changed file, model or setting simply misses. Files appear under their name only when they are whole.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import uuid
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from fiftyone_clipit.features.kept import KeptFiles, cache_folder
from fiftyone_clipit.features.types import VideoFeatures
from fiftyone_clipit.media.timeline import Timeline
from fiftyone_clipit.media.video import VideoInfo

# Raise it whenever sampling changes which frames are taken or what a file holds.
_FORMAT = 1
_SUFFIX = ".safetensors"
_ARRAYS = ("features", "frame_numbers", "times", "ticks")
_DEFAULT_LIMIT = 20 * 2**30


def default_folder() -> Path:
    """Where features are kept."""
    return cache_folder() / "features"


class FeatureStore:
    """Features on disk, least recently used first out.

    Args:
        folder: where the files lie; `default_folder()` if left out. May be shared by many processes and machines.
        limit: the most that all files may take, in bytes.
    """

    def __init__(self, folder: str | os.PathLike[str] | None = None, *, limit: int = _DEFAULT_LIMIT) -> None:
        self.folder = Path(folder) if folder else default_folder()
        self.limit = limit
        self._kept = KeptFiles(self.folder, f"*{_SUFFIX}", limit)

    def key(self, path: str, fingerprint: str, fps: Fraction) -> str:
        """The name under which a video's features are kept.

        Raises:
            OSError: the video file is not there.
        """
        status = os.stat(path)
        identity = [_FORMAT, os.path.abspath(path), status.st_size, status.st_mtime_ns, fingerprint, str(fps)]
        return hashlib.sha256(json.dumps(identity).encode()).hexdigest()[:40]

    def get(self, key: str, path: str) -> VideoFeatures | None:
        """Reads a video's features, or None where there are none that can be read."""
        found = self._read(key, _ARRAYS)
        return None if found is None else _unpack(path, key, *found)

    def put(self, key: str, video: VideoFeatures) -> None:
        """Keeps a video's features.

        Raises:
            OSError: the folder cannot be written.
        """
        self._write(key, *_pack(video))

    def get_derived(self, key: str, name: str) -> np.ndarray | None:
        """Reads an array that was made from a video's features, or None where there is none."""
        found = self._read(f"{key}.{name}", (name,))
        return None if found is None else found[0][name]

    def put_derived(self, key: str, name: str, array: np.ndarray) -> None:
        """Keeps an array that was made from a video's features and would take long to make again.

        Raises:
            OSError: the folder cannot be written.
        """
        self._write(f"{key}.{name}", {name: np.ascontiguousarray(array)}, {})

    def usage(self) -> tuple[int, int]:
        """The number of files and the bytes that they take."""
        return self._kept.usage()

    def clear(self) -> int:
        """Deletes all features.

        Returns:
            The number of files deleted.
        """
        return self._kept.clear()

    def _read(self, name: str, arrays: tuple[str, ...]) -> tuple[dict[str, np.ndarray], dict] | None:
        file = self.folder / f"{name}{_SUFFIX}"
        try:
            with safe_open(file, framework="numpy") as stored:
                about = json.loads(stored.metadata()["clipit"])
                found = {array: stored.get_tensor(array) for array in arrays}
        except FileNotFoundError:
            return None
        except (SafetensorError, OSError, KeyError, ValueError):
            # Damaged from outside: it is only a cache, so make room for a whole one.
            with contextlib.suppress(OSError):
                file.unlink()
            return None
        with contextlib.suppress(OSError):
            os.utime(file)  # last use; access times are switched off on many file systems
        return found, about

    def _write(self, name: str, arrays: dict[str, np.ndarray], about: dict) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        temporary = self.folder / f".writing-{uuid.uuid4().hex}"
        try:
            save_file(arrays, temporary, metadata={"clipit": json.dumps(about)})
            os.replace(temporary, self.folder / f"{name}{_SUFFIX}")
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise
        self._kept.make_room(keep={self.folder / f"{name}{_SUFFIX}"})


def _pack(video: VideoFeatures) -> tuple[dict[str, np.ndarray], dict]:
    arrays = {
        "features": np.ascontiguousarray(video.features),
        "frame_numbers": np.ascontiguousarray(video.frame_numbers),
        "times": np.ascontiguousarray(video.times),
        "ticks": np.ascontiguousarray(video.timeline.ticks),
    }
    info = asdict(video.info) | {"rate": _text(video.info.rate), "duration": _text(video.info.duration)}
    about = {
        "time_base": str(video.timeline.time_base),
        "duration": str(video.timeline.duration),
        "info": info,
        "warnings": video.warnings,
    }
    return arrays, about


def _unpack(path: str, key: str, arrays: dict[str, np.ndarray], about: dict) -> VideoFeatures:
    info = about["info"]
    info |= {"path": path, "rate": _fraction(info["rate"]), "duration": _fraction(info["duration"])}
    return VideoFeatures(
        path=path,
        features=arrays["features"],
        frame_numbers=arrays["frame_numbers"],
        times=arrays["times"],
        timeline=Timeline(arrays["ticks"], Fraction(about["time_base"]), Fraction(about["duration"])),
        info=VideoInfo(**info),
        warnings=about["warnings"],
        key=key,
    )


def _text(value: Fraction | None) -> str | None:
    return None if value is None else str(value)


def _fraction(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)
