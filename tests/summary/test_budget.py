"""Budgets as people write them, and the frames that they allow."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.summary import parse_budget


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90s", 90), ("5min", 300), ("1.5h", 5400), (" 2 Minutes ", 120), (".5min", 30), ("10 sec", 10), ("1 hour", 3600)],
)
def test_times_have_a_unit(text, seconds):
    assert parse_budget(text).seconds == seconds
    assert parse_budget(text).fraction is None


@pytest.mark.parametrize(
    ("value", "fraction"), [(0.15, "3/20"), (1, "1"), (1.0, "1"), ("15%", "3/20"), ("0.15", "3/20"), ("12.5 %", "1/8")]
)
def test_shares_are_exact(value, fraction):
    assert parse_budget(value).fraction == Fraction(fraction)


@pytest.mark.parametrize(
    "value",
    [0, 0.0, -0.1, 1.01, 90, float("nan"), float("inf"), True, None, "", "s", "0s", "-5s", "15", "150%", "5 apples"],
)
def test_anything_else_names_the_allowed_forms(value):
    with pytest.raises(UsageError, match=r'0\.15.*"15%".*"90s"'):
        parse_budget(value)


def test_a_number_of_seconds_gets_a_hint():
    with pytest.raises(UsageError, match='for seconds write a unit, as in "90s"'):
        parse_budget(90)


@pytest.mark.parametrize("n", [20, 100, 2000, 123_400])
@pytest.mark.parametrize("percent", [7, 15, 29, 57, 58])
def test_no_frame_is_lost_to_binary_fractions(n, percent):
    """0.29 * 100 is 28.999999999999996 in floating point."""
    assert parse_budget(percent / 100).frames(n, 1.0)[0] == n * percent // 100


@settings(deadline=None)
@given(share=st.floats(1e-6, 1), n=st.integers(1, 10**6))
def test_a_share_gives_at_least_one_frame_and_never_more_than_itself(share, n):
    frames, notes = parse_budget(share).frames(n, n / 25)
    assert 1 <= frames <= max(1, share * n * (1 + 1e-12))
    assert notes == []


def test_seconds_become_frames_of_this_video():
    assert parse_budget("9s").frames(1500, 60.0) == (225, [])
    assert parse_budget("9s").limit(60.0) == 9


def test_more_seconds_than_the_video_has_are_the_whole_video_and_said_so():
    frames, notes = parse_budget("2min").frames(1500, 60.0)
    assert frames == 1500
    assert notes == ["the budget of 120 s is longer than the video (60.0 s): the summary is the whole video"]
    assert parse_budget("2min").limit(60.0) == 60


def test_the_limit_in_seconds_follows_the_share():
    assert parse_budget(0.15).limit(Fraction(60)) == 9
