"""File names: safe on every system, inside the folder, never given twice."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.export.names import MAX_BYTES, UniqueNames, check_pattern, expand, safe_part


@pytest.mark.parametrize(
    ("wish", "name"),
    [
        ("my holiday", "my holiday"),
        ('it\'s "fine"', "it's _fine_"),
        ("собака прыгает", "собака прыгает"),
        ("dog 🐕‍🦺 jumps", "dog 🐕‍🦺 jumps"),
        ("../../etc/passwd", "_._.._etc_passwd"),
        ("a/b\\c:d", "a_b_c_d"),
        (".hidden", "_hidden"),
        ("-rf", "_rf"),
        ("trailing. ", "trailing"),
        ("line\nbreak\x00", "line_break_"),
        ("CON", "_CON"),
        ("lpt1.mp4", "_lpt1.mp4"),
        ("", "video"),
        (" . ", "video"),
        ("e\u0301", "é"),
    ],
)
def test_keeps_what_people_write_and_nothing_that_hurts(wish: str, name: str) -> None:
    """Scripts, spaces, quotes and emoji stay; separators, hidden names, device names go."""
    assert safe_part(wish) == name


@given(st.text(), st.integers(20, 250))
def test_a_part_is_one_part_of_a_path(wish: str, max_bytes: int) -> None:
    """Whatever the wish: not empty, not too long, no separator, nothing special, and the same when asked again."""
    name = safe_part(wish, max_bytes=max_bytes)
    assert 0 < len(name.encode()) <= max_bytes
    assert PurePosixPath(name).name == name
    assert name not in (".", "..")
    assert not set(name) & set('/\\:*?"<>|\0\n')
    assert safe_part(name, max_bytes=max_bytes) == name


def test_long_names_are_cut_between_characters() -> None:
    """300 characters of any width fit, with the part that tells files apart, and no emoji is torn."""
    for letter in ("x", "ж", "中", "🐕"):
        path = expand("{name}-{part}", {"name": letter * 300, "part": "clip-01"}, ".mp4")
        assert path.name.endswith("-clip-01.mp4")
        assert len(path.name.encode()) <= MAX_BYTES
        assert set(path.name.removesuffix("-clip-01.mp4")) == {letter}
    family = "👨\u200d👩\u200d👧" * 40
    assert not safe_part(family, max_bytes=100).endswith("\u200d")
    assert safe_part("a" + "e\u0302\u0323" * 60, max_bytes=80).encode().decode()


@pytest.mark.parametrize(
    "pattern", ["", " ", "/abs/{name}", "../{name}", "a/../../{name}", "~/x", "{name}/..", "C:\\x", "..\\{name}"]
)
def test_patterns_that_climb_are_refused(pattern: str) -> None:
    """No absolute path, no parent folder, in the notation of any system."""
    with pytest.raises(UsageError, match="inside the folder"):
        check_pattern(pattern)


@pytest.mark.parametrize(
    "pattern", ["{nmae}", "{", "{0}", "{}", "{name.__class__}", "{name[0]}", "{name!x}", "{rank:q}"]
)
def test_patterns_with_unknown_fields_are_refused(pattern: str) -> None:
    """The message lists what there is; nothing of Python can be reached through a pattern."""
    with pytest.raises(UsageError, match="first_frame"):
        check_pattern(pattern)


@given(st.dictionaries(st.sampled_from(["name", "title", "label"]), st.text()))
def test_values_never_add_folders(values: dict[str, str]) -> None:
    """Only the pattern makes folders, whatever a video or a query is called."""
    path = expand("{title}/{name}-{label}-{part}", {**values, "part": "reel"}, ".mp4")
    assert len(path.parts) == 2
    assert ".." not in path.parts
    assert not path.is_absolute()


def test_two_wishes_for_one_name_get_two() -> None:
    """Also where a file system takes small and capital letters for the same."""
    names = UniqueNames()
    given_names = [
        str(names.give(PurePosixPath(name), "me")) for name in ("a.mp4", "a.mp4", "A.mp4", "a-2.mp4", "b.mp4")
    ]
    assert given_names == ["a.mp4", "a-2.mp4", "A-3.mp4", "a-2-2.mp4", "b.mp4"]


def test_an_owner_gets_the_same_name_again() -> None:
    """What an earlier export called one video is not given to another, and is given to that one again."""
    names = UniqueNames({PurePosixPath("a.mp4"): "first"})
    assert str(names.give(PurePosixPath("a.mp4"), "second")) == "a-2.mp4"
    assert str(names.give(PurePosixPath("a.mp4"), "first")) == "a.mp4"
