"""The HDF5 files that `clipit train` is given, and the data sets that they are."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from fiftyone_clipit.errors import UsageError

if TYPE_CHECKING:
    from fiftyone_clipit.training.examples import VideoExample

_SUFFIXES = (".h5", ".hdf5")
# The data sets of the published lists of folds.
_PUBLISHED = ("summe", "tvsum", "ovp", "youtube")


@dataclass(frozen=True)
class H5Source:
    """One file.

    Attributes:
        path: the file.
        data_set: what stands before its videos' names, such as "tvsum"; "" where nothing does.
    """

    path: Path
    data_set: str = ""

    def key(self, name: str) -> str:
        """What a video of the file is called beside those of the others."""
        return f"{self.data_set}/{name}" if self.data_set else name


def is_h5(argument: str) -> bool:
    """Whether an argument names an HDF5 file, with or without a data set before it."""
    return Path(argument).suffix.lower() in _SUFFIXES


def parse_sources(arguments: Sequence[str]) -> list[H5Source]:
    """Reads "FILE.h5" and "tvsum=FILE.h5"."""
    sources = []
    for argument in arguments:
        before, equals, file = argument.partition("=")
        named = equals and before and "/" not in before and not Path(argument).exists()
        sources.append(H5Source(Path(file), before) if named else H5Source(Path(argument)))
    return sources


def with_data_sets(sources: Sequence[H5Source], data_sets: Collection[str]) -> list[H5Source]:
    """The files with the data sets that they are.

    A file without a name is the data set that its own name has in it ("tvsum_clip.h5"), and a single one is the only
    one that there is.

    Args:
        sources: the files.
        data_sets: those that the folds name; none where they name videos alone, or there are no folds.

    Raises:
        UsageError: a file may be any of several data sets, or two are the same.
    """
    if len(sources) == 1 and len(data_sets) < 2:
        (source,) = sources
        return [replace(source, data_set=(source.data_set if data_sets else "") or next(iter(data_sets), ""))]
    named = []
    for source in sources:
        data_set = source.data_set or data_set_in(source.path, data_sets)
        if not data_set and data_sets:
            raise UsageError(
                f"the folds name videos of {', '.join(sorted(data_sets))}: say which {source.path} has, as in "
                f"{min(data_sets)}={source.path}"
            )
        named.append(replace(source, data_set=data_set or source.path.stem))
    names = [source.data_set for source in named]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise UsageError(f"two files are data set {twice[0]!r}: give each its own name, as in {twice[0]}=FILE.h5")
    return named


def data_set_in(path: Path, data_sets: Collection[str]) -> str:
    """The data set that a file's name has in it: "tvsum" in "tvsum_clip.h5"; "" where there is none, or several."""
    found = set(re.split(r"[\W_]+", path.stem.lower())) & {*data_sets, *_PUBLISHED}
    return found.pop() if len(found) == 1 else ""


def read_sources(sources: Sequence[H5Source]) -> dict[str, VideoExample]:
    """All videos of the files, by the names that they have beside one another.

    Raises:
        UsageError: a file that lacks something.
    """
    from fiftyone_clipit.training.h5 import read_examples

    return {
        source.key(name): example.named(source.key(name))
        for source in sources
        for name, example in read_examples(source.path).items()
    }


def origin_of(sources: Sequence[H5Source], *, encoder: str | None, fps: float | None) -> str:
    """The encoder that made the features of all files, as far as they or the options say it.

    Args:
        sources: the files.
        encoder: what the options say.
        fps: samples per second that the options say.

    Returns:
        Its name; "" where nobody says it.

    Raises:
        UsageError: the options contradict a file, or the files one another.
    """
    from fiftyone_clipit.training.h5_origin import read_origin

    said: Mapping[Path, str] = {}
    for source in sources:
        origin = read_origin(source.path)
        if fps is not None and origin.fps != fps:
            there = f"{origin.fps:g} samples a second" if origin.fps else "samples, and does not say how many a second"
            raise UsageError(f"--fps {fps:g}: {source.path} holds {there}; leave --fps out, or make the features anew")
        if origin.encoder:
            said = {**said, source.path: origin.encoder}
    if encoder is not None:
        for path, name in said.items():
            if name.casefold() != encoder.casefold():
                raise UsageError(f"--encoder {encoder}: the features in {path} are of {name}; leave --encoder out")
    if len({name.casefold() for name in said.values()}) > 1:
        made = ", ".join(f"{path} of {name}" for path, name in said.items())
        raise UsageError(f"features of different encoders mean nothing to one network: {made}")
    return encoder or next(iter(said.values()), "")
